"""The bytes of artifacts in and out: streamed, counted, digested, never more than a few chunks.

What blocks runs in the pool, one chunk a call, so that a slow client holds no thread.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import AsyncGenerator
from contextlib import suppress
from email.utils import formatdate
from functools import partial
from mimetypes import guess_type
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from mlflow._asgi.errors import RequestRefused
from mlflow._asgi.response import Answer, Response, StreamResponse
from mlflow._core.paths import split_path
from mlflow._wire.headers import SHA256
from mlflow.exceptions import (
    BAD_REQUEST,
    DATA_LOSS,
    INVALID_PARAMETER_VALUE,
    RESOURCE_DOES_NOT_EXIST,
    MlflowException,
)
from mlflow.store.artifact.contract import CHUNK
from mlflow.store.artifact.streams import no_such_artifact

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from mlflow._asgi.request import Request
    from mlflow.server.artifacts import Place
    from mlflow.server.state import ServerState
    from mlflow.store.artifact.contract import ArtifactFiles, FileStat, Part, Reader, Writer

_HEX: Final = re.compile(r"[0-9a-fA-F]{64}")
_STRUCTURED: Final = re.compile(r"\bsha-256=:?([A-Za-z0-9+/]{43}=):?", re.IGNORECASE)
_RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)")
_TEXTS: Final = (
    *("txt", "log", "err", "cfg", "conf", "ini", "toml", "json", "jsonl", "yaml", "yml", "md"),
    *("rst", "csv", "tsv", "py", "r", "sh", "sql"),
)
_NAMES: Final = frozenset({"MLmodel", "MLproject"})
_SHOWN: Final = ("image/", "audio/", "video/", "font/", "application/pdf")
_ACTIVE: Final = ("image/svg+xml",)
_DIGESTED: Final = 64 * CHUNK  # a file without a recorded digest gets one up to this size
FILE_POLICY: Final = "sandbox; default-src 'none'; frame-ancestors 'none'"


def announced_digest(request: Request) -> str | None:
    """Return the sha256 in hex that the sender says the body has, None when it says none.

    Raises:
        MlflowException: it is no sha256.
    """
    own = request.headers.get(SHA256.lower())
    if own is not None:
        if not _HEX.fullmatch(own):
            raise MlflowException.invalid_parameter_value(f"{SHA256} must be 64 hex digits.")
        return own.lower()
    for name in ("content-digest", "repr-digest", "digest"):
        match = _STRUCTURED.search(request.headers.get(name, ""))
        if match:
            with suppress(Base64Error):
                return b64decode(match[1]).hex()
    return None


async def blocks(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield what arrives in blocks of about ``CHUNK`` bytes."""
    waiting: list[bytes] = []
    size = 0
    async for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= CHUNK:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def require_plain(request: Request) -> None:
    """Refuse a body that is compressed on the way: its bytes are not the artifact's.

    Raises:
        RequestRefused: it is (415).
    """
    coding = request.headers.get("content-encoding", "identity")
    if coding != "identity":
        raise RequestRefused(
            "Artifacts are uploaded as they are, without a Content-Encoding.",
            BAD_REQUEST,
            status=415,
        )


async def receive_file(
    request: Request, state: ServerState, place: Place, *, limit: int
) -> FileStat:
    """Write the body of a request to a place; it appears there only whole and as announced.

    Args:
        request: The upload.
        state: Runs what blocks.
        place: Where to.
        limit: Most bytes.

    Raises:
        MlflowException: the place cannot be written.
        RequestRefused: more bytes came (413), or other ones than were announced (400).
    """
    require_plain(request)
    size, digest = request.content_length(), announced_digest(request)
    body = request.stream(limit)
    first = await anext(body, b"")  # an upload that is too large is refused before it begins
    create = partial(place.files.create, place.path, size=size, sha256=digest)
    writer: Writer = await state.run_in_pool(create)
    try:
        if first:
            await state.run_in_pool(partial(writer.write, first))
        async for block in blocks(body):
            await state.run_in_pool(partial(writer.write, block))
        return await state.run_in_pool(writer.commit)
    except MlflowException as error:
        raise damaged(error) from None
    finally:
        # Nothing happens to a file that has appeared. A cancelled request must not wait.
        asyncio.get_running_loop().run_in_executor(None, writer.abort)


def tags_of(stored: FileStat | Part) -> list[tuple[str, str]]:
    """Return the headers that say what arrived."""
    found = [("etag", f'"{stored.etag}"')]
    return [*found, (SHA256, stored.sha256)] if stored.sha256 else found


def damaged(error: MlflowException) -> MlflowException:
    """Return an error of a transfer as its sender is told: bytes that differ are its own."""
    if error.error_code == "DATA_LOSS" and not isinstance(error, RequestRefused):
        return RequestRefused(error.message, DATA_LOSS, status=400)
    return error


