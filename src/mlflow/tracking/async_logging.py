"""Logging that does not wait: a bounded queue and one background sender for each store.

A call appends to the queue and returns. The sender takes what has gathered, joins what belongs to
one run into batches and writes them, in order within a run. When a batch is refused, its calls are
written again one by one, so that one bad value costs nothing but itself. The queue is drained at
exit, and a child of a fork starts with an empty one: what was queued is the parent's to send.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
from collections import deque
from typing import TYPE_CHECKING, Final

from mlflow._core.clock import monotonic
from mlflow._core.guard import contained
from mlflow.environment_variables import (
    HEADRACE_ASYNC_EXIT_TIMEOUT_SECONDS,
    HEADRACE_ASYNC_QUEUE_SIZE,
    MLFLOW_ASYNC_LOGGING_BUFFERING_SECONDS,
    MLFLOW_ENABLE_ASYNC_LOGGING,
)
from mlflow.exceptions import MlflowException
from mlflow.tracking.batches import Batch, Joined, split_batch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mlflow.store.tracking.abstract_store import AbstractStore

_logger: Final = logging.getLogger(__name__)

# How long the sender lets calls gather before it writes, when nobody waits for them.
_GATHER_SECONDS: Final = 0.01
# What the sender takes at once: enough for full batches, little enough to free the queue early.
_TAKE: Final = 5000


class Pending:
    """One queued call: what to log for a run, and what became of it."""

    __slots__ = ("_number", "_sender", "batch", "error", "run_id")

    def __init__(self, run_id: str, batch: Batch) -> None:
        self.run_id = run_id
        self.batch = batch
        self.error: MlflowException | None = None
        self._number = 0
        self._sender: Sender | None = None

    def queued(self, sender: Sender, number: int) -> None:
        """Note where this call stands in the queue."""
        self._sender = sender
        self._number = number

    @property
    def size(self) -> int:
        """How many values are to be logged."""
        return len(self.batch) or 1

    def result(self) -> None:
        """Wait until this is written.

        Raises:
            MlflowException: the store refused it.
        """
        if self._sender is not None:
            self._sender.wait(self._number)
        if self.error is not None:
            raise self.error


class RunOperations:
    """What an asynchronous logging call returns: something to wait for."""

    def __init__(self, operation_futures: Iterable[Pending] | None) -> None:
        """Hold the calls to wait for.

        Args:
            operation_futures: Objects whose ``result()`` waits and raises on failure.
        """
        self._operation_futures: Final = list(operation_futures or ())

    def wait(self) -> None:
        """Return when everything is written.

        Raises:
            MlflowException: something could not be written; the message says what.
        """
        failures = []
        for future in self._operation_futures:
            try:
                future.result()
            except MlflowException as error:  # noqa: PERF203 - all are waited for
                failures.append(error)
        if failures:
            raise MlflowException(
                "The following failures occurred while performing one or more async logging "
                f"operations: {failures}"
            )


class Sender:
    """The queue of one store and the thread that empties it."""

    def __init__(self, store: AbstractStore) -> None:
        self._store = store
        self._queue: deque[Pending] = deque()
        self._limit = HEADRACE_ASYNC_QUEUE_SIZE.get()
        self._changed = threading.Condition(threading.Lock())
        self._work = threading.Event()
        self._hurry = threading.Event()
        self._queued_values = 0
        self._last_number = 0
        self._written_number = 0
        self._thread: threading.Thread | None = None

    def submit(self, call: Pending) -> RunOperations:
        """Queue a call; wait only while the queue is full."""
        size = call.size
        with self._changed:
            while self._queued_values and self._queued_values + size > self._limit:
                self._hurry.set()
                self._changed.wait()
            self._last_number += 1
            call.queued(self, self._last_number)
            self._queue.append(call)
            self._queued_values += size
            if self._thread is None:
                self._start()
        if not self._work.is_set():
            self._work.set()
        return RunOperations((call,))

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="mlflow-async-logging", daemon=True)
        self._thread.start()

    def wait(self, number: int | None = None, timeout: float | None = None) -> bool:
        """Wait until a call, or all that are queued now, is written or refused.

        Args:
            number: The call's number; the last one queued when None.
            timeout: Seconds to wait at most.

        Returns:
            Whether it is done.
        """
        with self._changed:
            target = self._last_number if number is None else number
            if self._written_number >= target:
                return True
            self._hurry.set()
            return self._changed.wait_for(lambda: self._written_number >= target, timeout)

    @property
    def waiting(self) -> int:
        """How many values are queued."""
        return self._queued_values

    def _run(self) -> None:
        gather = MLFLOW_ASYNC_LOGGING_BUFFERING_SECONDS.get()
        seconds = _GATHER_SECONDS if gather is None else gather
        while True:
            self._work.wait()
            if len(self._queue) < _TAKE:
                self._hurry.wait(seconds)
            self._work.clear()
            self._hurry.clear()
            while self._queue:
                self._write(self._take())

    def _take(self) -> list[Pending]:
        with self._changed:
            return [self._queue.popleft() for _ in range(min(_TAKE, len(self._queue)))]

    def _write(self, calls: list[Pending]) -> None:
        by_run: dict[str, list[Pending]] = {}
        for call in calls:
            by_run.setdefault(call.run_id, []).append(call)
        for run_id, of_run in by_run.items():
            for group, joined in _groups(of_run):
                self._write_group(run_id, group, joined)
        with self._changed:
            # Calls leave the queue in order, and all that were taken are done.
            self._written_number += len(calls)
            self._queued_values -= sum(call.size for call in calls)
            self._changed.notify_all()

    def _write_group(self, run_id: str, calls: list[Pending], joined: Batch) -> None:
        error = self._log(run_id, joined)
        if error is None:
            return
        if len(calls) == 1:
            self._refuse(calls[0], error)
            return
        for call in calls:
            error = self._log(run_id, call.batch)
            if error is not None:
                self._refuse(call, error)

    def _log(self, run_id: str, batch: Batch) -> MlflowException | None:
        outcome: list[MlflowException] = [
            MlflowException(f"The store failed to log values of the run {run_id}.")
        ]
        with contained(f"Asynchronous logging of run {run_id}"):
            try:
                for part in split_batch(batch):
                    self._store.log_batch(run_id, part.metrics, part.params, part.tags)
                outcome.clear()
            except MlflowException as error:
                outcome[:] = [error]
        return outcome[0] if outcome else None

    @staticmethod
    def _refuse(call: Pending, error: MlflowException) -> None:
        call.error = error
        _logger.error("Run %s: what was logged asynchronously is lost: %s", call.run_id, error)


def _groups(calls: list[Pending]) -> Iterator[tuple[list[Pending], Batch]]:
    """Yield the calls of one run in parts, each with the batch that it makes."""
    group: list[Pending] = []
    joined = Joined()
    for call in calls:
        if not joined.add(call.batch):
            if group:
                yield group, joined.batch()
            group, joined = [], Joined()
            if not joined.add(call.batch):  # too much for one batch by itself
                yield [call], call.batch
                continue
        group.append(call)
    if group:
        yield group, joined.batch()


class _Senders:
    """The state of this module: one sender for each store in use."""

    def __init__(self) -> None:
        self.by_store: dict[AbstractStore, Sender] = {}
        self.lock = threading.Lock()
        self.exit_registered = False

    def renew(self) -> None:
        """Start with empty queues in the child of a fork."""
        self.by_store = {}
        self.lock = threading.Lock()

    def of(self, store: AbstractStore) -> Sender:
        """Return the sender of a store, made at its first use."""
        sender = self.by_store.get(store)
        if sender is None:
            with self.lock:
                sender = self.by_store.setdefault(store, Sender(store))
                if not self.exit_registered:
                    atexit.register(_drain_at_exit)
                    self.exit_registered = True
        return sender


_senders: Final = _Senders()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_senders.renew)


def log_later(store: AbstractStore, run_id: str, batch: Batch) -> RunOperations:
    """Queue values of a run.

    Args:
        store: Where to.
        run_id: The run.
        batch: Any number of values.

    Returns:
        Something to wait for.
    """
    return _senders.of(store).submit(Pending(run_id, batch))


def enable_async_logging(enable: bool = True) -> None:
    """Say whether logging calls without ``synchronous`` return before the store has answered.

    Args:
        enable: True to queue, False to wait.
    """
    MLFLOW_ENABLE_ASYNC_LOGGING.set(enable)


def is_asynchronous(synchronous: bool | None) -> bool:
    """Return whether a logging call should be queued.

    Args:
        synchronous: What the caller asked for; the environment decides when None.
    """
    return MLFLOW_ENABLE_ASYNC_LOGGING.get() if synchronous is None else not synchronous


def flush_async_logging() -> None:
    """Wait until everything that was logged asynchronously so far is written."""
    for sender in list(_senders.by_store.values()):
        sender.wait()


def _drain_at_exit() -> None:
    """Wait for the senders, as long as they get on."""
    patience = HEADRACE_ASYNC_EXIT_TIMEOUT_SECONDS.get()
    for sender in list(_senders.by_store.values()):
        waiting, since = sender.waiting, monotonic()
        while not sender.wait(timeout=0.1):
            if sender.waiting != waiting:
                waiting, since = sender.waiting, monotonic()
            elif monotonic() - since > patience:
                _logger.error(
                    "%d values that were logged asynchronously are lost: the store has not "
                    "answered for %s seconds.",
                    waiting,
                    patience,
                )
                break
