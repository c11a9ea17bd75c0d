"""A database behind a tracking URI: it opens transactions and hands them to the work to do.

Work may ask for transactions of its own: they become parts of the one that is open in its thread.
A part that fails is undone by itself. Savepoints cost statements and are rarely needed, so the
first try does without: when a part fails that had changed something, everything is run again with
savepoints.
"""

import os
import threading
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from logging import ERROR
from typing import Final, TypeVar

from mlflow._core.guard import contained
from mlflow.exceptions import INTERNAL_ERROR, MlflowException
from mlflow.store.sql.dialect import Dialect
from mlflow.store.sql.session import KeyCache, Session

T = TypeVar("T")

# How long a transaction is tried again after others got in its way.
RETRY_SECONDS: Final = 60.0
RETRY_FIRST_WAIT: Final = 0.002
RETRY_LONGEST_WAIT: Final = 0.5


class CarefulError(BaseException):
    """A part has to be undone: run the transaction again, with savepoints.

    Not an ``Exception``, so that nothing between the part and the transaction catches it.
    """


class _Here(threading.local):
    """What this thread has open."""

    session: Session | None = None


class Database(ABC):
    """One database; safe to use from all threads, and after a fork.

    Attributes:
        uri: The URI it was opened by.
        dialect: Which kind it is.
        known_keys: Ids of interned keys that were read or made before.
        known_names: Names of interned keys by id.
    """

    def __init__(self, uri: str, dialect: Dialect) -> None:
        self.uri: Final = uri
        self.dialect: Final = dialect
        self.known_keys: KeyCache = {}
        self.known_names: dict[int, str] = {}
        self._here: Final = _Here()
        _opened.add(self)

    @property
    def in_transaction(self) -> bool:
        """Whether this thread has a transaction open."""
        return self._here.session is not None

    def read(self, work: Callable[[Session], T]) -> T:
        """Run work that only reads, on one snapshot; in an open transaction it sees that one's.

        Raises:
            MlflowException: the work raised it, the database failed, or the time is over that
                ``deadline`` set.
        """
        session = self._here.session
        return self._read(work) if session is None else work(session)

    def write(self, work: Callable[[Session], T]) -> T:
        """Run work in one write transaction, or as a part of the one that is open in this thread.

        One that only reads is not in the way, nor does it see what was written.

        Args:
            work: What to do; run again from the start when other transactions got in its way, so
                it must have no other effect than on the database.

        Returns:
            What the work returned, after the transaction was committed.

        Raises:
            MlflowException: the work raised it, and the transaction was rolled back; or the
                database failed.
        """
        session = self._here.session
        if session is None or session.is_reading:
            return self._write(work)
        return self._part(session, work)

    def write_points(self, work: Callable[[Session], T]) -> T:
        """Run work that logs points only: where that is one statement, without a transaction."""
        session = self._here.session
        if session is None or session.is_reading:
            return self._write_points(work)
        return self._part(session, work)

    def write_together(self, calls: Sequence[Callable[[], T]]) -> list[T | MlflowException]:
        """Run calls that write to this database, each whole or undone.

        Returns:
            What each returned or raised, after all of it was committed.
        """
        return [self._result_of(self.write, call) for call in calls]

    def _result_of(
        self, run: Callable[[Callable[[Session], T]], T], call: Callable[[], T]
    ) -> T | MlflowException:
        """Return what a call returns or raises as a part; one that is wrong stops no other."""
        result: T | MlflowException = MlflowException(
            "The call failed for a reason that the log of this process names.", INTERNAL_ERROR
        )
        with contained("A call among several that are committed together", level=ERROR):
            try:
                result = run(lambda _session: call())
            except MlflowException as error:
                result = error
        return result

    @abstractmethod
    def _read(self, work: Callable[[Session], T]) -> T:
        """Run work that only reads in a transaction of its own."""

    @abstractmethod
    def _write(self, work: Callable[[Session], T]) -> T:
        """Run work in a transaction of its own."""

    def _write_points(self, work: Callable[[Session], T]) -> T:
        return self._write(work)

    @abstractmethod
    def _is_fatal(self, error: Exception) -> bool:
        """Return whether a driver's error ends the whole transaction, to be run again or lost."""

    @abstractmethod
    def _translated(self, error: Exception) -> MlflowException | None:
        """Return what to raise for a driver's error; None when it is not one."""

    # Parts of an open transaction. Their work names its own artifact root, as all work does.

    def _part(self, session: Session, work: Callable[[Session], T]) -> T:
        if session.is_careful:
            return self._undoable_part(session, work)
        before = session.changes()
        try:
            return work(session)
        except MlflowException as error:
            if session.changes() == before:
                raise
            raise CarefulError from error
        except Exception as error:
            if self._is_fatal(error):
                session.broken = error
                raise
            raise CarefulError from error

    def _undoable_part(self, session: Session, work: Callable[[Session], T]) -> T:
        session.depth += 1
        savepoint = f"part_{session.depth}"
        keys = {kind: dict(ids) for kind, ids in session.new_keys.items()}
        try:
            session.run(f"SAVEPOINT {savepoint}")
            result = work(session)
            session.run(f"RELEASE SAVEPOINT {savepoint}")
        except Exception as error:
            if session.broken is not None or self._is_fatal(error):
                session.broken = session.broken or error
                raise
            session.run(f"ROLLBACK TO SAVEPOINT {savepoint}")
            session.run(f"RELEASE SAVEPOINT {savepoint}")
            session.new_keys = keys
            session.forget()
            refused = self._translated(error)
            if refused is None:
                raise
            raise refused from error
        finally:
            session.depth -= 1
        return result

    @abstractmethod
    def close(self) -> None:
        """Close all connections; the next use opens new ones."""

    @abstractmethod
    def _before_fork(self) -> None:
        """Wait until no thread writes, so that a child is not born with half a transaction."""

    @abstractmethod
    def _after_fork_in_parent(self) -> None:
        """Go on."""

    @abstractmethod
    def _after_fork_in_child(self) -> None:
        """Forget the parent's connections and locks without touching them."""


_opened: Final["weakref.WeakSet[Database]"] = weakref.WeakSet()


def _each(step: str) -> Callable[[], None]:
    def run() -> None:
        for database in list(_opened):
            getattr(database, step)()

    return run


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_each("_before_fork"),
        after_in_parent=_each("_after_fork_in_parent"),
        after_in_child=_each("_after_fork_in_child"),
    )
