"""The journal of one tracking URI and the thread that delivers it.

Both are made at the first call that goes through the journal. When the store cannot be reached the
thread tries again and again, with growing pauses; what is appended meanwhile waits on the disk.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

from mlflow._core.clock import monotonic, sleep
from mlflow._core.guard import contained
from mlflow._core.retry import backoff
from mlflow.environment_variables import (
    HEADRACE_FLUSH_TIMEOUT_SECONDS,
    HEADRACE_SERVER_PATIENCE_SECONDS,
    MLFLOW_ASYNC_LOGGING_BUFFERING_SECONDS,
)
from mlflow.exceptions import TEMPORARILY_UNAVAILABLE, MlflowException
from mlflow.tracking.journal.calls import ARTIFACT
from mlflow.tracking.journal.codec import encode
from mlflow.tracking.journal.courier import Courier
from mlflow.tracking.journal.deliveries import DeliveryLog
from mlflow.tracking.journal.journal import Journal
from mlflow.tracking.journal.place import Place, rejects_path
from mlflow.tracking.journal.rejects import Rejects
from mlflow.tracking.journal.spool import Spool
from mlflow.tracking.run_artifacts import upload_to_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mlflow.store.tracking.abstract_store import AbstractStore
    from mlflow.tracking.journal.calls import Call

_logger: Final = logging.getLogger("mlflow.tracking.journal")

# How long calls gather before they are sent, when nobody waits for them and a batch is not full.
_GATHER_SECONDS: Final = 0.1
_FULL: Final = 1000
_SYNC_SECONDS: Final = 1.0
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_MANY_RUNS: Final = 10_000


class Sender:
    """What waits for one store.

    Attributes:
        rejects: The calls that the store refused.
        fault: Why the store cannot be reached; None when it can, as far as is known.
        behind: Whether the journal still holds what an outage left in it.
    """

    def __init__(self, store: AbstractStore, uri: str | None) -> None:
        """Begin a journal; a thread delivers it.

        Args:
            store: Where to.
            uri: The store's tracking URI; None keeps the journal in memory only.
        """
        self._store = store
        self._place = None if uri is None else self._make_place(uri)
        folder = self._place.path if self._place else None
        self._journal = Journal(folder)
        self._log = DeliveryLog(folder / "deliveries" if folder else None)
        self.rejects = Rejects(rejects_path(folder.name) if folder else None)
        self.spool = Spool(folder)
        self._courier = Courier(
            store,
            self._journal,
            self._log,
            self.rejects,
            self.spool,
            upload=lambda run_id, path, to: upload_to_run(store, uri, run_id, path, to),
        )
        self.fault: MlflowException | None = None
        self.behind = False
        self._last_of_run: dict[str, int] = {}
        self._work = threading.Event()
        self._hurry = threading.Event()
        self._closing = False
        self._synced = monotonic()
        self._thread = threading.Thread(target=self._run, name="mlflow-journal-sender", daemon=True)
        self._thread.start()

    @staticmethod
    def _make_place(uri: str) -> Place | None:
        try:
            return Place.create(uri)
        except (OSError, RuntimeError) as error:  # RuntimeError: there is no home directory
            _logger.warning(
                "No journal can be kept on disk (%s): what waits for the store is in memory and is "
                "lost if the process is killed. Set HEADRACE_JOURNAL_DIR to a folder of your own.",
                error,
            )
            return None

    @property
    def folder(self) -> Path | None:
        """Where the journal lies; None when it is in memory."""
        return self._place.path if self._place else None

    @property
    def pending(self) -> int:
        """How many calls are not acknowledged."""
        return self._journal.pending

    def submit(self, call: Call) -> int:
        """Append a call and return its number.

        Raises:
            MlflowException: it holds what no store takes, or the journal is full and says so.
        """
        number = self._journal.append(encode(call))
        self._last_of_run[call[1]] = number
        if not self._work.is_set():
            self._work.set()
        return number

    def submit_file(self, run_id: str, path: Path, folder: str) -> int:
        """Append the upload of a file of the spool to a folder of a run's artifacts."""
        return self.submit((ARTIFACT, run_id, folder, self.spool.name(path)))

    def holds(self, run_id: str) -> bool:
        """Return whether a write to a run has to queue: the store is away, or calls wait."""
        if self.fault is not None:
            return True
        number = self._last_of_run.get(run_id)
        return number is not None and number >= self._journal.finished

    def note_fault(self, error: MlflowException) -> None:
        """Note that the store cannot be reached, and say so once for each outage."""
        known, self.fault, self.behind = self.fault, error, True
        if known is None:
            _logger.warning(
                "The store cannot be reached: %s What is logged to runs from now on is kept %s. It "
                "is delivered when the store is back%s",
                error.message,
                f"in {self.folder}" if self.folder else "in memory",
                f", or later by: mlflow sync {self.folder}" if self.folder else ".",
            )

    def wait(self, number: int | None = None, run_id: str | None = None) -> bool:
        """Wait until calls are acknowledged or refused.

        Args:
            number: A call, and all before it; else
            run_id: The calls of a run; else all.

        Returns:
            Whether they are; not when the store stays away for the time of one call's patience,
            or takes nothing for that of a flush.
        """
        journal = self._journal
        if number is None:
            last = journal.next_number - 1
            number = last if run_id is None else self._last_of_run.get(run_id, -1)
        if journal.finished > number:
            return True
        away_at_most = HEADRACE_SERVER_PATIENCE_SECONDS.get()
        still_at_most = HEADRACE_FLUSH_TIMEOUT_SECONDS.get()
        begun = since = monotonic()
        finished = journal.finished
        while True:
            self._hurry.set()
            if journal.wait(number, 0.1):
                return True
            now = monotonic()
            if journal.finished != finished:
                finished, since = journal.finished, now
            if now - since > still_at_most:
                return False
            if self.fault is not None and now - begun > away_at_most:
                return False

    def error_of(self, number: int) -> MlflowException | None:
        """Return why a call was refused or given up, once."""
        return self.rejects.take(number) or self._journal.error_of(number)

    def not_delivered(self) -> MlflowException:
        """Return the error for who has to know that calls are acknowledged when they are not."""
        kept = f"They are kept in {self.folder}." if self.folder else "They are kept in memory."
        return MlflowException(
            f"{self.pending} calls that were logged are not acknowledged by the store yet. {kept}"
            f" {self.fault.message if self.fault else ''}",
            TEMPORARILY_UNAVAILABLE,
        )

    def drain(self, seconds: float) -> None:
        """Deliver what is there before the process ends, and say what is left.

        Args:
            seconds: How long at most.
        """
        journal, deadline = self._journal, monotonic() + seconds
        last = journal.next_number - 1
        while not journal.wait(last, 0.05) and monotonic() < deadline:
            self._hurry.set()
        if not journal.pending:
            self.close()
        elif self.folder is not None:
            _logger.warning(
                "%d calls that were logged are not delivered yet: they are kept in %s. The next "
                "process that uses this store delivers them, or: mlflow sync %s",
                journal.pending,
                self.folder,
                self.folder,
            )
        else:
            _logger.error("%d calls that were logged are lost with this process.", journal.pending)

    def close(self) -> None:
        """Remove the journal of which everything is delivered."""
        self._closing = True
        self._work.set()
        self._hurry.set()
        self._thread.join(1.0)
        if self._thread.is_alive() or self._journal.pending:
            return
        self.forget()
        if self._place is not None:
            self._place.remove()

    def forget(self) -> None:
        """Close every file and leave it where it is: the child of a fork owns none of them."""
        self._journal.close()
        self._log.close()
        if self._place is not None:
            self._place.release()

    def _run(self) -> None:
        gather = MLFLOW_ASYNC_LOGGING_BUFFERING_SECONDS.get()
        seconds = _GATHER_SECONDS if gather is None else gather
        pauses = backoff(first=_FIRST_PAUSE, longest=_LONGEST_PAUSE)
        while not self._closing:
            self._work.wait(None if self._journal.is_synced else _SYNC_SECONDS)
            if self.fault is None and 0 < self._journal.unread < _FULL:
                self._hurry.wait(seconds)
            self._work.clear()
            self._hurry.clear()
            pauses = self._deliver(pauses)
            self._sync()

    def _sync(self) -> None:
        """Bring the journal to the disk, once a second."""
        if monotonic() - self._synced >= _SYNC_SECONDS:
            self._synced = monotonic()
            with contained("Bringing the journal to the disk"):
                self._journal.sync()

    def _deliver(self, pauses: Iterator[float]) -> Iterator[float]:
        """Deliver what is there; after a fault wait and return the pauses that follow."""
        failed = True
        with contained("Delivering the journal", level=logging.ERROR):
            try:
                while self._courier.deliver():
                    if self.fault is not None:
                        _logger.info("The store is back: what was logged meanwhile is delivered.")
                        self.fault = None
                        pauses = backoff(first=_FIRST_PAUSE, longest=_LONGEST_PAUSE)
                failed = False
                self.behind = self.behind and self._journal.pending > 0
            except MlflowException as error:
                self.note_fault(error)
        if failed:
            self._pause(next(pauses))
        return pauses

    def _pause(self, seconds: float) -> None:
        until = monotonic() + seconds
        sleep(min(seconds, _FIRST_PAUSE))  # however much others hurry
        while monotonic() < until and not self._hurry.is_set() and not self._closing:
            self._hurry.wait(min(_SYNC_SECONDS, max(0.0, until - monotonic())))
            self._sync()
        self._work.set()
