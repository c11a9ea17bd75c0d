"""A web server that sends files: ranges, tags and digests can be switched off, bytes too."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote


class FileServer(ThreadingHTTPServer):
    """What is served, and how."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.has_tags = True
        self.has_length = True
        self.digest: str | None = "right"
        self.redirect: str | None = None
        self.statuses: list[int] = []  # that the next requests get
        self.cut_after: list[int] = []  # bytes that the next answers have before they are cut
        self.ranges: list[str] = []  # that were asked for
        self.grows = False  # by a byte with each answer

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up."""


class _Handler(BaseHTTPRequestHandler):
    server: FileServer

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the interface
        """Say nothing."""

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        server = self.server
        if server.statuses:
            self.send_error(server.statuses.pop(0))
            return
        if server.redirect is not None and not self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", server.redirect + self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        content = server.files.get(unquote(self.path).removeprefix("/moved").lstrip("/"))
        if content is None:
            self.send_error(404)
            return
        if server.grows and with_body:
            server.files["a/model.bin"] = content + b"x"
        asked = self.headers.get("Range")
        body = content
        if asked is None:
            self.send_response(200)
        else:
            server.ranges.append(asked)
            first, last = map(int, asked.removeprefix("bytes=").split("-"))
            body = content[first : last + 1]
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
        self._describe(content, len(body))
        self.end_headers()
        if with_body:
            limit = server.cut_after.pop(0) if server.cut_after else len(body)
            self.wfile.write(body[:limit])
        self.close_connection = True

    def _describe(self, content: bytes, length: int) -> None:
        digest = hashlib.sha256(content).digest()
        if self.server.has_length:
            self.send_header("Content-Length", str(length))
        if self.server.has_tags:
            self.send_header("ETag", f'"{digest.hex()[:16]}"')
        if self.server.digest is not None:
            sent = digest if self.server.digest == "right" else digest[::-1]
            self.send_header("Repr-Digest", f"sha-256=:{b64encode(sent).decode()}:")


@contextmanager
def file_server() -> Iterator[FileServer]:
    """Run a server until the end of the block."""
    with FileServer() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
