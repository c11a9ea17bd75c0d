"""A database behind a tracking URI: it opens transactions and hands them to the work to do."""

import os
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Final, TypeVar

from mlflow.store.sql.dialect import Dialect
from mlflow.store.sql.session import KeyCache, Session

T = TypeVar("T")

# How long a transaction is tried again after others got in its way.
RETRY_SECONDS: Final = 60.0
RETRY_FIRST_WAIT: Final = 0.002
RETRY_LONGEST_WAIT: Final = 0.5


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
        _opened.add(self)

    @abstractmethod
    def read(self, work: Callable[[Session], T]) -> T:
        """Run work that only reads, on one snapshot."""

    @abstractmethod
    def write(self, work: Callable[[Session], T]) -> T:
        """Run work in one write transaction.

        Args:
            work: What to do; run again from the start when other transactions got in its way, so
                it must have no other effect than on the database.

        Returns:
            What the work returned, after the transaction was committed.

        Raises:
            MlflowException: the work raised it, and the transaction was rolled back; or the
                database failed.
        """

    def write_points(self, work: Callable[[Session], T]) -> T:
        """Run work that logs points only: where that is one statement, without a transaction."""
        return self.write(work)

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
