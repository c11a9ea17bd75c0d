"""From a tracking URI to the database behind it."""

import os
from importlib import import_module
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlencode

from mlflow._core.uri import mask_password, scheme_of
from mlflow.exceptions import MlflowException
from mlflow.store.sql.engine import Database
from mlflow.store.sql.sqlite import SqliteDatabase

ARTIFACT_FOLDER: Final = "mlruns"

_SERVERS: Final = frozenset({"postgresql", "postgres", "mysql", "mariadb"})
_SQLITE_PREFIX: Final = "sqlite://"


def database_key(uri: str) -> str:
    """Return what identifies the database behind a URI: the path of a file is made absolute."""
    if scheme_of(uri) != "sqlite":
        return uri
    path, is_uri = _sqlite_path(uri)
    return f"{_SQLITE_PREFIX}/{path}?{is_uri}"


def default_artifact_root(uri: str) -> str | None:
    """Return where the artifacts of a database in a file lie: beside it, so that both can move.

    None for a database that lies in no folder: on a server, or in memory.
    """
    if scheme_of(uri).split("+", 1)[0] != "sqlite":
        return None
    path, is_uri = _sqlite_path(uri)
    return None if is_uri or not path else str(Path(path).with_name(ARTIFACT_FOLDER))


def open_database(uri: str) -> Database:
    """Return the database that a URI names; it is opened at its first use.

    Args:
        uri: ``sqlite:///path``, ``postgresql://…``, ``mysql://…`` or ``mariadb://…``.

    Raises:
        MlflowException: the URI names no database that is supported, or its driver is missing.
    """
    base = scheme_of(uri).split("+", 1)[0]
    if base == "sqlite":
        path, is_uri = _sqlite_path(uri)
        return SqliteDatabase(uri, path, is_uri=is_uri)
    if base in _SERVERS:
        # SQLAlchemy, which only servers need, takes 0.2 s to import.
        opened: Database = import_module("mlflow.store.sql.server").open_server(uri)
        return opened
    raise MlflowException.invalid_parameter_value(
        f"No database is supported behind {mask_password(uri)!r}. Use sqlite:///path/to/file.db,"
        " postgresql://user@host/database or mysql://user@host/database."
    )


def _sqlite_path(uri: str) -> tuple[str, bool]:
    """Return the path in an SQLite URI and whether SQLite reads it as a URI of its own.

    ``sqlite:///a.db`` is relative to the working directory, ``sqlite:////a.db`` absolute,
    ``sqlite://`` in memory.
    """
    rest = uri.split("://", 1)[-1]
    if rest and not rest.startswith("/"):
        raise MlflowException.invalid_parameter_value(
            f"{uri!r} has two slashes where three are needed: sqlite:///{rest} is a path relative"
            f" to the working directory, sqlite:////{rest} an absolute one."
        )
    path, _, query = rest[1:].partition("?")
    if path in ("", ":memory:"):
        return "", False
    if path.startswith("file:"):
        options = [(key, value) for key, value in parse_qsl(query) if key != "uri"]
        return f"{path}?{urlencode(options)}" if options else path, True
    return os.path.abspath(path), False  # noqa: PTH100 - Path.absolute keeps ".."
