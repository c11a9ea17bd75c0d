"""One JSON line a request on the logger ``mlflow.server.access``; no query, no header, no body.

Lines are gathered and written by a thread, so that a slow terminal or pipe holds up no request;
what does not fit the buffer is counted and dropped.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TextIO

import msgspec

from mlflow._core.clock import now_ms

if TYPE_CHECKING:
    from mlflow._asgi.request import Request
    from mlflow._asgi.response import Answer

LOGGER: Final = "mlflow.server.access"
_BUFFER_LINES: Final = 20_000
_FLUSH_SECONDS: Final = 0.2


class Line(msgspec.Struct, omit_defaults=True):
    """What is logged of a request."""

    time_ms: int
    id: str
    method: str
    route: str
    status: int
    sent_bytes: int
    ms: float
    client: str = ""
    user: str = ""


class AccessLog:
    """Logs answered requests."""

    def __init__(self) -> None:
        self._logger: Final = logging.getLogger(LOGGER)
        self._encode: Final = msgspec.json.Encoder().encode

    def note(self, request: Request, answer: Answer, route: str, seconds: float) -> None:
        """Log a request that was answered.

        Args:
            request: What was asked.
            answer: What was answered.
            route: The name of the operation.
            seconds: How long it took.
        """
        if not self._logger.isEnabledFor(logging.INFO):
            return
        line = Line(
            now_ms(),
            request.id,
            request.method,
            route,
            answer.status,
            answer.sent,
            round(seconds * 1000, 3),
            request.client,
            request.user,
        )
        self._logger.info("%s", self._encode(line).decode())


class BufferedHandler(logging.Handler):
    """Writes lines to a stream from a thread of its own."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """Begin to write.

        Args:
            stream: Where to; standard error when None.
        """
        super().__init__()
        self._stream: Final = stream or sys.stderr
        self._lines: deque[str] = deque()
        self._dropped = 0
        self._ended: Final = threading.Event()
        self._thread: Final = threading.Thread(target=self._run, name="access-log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Take a line."""
        if len(self._lines) < _BUFFER_LINES:
            self._lines.append(record.getMessage())
        else:
            self._dropped += 1

    def close(self) -> None:
        """Write what is left, and end."""
        self._ended.set()
        self._thread.join(timeout=1.0)
        super().close()

    def _run(self) -> None:
        while not self._ended.wait(_FLUSH_SECONDS):
            self._flush_lines()
        self._flush_lines()

    def _flush_lines(self) -> None:
        lines = [self._lines.popleft() for _ in range(len(self._lines))]
        if self._dropped:
            lines.append(f'{{"dropped_lines":{self._dropped}}}')
            self._dropped = 0
        if lines:
            with suppress(OSError, ValueError):  # nobody reads any more
                self._stream.write("\n".join(lines) + "\n")
                self._stream.flush()
