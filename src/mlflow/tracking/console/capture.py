"""Captures what this process prints while runs are active, and ships it to their stores.

The writing thread only appends to a queue. One background thread gathers, folds, masks and sends
about once a second. A store that cannot keep consoles, or refuses, ends the capture of that run;
one that does not answer is asked again, while what waits is bounded. Nothing raises into a program.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING, Final

from mlflow._core.guard import contained
from mlflow.environment_variables import HEADRACE_CONSOLE
from mlflow.exceptions import MlflowException
from mlflow.tracking.console.run_console import RunConsole
from mlflow.tracking.console.tee import Tee, guard

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.store.entities.console import ConsoleStream
    from mlflow.tracking.console.run_console import ConsoleStore

    Find = Callable[[], RunConsole | None]

_logger: Final = logging.getLogger(__name__)

_EVERY_SECONDS: Final = 1.0
_LONGEST_PAUSE_SECONDS: Final = 30.0
_FINISH_SECONDS: Final = 2.0
# Answers after which the same chunks may be taken later.
_PASSING: Final = ("TEMPORARILY_UNAVAILABLE", "REQUEST_LIMIT_EXCEEDED", "INTERNAL_ERROR")


class _Capture:
    """The state of this module: the streams that are heard and the runs that print."""

    def __init__(self) -> None:
        self._tees: list[Tee] = []
        self._start_anew()

    def _start_anew(self) -> None:
        self._lock = threading.Lock()
        self._consoles: list[RunConsole] = []
        self._work = threading.Event()
        self._hurry = threading.Event()
        self._thread: threading.Thread | None = None

    def forget_parent(self) -> None:
        """Start anew in a forked child: what was printed so far is the parent's to ship."""
        for console in self._consoles:
            console.stop()
        guard.busy = False
        self._start_anew()

    def open(self, store: ConsoleStore, run_id: str, *, find: Find, rank: int | None) -> RunConsole:
        """Begin to capture for a run."""
        console = RunConsole(store, run_id, rank=rank, notify=self._notify)
        with self._lock:
            self._consoles.append(console)
            self._listen(find)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="mlflow-console", daemon=True
                )
                self._thread.start()
        return console

    def _listen(self, find: Find) -> None:
        names: tuple[ConsoleStream, ...] = ("stdout", "stderr")
        for name in names:
            stream = getattr(sys, name)
            if stream is None or any(tee.stream is stream and tee.on_top for tee in self._tees):
                continue
            with contained(f"Capturing {name}", level=logging.DEBUG):
                self._tees.append(Tee(stream, partial(_hear, name, find)))

    def _notify(self) -> None:
        if not self._work.is_set():
            self._work.set()

    def close(self, console: RunConsole) -> None:
        """Ship what is left of a run, for a limited time, and end its capture."""
        console.closed = True
        if not console.idle and self._thread is not None and self._thread.is_alive():
            self._hurry.set()
            self._work.set()
            console.done.wait(_FINISH_SECONDS)
        with self._lock:
            self._consoles = [one for one in self._consoles if one is not console]
            if not self._consoles:
                for tee in reversed(self._tees):
                    tee.remove()
                self._tees.clear()
        console.stop()

    def _run(self) -> None:
        guard.busy = True  # what shipping itself prints is not shipped
        pause = _EVERY_SECONDS
        while True:
            self._work.wait()
            self._hurry.wait(pause)
            self._hurry.clear()
            self._work.clear()
            stuck = [console for console in list(self._consoles) if not _ship(console)]
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS) if stuck else _EVERY_SECONDS
            if stuck or any(console.unsent for console in list(self._consoles)):
                self._work.set()
                if not stuck:
                    self._hurry.set()


def _hear(stream: ConsoleStream, find: Find, text: str) -> None:
    console = find()
    if console is not None:
        console.add(stream, text)


def _ship(console: RunConsole) -> bool:
    """Send what the store does not have; return False when it should be tried again."""
    outcome = False
    with contained(f"Keeping the console of run {console.run_id}", level=logging.DEBUG):
        chunks = console.gather()
        try:
            if chunks:
                console.store.log_console(console.run_id, chunks)
            console.sent(chunks)
            outcome = True
        except MlflowException as error:
            outcome = error.error_code not in _PASSING
            if outcome:
                console.stop()
                _logger.debug("The console of run %s is not kept: %s", console.run_id, error)
    if console.closed and console.idle:
        console.done.set()
    return outcome


_capture: Final = _Capture()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_capture.forget_parent)


def open_console(
    store: ConsoleStore, run_id: str, *, find: Find, rank: int | None = None
) -> RunConsole | None:
    """Begin to capture what is printed for a run.

    Args:
        store: Where the run is.
        run_id: The run.
        find: Returns the console that the calling thread prints to, None for none; must not raise.
        rank: Which of several processes that share the run this is.

    Returns:
        What ``find`` has to return for this run; None when ``HEADRACE_CONSOLE`` is false.
    """
    if not HEADRACE_CONSOLE.get():
        return None
    return _capture.open(store, run_id, find=find, rank=rank)


def close_console(console: RunConsole) -> None:
    """End the capture for a run; waits two seconds at most for its last chunk."""
    _capture.close(console)
