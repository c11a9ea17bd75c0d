"""PostgreSQL and MariaDB: pooled connections, one round trip a statement, retried transactions.

SQLAlchemy gives the pool and reads the URI; statements go straight to the driver's cursor.
Connections are in autocommit mode and transactions are opened by statements, so that work which is
one statement costs one round trip.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import sqlalchemy
import sqlalchemy.exc
from sqlalchemy import event, pool
from sqlalchemy.engine import URL, Engine

from mlflow._core.clock import monotonic, sleep
from mlflow._core.retry import backoff
from mlflow._core.uri import mask_password
from mlflow.environment_variables import (
    MLFLOW_SQLALCHEMYSTORE_ECHO,
    MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW,
    MLFLOW_SQLALCHEMYSTORE_POOL_RECYCLE,
    MLFLOW_SQLALCHEMYSTORE_POOL_SIZE,
    MLFLOW_SQLALCHEMYSTORE_POOLCLASS,
)
from mlflow.exceptions import TEMPORARILY_UNAVAILABLE, MlflowException
from mlflow.store.sql import driver_errors
from mlflow.store.sql.deadline import Deadline, current_deadline
from mlflow.store.sql.dialect import MYSQL, POSTGRESQL, Dialect
from mlflow.store.sql.engine import (
    RETRY_FIRST_WAIT,
    RETRY_LONGEST_WAIT,
    RETRY_SECONDS,
    CarefulError,
    Database,
)
from mlflow.store.sql.lock import FairMutex, FairSlots
from mlflow.store.sql.schema import setup
from mlflow.store.sql.session import KeyCache, Session

T = TypeVar("T")

_SCHEMA_LOCK: Final = "headrace:schema"
_SCHEMA_LOCK_SECONDS: Final = 300
# Connections where the environment says nothing, and how long one waits for one of them.
_POOL_SIZE: Final = 5
_MAX_OVERFLOW: Final = 10
_SLOT_SECONDS: Final = 30.0
# How long a server that has no room for one more connection is asked again.
_BUSY_SECONDS: Final = 10.0
_BEGIN_WRITE: Final = {"postgresql": ("BEGIN",), "mysql": ("BEGIN",)}
_BEGIN_READ: Final = {
    "postgresql": ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",),
    "mysql": (
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    ),
}
# ANSI quotes and || as elsewhere; no silent truncation; id 0 is an id like any other.
_MYSQL_MODES: Final = (
    "STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,ANSI_QUOTES,PIPES_AS_CONCAT,"
    "NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION"
)
_MYSQL_SESSION: Final = (
    f"SET SESSION sql_mode = '{_MYSQL_MODES}'",
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
)


class ServerDatabase(Database):
    """A database on a server, behind a pool of connections."""

    def __init__(self, uri: str, url: URL, dialect: Dialect) -> None:
        """Name the database; the first use connects.

        Args:
            uri: The URI as the user gave it.
            url: The same for SQLAlchemy, with the driver to use.
            dialect: Which kind of database it is.
        """
        super().__init__(uri, dialect)
        self.where: Final = mask_password(uri)
        self.url: Final = url
        self.engine: Final = self._make_engine()
        driver = self.engine.dialect.import_dbapi()
        self._driver_error: Final[type[Exception]] = driver.Error
        self._ready = False
        self._mutex = FairMutex()
        self._slots = self._make_slots()

    # Transactions

    def _read(self, work: Callable[[Session], T]) -> T:
        return self._try(work, _BEGIN_READ[self.dialect.name])

    def _write(self, work: Callable[[Session], T]) -> T:
        return self._try(work, _BEGIN_WRITE[self.dialect.name])

    def _write_points(self, work: Callable[[Session], T]) -> T:
        """Run work that logs points only, which PostgreSQL does in one statement."""
        return self._try(work, () if self.dialect is POSTGRESQL else _BEGIN_WRITE["mysql"])

    def _try(self, work: Callable[[Session], T], begin: tuple[str, ...]) -> T:
        if not self._ready:
            self._make_ready()
        until = 0.0
        is_careful = False
        waits = backoff(first=RETRY_FIRST_WAIT, longest=RETRY_LONGEST_WAIT)
        while True:
            try:
                return self._with_connection(work, begin, is_careful=is_careful)
            except CarefulError:
                is_careful = True
                continue
            except _StaleConnectionError:
                pass
            except self._driver_error as error:
                until = until or monotonic() + RETRY_SECONDS
                if not driver_errors.is_retryable(error) or monotonic() > until:
                    raise self._translate(error) from error
            sleep(next(waits))

    def _with_connection(
        self, work: Callable[[Session], T], begin: tuple[str, ...], *, is_careful: bool
    ) -> T:
        limit = current_deadline()
        with self._slot(limit):
            connection = self._connect()
            try:
                return self._once(connection, work, begin, is_careful=is_careful)
            finally:
                connection.close()

    def _once(
        self,
        connection: pool.PoolProxiedConnection,
        work: Callable[[Session], T],
        begin: tuple[str, ...],
        *,
        is_careful: bool = False,
    ) -> T:
        cursor, outer = connection.cursor(), self._here.session
        is_reading = begin is _BEGIN_READ[self.dialect.name]
        names = self.known_names if is_reading else None
        session = _ServerSession(cursor, self.dialect, self.known_keys, names)
        session.is_careful = is_careful
        self._here.session = session
        try:
            for statement in self._limited(session, begin) if is_reading else begin:
                session.run(statement)
            result = work(session)
            session.raise_if_broken()
            if begin:
                cursor.execute("COMMIT")
        except BaseException as error:
            self._abandon(connection, session, error, in_transaction=bool(begin))
            raise
        finally:
            self._here.session = outer
        cursor.close()
        for kind, ids in session.new_keys.items():
            self.known_keys.setdefault(kind, {}).update(ids)
        return result

    def _limited(self, session: "_ServerSession", begin: tuple[str, ...]) -> tuple[str, ...]:
        """Let the statements of a read end in time; each by itself, and then none begins."""
        session.limit = limit = current_deadline()
        if limit is None:
            return begin
        milliseconds = max(1, int(limit.seconds * 1000))
        if self.dialect is POSTGRESQL:  # in one round trip
            return (f"{begin[0]}; SET LOCAL statement_timeout = {milliseconds}",)
        if getattr(self.engine.dialect, "is_mariadb", False):
            session.select = f"SET STATEMENT max_statement_time = {limit.seconds:f} FOR SELECT"
        else:
            session.select = f"SELECT /*+ MAX_EXECUTION_TIME({milliseconds}) */"
        return begin

    def _is_fatal(self, error: Exception) -> bool:
        return isinstance(error, self._driver_error) and (
            driver_errors.is_retryable(error) or driver_errors.is_lost_connection(error)
        )

    def _translated(self, error: Exception) -> MlflowException | None:
        return self._translate(error) if isinstance(error, self._driver_error) else None

    def _translate(self, error: Exception) -> MlflowException:
        limit = current_deadline()
        if limit is not None and driver_errors.is_timeout(error):
            return limit.error()
        return driver_errors.translate_server(error, self.where)

    def _abandon(
        self,
        connection: pool.PoolProxiedConnection,
        session: "_ServerSession",
        error: BaseException,
        *,
        in_transaction: bool,
    ) -> None:
        """Leave a connection behind that is fit for the next user, or none."""
        if isinstance(error, self._driver_error) and driver_errors.is_lost_connection(error):
            connection.invalidate(error)
            if session.statements <= 1:
                # It died in the pool: nothing of this transaction has reached the server.
                raise _StaleConnectionError from error
            return
        if not isinstance(error, Exception | CarefulError):
            connection.invalidate(error)  # interrupted in the middle of the protocol
            return
        if in_transaction:
            try:
                connection.cursor().execute("ROLLBACK")
            except self._driver_error as second:
                connection.invalidate(second)

    # Connections

    def _make_engine(self) -> Engine:
        options: dict[str, Any] = {"echo": MLFLOW_SQLALCHEMYSTORE_ECHO.get()}
        size = MLFLOW_SQLALCHEMYSTORE_POOL_SIZE.get()
        overflow = MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW.get()
        recycle = MLFLOW_SQLALCHEMYSTORE_POOL_RECYCLE.get()
        class_name = MLFLOW_SQLALCHEMYSTORE_POOLCLASS.get()
        if size:
            options["pool_size"] = size
        if overflow is not None:
            options["max_overflow"] = overflow
        if recycle is not None:
            options["pool_recycle"] = recycle
        if class_name:
            options["poolclass"] = _pool_class(class_name)
        try:
            engine = sqlalchemy.create_engine(self.url, pool_reset_on_return=None, **options)
        except ImportError as error:
            extra = "postgres" if self.dialect is POSTGRESQL else "mysql"
            raise MlflowException(
                f"The driver for {self.where} is not installed ({error}). Install it with:"
                f" pip install 'headrace[{extra}]'"
            ) from error
        except TypeError as error:
            raise MlflowException.invalid_parameter_value(
                f"The settings MLFLOW_SQLALCHEMYSTORE_* do not fit each other: {error}"
            ) from error
        prepare = prepare_connection(self.dialect, autocommit=True)
        event.listen(engine, "connect", prepare, insert=True)
        return engine

    @contextmanager
    def _slot(self, limit: Deadline | None) -> Iterator[None]:
        """Hold the right to one connection; there are as many as the pool has, of any class."""
        slots = self._slots
        wait = _SLOT_SECONDS if limit is None else min(_SLOT_SECONDS, max(0.0, limit.rest()))
        if slots is not None and not slots.acquire(timeout=wait):
            raise driver_errors.DatabaseFailed(
                f"All connections to {self.where} were in use for {wait:.1f} seconds. Try again"
                " later, or raise MLFLOW_SQLALCHEMYSTORE_POOL_SIZE.",
                TEMPORARILY_UNAVAILABLE,
            )
        try:
            yield
        finally:
            if slots is not None:
                slots.release()

    def _make_slots(self) -> FairSlots | None:
        size = MLFLOW_SQLALCHEMYSTORE_POOL_SIZE.get() or _POOL_SIZE
        overflow = MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW.get()
        if overflow is None:
            overflow = _MAX_OVERFLOW
        # Below zero the user asks for a pool without a bound.
        return None if overflow < 0 else FairSlots(size + overflow)

    def _connect(self) -> pool.PoolProxiedConnection:
        deadline = 0.0
        waits = backoff(first=RETRY_FIRST_WAIT, longest=RETRY_LONGEST_WAIT)
        while True:
            try:
                return self.engine.raw_connection()
            except (self._driver_error, sqlalchemy.exc.DBAPIError) as error:
                original = getattr(error, "orig", None) or error
                deadline = deadline or monotonic() + _BUSY_SECONDS
                if not driver_errors.is_server_busy(original) or monotonic() > deadline:
                    raise driver_errors.translate_server(original, self.where) from original
            sleep(next(waits))

    # The schema

    def _make_ready(self) -> None:
        self._mutex.acquire()
        try:
            if not self._ready:
                self._with_schema_lock(self._make_schema)
                self._ready = True
        finally:
            self._mutex.release()

    def _make_schema(self, session: Session) -> None:
        if not setup.is_current(session):
            setup.create(session, setup.script(self.script_name(session)))

    def script_name(self, session: Session) -> str:
        """Return which script makes the schema on this server."""
        if self.dialect is POSTGRESQL:
            return "postgresql"
        version = str(session.scalar("SELECT VERSION()"))
        return "mariadb" if "mariadb" in version.lower() else "mysql"

    def _with_schema_lock(self, work: Callable[[Session], None]) -> None:
        """Run work on the schema, alone among all processes; look before taking the lock."""
        connection = self._connect()
        try:
            self._once(connection, lambda session: self._under_lock(session, work), ())
        except self._driver_error as error:
            raise self._translate(error) from error
        finally:
            connection.close()

    def _under_lock(self, session: Session, work: Callable[[Session], None]) -> None:
        if setup.is_current(session):
            return
        with hold_schema_lock(session, self.url.database or "", self.where):
            if self.dialect is MYSQL:
                work(session)
                return
            session.run("BEGIN")
            try:
                work(session)
            except BaseException:
                session.run("ROLLBACK")
                raise
            session.run("COMMIT")

    # The end, and forks

    def close(self) -> None:
        """Close the idle connections; the next use opens new ones."""
        self.engine.dispose()

    def _before_fork(self) -> None:
        """Nothing to wait for: a child opens its own connections."""

    def _after_fork_in_parent(self) -> None:
        """Nothing was stopped."""

    def _after_fork_in_child(self) -> None:
        self._mutex = FairMutex()
        self._slots = self._make_slots()
        self.engine.dispose(close=False)


@contextmanager
def hold_schema_lock(session: Session, database: str, where: str) -> Iterator[None]:
    """Keep every other process from making or changing the schema.

    Args:
        session: A session whose connection holds the lock.
        database: The database's name on its server.
        where: What to call it in messages.
    """
    digest = hashlib.sha256(f"{_SCHEMA_LOCK}:{database}".encode()).digest()
    if session.dialect is POSTGRESQL:
        number = int.from_bytes(digest[:7], "big")
        session.rows("SELECT pg_advisory_lock(?)", (number,))
        try:
            yield
        finally:
            session.rows("SELECT pg_advisory_unlock(?)", (number,))
        return
    name = digest.hex()[:60]
    if session.scalar("SELECT GET_LOCK(?, ?)", (name, _SCHEMA_LOCK_SECONDS)) != 1:
        raise MlflowException(
            f"Another process has been changing the schema of {where} for"
            f" {_SCHEMA_LOCK_SECONDS} seconds. Try again when it is done.",
            TEMPORARILY_UNAVAILABLE,
        )
    try:
        yield
    finally:
        session.rows("SELECT RELEASE_LOCK(?)", (name,))


def prepare_connection(dialect: Dialect, *, autocommit: bool = False) -> Callable[..., None]:
    """Return what is to be done with each new connection of a server's driver."""

    def prepare(connection: Any, _record: object) -> None:
        if dialect is POSTGRESQL:
            connection.autocommit = autocommit
            return
        connection.autocommit(autocommit)
        with connection.cursor() as cursor:
            for statement in _MYSQL_SESSION:
                cursor.execute(statement)

    return prepare


