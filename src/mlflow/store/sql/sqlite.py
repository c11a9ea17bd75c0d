"""SQLite: one writer connection under a lock between processes, and readers beside it.

Every write and every checkpoint, also the one that SQLite makes when the last connection closes,
happens under the lock file ``<database>-lock`` (see ``lock.py``). Readers never write, so they
never make a checkpoint; they are closed under the lock too.
"""

import atexit
import ctypes
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from mlflow._core.clock import monotonic, sleep
from mlflow._core.guard import contained
from mlflow._core.retry import backoff
from mlflow.environment_variables import HEADRACE_SQLITE_SYNCHRONOUS
from mlflow.exceptions import (
    PERMISSION_DENIED,
    TEMPORARILY_UNAVAILABLE,
    MlflowException,
)
from mlflow.store.sql import driver_errors
from mlflow.store.sql.deadline import current_deadline, is_over
from mlflow.store.sql.dialect import SQLITE
from mlflow.store.sql.engine import (
    RETRY_FIRST_WAIT,
    RETRY_LONGEST_WAIT,
    RETRY_SECONDS,
    CarefulError,
    Database,
)
from mlflow.store.sql.lock import FairMutex, FairSlots, FileLock
from mlflow.store.sql.schema import setup
from mlflow.store.sql.session import Session, SqliteSession

T = TypeVar("T")

# At most 32 MB of page cache over all connections: the writer, one large and seven small readers.
_WRITER_CACHE_KIB: Final = 16_384
_READER_CACHE_KIB: Final = (8_192, 1_024)
_MAX_READERS: Final = 8
_CACHED_STATEMENTS: Final = 512
_BUSY_SECONDS: Final = 30.0
_CHECKPOINT_PAGES: Final = 2_000
_STEPS_BETWEEN_SIGNALS: Final = 1_000_000  # of SQLite's machine: some 20 ms
_WAL_LIMIT_BYTES: Final = 64 * 1024 * 1024
# On these, WAL's shared memory does not work between machines, and mostly not at all.
_NETWORK_FILE_SYSTEMS: Final = frozenset(
    {
        "9p", "afs", "beegfs", "ceph", "cifs", "davfs", "fuse.sshfs", "fuse.glusterfs",
        "fuse.s3fs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs",
        "virtiofs",
    }
)  # fmt: skip


