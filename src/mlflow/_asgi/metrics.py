"""Figures of a server in the text form of Prometheus."""

from __future__ import annotations

from bisect import bisect_left
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mlflow._asgi.response import Response
from mlflow.version import HEADRACE_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable

METRICS: Final = "/metrics"
_BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_STATM: Final = Path("/proc/self/statm")
_PAGE: Final = 4096


class Metrics:
    """Counts what is answered.

    Attributes:
        in_flight: Requests that are being answered.
    """

    def __init__(self) -> None:
        self.in_flight = 0
        self._counts: dict[tuple[str, str, int], int] = {}
        self._buckets: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = {}
        self._sent = 0

    def note(self, method: str, route: str, status: int, seconds: float, sent: int) -> None:
        """Count an answer.

        Args:
            method: The verb of the request; one that no route has counts as OTHER.
            route: The name of the operation: never a text that a caller chose.
            status: Of the answer.
            seconds: How long it took.
            sent: Bytes of its body.
        """
        key = (method, route, status)
        self._counts[key] = self._counts.get(key, 0) + 1
        buckets = self._buckets.get(route)
        if buckets is None:
            buckets = self._buckets[route] = [0] * (len(_BOUNDS) + 1)
        buckets[bisect_left(_BOUNDS, seconds)] += 1
        self._seconds[route] = self._seconds.get(route, 0.0) + seconds
        self._sent += sent

    def render(self, extra: Iterable[str] = ()) -> str:
        """Return all figures as text.

        Args:
            extra: Lines of figures that are kept elsewhere.
        """
        name = "headrace_http_requests_total"
        lines = [f'headrace_info{{version="{HEADRACE_VERSION}"}} 1', f"# TYPE {name} counter"]
        for (method, route, status), count in sorted(self._counts.items()):
            lines.append(f'{name}{{method="{method}",route="{route}",status="{status}"}} {count}')
        lines += self._histogram()
        lines += [
            "# TYPE headrace_http_sent_bytes_total counter",
            f"headrace_http_sent_bytes_total {self._sent}",
            "# TYPE headrace_http_in_flight gauge",
            f"headrace_http_in_flight {self.in_flight}",
            *extra,
        ]
        if _STATM.exists():
            resident = int(_STATM.read_text("ascii").split()[1]) * _PAGE
            lines.append("# TYPE process_resident_memory_bytes gauge")
            lines.append(f"process_resident_memory_bytes {resident}")
        return "\n".join(lines) + "\n"

    def _histogram(self) -> list[str]:
        name = "headrace_http_request_seconds"
        lines = [f"# TYPE {name} histogram"]
        for route, buckets in sorted(self._buckets.items()):
            count = 0
            for bound, found in zip((*_BOUNDS, "+Inf"), buckets, strict=True):
                count += found
                lines.append(f'{name}_bucket{{route="{route}",le="{bound}"}} {count}')
            lines.append(f'{name}_sum{{route="{route}"}} {self._seconds[route]:.6f}')
            lines.append(f'{name}_count{{route="{route}"}} {count}')
        return lines

    def answer(self, extra: Iterable[str] = ()) -> Response:
        """Return the answer of ``/metrics``; see ``render``."""
        return Response(self.render(extra).encode(), content_type=_TYPE)
