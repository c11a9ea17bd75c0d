"""Who may ask from where: Host, Origin, content types, and what every answer says to browsers.

One stack for every route. Nothing here depends on what a caller says of itself, and nothing that
a caller sent is repeated in an answer but an origin that is allowed.
"""

from __future__ import annotations

import ipaddress
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

from mlflow._asgi.errors import RequestRefused
from mlflow._asgi.response import Answer, Response
from mlflow._wire.headers import VERSION
from mlflow.exceptions import INVALID_PARAMETER_VALUE, PERMISSION_DENIED, MlflowException
from mlflow.version import HEADRACE_VERSION

if TYPE_CHECKING:
    from mlflow._asgi.request import Request

SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")
_METHODS: Final = "GET, POST, PUT, DELETE, OPTIONS, PATCH"
_PREFLIGHT_SECONDS: Final = "600"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " media-src 'self'; font-src 'self'; connect-src 'self'; frame-src 'self';"
    " base-uri 'none'; form-action 'none'"
)
_ANCESTORS: Final = {"SAMEORIGIN": "; frame-ancestors 'self'", "DENY": "; frame-ancestors 'none'"}


class Exposure(Protocol):
    """What a server's settings say of who may use it."""

    @property
    def host(self) -> str:
        """The address that it listens on."""
        ...

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """Patterns of Host headers that take the place of the usual ones."""
        ...

    @property
    def cors_allowed_origins(self) -> tuple[str, ...]:
        """Origins of pages that may use it."""
        ...

    @property
    def check_hosts_and_origins(self) -> bool:
        """Whether either is checked at all."""
        ...

    @property
    def x_frame_options(self) -> str:
        """Who may show its pages in a frame."""
        ...


class Security:
    """The checks of requests and the headers of answers, as the settings have them."""

    def __init__(self, settings: Exposure) -> None:
        """Prepare the checks.

        Args:
            settings: What the server was told.
        """
        self._checks: Final = settings.check_hosts_and_origins
        self._patterns: Final = tuple(host.lower() for host in settings.allowed_hosts)
        self._bound: Final = settings.host.strip("[]").lower()
        self._origins: Final = frozenset(one.lower() for one in settings.cors_allowed_origins)
        frame = settings.x_frame_options.upper()
        headers = {
            "content-security-policy": _POLICY + _ANCESTORS.get(frame, ""),
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "cache-control": "no-store",
            VERSION.lower(): HEADRACE_VERSION,
        }
        if frame != "NONE":
            headers["x-frame-options"] = frame
        self._headers: Final = [(name.encode(), text.encode()) for name, text in headers.items()]
        self._names: Final = frozenset(name for name, _ in self._headers)
        self.is_host_allowed: Final = lru_cache(maxsize=1024)(self._is_host_allowed)

    # Requests

    def check(self, request: Request) -> None:
        """Refuse a request that a browser may have been led to send.

        Raises:
            RequestRefused: its Host or Origin is not allowed (403).
        """
        if not self._checks:
            return
        if not self.is_host_allowed(request.headers.get("host", "")):
            raise RequestRefused(
                "The request's Host header names no host that this server answers for. If it is"
                " one of its names, start it with --allowed-hosts.",
                PERMISSION_DENIED,
                status=403,
            )
        if request.method not in SAFE_METHODS and not self._is_from_here(request):
            raise RequestRefused(
                "The request comes from a page of another origin. If that page may use this"
                " server, start it with --cors-allowed-origins.",
                PERMISSION_DENIED,
                status=403,
            )

    def _is_host_allowed(self, header: str) -> bool:
        host = header.lower()
        if self._patterns:
            return any(fnmatchcase(host, pattern) for pattern in self._patterns)
        name = _without_port(host)
        if name == "localhost" or (name == self._bound and name):
            return True
        try:
            # No name: nothing that a foreign DNS server could have pointed here.
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return address.is_loopback or address.is_private

    def _is_from_here(self, request: Request) -> bool:
        origin = request.headers.get("origin")
        if origin is None:
            site = request.headers.get("sec-fetch-site")
            return site in (None, "same-origin", "none")
        return self.is_origin_allowed(origin) or _is_same(origin, request.headers.get("host", ""))

    def is_origin_allowed(self, origin: str) -> bool:
        """Return whether pages of an origin may read answers, as it was set."""
        return origin.lower() in self._origins or ("*" in self._origins and origin != "null")

    def preflight(self, request: Request) -> Response | None:
        """Return the answer to a browser that asks what it may send, None for another request."""
        headers = request.headers
        if request.method != "OPTIONS" or "access-control-request-method" not in headers:
            return None
        if not self.is_origin_allowed(headers.get("origin", "")):
            raise RequestRefused(
                "Pages of this origin may not use this server.", PERMISSION_DENIED, status=403
            )
        return Response(
            status=204,
            content_type="",
            headers=(
                ("access-control-allow-methods", _METHODS),
                ("access-control-allow-headers", "authorization, content-type, idempotency-key"),
                ("access-control-max-age", _PREFLIGHT_SECONDS),
            ),
        )

    # Answers

    def finish(self, request: Request, answer: Answer) -> None:
        """Add to an answer what every one says; what it says itself stands.

        Args:
            request: What is answered.
            answer: Whose headers are extended.
        """
        said = {name for name, _ in answer.headers}
        if said.isdisjoint(self._names):
            answer.headers.extend(self._headers)
        else:
            answer.headers.extend(pair for pair in self._headers if pair[0] not in said)
        if not self._origins:
            return
        answer.headers.append((b"vary", b"Origin"))
        origin = request.headers.get("origin")
        if origin is not None and self.is_origin_allowed(origin):
            answer.headers.append((b"access-control-allow-origin", origin.encode("latin-1")))
            answer.headers.append((b"access-control-expose-headers", b"*"))
            if "*" not in self._origins:
                answer.headers.append((b"access-control-allow-credentials", b"true"))


def check_json(request: Request) -> None:
    """Refuse a body that does not say that it is JSON: pages may send others without asking.

    Raises:
        MlflowException: the content type is missing or another (INVALID_PARAMETER_VALUE).
    """
    kind = request.headers.get("content-type")
    if kind is None:
        if request.content_length() or "transfer-encoding" in request.headers:
            raise MlflowException(
                "Bad Request. Content-Type header is missing.", INVALID_PARAMETER_VALUE
            )
        return
    if kind != "application/json" and kind.partition(";")[0].strip().lower() != "application/json":
        raise MlflowException(
            "Bad Request. Content-Type must be one of ['application/json'].",
            INVALID_PARAMETER_VALUE,
        )


def _without_port(host: str) -> str:
    if host.startswith("["):
        name, closed, port = host[1:].partition("]")
        good = closed and (port == "" or (port[0] == ":" and port[1:].isdigit()))
        return name if good else ""
    name, _, port = host.partition(":")
    return name if port == "" or port.isdigit() else ""


def _is_same(origin: str, host: str) -> bool:
    """Return whether an origin is that of the page's own host, whichever scheme a proxy hides."""
    try:
        split = urlsplit(origin)
    except ValueError:
        return False
    return split.scheme in ("http", "https") and split.netloc.lower() == host.lower() != ""


def is_loopback(host: str) -> bool:
    """Return whether an address to listen on can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
