"""The web interface: files that the package's build made, sent compressed and kept by browsers.

Names of assets hold a digest of their content, so that a browser never asks for one twice; the
page itself is asked for each time and names the assets of this version.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from mlflow._asgi.response import HTML, Response
from mlflow._wire.permissions import ANYONE
from mlflow.server.dispatch import Route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow._asgi.request import Request
    from mlflow.server.state import ServerState

FOLDER: Final = Path(__file__).parent / "ui"
_INDEX: Final = "index.html"
_FOR_EVER: Final = ("cache-control", "public, max-age=31536000, immutable")
_ASK_AGAIN: Final = ("cache-control", "no-cache")
_ENCODINGS: Final = {"br": ".br", "gzip": ".gz"}
# What is sent at all, and as what: machines' own tables differ.
_KINDS: Final = {
    ".html": HTML,
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


class _File(NamedTuple):
    body: bytes
    compressed: tuple[tuple[str, bytes], ...]  # by encoding, the smallest first
    kind: str
    caching: tuple[str, str]

    def answer(self, request: Request) -> Response:
        """Return the file as an answer."""
        headers = [self.caching, ("vary", "accept-encoding")]
        taken = {
            part.partition(";")[0].strip()
            for part in request.headers.get("accept-encoding", "").split(",")
        }
        for encoding, body in self.compressed:
            if encoding in taken:
                headers.append(("content-encoding", encoding))
                return Response(body, content_type=self.kind, headers=headers)
        return Response(self.body, content_type=self.kind, headers=headers)


def page_routes(folder: Path = FOLDER) -> Iterator[Route]:
    """Yield a route for each file of the web interface; none where it was not built.

    Args:
        folder: What the build made.
    """
    for path in sorted(folder.rglob("*")) if (folder / _INDEX).is_file() else []:
        # Of most, a wheel holds what is compressed only.
        whole = path.with_suffix("") if path.suffix == ".gz" else path
        if whole.suffix not in _KINDS or not path.is_file() or whole.is_file() != (whole == path):
            continue
        name = whole.relative_to(folder).as_posix()
        yield _route("/" if name == _INDEX else f"/{name}", _read(whole, name))


def _read(path: Path, name: str) -> _File:
    ready = [
        (encoding, path.with_name(path.name + suffix)) for encoding, suffix in _ENCODINGS.items()
    ]
    compressed = {encoding: one.read_bytes() for encoding, one in ready if one.is_file()}
    body = path.read_bytes() if path.is_file() else gzip.decompress(compressed["gzip"])
    smaller = tuple(pair for pair in compressed.items() if len(pair[1]) < len(body))
    kind = _KINDS[path.suffix]
    return _File(body, smaller, kind, _FOR_EVER if name.startswith("assets/") else _ASK_AGAIN)


def _route(path: str, file: _File) -> Route:
    # Open to all, as the package itself is: a page that asks who one is comes first.
    async def send(request: Request, _state: ServerState) -> Response:
        return file.answer(request)

    return Route("GET", path, send, ANYONE, "page")
