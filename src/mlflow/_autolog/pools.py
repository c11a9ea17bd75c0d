"""Threads that work for a training: those of a pool that the training thread waits for.

A meta-estimator hands its parts to joblib, which may run them in threads. Such a thread is known by
the queue that it takes its work from: the training's stack holds the pool with the same queue. So
trainings that the program itself runs in threads are not taken for parts of one another.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

from mlflow._autolog.state import SWITCH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FrameType


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _queue_of(owner: Any) -> Any:
    """Return the queue of a pool of threads, or of what uses one, as joblib does."""
    pool = getattr(getattr(owner, "_backend", None), "_pool", owner)
    return getattr(pool, "_inqueue", None)


def works_for_training(entry: CodeType) -> bool:
    """Return whether this thread belongs to a pool that a training in another thread waits for.

    Args:
        entry: The code that runs the original of a training; further out is the caller's program.
    """
    if not SWITCH.trainings or threading.current_thread() is threading.main_thread():
        return False
    mine = sys._getframe()  # noqa: SLF001 - as inspect.currentframe() does
    queues = (frame.f_locals.get("inqueue") for frame in _frames(mine))
    queue = next((one for one in queues if one is not None), None)
    if queue is None:
        return False
    stacks = sys._current_frames()  # noqa: SLF001 - the only way to see other threads' stacks
    for thread in list(SWITCH.trainings):
        for frame in _frames(stacks.get(thread)):
            if frame.f_code is entry:
                break
            if _queue_of(frame.f_locals.get("self")) is queue:
                return True
    return False
