"""A progress line for long transfers, on a terminal only."""

from __future__ import annotations

import sys
from threading import Lock
from typing import TYPE_CHECKING, Final, TextIO

from mlflow._core.clock import monotonic
from mlflow.environment_variables import MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR

if TYPE_CHECKING:
    from typing_extensions import Self

_SHOW_AFTER: Final = 2.0  # seconds: short transfers print nothing
_REDRAW_EVERY: Final = 0.2
_WIDTH: Final = 24
_UNITS: Final = ("B", "kB", "MB", "GB", "TB")


class Progress:
    """Counts transferred bytes and draws one line on standard error once a transfer is long.

    Nothing is drawn when standard error is no terminal or
    ``MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR`` is false. Use it as a context manager: the line is
    finished at the end of the block.
    """

    def __init__(self, label: str, total: int, *, stream: TextIO | None = None) -> None:
        """Start counting.

        Args:
            label: What is done, such as "Downloading artifacts".
            total: Bytes in the whole transfer; 0 when not known.
            stream: Where to draw; standard error by default.
        """
        self._label = label
        self._total = total
        self._stream = sys.stderr if stream is None else stream
        self._done = 0
        self._lock = Lock()
        self._started = monotonic()
        self._drawn_at = 0.0
        self._enabled = (
            self._stream is not None  # None in programs without a console
            and self._stream.isatty()
            and MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR.get()
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._drawn_at:
            self._draw()
            self._stream.write("\n")
            self._stream.flush()

    def add(self, count: int) -> None:
        """Count bytes that were transferred, on any thread."""
        if not self._enabled:
            return
        with self._lock:
            self._done += count
            now = monotonic()
            if now - self._started >= _SHOW_AFTER and now - self._drawn_at >= _REDRAW_EVERY:
                self._drawn_at = now
                self._draw()

    def _draw(self) -> None:
        seconds = max(monotonic() - self._started, 1e-9)
        rate = f"{_amount(self._done / seconds)}/s"
        if self._total:
            share = min(self._done / self._total, 1.0)
            bar = ("█" * round(share * _WIDTH)).ljust(_WIDTH, "·")
            text = f"{bar} {share:4.0%} of {_amount(self._total)}, {rate}"
        else:
            text = f"{_amount(self._done)}, {rate}"
        self._stream.write(f"\r{self._label}: {text}\x1b[K")
        self._stream.flush()


def _amount(count: float) -> str:
    for unit in _UNITS[:-1]:
        if count < 1000:  # noqa: PLR2004 - the next unit begins here
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} {_UNITS[-1]}"
