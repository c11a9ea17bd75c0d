"""A server as a process: sockets, TLS, workers, logs, and a start that says where it is."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

from mlflow._asgi.sockets import bind, raise_file_limit, say, serve_app
from mlflow._asgi.workers import Workers
from mlflow._core.uri import mask_password
from mlflow.exceptions import MlflowException
from mlflow.server.app import create_app
from mlflow.version import HEADRACE_VERSION, VERSION

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from mlflow.server.settings import ServerSettings


def run_server(settings: ServerSettings, when_ready: Callable[[str], object] | None = None) -> None:
    """Serve until told to stop.

    Args:
        settings: What the server is told.
        when_ready: Called with its address as soon as it answers.

    Raises:
        MlflowException: the port is taken, or something that it needs cannot be used.
    """
    if settings.insecure_no_auth:
        say("WARNING: no authentication: whoever can connect may read and change everything.")
    if not settings.check_hosts_and_origins:
        say("WARNING: Host and Origin are not checked: any web page may use this server.")
    tls = _tls(settings)
    raise_file_limit()
    sock = bind(settings.host, settings.port)

    def greet() -> None:
        address = _address(settings, sock)
        say(
            f"Headrace {HEADRACE_VERSION} (interface of MLflow {VERSION}) serves {address} from"
            f" {mask_password(settings.backend_store_uri)}. Press Ctrl+C to stop."
        )
        if when_ready is not None:
            when_ready(address)

    def serve(worker: int) -> None:
        _serve(settings, sock, tls, worker=worker, greet=greet if worker == 0 else None)

    if settings.workers > 1:
        Workers(serve, settings.workers).run()
    else:
        serve(0)


def _serve(
    settings: ServerSettings,
    sock: socket.socket,
    tls: ssl.SSLContext | None,
    *,
    worker: int,
    greet: Callable[[], None] | None,
) -> None:
    """Serve in this process."""

    def figures(app: Any) -> list[tuple[socket.socket, Any]]:
        if settings.metrics_port is None:
            return []
        return [(bind(settings.host, settings.metrics_port + worker), app.figures())]

    serve_app(
        lambda: create_app(settings),
        sock,
        access_log=settings.access_log,
        on_ready=greet,
        tls=tls,
        beside=figures,
    )


def _address(settings: ServerSettings, sock: socket.socket) -> str:
    scheme = "https" if settings.certificate else "http"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{scheme}://{host}:{sock.getsockname()[1]}{settings.static_prefix}"


def _tls(settings: ServerSettings) -> ssl.SSLContext | None:
    if settings.certificate is None or settings.certificate_key is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(settings.certificate, settings.certificate_key)
    except (OSError, ssl.SSLError) as error:
        raise MlflowException.invalid_parameter_value(
            f"The certificate {str(settings.certificate)!r} cannot be used with its key: {error}"
        ) from error
    return context
