"""Where a server is: its URI taken apart, and the words for it in messages."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from mlflow._core.uri import mask_password
from mlflow.exceptions import INVALID_PARAMETER_VALUE, InvalidUrlException

_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """A server and the path under which it answers.

    Attributes:
        scheme: ``http`` or ``https``.
        host: A name or an IP address, without brackets.
        port: The port.
        path: What stands before every path of the server; empty or with a leading slash, no
            trailing one.
        user: The user's name in the URI, None when it has none.
        password: The password in the URI.
    """

    scheme: str
    host: str
    port: int
    path: str = ""
    user: str | None = None
    password: str | None = None

    @property
    def authority(self) -> str:
        """Host and port as the ``Host`` header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what credentials belong to."""
        return f"{self.scheme}://{self.authority}"

    @property
    def is_loopback(self) -> bool:
        """Whether the server is on this machine."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")


def parse_address(uri: str) -> Address:
    """Return what an ``http`` or ``https`` URI names.

    Args:
        uri: With or without credentials and a path; query and fragment are not used.

    Raises:
        InvalidUrlException: it is no such URI.
    """
    shown = mask_password(uri)
    try:
        parts = urlsplit(uri)
        port, host = parts.port, parts.hostname or ""
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError as error:
        raise InvalidUrlException(
            f"{shown!r} is not a valid URI of a server: {error}.", INVALID_PARAMETER_VALUE
        ) from None
    if parts.scheme not in _PORTS or not host or not (uri.isprintable() and " " not in uri):
        raise InvalidUrlException(
            f"{shown!r} is not a valid URI of a server; write http://host:port or https://host.",
            INVALID_PARAMETER_VALUE,
        )
    return Address(
        scheme=parts.scheme,
        host=host,
        port=port or _PORTS[parts.scheme],
        path=parts.path.rstrip("/"),
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )
