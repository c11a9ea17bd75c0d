"""From a tracking URI to the store behind it: where the URI comes from, and the table of schemes.

The URI is what ``set_tracking_uri`` was given, else ``MLFLOW_TRACKING_URI``, else the database
``mlflow.db`` in the working directory. Rows of the table come from this file and from the entry
points of other distributions (group ``mlflow.tracking_store``).
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mlflow._core.lazy import resolve
from mlflow._core.plugins import find_plugins
from mlflow._core.uri import is_local_uri, mask_password, scheme_of
from mlflow.environment_variables import MLFLOW_REGISTRY_URI, MLFLOW_TRACKING_URI
from mlflow.exceptions import NOT_IMPLEMENTED, MlflowException
from mlflow.store.tracking.folder import folder_database, is_foreign_folder
from mlflow.tracking.journal.store import journalled_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.store.tracking.abstract_store import AbstractStore

    Opener = Callable[[str, str | None], AbstractStore]

DEFAULT_DATABASE: Final = "mlflow.db"
DEFAULT_ARTIFACT_FOLDER: Final = "mlruns"

# A directory whose runs are copied to a server later.
OFFLINE: Final = "offline:"
_OFFLINE_NOTE: Final = "offline.json"

_GROUP: Final = "mlflow.tracking_store"
_SQL_STORE: Final = "mlflow.store.tracking.sqlalchemy_store:SqlAlchemyStore"
_REST_STORE: Final = "mlflow.store.tracking.rest_store:RestStore"
DATABASES: Final = ("sqlite", "postgresql", "postgres", "mysql", "mariadb")
SERVERS: Final = ("http", "https")
_FOREIGN_SERVERS: Final = ("databricks", "databricks-uc", "uc")
_SERVERS_BY_NAME: Final = ("databricks", "databricks-uc")


class _Locations:
    """The state of this module: the URIs in force and the stores opened so far."""

    def __init__(self) -> None:
        self.tracking_uri: str | None = None
        self.registry_uri: str | None = None
        self.opened: dict[tuple[str, str | None, str], AbstractStore] = {}
        self.lock = threading.Lock()

    def renew_lock(self) -> None:
        """Forget a lock that another thread of the parent may have held at a fork."""
        self.lock = threading.Lock()


_locations: Final = _Locations()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_locations.renew_lock)


def set_tracking_uri(uri: str | Path) -> None:
    """Say where experiments and runs are kept, for this process and those that it starts.

    Args:
        uri: A tracking server (``http://host:port``), a database (``sqlite:///mlflow.db``,
            ``postgresql://…``, ``mysql://…``), a directory as a path or a ``file:`` URI, or a
            scheme of a plugin. An empty text or None returns to the default.

    Raises:
        MlflowException: it is no text and no path.
    """
    text = _uri_text(uri)
    _locations.tracking_uri = text or None
    if text:
        MLFLOW_TRACKING_URI.set(text)
    else:
        MLFLOW_TRACKING_URI.unset()


def _uri_text(uri: object) -> str:
    if isinstance(uri, os.PathLike):
        return Path(uri).expanduser().absolute().as_uri()
    if uri is None:
        return ""
    if not isinstance(uri, str):
        raise MlflowException.invalid_parameter_value(
            f"A tracking URI must be a string or a path, not {type(uri).__name__}: {uri!r}"
        )
    return uri


def is_tracking_uri_set() -> bool:
    """Return whether the tracking URI was set, by a call or by the environment."""
    return bool(_locations.tracking_uri or MLFLOW_TRACKING_URI.get())


def get_tracking_uri() -> str:
    """Return the URI where experiments and runs are kept."""
    return _locations.tracking_uri or MLFLOW_TRACKING_URI.get() or _default_uri()


def _default_uri() -> str:
    folder = Path.cwd() / DEFAULT_ARTIFACT_FOLDER
    if is_foreign_folder(folder):
        # A fresh database beside the runs that upstream kept here would look like their loss.
        return folder.as_uri()
    return f"sqlite:///{Path.cwd() / DEFAULT_DATABASE}"


def set_registry_uri(uri: str) -> None:
    """Say where registered models are kept; an empty text or None returns to the default."""
    _locations.registry_uri = uri or None


def get_registry_uri() -> str:
    """Return the URI where registered models are kept: the tracking URI unless it was set."""
    return find_registry_uri() or get_tracking_uri()


def find_registry_uri() -> str | None:
    """Return the URI where registered models are kept; None unless it was set."""
    return _locations.registry_uri or MLFLOW_REGISTRY_URI.get()


def resolve_tracking_uri(uri: str | Path | None = None) -> str:
    """Return a tracking URI that was given, or the one in force, after a check of its scheme.

    Args:
        uri: What the caller gave.

    Raises:
        MlflowException: nothing serves the URI's scheme.
    """
    text = _uri_text(uri) or get_tracking_uri()
    _find_opener(text)
    return text


def _get_store(store_uri: str | None = None, artifact_uri: str | None = None) -> AbstractStore:
    """Return the store behind a URI, the same object for the same URI.

    Args:
        store_uri: A tracking URI; the one in force when None.
        artifact_uri: Where new experiments keep their artifacts, when not at the default place.

    Raises:
        MlflowException: nothing serves the URI's scheme, or what is there cannot be used.
    """
    uri = _uri_text(store_uri) or get_tracking_uri()
    # Relative paths and the default place of artifacts depend on the working directory.
    key = (uri, artifact_uri, os.getcwd())  # noqa: PTH109 - Path.cwd() costs three times as much
    store = _locations.opened.get(key)
    if store is None:
        with _locations.lock:
            store = _locations.opened.get(key)
            if store is None:
                opened = _find_opener(uri)(uri, artifact_uri)
                store = _locations.opened[key] = journalled_store(opened, uri)
    return store


def open_store(store_uri: str | None = None) -> AbstractStore:
    """Return the store behind a URI without its journal, for work on the store itself.

    Args:
        store_uri: A tracking URI; the one in force when None.

    Raises:
        MlflowException: nothing serves the URI's scheme, or what is there cannot be used.
    """
    uri = _uri_text(store_uri) or get_tracking_uri()
    return _find_opener(uri)(uri, None)


def _find_opener(uri: str) -> Opener:
    if is_local_uri(uri) and uri not in _SERVERS_BY_NAME:
        return _open_folder
    if uri.startswith(OFFLINE):
        return _open_offline
    scheme = scheme_of(uri) or uri
    if scheme.split("+", 1)[0] in DATABASES:
        return _open_database
    plugins = {point.name: point for point in find_plugins(_GROUP)}
    if scheme in SERVERS and scheme not in plugins:
        return _open_server
    if scheme in plugins:
        load = plugins[scheme].load

        def open_plugin(store_uri: str, artifact_uri: str | None) -> AbstractStore:
            # By name, as plugins are used to.
            store: AbstractStore = load()(store_uri=store_uri, artifact_uri=artifact_uri)
            return store

        return open_plugin
    if scheme in _FOREIGN_SERVERS:
        raise MlflowException(
            f"The tracking URI {mask_password(uri)!r} names a service of Databricks, which Headrace"
            " has no client for. Use a tracking server (http://host:port), a database"
            " (sqlite:///mlflow.db, postgresql://user@host/name) or a directory; COMPATIBILITY.md"
            " lists what is built.",
            NOT_IMPLEMENTED,
        )
    schemes = sorted({"file", "offline", *DATABASES, *SERVERS, *_FOREIGN_SERVERS, *plugins})
    raise MlflowException.invalid_parameter_value(
        f"Nothing serves the tracking URI {mask_password(uri)!r}: its scheme {scheme!r} is none of "
        f"{schemes}. Use one of them, a plain directory, or install a plugin with the entry point "
        f"{scheme!r} in the group {_GROUP!r}."
    )


def _open_database(uri: str, artifact_uri: str | None) -> AbstractStore:
    store: AbstractStore = resolve(_SQL_STORE)(uri, artifact_uri)
    return store


def _open_server(uri: str, artifact_uri: str | None) -> AbstractStore:
    store: AbstractStore = resolve(_REST_STORE)(uri, artifact_uri)
    return store


def _open_folder(uri: str, artifact_uri: str | None) -> AbstractStore:
    """Return the store in a database inside a directory, with the artifacts beside it."""
    database = folder_database(uri)
    store: AbstractStore = resolve(_SQL_STORE)(
        f"sqlite:///{database}", artifact_uri or str(database.parent)
    )
    return store


def _open_offline(uri: str, artifact_uri: str | None) -> AbstractStore:
    """Return the store of a directory that is meant to be copied to a server."""
    folder = Path(uri[len(OFFLINE) :]).expanduser().absolute()
    store = _open_folder(str(folder), artifact_uri)
    if not is_offline_folder(folder):
        note_target(folder, "")
    return store


def is_offline_folder(folder: Path) -> bool:
    """Return whether a directory is an offline store."""
    return (folder / _OFFLINE_NOTE).is_file()


def note_target(folder: Path, uri: str) -> None:
    """Note where an offline store is to be copied to; "" when that is not known yet."""
    note = json.dumps({"tracking_uri": mask_password(uri)})
    (folder / _OFFLINE_NOTE).write_text(note, encoding="utf-8")


def find_target(folder: Path) -> str | None:
    """Return where an offline store is to be copied to, as far as it is known in full."""
    try:
        known = json.loads((folder / _OFFLINE_NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    uri = str(known.get("tracking_uri", ""))
    return uri if uri and uri == mask_password(uri) and "***" not in uri else None
