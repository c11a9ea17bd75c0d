"""Authentication by plugins: what ``MLFLOW_TRACKING_AUTH`` names.

A distribution registers a class by an entry point of the group ``mlflow.request_auth_provider``.
Its ``get_auth()`` returns what the ``requests`` library takes as ``auth``: a callable that changes
the headers of a request, or a pair of user and password.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from base64 import b64encode
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from mlflow._core.guard import contained
from mlflow._core.plugins import find_plugins

ENTRY_POINT_GROUP: Final = "mlflow.request_auth_provider"
_logger = logging.getLogger(__name__)


class RequestAuthProvider(ABC):
    """Gives a way of authentication a name."""

    @abstractmethod
    def get_name(self) -> str:
        """Return the name that the variable holds."""

    @abstractmethod
    def get_auth(self) -> Any:
        """Return a callable of one request, or a pair of user and password."""


@dataclass
class PreparedRequest:
    """What an authentication callable gets: it may read all of it and change the headers.

    Attributes:
        method: Such as ``POST``.
        url: The whole address.
        headers: The headers so far.
        body: The content.
    """

    method: str
    url: str
    body: bytes
    headers: dict[str, Any] = field(default_factory=dict)


@lru_cache(maxsize=8)
def find_auth(name: str) -> Any:
    """Return what the provider of a name gives as ``auth``; None, and a warning, without one."""
    for point in find_plugins(ENTRY_POINT_GROUP):
        with contained(f"Loading the authentication provider {point.name!r}"):
            provider = point.load()()
            if provider.get_name() == name:
                return provider.get_auth()
    _logger.warning(
        "No installed plugin gives the authentication %r that MLFLOW_TRACKING_AUTH names (entry"
        " points of the group %r): requests go without it.",
        name,
        ENTRY_POINT_GROUP,
    )
    return None


def auth_headers(name: str, request: PreparedRequest) -> dict[str, Any]:
    """Return the headers of a request after the provider of a name has seen it."""
    auth = find_auth(name)
    if isinstance(auth, tuple):
        user, password = auth
        token = b64encode(f"{user}:{password}".encode()).decode()
        request.headers["Authorization"] = f"Basic {token}"
    elif auth is not None:
        request = auth(request)
    return dict(request.headers)