class _ServerSession(Session):
    """A session that knows whether anything reached the server, and when it has to end.

    Attributes:
        statements: How many statements were run.
        limit: When a read has to end; None when it may take its time.
        select: What to write for ``SELECT``.
    """

    __slots__ = ("_changes", "limit", "select", "statements")

    def __init__(
        self,
        cursor: Any,
        dialect: Dialect,
        known_keys: KeyCache,
        known_names: dict[int, str] | None,
    ) -> None:
        super().__init__(cursor, dialect, known_keys, known_names)
        self.statements = 0
        self._changes = 0
        self.limit: Deadline | None = None
        self.select = "SELECT"

    def changes(self) -> int:
        """Return how many statements were run that may have changed something."""
        return self._changes

    def run_many(self, sql: str, rows: Sequence[Sequence[object]]) -> int:
        """Run a statement once for each row of values and return the sum of the row counts."""
        self._changes += 1
        return super().run_many(sql, rows)

    def _execute(self, sql: str, params: Any) -> None:
        self.statements += 1
        if sql.startswith("SELECT"):
            sql = f"{self.select}{sql[6:]}"
        else:
            self._changes += 1
        if self.limit is not None and self.limit.rest() <= 0:
            raise self.limit.error()
        super()._execute(sql, params)


class _StaleConnectionError(Exception):
    """A pooled connection was dead before its first statement."""


