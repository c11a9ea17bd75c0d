"""The databases that contract tests run on: a place of its own for each test process."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import quote, urlsplit

import psycopg
import pymysql
import pytest

from mlflow._core import variables
from mlflow.store.sql.schema.tables import metadata
from mlflow.store.sql.session import Session
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

KINDS: Final = ("sqlite", "postgresql", "mysql")
_VARIABLES: Final = {
    "postgresql": "HEADRACE_TEST_POSTGRES_URI",
    "mysql": "HEADRACE_TEST_MYSQL_URI",
}
# Keys are never removed: stores remember their ids.
_KEPT: Final = frozenset({"hr_keys", "hr_info", "hr_experiments"})


def server_uri(kind: str) -> str:
    """Return the URI of the test server, or skip; on CI a missing server is a failure."""
    variable = _VARIABLES[kind]
    uri = variables.read(variable)
    if uri:
        return uri
    reason = f"{variable} names no {kind} server"
    if variables.read("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def own_place(kind: str) -> Iterator[str]:
    """Make an empty schema (PostgreSQL) or database (MySQL) and remove it at the end."""
    uri = server_uri(kind)
    name = f"hr_test_{uuid.uuid4().hex[:12]}"
    if kind == "postgresql":
        _postgresql(uri, f"CREATE SCHEMA {name}")
        joiner = "&" if urlsplit(uri).query else "?"
        yield f"{uri}{joiner}options={quote(f'-csearch_path={name}')}"
        _postgresql(uri, f"DROP SCHEMA {name} CASCADE")
    else:
        _mysql(uri, f"CREATE DATABASE {name}")
        yield urlsplit(uri)._replace(path=f"/{name}").geturl()
        _mysql(uri, f"DROP DATABASE {name}")


def _postgresql(uri: str, statement: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(statement.encode())


def _mysql(uri: str, statement: str) -> None:
    parts = urlsplit(uri)
    connection = pymysql.connect(
        host=parts.hostname or "127.0.0.1",
        port=parts.port or 3306,
        user=parts.username or "root",
        password=parts.password or "",
    )
    with connection, connection.cursor() as cursor:
        cursor.execute(statement)


def empty(store: SqlAlchemyStore) -> None:
    """Remove everything but the default experiment."""

    def work(session: Session) -> None:
        for table in metadata.tables:
            if table not in _KEPT:
                session.run(f"DELETE FROM {table}")
        session.run("DELETE FROM hr_experiments WHERE id <> 0")
        session.run(
            "UPDATE hr_experiments SET name = 'Default', lifecycle_stage = 'active',"
            " artifact_location = NULL WHERE id = 0"
        )

    store._database.write(work)
