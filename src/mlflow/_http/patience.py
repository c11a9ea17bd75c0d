"""How long the requests of a thread may take in all, when a caller says so.

A logging call must not stop a training loop for the minutes that retries may last; what creates a
run may. So the bound belongs to the caller, not to the session.
"""

import threading
from typing import Final

from mlflow._core.clock import monotonic


class _Patience(threading.local):
    deadline: float | None = None
    faults: float | None = None  # seconds that may still be lost to a server that is away


_patience: Final = _Patience()


class within:  # noqa: N801 - a context manager that reads like a word
    """Bound everything that the requests of this thread do inside the block, waits included.

    When the time is over a request raises ``TransportError``. An outer bound holds inside too.
    """

    __slots__ = ("_outer", "_seconds")

    def __init__(self, seconds: float) -> None:
        """Take the bound, in seconds."""
        self._seconds = seconds

    def __enter__(self) -> None:
        self._outer = _patience.deadline
        mine = monotonic() + self._seconds
        _patience.deadline = mine if self._outer is None else min(mine, self._outer)

    def __exit__(self, *_: object) -> None:
        _patience.deadline = self._outer


class losing:  # noqa: N801 - a context manager that reads like a word
    """Bound what the requests of this thread lose in all, inside the block, to a server's absence.

    Requests that succeed take the time that they need. When the time is lost, a request raises
    ``TransportError`` at once.
    """

    __slots__ = ("_outer", "_seconds")

    def __init__(self, seconds: float) -> None:
        """Take the bound, in seconds."""
        self._seconds = seconds

    def __enter__(self) -> None:
        self._outer = _patience.faults
        _patience.faults = self._seconds

    def __exit__(self, *_: object) -> None:
        _patience.faults = self._outer


def deadline() -> float | None:
    """Return the moment, on the monotonic clock, at which this thread's patience ends."""
    if _patience.faults is not None and _patience.faults <= 0:
        return 0.0
    return _patience.deadline


def allows(wait: float, lost: float) -> bool:
    """Return whether a request may wait and be tried again.

    Args:
        wait: How long it would wait, in seconds.
        lost: How long the try took that failed.
    """
    if _patience.faults is not None:
        _patience.faults -= lost + wait
    limit = deadline()
    return limit is None or monotonic() + wait < limit


def is_over() -> bool:
    """Return whether this thread's patience has ended."""
    limit = deadline()
    return limit is not None and monotonic() >= limit
