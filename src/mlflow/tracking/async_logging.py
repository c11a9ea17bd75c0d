"""Logging that does not wait: a call goes to the journal, and what it returns can be waited for.

The journal keeps what a killed process had logged; see ``mlflow.tracking.journal``.
"""

from __future__ import annotations

import atexit
import logging
from typing import TYPE_CHECKING, Final

from mlflow.environment_variables import (
    HEADRACE_ON_SERVER_FAULT,
    HEADRACE_RAISE_REJECTED,
    MLFLOW_ENABLE_ASYNC_LOGGING,
)
from mlflow.exceptions import INVALID_PARAMETER_VALUE, MlflowException
from mlflow.tracking.journal.store import (
    RAISE,
    JournalledStore,
    drain_at_exit,
    journalled,
    new_journalled,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlflow.store.tracking.abstract_store import AbstractStore
    from mlflow.tracking.journal.calls import Call
    from mlflow.tracking.journal.sender import Sender

_logger: Final = logging.getLogger(__name__)


class Pending:
    """One call in the journal."""

    __slots__ = ("_error", "_number", "_sender")

    def __init__(self, sender: Sender, number: int) -> None:
        self._sender = sender
        self._number = number
        self._error: MlflowException | None = None

    def result(self) -> None:
        """Wait until the store has acknowledged this.

        Raises:
            MlflowException: the store refused it, or stays away.
        """
        if not self._sender.wait(self._number):
            raise self._sender.not_delivered()
        self._error = self._error or self._sender.error_of(self._number)
        if self._error is not None:
            raise self._error

    def forgive(self) -> None:
        """See to it that a refusal raises nothing later; it is logged and kept in the file."""
        self._sender.rejects.forgive(self._number)


class RunOperations:
    """What an asynchronous logging call returns: something to wait for."""

    __slots__ = ("_operation_futures",)

    def __init__(self, operation_futures: Iterable[Pending] | None) -> None:
        """Hold the calls to wait for.

        Args:
            operation_futures: Objects whose ``result()`` waits and raises on failure.
        """
        self._operation_futures: Final = list(operation_futures or ())

    @property
    def pending(self) -> tuple[Pending, ...]:
        """The single calls."""
        return tuple(self._operation_futures)

    def wait(self) -> None:
        """Return when the store has acknowledged everything.

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

    def forgive(self) -> None:
        """See to it that the end of the run raises nothing of what the store refuses of this."""
        for future in self._operation_futures:
            future.forgive()


class _Bare:
    """The state of this module: journals for stores that were not opened by their URI."""

    def __init__(self) -> None:
        self.by_store: dict[AbstractStore, JournalledStore] = {}


_bare: Final = _Bare()
atexit.register(drain_at_exit)


def sender_of(store: AbstractStore) -> Sender:
    """Return what sends later to a store."""
    if not isinstance(store, JournalledStore):
        known = _bare.by_store.get(store)
        store = known or _bare.by_store.setdefault(store, new_journalled(store, None))
    return store.sender


def log_later(store: AbstractStore, *calls: Call) -> RunOperations:
    """Put calls into the journal of a store.

    Args:
        store: Where they go.
        *calls: See ``mlflow.tracking.journal.calls``.

    Returns:
        Something to wait for.
    """
    sender = sender_of(store)
    return RunOperations([Pending(sender, sender.submit(call)) for call in calls])


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
    """Wait until the stores have acknowledged everything that was logged so far.

    A store that stays away is not waited for: a warning says where its calls are kept.

    Raises:
        MlflowException: a store stays away, and ``HEADRACE_ON_SERVER_FAULT`` is ``raise``.
    """
    for sender in journalled.senders():
        if sender.pending and not sender.wait():
            if HEADRACE_ON_SERVER_FAULT.get() == RAISE:
                raise sender.not_delivered()
            _logger.warning("%s", sender.not_delivered().message)


def flush_trace_async_logging(terminate: bool = False) -> None:
    """Return: traces are not logged by this release, so none waits.

    Args:
        terminate: Accepted.
    """


def raise_rejected(store: AbstractStore, run_id: str) -> None:
    """Raise what a store refused of a run after the calls had returned, unless someone saw it.

    Raises:
        MlflowException: it did; the message says what.
    """
    if not isinstance(store, JournalledStore) or not store.has_sender:
        return
    errors = store.sender.rejects.take_run(run_id)
    if errors and HEADRACE_RAISE_REJECTED.get():
        kept = store.sender.rejects.path
        where = f" The calls are kept in {kept}." if kept else ""
        raise MlflowException(
            f"The store refused {len(errors)} calls that had logged to the run {run_id}; the first:"
            f" {errors[0].message}{where} Set HEADRACE_RAISE_REJECTED=false to end runs all the "
            "same.",
            INVALID_PARAMETER_VALUE,
        )
