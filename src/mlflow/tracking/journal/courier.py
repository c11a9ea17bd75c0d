"""Carrying calls from a journal to the store: exactly once, in order within a run.

A delivery that the store refuses is halved until the refused call is found; a fault of transport
raises and leaves everything as it is, so that the same deliveries are sent again.
"""

from __future__ import annotations

import logging
from itertools import islice
from typing import TYPE_CHECKING, Final

from mlflow._core.guard import contained
from mlflow._http.patience import within
from mlflow.environment_variables import HEADRACE_SERVER_PATIENCE_SECONDS
from mlflow.exceptions import MlflowException
from mlflow.store.entities.request_key import JournalKey
from mlflow.tracking.journal.calls import ARTIFACT, apply, is_fault, iter_deliveries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mlflow.store.tracking.abstract_store import AbstractStore
    from mlflow.tracking.journal.calls import Delivery, Record
    from mlflow.tracking.journal.deliveries import DeliveryLog
    from mlflow.tracking.journal.journal import Journal
    from mlflow.tracking.journal.rejects import Rejects
    from mlflow.tracking.journal.spool import Spool

_logger: Final = logging.getLogger("mlflow.tracking.journal")
_MOST_DOUBLINGS: Final = 6


class Courier:
    """Delivers one journal to one store; used by one thread."""

    def __init__(
        self,
        store: AbstractStore,
        journal: Journal,
        log: DeliveryLog,
        rejects: Rejects,
        spool: Spool,
        *,
        upload: Callable[[str, Path, str], None],
    ) -> None:
        """Stand between a journal and a store.

        Args:
            store: Where calls go.
            journal: Where they come from.
            log: What was sent so far.
            rejects: Where refused calls go.
            spool: Where files wait for their upload.
            upload: Logs a local file to a run's artifacts; takes run id, file and folder.
        """
        self._store = store
        self._journal = journal
        self._log = log
        self._rejects = rejects
        self._spool = spool
        self._upload = upload
        self._records: list[Record] = []
        self._faults = 0

    def deliver(self) -> bool:
        """Deliver the calls that wait, up to one window; return whether there were any.

        Raises:
            MlflowException: the store cannot be reached (TEMPORARILY_UNAVAILABLE).
        """
        log = self._log
        if not self._records:
            self._records = self._journal.read(None if log.window is None else log.window[1])
            if not self._records:
                if log.window is not None:  # nothing of it is left
                    log.finish(log.window[1])
                    return True
                return False
        if log.window is None:
            log.begin(self._records[0].number, self._records[-1].number + 1)
        while not self._send_window():
            pass
        end = self._records[-1].number + 1
        log.finish(end)
        self._records = []
        self._journal.finish(end)
        return True

    def _send_window(self) -> bool:
        """Send the deliveries that are left; return False when one had to be cut.

        A delivery that is cut was not applied, and those after it were not sent: that their
        sequences move up is harmless.
        """
        log = self._log
        for delivery in islice(iter_deliveries(self._records, log.cuts), log.done, None):
            error = self._try(delivery)
            if error is not None:
                if is_fault(error):
                    self._faults = min(self._faults + 1, _MOST_DOUBLINGS)
                    raise error
                if len(delivery.records) > 1:
                    log.cut(delivery.records[len(delivery.records) // 2].number)
                    return False
                self._refuse(delivery.records[0], error)
            log.complete()
        return True

    def _try(self, delivery: Delivery) -> MlflowException | None:
        """Send a delivery and return what went wrong."""
        outcome: list[MlflowException] = [
            MlflowException(f"The store failed to log values of the run {delivery.run_id}.")
        ]
        with contained(f"Delivering what run {delivery.run_id} logged"):
            try:
                if delivery.records[0].call[0] == ARTIFACT:
                    self._send_file(delivery.records[0])
                else:
                    self._once(delivery)
                outcome.clear()
            except MlflowException as error:
                outcome[:] = [error]
        return outcome[0] if outcome else None

    def _once(self, delivery: Delivery) -> None:
        # One is in flight at a time: all before it are done with.
        sequence = self._log.sequence + self._log.done
        key = JournalKey(self._log.identity, sequence, sequence)

        def call() -> bytes:
            if delivery.is_batch:
                delivery.log(self._store)
            else:
                apply(delivery.records[0].call, self._store)
            return b""

        # A request that takes the server long is given more time with each try.
        patience = HEADRACE_SERVER_PATIENCE_SECONDS.get() * 2**self._faults
        with within(max(patience, 1.0)):
            self._store.once(key, call)
        self._faults = 0

    def _send_file(self, record: Record) -> None:
        _, run_id, folder, name = record.call
        path = self._spool.find(name)
        if path is not None:  # otherwise it was sent, and a crash kept that from being noted
            self._upload(run_id, path, folder)
            path.unlink()
            path.parent.rmdir()

    def _refuse(self, record: Record, error: MlflowException) -> None:
        with contained("Keeping a refused call"):
            self._rejects.add(record, error)
            if record.call[0] == ARTIFACT and self._rejects.path is not None:
                self._spool.move(record.call[3], self._rejects.path.with_suffix(""))
        where = f" It is kept in {self._rejects.path}." if self._rejects.path else ""
        _logger.error(
            "Run %s: the store refused what was logged: %s%s", record.call[1], error, where
        )