class SqliteDatabase(Database):
    """A database in a file, or in memory when the path is empty or ``:memory:``."""

    def __init__(self, uri: str, path: str, *, is_uri: bool = False) -> None:
        """Name the database; the first use opens it.

        Args:
            uri: The URI to show.
            path: The absolute path of the file; empty for a database in memory.
            is_uri: Whether the path is a ``file:`` URI with SQLite's own parameters.
        """
        super().__init__(uri, SQLITE)
        self.path: Final = path
        self._in_memory: Final = path in ("", ":memory:")
        self._is_uri: Final = is_uri
        self._mutex = FairMutex()
        self._file_lock = None if self._in_memory or is_uri else FileLock(f"{path}-lock")
        self._writer: sqlite3.Connection | None = None
        self._writer_cursor: sqlite3.Cursor | None = None
        self._readers: list[sqlite3.Connection] = []
        self._reader_slots = FairSlots(_MAX_READERS)
        self._reader_count = 0
        self._generation = 0
        self._reader_guard = threading.Lock()
        self._inode = -1
        self._ready = self._in_memory
        self._held_for_fork = False
        self._exiting = False
        atexit.register(self._at_exit)

    # Transactions

    def _read(self, work: Callable[[Session], T]) -> T:
        if self._in_memory:
            return self._write(work)
        for wait in _Waits():
            try:
                return self._read_once(work)
            except sqlite3.Error as error:
                if driver_errors.is_interrupt_sqlite(error):
                    limit = current_deadline()
                    if limit is None or limit.rest() > 0:
                        raise KeyboardInterrupt from error
                    raise limit.error() from error
                if wait is None or not driver_errors.is_retryable_sqlite(error):
                    raise driver_errors.translate_sqlite(error, self._where()) from error
            sleep(wait)
        raise AssertionError  # the last wait is None

    def _write(self, work: Callable[[Session], T]) -> T:
        is_careful = False
        for wait in _Waits():
            try:
                return self._write_once(work, is_careful=is_careful)
            except CarefulError:
                is_careful = True
                continue
            except sqlite3.Error as error:
                if wait is None or not driver_errors.is_retryable_sqlite(error):
                    raise driver_errors.translate_sqlite(error, self._where()) from error
            sleep(wait)
        raise AssertionError  # the last wait is None

    def write_together(self, calls: Sequence[Callable[[], T]]) -> list[T | MlflowException]:
        """Run calls that write to this database in one transaction, each whole or undone."""
        if len(calls) == 1 or self._here.session is not None:
            return super().write_together(calls)

        def work(session: Session) -> list[T | MlflowException]:
            run_all = self._run_carefully if session.is_careful else self._run_all
            return run_all(session, calls)

        try:
            return self._write(work)
        except MlflowException as error:
            return [error] * len(calls)

    def _run_all(
        self, session: Session, calls: Sequence[Callable[[], T]]
    ) -> list[T | MlflowException]:
        results: list[T | MlflowException] = []
        before = session.changes()
        for call in calls:
            try:
                results.append(call())
            except MlflowException as error:
                if session.changes() != before:
                    raise CarefulError from error
                results.append(error)
            except Exception as error:
                if self._is_fatal(error):
                    raise
                raise CarefulError from error
            before = session.changes()
        return results

    def _run_carefully(
        self, session: Session, calls: Sequence[Callable[[], T]]
    ) -> list[T | MlflowException]:
        results: list[T | MlflowException] = []
        for call in calls:
            results.append(self._result_of(partial(self._undoable_part, session), call))
            session.raise_if_broken()
        return results

    def _is_fatal(self, error: Exception) -> bool:
        if not isinstance(error, sqlite3.Error):
            return False
        writer = self._writer
        # After some failures (a full disk) SQLite has rolled back by itself.
        is_gone = writer is None or not writer.in_transaction
        return is_gone or driver_errors.is_retryable_sqlite(error)

    def _translated(self, error: Exception) -> MlflowException | None:
        if not isinstance(error, sqlite3.Error):
            return None
        return driver_errors.translate_sqlite(error, self._where())

    def _write_once(self, work: Callable[[Session], T], *, is_careful: bool = False) -> T:
        outer = self._here.session
        self._mutex.acquire()
        try:
            self._lock_file()
            try:
                cursor = self._writer_cursor
                if cursor is None or self._was_replaced():
                    cursor = self._open_writer()
                cursor.execute("BEGIN IMMEDIATE")
                session = SqliteSession(cursor, SQLITE, self.known_keys)
                session.known_runs, session.is_careful = {}, is_careful
                self._here.session = session
                try:
                    result = work(session)
                    session.raise_if_broken()
                    cursor.execute("COMMIT")
                except BaseException:
                    self._roll_back(cursor)
                    raise
                finally:
                    self._here.session = outer
                if session.new_keys:
                    self._learn(session)
                if self._exiting:
                    self._close_writer()
                return result
            finally:
                if self._file_lock is not None:
                    self._file_lock.release()
        finally:
            self._mutex.release()

    def _read_once(self, work: Callable[[Session], T]) -> T:
        self._take_slot()
        outer = self._here.session
        try:
            connection = self._take_reader()
            generation, healthy = self._generation, False
            try:
                cursor = connection.cursor()
                cursor.execute("BEGIN")
                try:
                    session = SqliteSession(cursor, SQLITE, self.known_keys, self.known_names)
                    self._here.session = session
                    return work(session)
                finally:
                    self._here.session = outer
                    cursor.execute("ROLLBACK")  # nothing was written
                    healthy = True
            finally:
                if healthy and not self._exiting and generation == self._generation:
                    self._readers.append(connection)
                else:
                    self._drop_reader(connection)
        finally:
            self._reader_slots.release()

    def _take_slot(self) -> None:
        limit = current_deadline()
        if limit is None:
            self._reader_slots.acquire()
        elif not self._reader_slots.acquire(timeout=max(0.0, limit.rest())):
            raise MlflowException(
                f"All readers of {self._where()} were busy for {limit.seconds:g} seconds. Try"
                " again later.",
                TEMPORARILY_UNAVAILABLE,
            )

    def _learn(self, session: Session) -> None:
        for kind, ids in session.new_keys.items():
            self.known_keys.setdefault(kind, {}).update(ids)

    @staticmethod
    def _roll_back(cursor: sqlite3.Cursor) -> None:
        # After some failures (a full disk) SQLite has rolled back by itself.
        if cursor.connection.in_transaction:
            cursor.execute("ROLLBACK")

    # Connections

    def _connect(self, cache_kib: int) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path or ":memory:",
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=_CACHED_STATEMENTS,
            uri=self._is_uri,
        )
        try:
            connection.execute(f"PRAGMA cache_size = -{cache_kib}").close()
            connection.execute("PRAGMA temp_store = MEMORY").close()
        except BaseException:  # the file is no database
            connection.close()
            raise
        return connection

    def _open_writer(self) -> sqlite3.Cursor:
        self._close_writer()
        connection = self._connect(_WRITER_CACHE_KIB)
        try:
            cursor = connection.cursor()
            journal = "DELETE" if self._is_on_network() else "WAL"
            if not self._in_memory:
                cursor.execute(f"PRAGMA journal_mode = {journal}").fetchall()
            cursor.execute(f"PRAGMA synchronous = {self._synchronous()}")
            # The writer commits under the lock, so its checkpoints happen under the lock.
            cursor.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}").fetchall()
            cursor.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT_BYTES}").fetchall()
            self._make_schema(cursor)
        except BaseException:
            connection.close()
            raise
        self._inode = self._current_inode()
        self._ready = True
        self._writer, self._writer_cursor = connection, cursor
        return cursor

    def _make_folder(self) -> None:
        folder = Path(self.path).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise MlflowException(
                f"The folder {folder} for the database cannot be made: {error.strerror}. Choose"
                " another place, or make it and give this user the right to write there.",
                PERMISSION_DENIED,
            ) from error

    def _make_schema(self, cursor: sqlite3.Cursor) -> None:
        session = SqliteSession(cursor, SQLITE, {})
        if setup.is_current(session):
            return
        cursor.execute("BEGIN IMMEDIATE")
        try:
            setup.create(session, setup.script("sqlite"))
            cursor.execute("COMMIT")
        except BaseException:
            self._roll_back(cursor)
            raise

    @staticmethod
    def _synchronous() -> str:
        value = HEADRACE_SQLITE_SYNCHRONOUS.get().upper()
        if value not in ("FULL", "NORMAL", "EXTRA"):
            raise MlflowException.invalid_parameter_value(
                f"{HEADRACE_SQLITE_SYNCHRONOUS.name} is {value!r}; it must be FULL (survives a"
                " power cut) or NORMAL (survives a crash of the process)."
            )
        return value

    def _take_reader(self) -> sqlite3.Connection:
        if not self._ready or self._was_replaced():
            self._make_ready()
        try:
            return self._readers.pop()
        except IndexError:
            return self._open_reader()

    def _open_reader(self) -> sqlite3.Connection:
        with self._reader_guard:
            first = self._reader_count == 0
            self._reader_count += 1
        try:
            connection = self._connect(_READER_CACHE_KIB[0 if first else 1])
        except BaseException:
            with self._reader_guard:
                self._reader_count -= 1
            raise
        connection.execute("PRAGMA wal_autocheckpoint = 0").close()
        connection.set_progress_handler(_let_signals_run, _STEPS_BETWEEN_SIGNALS)
        return connection

    def _make_ready(self) -> None:
        """Check the schema, and make it where there is none.

        An existing database is looked at by a reader first: one that cannot be written can be
        read.
        """
        self.close()
        inode = self._current_inode()
        if inode == 0:
            self._make_folder()
        if inode > 0:
            reader, ready = self._open_reader(), False
            try:
                cursor = reader.cursor()
                ready = setup.is_current(SqliteSession(cursor, SQLITE, {}))
                cursor.close()
            finally:
                if not ready:
                    self._drop_reader(reader)
            if ready:
                self._readers.append(reader)  # closing it would wait for a writer
                self._inode = inode
                self._ready = True
                return
        self._write_once(_nothing)

    def _drop_reader(self, connection: sqlite3.Connection) -> None:
        self._mutex.acquire()
        try:
            self._under_lock(connection.close)
        finally:
            self._mutex.release()
        with self._reader_guard:
            self._reader_count -= 1

    def _was_replaced(self) -> bool:
        """Return whether the path now names another file than the one that was opened."""
        if self._file_lock is None or self._inode < 0:
            return False
        replaced = self._current_inode() != self._inode
        if replaced:
            self.known_keys.clear()
            self.known_names.clear()
            self._ready = False
        return replaced

    def _current_inode(self) -> int:
        if self._file_lock is None:
            return -1
        try:
            return os.stat(self.path).st_ino  # noqa: PTH116 - on the hot path
        except OSError:
            return 0

    def _is_on_network(self) -> bool:
        return not self._in_memory and file_system_of(self.path) in _NETWORK_FILE_SYSTEMS

    def _where(self) -> str:
        return "the database in memory" if self._in_memory else self.path

    # The lock between processes

    def _lock_file(self) -> None:
        if self._file_lock is None:
            return
        try:
            self._file_lock.acquire()
        except OSError as error:
            raise MlflowException(
                f"The lock file {self._file_lock.path} cannot be opened: {error.strerror}. The"
                " folder of the database must exist and be writable by this user.",
                PERMISSION_DENIED,
            ) from error

    def _under_lock(self, step: Callable[[], None]) -> None:
        """Run a step under the lock file; the caller holds the mutex.

        Where the lock file cannot be had (its folder is gone, or read-only) no other writer can
        have it either, and the step is run without.
        """
        locked = False
        if self._file_lock is not None:
            try:
                self._file_lock.acquire()
                locked = True
            except OSError:
                pass
        try:
            step()
        finally:
            if locked and self._file_lock is not None:
                self._file_lock.release()

    # The end, and forks

    def close(self) -> None:
        """Close all connections; the next use opens new ones. A database in memory stays."""
        if self._in_memory:
            return
        self._mutex.acquire()
        try:
            if self._writer is None and not self._readers:
                self._close_all()  # nothing is open: no lock, and no lock file, is needed
            else:
                self._under_lock(self._close_all)
            if self._file_lock is not None:
                self._file_lock.close()
        finally:
            self._mutex.release()

    def _close_all(self) -> None:
        self._generation += 1  # readers in use now are closed when they come back
        while self._readers:
            self._readers.pop().close()
            with self._reader_guard:
                self._reader_count -= 1
        self._close_writer()

    def _close_writer(self) -> None:
        writer, self._writer, self._writer_cursor = self._writer, None, None
        if writer is not None:
            writer.close()

    def _at_exit(self) -> None:
        # What is used after this closes its connection at once, still under the lock.
        self._exiting = True
        with contained("Closing the database at exit"):  # another process may hold the lock
            self.close()

    def _before_fork(self) -> None:
        self._mutex.acquire()
        self._held_for_fork = True

    def _after_fork_in_parent(self) -> None:
        if self._held_for_fork:
            self._held_for_fork = False
            self._mutex.release()

    def _after_fork_in_child(self) -> None:
        inherited = [*self._readers, *([self._writer] if self._writer else [])]
        for connection in inherited:
            _leak(connection)
        if self._file_lock is not None:
            self._file_lock.close()
            self._file_lock = FileLock(self._file_lock.path)
        self._mutex = FairMutex()
        self._held_for_fork = False
        self._readers = []
        self._reader_slots = FairSlots(_MAX_READERS)
        self._reader_guard = threading.Lock()
        self._reader_count = 0
        if not self._in_memory:
            self._writer = self._writer_cursor = None