async def send_file(
    request: Request,
    state: ServerState,
    place: Place,
    *,
    headers: Iterable[tuple[str, str]] | None = None,
    content_type: str | None = None,
) -> Answer:
    """Return the answer that is a file, or the range of it that was asked for.

    Args:
        request: Its headers say which bytes, and what the caller has already.
        state: Runs what blocks.
        place: The file.
        headers: How browsers are to treat it; as an attachment by default.
        content_type: Its type; a harmless one by default.
    """
    opened = await state.run_in_pool(partial(_open, request, place))
    stat, start, stop = opened.stat, opened.start, opened.stop
    name = split_path(place.path)[1]
    if headers is None:
        headers = (
            ("content-disposition", disposition(name)),
            ("content-security-policy", FILE_POLICY),
        )
    found = [
        *headers,
        ("accept-ranges", "bytes"),
        ("cache-control", "no-cache"),
        ("etag", f'"{stat.etag}"'),
        ("last-modified", formatdate(stat.modified_ms // 1000, usegmt=True)),
    ]
    if opened.digest:
        found.append((SHA256, opened.digest))
    kind = content_type or safe_type(name)
    if opened.status == 416:  # noqa: PLR2004 - range not satisfiable
        refusal = (("content-range", f"bytes */{stat.size}"),)
        raise RequestRefused(
            f"The range begins after the file's end: it has {stat.size} bytes.",
            INVALID_PARAMETER_VALUE,
            status=416,
            headers=refusal,
        )
    if opened.status == 304:  # noqa: PLR2004 - not modified
        return Response(status=304, content_type="", headers=found)
    if opened.status == 206:  # noqa: PLR2004 - partial content
        found.append(("content-range", f"bytes {start}-{stop - 1}/{stat.size}"))
    if opened.body is not None:
        return Response(opened.body, status=opened.status, content_type=kind, headers=found)
    chunks = _Chunks(state, opened.reader)
    return StreamResponse(
        chunks, status=opened.status, content_type=kind, headers=found, length=stop - start
    )


class _Opened:
    """What the pool found out about a file that was asked for."""

    def __init__(self, stat: FileStat, start: int, stop: int, status: int) -> None:
        self.stat = stat
        self.start = start
        self.stop = stop
        self.status = status
        self.digest = stat.sha256
        self.body: bytes | None = None
        self.reader: Reader | None = None


def _open(request: Request, place: Place) -> _Opened:
    files, path = place.files, place.path
    try:
        stat = files.stat(path)
    except MlflowException as error:
        raise _not_a_file(files, path, error) from None
    etag = f'"{stat.etag}"'
    if request.headers.get("if-none-match") in (etag, "*"):
        return _Opened(stat, 0, 0, 304)
    wanted = None
    if request.headers.get("if-range", etag) == etag:
        wanted = _wanted(request.headers.get("range", ""), stat.size)
    start, stop = wanted or (0, stat.size)
    if start >= stop and wanted:
        return _Opened(stat, 0, 0, 416)
    opened = _Opened(stat, start, stop, 206 if wanted else 200)
    if stat.sha256 is None and stat.size <= _DIGESTED:
        opened.digest = _digest(files, path)
    reader = files.read(path, start=start, stop=stop)
    if reader.stat.etag != stat.etag:  # replaced in the meantime
        reader.close()
        return _open(request, place)
    if stop - start > CHUNK and request.method != "HEAD":
        opened.reader = reader
        return opened
    with reader:
        # The body of a HEAD is never sent; its length is.
        opened.body = bytes(stop - start) if request.method == "HEAD" else b"".join(reader)
    return opened


def _digest(files: ArtifactFiles, path: str) -> str:
    found = hashlib.sha256()
    with files.read(path) as reader:
        for chunk in reader:
            found.update(chunk)
    return found.hexdigest()


def _wanted(header: str, size: int) -> tuple[int, int] | None:
    """Return the bytes that a Range header asks for, None for all; none can be satisfied empty."""
    match = _RANGE.fullmatch(header.replace(" ", ""))
    if match is None or match[0] == "bytes=-":
        return None
    if not match[1]:
        return max(0, size - int(match[2])), size
    start, stop = int(match[1]), int(match[2]) + 1 if match[2] else size
    is_backwards = bool(match[2]) and stop <= start
    return None if is_backwards else (start, min(stop, size))


def _not_a_file(files: ArtifactFiles, path: str, error: MlflowException) -> MlflowException:
    found = files.find(path)
    if found is not None and found.is_dir:
        return MlflowException.invalid_parameter_value(
            f"Artifact path refers to a directory, not a file: '{path}'"
        )
    return no_such_artifact(path) if error.error_code == _NOT_FOUND else error


_NOT_FOUND: Final = MlflowException("", RESOURCE_DOES_NOT_EXIST).error_code


class _Chunks(AsyncGenerator[bytes, None]):
    """The chunks of a reader; it is closed even if none was asked for."""

    def __init__(self, state: ServerState, reader: Reader | None) -> None:
        assert reader is not None  # noqa: S101 - the caller has one
        self._state = state
        self._reader = reader
        self._chunks = iter(reader)

    async def asend(self, _value: None) -> bytes:
        chunk = await self._state.run_in_pool(lambda: next(self._chunks, None))
        if chunk is None:
            raise StopAsyncIteration
        return chunk

    async def athrow(self, error: object, *_more: object) -> bytes:
        self._reader.close()
        raise error if isinstance(error, BaseException) else GeneratorExit


def safe_type(name: str) -> str:
    """Return a content type for a file name that makes no browser run anything."""
    if name in _NAMES or name.rpartition(".")[2].lower() in _TEXTS:
        return "text/plain"
    guessed = guess_type(name)[0] or ""
    if guessed.startswith(_SHOWN) and guessed not in _ACTIVE:
        return guessed
    return "application/octet-stream"


def disposition(name: str, *, kind: str = "attachment") -> str:
    """Return a Content-Disposition header for a file name."""
    if name.isascii() and name.isprintable() and '"' not in name and "%" not in name:
        return f'{kind}; filename="{name}"'
    return f"{kind}; filename*=UTF-8''{quote(name, safe='')}"
