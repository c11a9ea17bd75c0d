"""From a registry URI to the model registry behind it, beside a tracking store."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.lazy import resolve
from mlflow._core.plugins import find_plugins
from mlflow._core.uri import is_local_uri, scheme_of
from mlflow.store.tracking.folder import folder_database
from mlflow.tracking.stores import (
    DATABASES,
    OFFLINE,
    SERVERS,
    get_registry_uri,
    resolve_tracking_uri,
)
from mlflow.tracking.stores import _get_store as _get_tracking_store

if TYPE_CHECKING:
    from mlflow.store.model_registry.abstract_store import AbstractStore

_GROUP: Final = "mlflow.model_registry_store"
_SQL_STORE: Final = "mlflow.store.model_registry.sqlalchemy_store:SqlAlchemyStore"
_REST_STORE: Final = "mlflow.store.model_registry.rest_store:RestStore"
_MOST: Final = 64


class _Opened:
    """The state of this module: the registries opened so far."""

    def __init__(self) -> None:
        self.stores: dict[tuple[str, str | None, str], AbstractStore] = {}


_opened: Final = _Opened()


def _get_store(store_uri: str | None = None, tracking_uri: str | None = None) -> AbstractStore:
    """Return the model registry behind a URI, the same object for the same URIs.

    Args:
        store_uri: A registry URI; the one in force when None.
        tracking_uri: The tracking store that knows the runs and logged models that versions come
            from; the one in force when None.

    Raises:
        MlflowException: nothing serves the URI's scheme, or what is there cannot be used.
    """
    uri = store_uri or get_registry_uri()
    key = (uri, tracking_uri, os.getcwd())  # noqa: PTH109 - as stores.py does
    store = _opened.stores.get(key)
    if store is None:
        if len(_opened.stores) >= _MOST:
            _opened.stores.clear()
        store = _opened.stores[key] = _open(uri, tracking_uri)
    return store


def _open(uri: str, tracking_uri: str | None) -> AbstractStore:
    store: Any
    scheme = scheme_of(uri) or uri
    plugins = {point.name: point for point in find_plugins(_GROUP)}
    if scheme in plugins:
        store = plugins[scheme].load()(store_uri=uri)
    elif scheme in SERVERS:
        store = resolve(_REST_STORE)(uri, tracking_uri)
    else:
        store = resolve(_SQL_STORE)(_database_uri(uri), tracking=_get_tracking_store(tracking_uri))
    found: AbstractStore = store
    return found


def _database_uri(uri: str) -> str:
    """Return the URI of the database in which a local store keeps its models."""
    if scheme_of(uri).split("+", 1)[0] in DATABASES:
        return uri
    if uri.startswith(OFFLINE):
        return _database_uri(uri[len(OFFLINE) :])
    if not is_local_uri(uri):
        resolve_tracking_uri(uri)  # raises: no store serves it
    return f"sqlite:///{folder_database(uri)}"