class _Waits:
    """The waits between tries, None for the last try."""

    __slots__ = ("_backoff", "_deadline", "_first")

    def __init__(self) -> None:
        self._first = True
        self._deadline = 0.0

    def __iter__(self) -> "_Waits":
        return self

    def __next__(self) -> float | None:
        # Nothing is computed for a transaction that works the first time, which is nearly every.
        if self._first:
            self._first = False
            return 0.0
        if not self._deadline:
            self._deadline = monotonic() + RETRY_SECONDS
            self._backoff = backoff(first=RETRY_FIRST_WAIT, longest=RETRY_LONGEST_WAIT)
        return None if monotonic() > self._deadline else next(self._backoff)


def _let_signals_run() -> bool:
    """Go on until the deadline; Python runs a signal's handler on the way in: Ctrl-C ends it."""
    return is_over()


def _nothing(_session: Session) -> None:
    """Do nothing: to open a transaction is the point."""


def _leak(connection: sqlite3.Connection) -> None:
    """Keep an inherited connection for ever: SQLite forbids a child even to close it."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))


def file_system_of(path: str) -> str:
    """Return the type of the file system that holds a path; empty where it cannot be known."""
    mounts = Path("/proc/self/mounts")
    try:
        lines = mounts.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    real = os.path.realpath(path)
    best, kind = "", ""
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:  # noqa: PLR2004 - device, folder, type
            continue
        folder = fields[1].replace("\\040", " ")
        inside = real == folder or real.startswith(folder.rstrip("/") + "/")
        if inside and len(folder) >= len(best):
            best, kind = folder, fields[2]
    return kind
