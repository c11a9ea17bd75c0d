"""Heartbeats: while runs of this process are active, one thread says so to their stores.

A run whose process was killed stays RUNNING; the last heartbeat tells since when nobody works on
it. A run that is over within the first two seconds costs nothing. A store that keeps no heartbeats
is not asked again; any other failure is as good as a missed beat.
"""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING, Final

from mlflow._core.guard import contained
from mlflow.environment_variables import HEADRACE_HEARTBEAT_SECONDS
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.store.tracking.abstract_store import AbstractStore

_logger: Final = logging.getLogger(__name__)

_FIRST_SECONDS: Final = 2.0
_NOT_KEPT: Final = "NOT_IMPLEMENTED"


class _Heart:
    """The state of this module: the runs that are active and the thread that says so."""

    def __init__(self) -> None:
        self.start_anew()

    def start_anew(self) -> None:
        """Forget all runs, also in a forked child: the parent's runs are its own."""
        self._lock = threading.Lock()
        self._runs: dict[object, tuple[AbstractStore, str]] = {}
        self._some = threading.Event()
        self._none = threading.Event()
        self._thread: threading.Thread | None = None
        self._seconds = HEADRACE_HEARTBEAT_SECONDS.default

    def add(self, store: AbstractStore, run_id: str, *, seconds: float) -> Callable[[], None]:
        token = object()
        with self._lock:
            self._seconds = seconds
            self._runs[token] = (store, run_id)
            self._none.clear()
            self._some.set()
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._work, name="mlflow-heartbeat", daemon=True
                )
                self._thread.start()

        def remove() -> None:
            with self._lock:
                self._runs.pop(token, None)
                if not self._runs:
                    self._some.clear()
                    self._none.set()

        return remove

    def _work(self) -> None:
        while True:
            self._some.wait()
            wait = min(_FIRST_SECONDS, self._seconds)
            while not self._none.wait(wait):
                self._beat()
                wait = self._seconds

    def _beat(self) -> None:
        by_store: dict[AbstractStore, list[str]] = {}
        for store, run_id in list(self._runs.values()):
            by_store.setdefault(store, []).append(run_id)
        for store, run_ids in by_store.items():
            with contained("Recording heartbeats", level=logging.DEBUG):
                try:
                    store.record_heartbeat(run_ids)
                except MlflowException as error:
                    if error.error_code != _NOT_KEPT:
                        raise
                    _logger.debug("This store keeps no heartbeats: %s", error)
                    self._forget(store)

    def _forget(self, store: AbstractStore) -> None:
        with self._lock:
            self._runs = {token: one for token, one in self._runs.items() if one[0] is not store}
            if not self._runs:
                self._some.clear()
                self._none.set()


_heart: Final = _Heart()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_heart.start_anew)


def start_heartbeat(store: AbstractStore, run_id: str) -> Callable[[], None] | None:
    """Say from now on that a run lives.

    Args:
        store: Where the run is.
        run_id: The run.

    Returns:
        What ends it; None when ``HEADRACE_HEARTBEAT_SECONDS`` is 0.
    """
    seconds = HEADRACE_HEARTBEAT_SECONDS.get()
    return _heart.add(store, run_id, seconds=seconds) if seconds > 0 else None
