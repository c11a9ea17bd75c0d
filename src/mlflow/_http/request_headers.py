"""The headers that every request to a tracking server gets: ours and those of providers.

A distribution registers a provider by an entry point of the group
``mlflow.request_header_provider`` that names a class; a program by ``register``.
"""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Final

from mlflow._core.guard import contained
from mlflow._core.plugins import ProviderRegistry
from mlflow.version import HEADRACE_VERSION, VERSION

ENTRY_POINT_GROUP: Final = "mlflow.request_header_provider"
# Values of several providers are joined for this one.
_USER_AGENT: Final = "User-Agent"
_OWN: Final[Mapping[str, str]] = {
    _USER_AGENT: f"mlflow-python-client/{VERSION} headrace/{HEADRACE_VERSION}",
    "X-MLflow-Client-Version": VERSION,
}


class RequestHeaderProvider:
    """Gives the headers that requests get in some environment; called without arguments."""

    @abstractmethod
    def in_context(self) -> bool:
        """Return whether this program runs in the provider's environment."""
        raise NotImplementedError

    @abstractmethod
    def request_headers(self) -> Mapping[str, Any]:
        """Return the headers; called for each request, and only when ``in_context()`` is true."""
        raise NotImplementedError


class RequestHeaderProviderRegistry(ProviderRegistry[RequestHeaderProvider]):
    """The request header providers, in the order in which they are asked."""

    def __init__(self) -> None:
        super().__init__(ENTRY_POINT_GROUP, "request header provider")


_request_header_provider_registry: Final = RequestHeaderProviderRegistry()


def resolve_request_headers(request_headers: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    """Return the headers of a request: ours, those of the providers, then the given ones.

    Args:
        request_headers: Headers that the caller gave; they win.

    Returns:
        The same object each time while there is nothing but our own.
    """
    _request_header_provider_registry.register_entrypoints()
    providers = list(_request_header_provider_registry)
    if not providers and not request_headers:
        return _OWN
    found: dict[str, Any] = dict(_OWN)
    for provider in providers:
        with contained(f"Reading the request headers of {type(provider).__name__}"):
            if provider.in_context():
                _merge(found, provider.request_headers())
    found.update(request_headers or {})
    return found


def _merge(found: dict[str, Any], headers: Mapping[str, Any]) -> None:
    for name, value in headers.items():
        found[name] = f"{found[name]} {value}" if name == _USER_AGENT else value
