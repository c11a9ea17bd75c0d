"""Writing one object: in one request when it is small, else in parts while the bytes come.

obstore pulls what it uploads and forgets the parts of an upload whose source fails; a writer is
pushed to. So the upload runs on a thread that reads a short queue.
"""

from __future__ import annotations

import mimetypes
from contextlib import suppress
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Final

from mlflow._core.clock import now_ms
from mlflow.store.artifact.contract import CHUNK, FileStat
from mlflow.store.artifact.object_access import Place, explained, require_threads
from mlflow.store.artifact.streams import differs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from obstore import Attributes, PutResult
    from typing_extensions import Buffer

SHA256: Final = "sha256"  # key of the metadata
_PART: Final = 8 * 1024 * 1024  # bytes; S3 takes no smaller part than 5 MiB
_PART_OF_UNKNOWN: Final = 12 * 1024 * 1024  # 10,000 parts are 115 GB
_MOST_PARTS: Final = 9_000
_AT_ONCE: Final = 3
_QUEUED: Final = 4  # chunks


class _AbortedError(Exception):
    """Makes obstore forget an upload."""


class ObjectSink:
    """A ``streams.Sink`` for one object."""

    def __init__(self, place: Place, path: str, size: int | None, sha256: str | None) -> None:
        """Begin with nothing sent.

        Args:
            place: The bucket.
            path: The key below the bucket's prefix.
            size: How many bytes will come, when that is known.
            sha256: Their digest in hex, when that is known.
        """
        require_threads()
        self._place = place
        self._path = path
        self._sha256 = sha256
        self._part = part_size(size)
        self._held: list[bytes] = []
        self._held_size = 0
        self._queue: Queue[bytes | None] = Queue(_QUEUED)
        self._upload: Thread | None = None
        self._cut = False
        self._result: PutResult | None = None
        self._error: Exception | None = None

    def write(self, chunk: Buffer) -> None:
        """Append bytes."""
        piece = bytes(chunk)
        if self._upload is not None:
            self._push(piece)
            return
        self._held.append(piece)
        self._held_size += len(piece)
        if self._held_size > self._part:
            self._upload = Thread(target=self._run, name="artifact-upload", daemon=True)
            self._upload.start()
            held, self._held = self._held, []
            for piece in held:
                self._push(piece)

    def commit(self, size: int, sha256: str) -> FileStat:
        """Let the object appear."""
        if self._upload is None:
            import obstore  # noqa: PLC0415 - optional

            with explained("write artifact", self._path, self._place):
                self._result = obstore.put(
                    self._place.store,
                    self._path,
                    b"".join(self._held),
                    attributes=attributes_of(self._place, self._path, sha256),
                    tags=self._place.tags,
                    use_multipart=False,
                )
        else:
            self._queue.put(None)
            self._upload.join()
        self._check()
        if self._result is None:
            raise differs(self._path, "the upload ended without an answer")
        etag = self._result["e_tag"] or ""
        return FileStat(self._path, size, now_ms(), etag.strip('"'))

    def abort(self) -> None:
        """Forget what was sent."""
        self._held = []
        if self._upload is not None and self._upload.is_alive():
            self._cut = True
            self._queue.put(None)
            self._upload.join()

    def _push(self, piece: bytes) -> None:
        self._check()
        self._queue.put(piece)

    def _check(self) -> None:
        if self._error is not None:
            with explained("write artifact", self._path, self._place):
                raise self._error

    def _run(self) -> None:
        import obstore  # noqa: PLC0415 - optional

        pieces = self._pieces()
        try:
            self._result = obstore.put(
                self._place.store,
                self._path,
                pieces,
                attributes=attributes_of(self._place, self._path, self._sha256),
                tags=self._place.tags,
                use_multipart=True,
                chunk_size=self._part,
                max_concurrency=_AT_ONCE,
            )
        except (obstore.exceptions.BaseError, OSError, _AbortedError) as error:
            self._error = error
        finally:
            with suppress(_AbortedError):
                for _ in pieces:  # so that nobody waits for room in the queue
                    pass

    def _pieces(self) -> Iterator[bytes]:
        while (piece := self._queue.get()) is not None:
            yield piece
        if self._cut:
            raise _AbortedError


def part_size(size: int | None) -> int:
    """Return how many bytes a part has in an upload of so many bytes."""
    if size is None:
        return _PART_OF_UNKNOWN
    return max(_PART, -(-size // _MOST_PARTS) + CHUNK)


def attributes_of(place: Place, path: str, sha256: str | None) -> Attributes:
    """Return what is recorded with an object: its type, its digest, the place's own."""
    kind, encoding = mimetypes.guess_type(path, strict=False)
    attributes: Attributes = {}
    if kind is not None and encoding is None:  # an encoding may be undone by those who read
        attributes["Content-Type"] = kind
    if sha256 is not None:
        attributes[SHA256] = sha256
    return {**attributes, **place.attributes}
