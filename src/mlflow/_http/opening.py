"""How a connection to a server is opened: TLS, proxies and options of the socket."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Final
from urllib.request import getproxies, proxy_bypass

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import make_headers

from mlflow._core.uri import mask_password, scheme_of
from mlflow._core.variables import read
from mlflow._http.address import Address, parse_address
from mlflow._http.connection import Connection
from mlflow.environment_variables import (
    MLFLOW_HTTP_TCP_KEEPALIVE,
    MLFLOW_HTTP_TCP_KEEPALIVE_COUNT,
    MLFLOW_HTTP_TCP_KEEPALIVE_IDLE,
    MLFLOW_HTTP_TCP_KEEPALIVE_INTERVAL,
    MLFLOW_TRACKING_CLIENT_CERT_PATH,
    MLFLOW_TRACKING_INSECURE_TLS,
    MLFLOW_TRACKING_SERVER_CERT_PATH,
)
from mlflow.exceptions import INVALID_PARAMETER_VALUE, MlflowException

if TYPE_CHECKING:
    from collections.abc import Mapping

# Variables of other programs that name certificates, in the order in which they are asked.
_CA_VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_KEEPALIVE_OPTIONS: Final = {
    "TCP_KEEPIDLE": MLFLOW_HTTP_TCP_KEEPALIVE_IDLE,
    "TCP_KEEPINTVL": MLFLOW_HTTP_TCP_KEEPALIVE_INTERVAL,
    "TCP_KEEPCNT": MLFLOW_HTTP_TCP_KEEPALIVE_COUNT,
}


class Opener:
    """Opens connections to one server as the environment said when the session began."""

    def __init__(self, address: Address) -> None:
        """Read the settings.

        Args:
            address: The server.

        Raises:
            MlflowException: settings contradict each other, or name what is not there.
        """
        self._address = address
        self._options = _socket_options()
        self._tls = _tls_context() if address.scheme == "https" else None
        self._proxy = _find_proxy(address)
        # A proxy is asked for plain HTTP by whole URIs; HTTPS goes through a tunnel.
        self.is_forwarded = self._proxy is not None and self._tls is None

    def forward_headers(self) -> Mapping[str, str]:
        """Return the headers that are meant for the proxy."""
        if self._proxy is None or self._proxy.user is None:
            return {}
        user = f"{self._proxy.user}:{self._proxy.password or ''}"
        return {"Proxy-Authorization": make_headers(proxy_basic_auth=user)["proxy-authorization"]}

    def open(self, timeout: float) -> Connection:
        """Return a new connection.

        Args:
            timeout: Bound of connecting, in seconds.

        Raises:
            OSError: nobody answers there, or not as they should.
            urllib3.exceptions.HTTPError: the same, in urllib3's words.
        """
        at = self._proxy or self._address
        opened: HTTPConnection
        if self._tls is None:
            opened = HTTPConnection(at.host, at.port, timeout=timeout, socket_options=self._options)
        else:
            opened = HTTPSConnection(
                at.host,
                at.port,
                timeout=timeout,
                socket_options=self._options,
                ssl_context=self._tls,
            )
            if self._proxy is not None:
                opened.set_tunnel(
                    self._address.host,
                    self._address.port,
                    headers=self.forward_headers(),
                    scheme=self._proxy.scheme,
                )
        try:
            opened.connect()
        except BaseException:
            opened.close()
            raise
        return Connection(opened)


def _socket_options() -> list[tuple[int, int, int | bytes]]:
    options: list[tuple[int, int, int | bytes]] = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
    if MLFLOW_HTTP_TCP_KEEPALIVE.get():
        options.append((socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1))
        options += [
            (socket.IPPROTO_TCP, getattr(socket, name), variable.get())
            for name, variable in _KEEPALIVE_OPTIONS.items()
            if hasattr(socket, name)
        ]
    return options


def _tls_context() -> ssl.SSLContext:
    own = MLFLOW_TRACKING_SERVER_CERT_PATH
    path = own.get() or next(filter(None, map(read, _CA_VARIABLES)), None)
    if MLFLOW_TRACKING_INSECURE_TLS.get():
        if own.get():
            raise MlflowException.invalid_parameter_value(
                f"Only one of {MLFLOW_TRACKING_INSECURE_TLS.name} and {own.name} may be"
                " set: the first says that no certificate is checked."
            )
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return _with_client_certificate(context)
    try:
        context = ssl.create_default_context(cafile=path)
    except IsADirectoryError:
        context = ssl.create_default_context(capath=path)
    except OSError as error:
        raise MlflowException.invalid_parameter_value(
            f"The certificates in {path!r} cannot be read: {error}. {own.name}, or"
            f" {' or '.join(_CA_VARIABLES)}, names a PEM file or a directory of them."
        ) from error
    return _with_client_certificate(context)


def _with_client_certificate(context: ssl.SSLContext) -> ssl.SSLContext:
    variable = MLFLOW_TRACKING_CLIENT_CERT_PATH
    path = variable.get()
    if path:
        try:
            context.load_cert_chain(path)
        except OSError as error:
            raise MlflowException.invalid_parameter_value(
                f"The client certificate {path!r} cannot be used: {error}. {variable.name} names"
                " a PEM file with the certificate and its unencrypted private key."
            ) from error
    return context


def _find_proxy(address: Address) -> Address | None:
    """Return the proxy that the environment names for a server, None for none."""
    if proxy_bypass(f"{address.host}:{address.port}"):
        return None
    proxies = getproxies()
    uri = proxies.get(address.scheme) or proxies.get("all")
    if not uri:
        return None
    proxy = parse_address(uri) if scheme_of(uri) in ("http", "https") else None
    if proxy is None and "://" not in uri:
        proxy = parse_address(f"http://{uri}")
    if proxy is None or proxy.scheme == "https":
        raise MlflowException(
            f"The proxy {mask_password(uri)!r} that the environment names for {address.origin}"
            " is not supported: use an http:// proxy, or name the server in NO_PROXY.",
            INVALID_PARAMETER_VALUE,
        )
    return proxy
