"""Writing artifacts later: one background thread that runs what is handed to it, in order.

At most a few artifacts wait at once, because each holds its content in memory.
"""

from __future__ import annotations

import atexit
import logging
import os
import queue
import threading
from typing import TYPE_CHECKING, Final

from mlflow._core.clock import monotonic
from mlflow._core.guard import contained
from mlflow.environment_variables import HEADRACE_ASYNC_EXIT_TIMEOUT_SECONDS
from mlflow.tracking.journal.store import begin_exit

if TYPE_CHECKING:
    from collections.abc import Callable

_logger: Final = logging.getLogger(__name__)
_WAITING_AT_MOST: Final = 64


class _Writer:
    """The state of this module: the queue and the thread that empties it."""

    def __init__(self) -> None:
        self._queue: queue.Queue[Callable[[], None]] = queue.Queue(_WAITING_AT_MOST)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._exit_registered = False

    def renew(self) -> None:
        """Start with an empty queue in the child of a fork."""
        self._queue = queue.Queue(_WAITING_AT_MOST)
        self._lock = threading.Lock()
        self._thread = None

    def submit(self, write: Callable[[], None]) -> None:
        """Queue a function; wait only while the queue is full."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="mlflow-async-artifacts", daemon=True
                )
                self._thread.start()
                if not self._exit_registered:
                    atexit.register(self.flush_at_exit)
                    self._exit_registered = True
        self._queue.put(write)

    def flush(self) -> None:
        """Wait until everything that is queued was run."""
        if threading.current_thread() is not self._thread:
            self._queue.join()

    def flush_at_exit(self) -> None:
        """Wait for what is queued, but not for ever."""
        waiting, seconds = self._queue, begin_exit() - monotonic()
        with waiting.all_tasks_done:
            if not waiting.all_tasks_done.wait_for(lambda: not waiting.unfinished_tasks, seconds):
                _logger.error(
                    "%d artifacts that were logged in the background are lost: writing them takes "
                    "longer than the exit may (%s).",
                    waiting.unfinished_tasks,
                    HEADRACE_ASYNC_EXIT_TIMEOUT_SECONDS,
                )

    def _run(self) -> None:
        waiting = self._queue
        while True:
            write = waiting.get()
            with contained("Writing an artifact asynchronously"):
                write()
            waiting.task_done()


_writer: Final = _Writer()
_aside: Final = _Writer()  # what the end of a run does not wait for
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_writer.renew)
    os.register_at_fork(after_in_child=_aside.renew)


def write_later(write: Callable[[], None]) -> None:
    """Run a function that writes an artifact in the background.

    Args:
        write: What to run; its failure is logged.
    """
    _writer.submit(write)


def write_aside(write: Callable[[], None]) -> None:
    """Run a function that writes an artifact in the background, when there is time.

    The end of a run does not wait for it; reading artifacts does.

    Args:
        write: What to run; its failure is logged.
    """
    _aside.submit(write)


def flush_aside() -> None:
    """Wait until everything that is written aside is written."""
    _aside.flush()


def flush_before_end() -> None:
    """Wait until every artifact is written that the end of a run waits for."""
    _writer.flush()


def flush_artifact_async_logging() -> None:
    """Wait until every artifact that was logged asynchronously so far is written."""
    _writer.flush()
    _aside.flush()
