"""Requests that a server makes to places that its callers name: webhooks.

Everything is checked twice: the URL when it is written, and the address that was connected to
when it is called, whatever the name resolved to meanwhile. No redirect is followed, no proxy is
asked, no answer's body is given out.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from contextlib import closing
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

from mlflow._core.clock import monotonic
from mlflow.environment_variables import (
    MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS,
    MLFLOW_WEBHOOK_ALLOWED_SCHEMES,
    MLFLOW_WEBHOOK_REQUEST_TIMEOUT,
)
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_URL: Final = 500
_MAX_SECONDS: Final = 5.0
_MAX_ANSWER: Final = 64 * 1024
_PORTS: Final = {"http": 80, "https": 443}
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_LOCAL_NAMES: Final = ("localhost", "localhost.localdomain", "ip6-localhost")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class EgressRefused(Exception):  # noqa: N818 - what happened
    """An address that must not be called."""


def check_url(url: object, *, name: str = "url") -> str:
    """Return a URL that may be called, as far as it can be told without asking for its name.

    Args:
        url: What a caller gave.
        name: What to call it in an error.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where it may not be called.
    """
    text = str(url or "")
    if not text or len(text) > _MAX_URL:
        raise _wrong(name, f"it must have 1 to {_MAX_URL} characters")
    if not text.isprintable() or any(sign in text for sign in " \\#"):
        raise _wrong(name, "blanks, backslashes, fragments and control characters are not allowed")
    try:
        split = urlsplit(text)
        port = split.port
    except ValueError:
        raise _wrong(name, "it cannot be read") from None
    allowed = MLFLOW_WEBHOOK_ALLOWED_SCHEMES.get()
    if split.scheme not in _PORTS or split.scheme not in allowed:
        raise MlflowException.invalid_parameter_value(
            f"Invalid webhook URL scheme: {split.scheme[:20]!r}. Allowed schemes are:"
            f" {', '.join(allowed)}."
        )
    if "@" in split.netloc or not split.hostname or port == 0:
        raise _wrong(name, "it must have a host, and no user")
    host = split.hostname.rstrip(".")
    address = _literal(host)
    is_local_name = host in _LOCAL_NAMES or host.endswith(".localhost")
    if not MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS.get() and (
        is_local_name or (address is not None and not is_public(address))
    ):
        raise _wrong(name, "it leads to a private, local or reserved address")
    return text


def _wrong(name: str, why: str) -> MlflowException:
    return MlflowException.invalid_parameter_value(f"Invalid webhook {name}: {why}.")


def _literal(host: str) -> _Address | None:
    """Return the address that a host is itself, in any of the spellings that systems take."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:  # decimal, octal, hexadecimal, or fewer than four parts
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def is_public(address: _Address) -> bool:
    """Return whether an address, and the one embedded in it, is on the open network."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.ipv4_mapped is not None or address.sixtofour is not None:
            return is_public(address.ipv4_mapped or address.sixtofour or address)
        if address.teredo is not None:
            return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send a body to a URL; return the status of the answer.

    Args:
        url: Where to; checked again here.
        body: What to send.
        headers: The headers.

    Raises:
        EgressRefused: the place must not be called.
        OSError: nobody answers there, or too slowly.
        http.client.HTTPException: what answers is no HTTP.
    """
    try:
        check_url(url)
    except MlflowException as error:
        raise EgressRefused(error.message) from error
    split = urlsplit(url)
    end = monotonic() + min(_MAX_SECONDS, float(MLFLOW_WEBHOOK_REQUEST_TIMEOUT.get() or 0) or 5.0)
    connected = _connect(split, end)
    with closing(connected) as plain:
        stream: socket.socket = plain
        if split.scheme == "https":
            context = ssl.create_default_context()
            stream = context.wrap_socket(plain, server_hostname=split.hostname)
        with closing(stream):
            return _exchange(stream, split, body, headers, end)


def _connect(split: SplitResult, end: float) -> socket.socket:
    """Return a connection to the first address that may be called and answers."""
    port = split.port or _PORTS[split.scheme]
    refused, failed = None, None
    found = socket.getaddrinfo(split.hostname, port, type=socket.SOCK_STREAM)
    for family, kind, protocol, _, place in found:
        if not _is_allowed(str(place[0])):
            refused = EgressRefused("it leads to a private, local or reserved address")
            continue
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(_left(end))
            connection.connect(place)
            peer = str(connection.getpeername()[0])
        except OSError as error:
            connection.close()
            failed = error
            continue
        if _is_allowed(peer):
            return connection
        connection.close()
        refused = EgressRefused("it leads to a private, local or reserved address")
    raise refused or failed or OSError("the name has no address")


def _is_allowed(address: str) -> bool:
    if MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS.get():
        return True
    return is_public(ipaddress.ip_address(address.partition("%")[0]))


def _left(end: float) -> float:
    left = end - monotonic()
    if left <= 0:
        raise TimeoutError("the answer takes too long")
    return left


def _exchange(
    stream: socket.socket, split: SplitResult, body: bytes, headers: Mapping[str, str], end: float
) -> int:
    target = split.path or "/"
    target += f"?{split.query}" if split.query else ""
    stream.settimeout(_left(end))
    connection = http.client.HTTPConnection(split.netloc)
    connection.sock = stream
    connection.request("POST", target, body, {**headers, "Connection": "close"})
    answer = connection.getresponse()
    read = 0
    while read < _MAX_ANSWER and not answer.isclosed():  # read so that the sender sees no reset
        stream.settimeout(_left(end))
        part = answer.read1(8192)
        if not part:
            break
        read += len(part)
    return answer.status
