"""A server as a process: sockets, TLS, workers, logs, and a start that says where it is."""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import socket
import ssl
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from mlflow._asgi.runner import DrainingServer
from mlflow._core.uri import mask_password
from mlflow.exceptions import INVALID_STATE, MlflowException
from mlflow.server.access_log import LOGGER, BufferedHandler
from mlflow.server.app import create_app
from mlflow.server.workers import Workers
from mlflow.version import HEADRACE_VERSION, VERSION

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from mlflow.server.settings import ServerSettings

_BACKLOG: Final = 2048
_OPEN_FILES: Final = 16_384
# Of glibc's ``malloc.h``: larger blocks are the system's own, and free ends are given back to it.
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_LARGE_BLOCK: Final = 1 << 20
_logger: Final = logging.getLogger("mlflow.server")


def run_server(settings: ServerSettings) -> None:
    """Serve until told to stop.

    Args:
        settings: What the server is told.

    Raises:
        MlflowException: the port is taken, or something that it needs cannot be used.
    """
    if settings.insecure_no_auth:
        _say("WARNING: no authentication: whoever can connect may read and change everything.")
    if not settings.check_hosts_and_origins:
        _say("WARNING: Host and Origin are not checked: any web page may use this server.")
    tls = _tls(settings)
    _raise_file_limit()
    sock = _bind(settings.host, settings.port)

    def serve(worker: int) -> None:
        _serve(settings, sock, tls, worker=worker)

    if settings.workers > 1:
        Workers(serve, settings.workers).run()
    else:
        serve(0)


def _serve(
    settings: ServerSettings, sock: socket.socket, tls: ssl.SSLContext | None, *, worker: int
) -> None:
    """Serve in this process."""
    _give_memory_back()
    handlers = [BufferedHandler()] if settings.access_log else []
    _set_up_logs(handlers)
    app = create_app(settings)
    beside: list[tuple[socket.socket, Any]] = []
    if settings.metrics_port is not None:
        beside.append((_bind(settings.host, settings.metrics_port + worker), app.figures()))
    gc.collect()
    gc.freeze()  # what lives for good is not looked at again: no pauses of 100 ms
    server = DrainingServer(app, tls=tls, backlog=_BACKLOG, beside=beside)
    if worker == 0:
        server.on_ready = lambda: _say(_greeting(settings, sock))
    try:
        server.run(sockets=[sock])
    finally:
        for handler in handlers:
            handler.close()


def _give_memory_back() -> None:
    """Fix what glibc raises to 32 MiB at the first large answer, to keep so much from then on."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)
        mallopt(_M_TRIM_THRESHOLD, _LARGE_BLOCK)


def _greeting(settings: ServerSettings, sock: socket.socket) -> str:
    scheme = "https" if settings.certificate else "http"
    address = sock.getsockname()
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return (
        f"Headrace {HEADRACE_VERSION} (interface of MLflow {VERSION}) serves"
        f" {scheme}://{host}:{address[1]}{settings.static_prefix} from"
        f" {mask_password(settings.backend_store_uri)}. Press Ctrl+C to stop."
    )


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _set_up_logs(handlers: list[BufferedHandler]) -> None:
    access = logging.getLogger(LOGGER)
    access.propagate = False
    access.setLevel(logging.INFO)
    for handler in handlers:
        access.addHandler(handler)
    if not _logger.handlers:
        plain = logging.StreamHandler()
        plain.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logging.getLogger("mlflow").addHandler(plain)


def _bind(host: str, port: int) -> socket.socket:
    name = host.strip("[]")
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        raise MlflowException.invalid_parameter_value(
            f"There is no address {host!r} to listen on: {error.strerror}."
        ) from error
    family, kind, _, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
    sock = socket.socket(family, kind, socket.IPPROTO_TCP)
    if os.name == "posix":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(address)
        sock.listen(_BACKLOG)
    except OSError as error:
        sock.close()
        raise MlflowException(
            f"Cannot listen on port {port} of {host}: {error.strerror}. Stop what uses it, or"
            " choose another by --port (0 for any that is free).",
            INVALID_STATE,
        ) from error
    sock.setblocking(False)
    return sock


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


def _raise_file_limit() -> None:
    """Allow as many connections as the system lets us: the usual 1,024 files are few."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
