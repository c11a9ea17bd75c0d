"""A stand-in for the hub on this machine: enough of its protocol for models to be named by it.

It answers what ``huggingface_hub`` asks of a repository: its commit, its list of files, the files.
"""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
import urllib.parse
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

COMMIT: Final = "0123456789abcdef0123456789abcdef01234567"
_MISSING: Final = HTTPStatus.NOT_FOUND


class _Handler(http.server.BaseHTTPRequestHandler):
    """Answers for the repositories below a folder."""

    protocol_version = "HTTP/1.1"

    def __init__(self, root: Path, *args: Any) -> None:
        self.root = root
        super().__init__(*args)

    def do_GET(self) -> None:
        """Answer with a body."""
        parts = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path).strip("/").split("/")
        if parts[:2] == ["api", "models"]:
            self._describe(parts[2:])
        elif "resolve" in parts:
            place = parts.index("resolve")
            self._send_file(self.root.joinpath(*parts[:place]), "/".join(parts[place + 2 :]))
        else:
            self._send(_MISSING, b"")

    def do_HEAD(self) -> None:
        """Answer without one."""
        self.do_GET()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _describe(self, parts: list[str]) -> None:
        repository, rest = "/".join(parts[:2]), parts[2:]
        folder = self.root / repository
        if not folder.is_dir():
            self._send(_MISSING, b"{}", {"X-Error-Code": "RepoNotFound"})
            return
        names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.*"))
        answer: Any = {
            "id": repository,
            "sha": COMMIT,
            "tags": [],
            "siblings": [{"rfilename": name} for name in names],
        }
        if rest[:1] == ["tree"]:
            answer = [
                {"type": "file", "path": name, "size": (folder / name).stat().st_size, "oid": name}
                for name in names
            ]
        self._send(HTTPStatus.OK, json.dumps(answer).encode(), {"X-Repo-Commit": COMMIT})

    def _send_file(self, folder: Path, name: str) -> None:
        commit = {"X-Repo-Commit": COMMIT}
        if not (folder / name).is_file():
            code = "EntryNotFound" if folder.is_dir() else "RepoNotFound"
            self._send(_MISSING, b"", {**commit, "X-Error-Code": code})
            return
        body = (folder / name).read_bytes()
        tag = f'"{hashlib.sha256(body).hexdigest()}"'
        self._send(HTTPStatus.OK, body, {**commit, "ETag": tag})

    def _send(self, status: HTTPStatus, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def serve(root: Path) -> str:
    """Serve the repositories below a folder until the process ends; return the URL.

    Args:
        root: ``<root>/<owner>/<name>`` are their files.
    """
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, root))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
