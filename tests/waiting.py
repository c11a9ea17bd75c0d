"""Waiting for what other processes write."""

from __future__ import annotations

import selectors
from typing import IO, Any


def readable(stream: IO[Any] | int, seconds: float) -> bool:
    """Return whether there is something to read, or the end, before the time is over.

    ``select.select`` takes no file descriptor above 1023, and a long run of tests has many.

    Args:
        stream: A pipe, or its file descriptor.
        seconds: How long to wait.
    """
    with selectors.DefaultSelector() as waiting:
        waiting.register(stream, selectors.EVENT_READ)
        return bool(waiting.select(seconds))