def _pool_class(name: str) -> type[pool.Pool]:
    found = getattr(pool, name, None)
    if not (isinstance(found, type) and issubclass(found, pool.Pool)):
        raise MlflowException.invalid_parameter_value(
            f"{MLFLOW_SQLALCHEMYSTORE_POOLCLASS.name} is {name!r}, which is no pool of SQLAlchemy;"
            " QueuePool and NullPool are."
        )
    return found


def open_server(uri: str) -> ServerDatabase:
    """Return the database on a server that a URI names.

    Args:
        uri: ``postgresql://``, ``postgres://``, ``mysql://`` or ``mariadb://``, with any driver:
            ours is used.
    """
    kind, _, rest = uri.partition("://")
    base = kind.split("+", 1)[0].lower()
    postgres = base in ("postgresql", "postgres")
    scheme = "postgresql+psycopg" if postgres else "mysql+pymysql"
    try:
        url = sqlalchemy.make_url(f"{scheme}://{rest}")
    except (sqlalchemy.exc.ArgumentError, ValueError) as error:
        raise MlflowException.invalid_parameter_value(
            f"{mask_password(uri)!r} is no database URI: {error}. It has the form"
            f" {base}://user:password@host:port/database"
        ) from error
    if not postgres:
        url = url.update_query_dict({"charset": "utf8mb4"})
    return ServerDatabase(uri, url, POSTGRESQL if postgres else MYSQL)
