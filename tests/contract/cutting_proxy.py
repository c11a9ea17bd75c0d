"""A proxy that cuts connections in the middle, as networks do."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread
from typing import Final
from urllib.parse import urlsplit

_PIECE: Final = 16 * 1024


class CuttingProxy:
    """Passes bytes to a server and back; a connection that carried too many is cut."""

    def __init__(self, url: str) -> None:
        """Listen on a port of this machine.

        Args:
            url: The server.
        """
        target = urlsplit(url)
        self._target = (target.hostname or "", target.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.upload_limit: int | None = None  # bytes of one connection before it is cut
        self.download_limit: int | None = None
        self.cuts_left = 0
        self.cuts = 0
        self.flips = False  # whether a bit of each piece of a file arrives as its opposite
        self._lock = Lock()
        self._threads = [Thread(target=self._accept)]
        self._sockets: list[socket.socket] = []

    def cut(self, *, times: int, upload: int | None = None, download: int | None = None) -> None:
        """Cut the next connections that carry more than so many bytes.

        Args:
            times: How many connections.
            upload: Bytes towards the server.
            download: Bytes from it.
        """
        self.upload_limit = upload
        self.download_limit = download
        self.cuts_left = times

    @contextmanager
    def running(self) -> Iterator[CuttingProxy]:
        """Run until the end of the block."""
        self._threads[0].start()
        try:
            yield self
        finally:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._threads[0].join()
            for open_socket in self._sockets:
                _close(open_socket)
            for thread in self._threads[1:]:
                thread.join()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            self._sockets += [client, server]
            for source, sink, is_upload in ((client, server, True), (server, client, False)):
                thread = Thread(target=self._pass, args=(source, sink, is_upload))
                self._threads.append(thread)
                thread.start()

    def _pass(self, source: socket.socket, sink: socket.socket, is_upload: bool) -> None:
        passed = 0
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                passed += len(piece)
                if self._must_cut(passed, is_upload):
                    break
                if self.flips and not is_upload and passed > _PIECE * 4 and piece[:5] != b"HTTP/":
                    piece = piece[:-1] + bytes([piece[-1] ^ 1])
                sink.sendall(piece)
        _close(source)
        _close(sink)

    def _must_cut(self, passed: int, is_upload: bool) -> bool:
        limit = self.upload_limit if is_upload else self.download_limit
        with self._lock:
            if limit is None or passed <= limit or not self.cuts_left:
                return False
            self.cuts_left -= 1
            self.cuts += 1
            return True


def _close(open_socket: socket.socket) -> None:
    with suppress(OSError):
        open_socket.shutdown(socket.SHUT_RDWR)
    open_socket.close()
