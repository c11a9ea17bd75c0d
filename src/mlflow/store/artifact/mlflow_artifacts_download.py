"""One file from a tracking server: streamed, gone on with after an interruption, checked.

A file appears under its name only when it is whole: of the length and the digest that the server
announced.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, BinaryIO, Final

from mlflow._wire.headers import SHA256
from mlflow.exceptions import DATA_LOSS, MlflowException
from mlflow.store.artifact.errors import explained
from mlflow.store.artifact.folders import opened
from mlflow.store.artifact.mlflow_artifacts_proxy import retried

if TYPE_CHECKING:
    from pathlib import Path

    from mlflow._http.reply import StreamedReply
    from mlflow.store.artifact.mlflow_artifacts_proxy import Proxy
    from mlflow.store.artifact.progress import Progress

_PARTIAL: Final = 206


class Download:
    """A download in progress; the file's position is how far it has come."""

    def __init__(self, proxy: Proxy, path: str, file: BinaryIO, progress: Progress) -> None:
        """Begin at the start.

        Args:
            proxy: The server.
            path: The file there.
            file: An empty file, open for writing.
            progress: Told how many bytes came.
        """
        self._proxy = proxy
        self._path = path
        self._file = file
        self._progress = progress
        self._etag: str | None = None
        self._restart()

    def _restart(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._digest = hashlib.sha256()
        self._have = 0

    @property
    def have(self) -> int:
        """How many bytes are there."""
        return self._have

    def attempt(self) -> None:
        """Fetch what is missing.

        Raises:
            TransportError: the way to the server failed; what came is kept.
            MlflowException: nothing is there, or what came is not what was announced.
        """
        start = self._have if self._etag else 0
        with self._proxy.read(self._path, start, self._etag) as reply:
            if reply.status != _PARTIAL or start != self._have:
                self._restart()
            self._etag = _strong(reply.headers.get("etag"))
            total = self._total(reply)
            for part in reply.body:
                self._file.write(part)
                self._digest.update(part)
                self._have += len(part)
                self._progress.add(len(part))
        expected = reply.headers.get(SHA256.lower())
        if total is not None and total != self._have:
            raise self._differs(f"{self._have} bytes instead of {total}")
        if expected and expected != self._digest.hexdigest():
            raise self._differs(f"sha256 {self._digest.hexdigest()} instead of {expected}")

    def _total(self, reply: StreamedReply) -> int | None:
        """Return how many bytes the file has, None when the framing alone says where it ends."""
        if "content-encoding" in reply.headers:
            self._etag = None  # ranges would be of other bytes
            return None
        length = reply.headers.get("content-length")
        if length is None:
            if "transfer-encoding" in reply.headers:
                return None
            raise self._differs("the server does not say how long it is")
        return self._have + int(length)

    def _differs(self, how: str) -> MlflowException:
        self._etag = None
        self._restart()
        return MlflowException(
            f"The download of {self._path!r} was incomplete or damaged: {how}. Nothing was kept.",
            DATA_LOSS,
        )


def _strong(etag: str | None) -> str | None:
    return None if not etag or etag.startswith("W/") else etag


def download_file(proxy: Proxy, path: str, target: Path, progress: Progress) -> None:
    """Download a file; it appears under its name only when it is whole.

    Args:
        proxy: The server.
        path: The file there.
        target: The new file; its directory exists.
        progress: Told how many bytes came.

    Raises:
        MlflowException: nothing is there, or it does not come whole.
    """
    with explained("write", str(target)), opened(target.parent) as folder:
        staged = folder.stage(target.name)
        try:
            download = Download(proxy, path, staged.file, progress)
            retried(download.attempt, progressed=lambda: download.have)
            staged.publish()
        except BaseException:
            staged.discard()
            raise
