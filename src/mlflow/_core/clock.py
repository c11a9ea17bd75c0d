"""The clock: the only place that asks what time it is, or waits."""

import time


def now_ms() -> int:
    """Return the time in milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def now_ns() -> int:
    """Return the time in nanoseconds since 1970, UTC."""
    return time.time_ns()


def monotonic() -> float:
    """Return seconds on a clock that never goes back."""
    return time.monotonic()


def sleep(seconds: float) -> None:
    """Wait.

    Args:
        seconds: How long; nothing below zero waits.
    """
    if seconds > 0:
        time.sleep(seconds)
