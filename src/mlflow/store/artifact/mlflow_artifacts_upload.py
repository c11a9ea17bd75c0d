"""One file to a tracking server: small ones at once, large ones in parts that can go on.

The digest of a small file is announced with it; of a large one each part's is compared with what
arrived, and the whole file's is checked by the server before the file appears.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from mlflow._core.paths import split_path
from mlflow._http.errors import TransportError
from mlflow._wire import messages as m
from mlflow._wire.headers import SHA256
from mlflow.environment_variables import (
    MLFLOW_ENABLE_MULTIPART_UPLOAD,
    MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD,
    MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE,
    MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE,
)
from mlflow.exceptions import (
    DATA_LOSS,
    NOT_IMPLEMENTED,
    RESOURCE_DOES_NOT_EXIST,
    MlflowException,
)
from mlflow.store.artifact.contract import CHUNK
from mlflow.store.artifact.mlflow_artifacts_proxy import (
    PARTS,
    Content,
    etag_of,
    retried,
    sent,
    session_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow.store.artifact.local_sources import OpenSource
    from mlflow.store.artifact.mlflow_artifacts_proxy import Proxy
    from mlflow.store.artifact.progress import Progress

_IN_PARTS_FROM: Final = 64 * CHUNK
_PART: Final = 32 * CHUNK
_MOST_PARTS: Final = 10_000
_AT_ONCE: Final = 4
_UNSUPPORTED: Final = MlflowException("", NOT_IMPLEMENTED).error_code
_GONE: Final = MlflowException("", RESOURCE_DOES_NOT_EXIST).error_code


def upload_file(proxy: Proxy, path: str, source: OpenSource, progress: Progress) -> None:
    """Upload an open file; it appears at the server only when it is whole.

    Args:
        proxy: The server.
        path: Where to.
        source: The file.
        progress: Told how many bytes went.

    Raises:
        MlflowException: it could not be uploaded.
    """
    size = _part_size(proxy, source.size)
    if size is not None and split_path(path)[0]:
        try:
            Parts(proxy, path, source, size, progress).upload()
        except MlflowException as error:
            if error.error_code != _UNSUPPORTED:
                raise
        else:
            return
    content = Content(
        source.size,
        lambda: _chunks(source.descriptor, 0, source.size, progress),
        _digest(source.descriptor, source.size),
    )
    proxy.put(path, content)


def _part_size(proxy: Proxy, size: int) -> int | None:
    """Return the size of the parts to upload a file in, None to upload it at once."""
    if size < _IN_PARTS_FROM and not MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD.get():
        return None
    if MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD.get():
        if size < MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE.get():
            return None
        return max(MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE.get(), -(-size // _MOST_PARTS))
    if not MLFLOW_ENABLE_MULTIPART_UPLOAD.get() or not proxy.is_ours:
        return None
    return max(_PART, -(-size // _MOST_PARTS))


def _chunks(descriptor: int, start: int, size: int, progress: Progress | None) -> Iterator[bytes]:
    """Yield a piece of a file; several threads may read one file."""
    end = start + size
    while start < end:
        chunk = os.pread(descriptor, min(CHUNK, end - start), start)
        if not chunk:
            raise MlflowException(
                f"The file shrank by {end - start} bytes while it was uploaded; it was not logged.",
                DATA_LOSS,
            )
        start += len(chunk)
        yield chunk
        if progress is not None:
            progress.add(len(chunk))


def _digest(descriptor: int, size: int) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks(descriptor, 0, size, None):
        digest.update(chunk)
    return digest.hexdigest()


class Parts:
    """An upload in parts."""

    def __init__(
        self, proxy: Proxy, path: str, source: OpenSource, size: int, progress: Progress
    ) -> None:
        """Divide a file.

        Args:
            proxy: The server.
            path: Where to; not at the root.
            source: The file.
            size: Bytes of each part but the last.
            progress: Told how many bytes went.
        """
        self._proxy = proxy
        self._path = path
        self._folder, self._name = split_path(path)
        self._source = source
        self._size = size
        self._progress = progress
        self._count = max(1, -(-source.size // size))
        self._done: dict[int, m.MultipartUploadPart] = {}

    def upload(self) -> None:
        """Send all parts, several at a time, and let the file appear.

        Raises:
            MlflowException: it could not be uploaded; the server keeps nothing.
        """
        descriptor, size = self._source.descriptor, self._source.size
        # A bucket records a digest with a file only when it begins.
        known = _digest(descriptor, size) if self._proxy.is_direct else None
        begun = self._proxy.begin(self._folder, self._name, self._count, known)
        upload_id = begun.upload_id or ""
        try:
            with ThreadPoolExecutor(_AT_ONCE + 1, "artifact-upload") as pool:
                whole = None if known else pool.submit(_digest, descriptor, size)
                parts = [pool.submit(self._send, one) for one in begun.credentials]
                wait(parts, return_when=FIRST_EXCEPTION)
                for part in parts:
                    part.cancel()  # those that wait, after a failure
                for part in parts:
                    if not part.cancelled():
                        part.result()
            self._complete(upload_id, known if whole is None else whole.result())
        except BaseException as error:
            # A server that does not answer cleans up by itself.
            if not isinstance(error, TransportError):
                self._proxy.abort(self._folder, self._name, upload_id)
            raise

    def _send(self, credential: m.MultipartUploadCredential) -> None:
        number = credential.part_number or 0
        start = (number - 1) * self._size
        size = min(self._size, self._source.size - start)
        url = credential.url or ""
        at = url.find(PARTS)
        if at >= 0:  # our server, however it calls itself
            session, target = self._proxy.session, url[at:]
        else:
            split = urlsplit(url)
            session = session_of(f"{split.scheme}://{split.netloc}", is_anonymous=True)
            target = url.partition(split.netloc)[2]

        def attempt() -> str:
            digest = hashlib.sha256()
            content = Content(size, lambda: self._digested(start, size, digest))
            headers = sent(session, target, content, dict(credential.headers))
            arrived = headers.get(SHA256.lower())
            if arrived and arrived != digest.hexdigest():
                raise MlflowException(f"Part {number} arrived damaged. Try again.", DATA_LOSS)
            return etag_of(headers)

        etag = retried(attempt)
        self._done[number] = m.MultipartUploadPart(part_number=number, etag=etag, url=url)

    def _digested(self, start: int, size: int, digest: hashlib._Hash) -> Iterator[bytes]:
        for chunk in _chunks(self._source.descriptor, start, size, self._progress):
            digest.update(chunk)
            yield chunk

    def _complete(self, upload_id: str, sha256: str | None) -> None:
        parts = [self._done[number] for number in sorted(self._done)]
        ask = m.CompleteMultipartUpload(path=self._name, upload_id=upload_id, parts=parts)
        try:
            arrived = self._proxy.complete(self._folder, ask, sha256)
        except MlflowException as error:
            # The answer to an earlier try may be what was lost.
            if error.error_code != _GONE or self._proxy.digest(self._path) != sha256:
                raise
            return
        if arrived and arrived != sha256:
            raise MlflowException(f"{self._path!r} arrived damaged. Try again.", DATA_LOSS)
