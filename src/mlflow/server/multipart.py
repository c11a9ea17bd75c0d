"""Uploads in parts through the proxy: begun, sent, gone on with, completed or given up.

The recorded messages name a folder in the path and a file in the body. Parts go to addresses that
were signed, so that clients send them without credentials: to the destination itself where it
signs addresses, to this server otherwise.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from mlflow._asgi.errors import RequestRefused
from mlflow._asgi.response import Answer, Response
from mlflow._core.paths import canonical_path, join_path
from mlflow._wire import messages as m
from mlflow._wire.artifact_messages import StoredPart, StoredParts
from mlflow._wire.codec import decode_json, encode_json
from mlflow._wire.endpoints import MULTIPART, OWN_PARTS, OWN_PREFIX
from mlflow._wire.permissions import ANYONE, EXPERIMENT_EDIT
from mlflow.environment_variables import (
    HEADRACE_MAX_ARTIFACT_SIZE,
    MLFLOW_PRESIGNED_DOWNLOAD_URL_TTL_SECONDS,
)
from mlflow.exceptions import BAD_REQUEST, NOT_IMPLEMENTED, MlflowException
from mlflow.server.dispatch import Route
from mlflow.server.transfers import announced_digest, blocks, damaged, require_plain, tags_of
from mlflow.store.artifact.contract import Part
from mlflow.store.artifact.streams import differs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from mlflow._asgi.request import Request
    from mlflow.server.artifacts import Place
    from mlflow.server.state import ServerState
    from mlflow.store.artifact.contract import ArtifactFiles, Multipart

T = TypeVar("T")

CREATE: Final = f"{MULTIPART}/create/{{path:path}}"
COMPLETE: Final = f"{MULTIPART}/complete/{{path:path}}"
ABORT: Final = f"{MULTIPART}/abort/{{path:path}}"
PRESIGNED: Final = "/mlflow-artifacts/presigned/{path:path}"
_PURPOSE: Final = "part"
_SECONDS: Final = 6 * 3600  # for which the addresses of parts are valid
_BODY: Final = 4 * 1024 * 1024
_SEPARATORS: Final = re.compile(r"[\\/]")


def routes(prefix: str) -> Iterator[Route]:
    """Yield the rows of our own operations.

    Args:
        prefix: Before their paths.
    """
    yield Route("PUT", f"{prefix}{OWN_PARTS}/{{number}}", upload_part, ANYONE, json=False)
    yield Route("GET", f"{prefix}{OWN_PARTS}/{{path:path}}", list_parts, EXPERIMENT_EDIT)


def _target(request: Request, state: ServerState, name: str | None) -> Place:
    # Recorded clients send the local path of the file, of any operating system.
    last = _SEPARATORS.split(name or "")[-1]
    path = canonical_path(join_path(request.params["path"], last))
    place: Place = state.artifacts.proxied(path)
    return place


def _multipart(files: ArtifactFiles) -> Multipart:
    if files.multipart is None:
        raise MlflowException(
            "Multipart upload is not supported for the current artifact repository", NOT_IMPLEMENTED
        )
    return files.multipart


async def _in_thread(state: ServerState, call: Callable[[], T]) -> T:
    """Do what may take long without holding a thread that others wait for."""
    loop = asyncio.get_running_loop()
    try:
        return await loop.run_in_executor(state.artifacts.part_threads, call)
    except MlflowException as error:
        raise damaged(error) from None


async def create(request: Request, state: ServerState) -> Answer:
    """Begin an upload, and say where its parts go."""
    ask = decode_json(m.CreateMultipartUpload, await request.body(_BODY))
    place = _target(request, state, ask.path)
    parts = _multipart(place.files)
    count = 1 if ask.num_parts is None else ask.num_parts
    if not 1 <= count <= parts.most_parts:
        raise MlflowException.invalid_parameter_value(
            f"Invalid value {count} for parameter 'num_parts' supplied. It must be 1 to"
            f" {parts.most_parts}."
        )
    base = f"{_origin(request)}{state.settings.static_prefix}{OWN_PREFIX}{OWN_PARTS}"

    def begin() -> m.Message:
        upload_id = parts.begin(place.path, sha256=announced_digest(request))
        credentials = [
            _credential(place, upload_id, number, base, state) for number in range(1, count + 1)
        ]
        return m.CreateMultipartUploadResponse(upload_id=upload_id, credentials=credentials)

    return Response(encode_json(await _in_thread(state, begin)))


def _origin(request: Request) -> str:
    """Return where the caller reaches this server."""
    forwarded = request.headers.get("x-forwarded-proto", "")
    scheme = forwarded if forwarded in ("http", "https") else request.scheme
    return f"{scheme}://{request.headers.get('host', '')}"


def _credential(
    place: Place, upload_id: str, number: int, base: str, state: ServerState
) -> m.MultipartUploadCredential:
    presigner = place.files.presigner
    if presigner is not None:
        found = presigner.presign_part(place.path, upload_id, number, seconds=_SECONDS)
        if found is not None:
            return m.MultipartUploadCredential(
                url=found.url, part_number=number, headers=found.headers
            )
    fields = {"path": place.path, "upload": upload_id, "number": str(number)}
    ticket = state.artifacts.signer.seal(_PURPOSE, fields, seconds=_SECONDS)
    return m.MultipartUploadCredential(url=f"{base}/{number}?ticket={ticket}", part_number=number)


async def upload_part(request: Request, state: ServerState) -> Answer:
    """Keep a part; whoever has the address may send it."""
    require_plain(request)
    ticket = request.query_value("ticket") or ""
    fields = await state.run_in_pool(partial(state.artifacts.signer.open, _PURPOSE, ticket))
    size = request.content_length()
    if size is None:
        raise RequestRefused("A part needs a Content-Length.", BAD_REQUEST, status=411)
    place = state.artifacts.proxied(fields["path"])
    body = blocks(request.stream(HEADRACE_MAX_ARTIFACT_SIZE.get()))
    chunks = _from_loop(body, asyncio.get_running_loop(), place.path, announced_digest(request))
    call = partial(
        _multipart(place.files).write_part,
        place.path,
        fields["upload"],
        int(fields["number"]),
        chunks,
        size=size,
    )
    part = await _in_thread(state, call)
    headers = tags_of(part)
    return Response(content_type="", headers=headers)


def _from_loop(
    body: AsyncIterator[bytes], loop: asyncio.AbstractEventLoop, path: str, expected: str | None
) -> Iterator[bytes]:
    """Yield in a thread what arrives on the loop, checked at the end."""

    async def following() -> bytes:
        return await anext(body, b"")

    digest = hashlib.sha256()
    while block := asyncio.run_coroutine_threadsafe(following(), loop).result():
        digest.update(block)
        yield block
    if expected not in (None, digest.hexdigest()):
        raise differs(path, f"a part with sha256 {digest.hexdigest()} instead of {expected}")


async def list_parts(request: Request, state: ServerState) -> Answer:
    """Say which parts of an upload have arrived, so that a client goes on with the others."""
    place = state.artifacts.proxied(request.params["path"])
    upload_id = request.query_value("upload_id") or ""
    found = await _in_thread(
        state, partial(_multipart(place.files).list_parts, place.path, upload_id)
    )
    parts = [StoredPart(part_number=one.number, etag=one.etag, size=one.size) for one in found]
    return Response(encode_json(StoredParts(parts=parts)))


async def complete(request: Request, state: ServerState) -> Answer:
    """Let the file appear."""
    ask = decode_json(m.CompleteMultipartUpload, await request.body(_BODY))
    place = _target(request, state, ask.path)
    named = [Part(one.part_number or 0, 0, (one.etag or "").strip('"')) for one in ask.parts]
    call = partial(
        _multipart(place.files).complete,
        place.path,
        ask.upload_id or "",
        named,
        sha256=announced_digest(request),
    )
    stat = await _in_thread(state, call)
    headers = tags_of(stat)
    return Response(encode_json(m.Empty()), headers=headers)


async def abort(request: Request, state: ServerState) -> Answer:
    """Give an upload up."""
    ask = decode_json(m.AbortMultipartUpload, await request.body(_BODY))
    place = _target(request, state, ask.path)
    call = partial(_multipart(place.files).abort, place.path, ask.upload_id or "")
    await _in_thread(state, call)
    return Response(encode_json(m.Empty()))


async def presigned_download(request: Request, state: ServerState) -> Answer:
    """Say where a client downloads a file from the destination itself."""
    place = state.artifacts.proxied(request.params["path"])
    presigner = place.files.presigner
    if presigner is None:
        raise MlflowException(
            "Multipart download is not supported for the current artifact repository",
            NOT_IMPLEMENTED,
        )
    seconds = MLFLOW_PRESIGNED_DOWNLOAD_URL_TTL_SECONDS.get()
    stat = await state.run_in_pool(partial(place.files.stat, place.path))
    found = await state.run_in_pool(partial(presigner.presign_get, place.path, seconds=seconds))
    answer = m.DownloadUrlResponse(url=found.url, headers=found.headers, file_size=stat.size)
    return Response(encode_json(answer))
