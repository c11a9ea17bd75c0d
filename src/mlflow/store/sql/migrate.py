"""Bringing an older schema to this version: the only place that needs Alembic.

The whole upgrade runs under the lock that also guards the making of a schema, and in one
transaction where the database has such for schema changes (MariaDB has not: there each step can be
run again).
"""

import io
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy
from alembic import command
from alembic.config import Config
from sqlalchemy import event, pool
from sqlalchemy.engine import Connection

from mlflow.store.sql.connect import open_database
from mlflow.store.sql.dialect import Dialect
from mlflow.store.sql.engine import Database
from mlflow.store.sql.lock import FileLock
from mlflow.store.sql.schema import setup
from mlflow.store.sql.server import ServerDatabase, hold_schema_lock, prepare_connection
from mlflow.store.sql.session import Session
from mlflow.store.sql.sqlite import SqliteDatabase

_FOLDER: Final = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What an upgrade did, or would do.

    Attributes:
        before: The revision that was found; None for a database without our schema.
        after: The revision of this version.
        statements: The SQL that was, or would be, run; empty when there is nothing to do.
    """

    before: str | None
    after: str
    statements: str


def upgrade(db_uri: str, *, dry_run: bool = False) -> Upgrade:
    """Bring the schema of a database to this version.

    Args:
        db_uri: The database.
        dry_run: Whether only to say what would be done.

    Returns:
        The revisions before and after, and the SQL between them.

    Raises:
        MlflowException: the schema is newer than this version, belongs to MLflow itself, or the
            database cannot be used.
    """
    database = open_database(db_uri)
    try:
        with _empty() if dry_run and _is_missing(database) else _locked(database) as connection:
            session = _session(connection, database.dialect)
            before = setup.revision(session)
            if before == setup.HEAD:
                return Upgrade(before, setup.HEAD, "")
            if before is not None and before not in setup.REVISIONS:
                setup.is_current(session)  # raises: the schema is newer
            statements = _sql(connection, before)
            if not dry_run:
                run_revisions(connection, setup.HEAD)
                setup.finish(session)
                connection.commit()
            return Upgrade(before, setup.HEAD, statements)
    finally:
        database.close()


def run_revisions(connection: Connection, target: str) -> None:
    """Run the revisions up or down to a target on an open connection; the caller commits.

    Args:
        connection: A connection whose transaction is open.
        target: A revision, or ``base`` for none.
    """
    config = _config()
    config.attributes["connection"] = connection
    present = setup.revision(_session(connection, _dialect_of(connection)))
    down = target == "base" or (present is not None and present > target)
    (command.downgrade if down else command.upgrade)(config, target)


@contextmanager
def open_locked(db_uri: str) -> Iterator[Connection]:
    """Open a database for a change of its schema, alone among all processes."""
    database = open_database(db_uri)
    try:
        with _locked(database) as connection:
            yield connection
    finally:
        database.close()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config


def _sql(connection: Connection, before: str | None) -> str:
    buffer = io.StringIO()
    config = _config()
    config.attributes.update(dialect=connection.dialect, output=buffer)
    command.upgrade(config, f"{before or 'base'}:{setup.HEAD}", sql=True)
    return buffer.getvalue()


def _dialect_of(connection: Connection) -> Dialect:
    found: Dialect = connection.info["headrace_dialect"]
    return found


def _session(connection: Connection, dialect: Dialect) -> Session:
    driver_connection = connection.connection.driver_connection
    if driver_connection is None:
        raise AssertionError
    return Session(driver_connection.cursor(), dialect, {})


def _is_missing(database: Database) -> bool:
    """Return whether there is no database yet and opening it would make a file."""
    if not isinstance(database, SqliteDatabase):
        return False
    return database.path == "" or not Path(database.path).exists()


@contextmanager
def _empty() -> Iterator[Connection]:
    """Open an empty database that nobody else sees: for SQLite, every new one is like it."""
    engine = sqlalchemy.create_engine("sqlite://", poolclass=pool.NullPool)
    with engine.connect() as connection:
        yield connection


@contextmanager
def _locked(database: Database) -> Iterator[Connection]:
    opener = _locked_sqlite if isinstance(database, SqliteDatabase) else _locked_server
    with opener(database) as connection:
        connection.info["headrace_dialect"] = database.dialect
        yield connection


@contextmanager
def _locked_sqlite(database: Database) -> Iterator[Connection]:
    if not isinstance(database, SqliteDatabase):
        raise TypeError
    lock = FileLock(f"{database.path}-lock")
    lock.acquire()
    try:
        engine = sqlalchemy.create_engine(
            "sqlite://",
            creator=lambda: sqlite3.connect(database.path, isolation_level=None),
            poolclass=pool.NullPool,
        )
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
    finally:
        lock.close()


@contextmanager
def _locked_server(database: Database) -> Iterator[Connection]:
    if not isinstance(database, ServerDatabase):
        raise TypeError
    engine = sqlalchemy.create_engine(database.url, poolclass=pool.NullPool)
    # Before SQLAlchemy looks at the connection: it asks how identifiers are quoted.
    event.listen(engine, "connect", prepare_connection(database.dialect), insert=True)
    with engine.connect() as connection:
        connection.begin()
        session = _session(connection, database.dialect)
        with hold_schema_lock(session, str(database.url.database), database.where):
            yield connection
