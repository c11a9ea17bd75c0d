"""A server's process: its socket, its limit of files, its memory, and where it logs."""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from mlflow._asgi.access_log import LOGGER, BufferedHandler
from mlflow._asgi.runner import DrainingServer
from mlflow.exceptions import INVALID_STATE, MlflowException

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Sequence

BACKLOG: Final = 2048
_OPEN_FILES: Final = 16_384
# Of glibc's ``malloc.h``: larger blocks are the system's own, and free ends are given back to it.
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_LARGE_BLOCK: Final = 1 << 20


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        MlflowException: there is no such address, or something else listens there.
    """
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
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        raise MlflowException(
            f"Cannot listen on port {port} of {host}: {error.strerror}. Stop what uses it, or"
            " choose another by --port (0 for any that is free).",
            INVALID_STATE,
        ) from error
    sock.setblocking(False)
    return sock


def raise_file_limit() -> None:
    """Allow as many connections as the system lets us: the usual 1,024 files are few."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _give_memory_back() -> None:
    """Fix what glibc raises to 32 MiB at the first large answer, to keep so much from then on."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)
        mallopt(_M_TRIM_THRESHOLD, _LARGE_BLOCK)


def _set_up_logs(handlers: list[BufferedHandler]) -> None:
    access = logging.getLogger(LOGGER)
    access.propagate = False
    access.setLevel(logging.INFO)
    for handler in handlers:
        access.addHandler(handler)
    if not logging.getLogger("mlflow.server").handlers:
        plain = logging.StreamHandler()
        plain.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logging.getLogger("mlflow").addHandler(plain)


def say(text: str) -> None:
    """Tell the person who started the server."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def serve_app(
    make_app: Callable[[], Any],
    sock: socket.socket,
    *,
    access_log: bool,
    on_ready: Callable[[], None] | None,
    tls: ssl.SSLContext | None = None,
    beside: Callable[[Any], Sequence[tuple[socket.socket, Any]]] | None = None,
) -> None:
    """Serve an application in this process until told to stop.

    Args:
        make_app: Makes it.
        sock: Where to listen.
        access_log: Whether requests are logged.
        on_ready: Called when it listens.
        tls: Of the socket; None for plain HTTP.
        beside: Given the application, returns further sockets with theirs.
    """
    _give_memory_back()
    handlers = [BufferedHandler()] if access_log else []
    _set_up_logs(handlers)
    app = make_app()
    more = beside(app) if beside is not None else ()
    gc.collect()
    gc.freeze()  # what lives for good is not looked at again: no pauses of 100 ms
    server = DrainingServer(app, tls=tls, backlog=BACKLOG, beside=more)
    server.on_ready = on_ready
    try:
        server.run(sockets=[sock])
    finally:
        for handler in handlers:
            handler.close()
