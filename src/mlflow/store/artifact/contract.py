"""What a destination of artifacts must be able to do; one class for each scheme implements it.

Paths are canonical relative paths (``mlflow._core.paths``); "" is the root. A file appears under
its path only when it is complete: a write that fails or is killed leaves nothing under the final
name, and replaces nothing. Every method may be called from several threads at once; of two writes
to one path the last one wins whole. A stream (``Reader``, ``Writer``) belongs to one caller at a
time, on any thread. Nothing is kept in the process between two calls, so that one upload may be
served by several processes.

Errors are ``MlflowException``: RESOURCE_DOES_NOT_EXIST for what is not there,
INVALID_PARAMETER_VALUE for a path that cannot be used so, DATA_LOSS for bytes that are fewer or
other than they should be, TEMPORARILY_UNAVAILABLE for a destination that does not answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from typing_extensions import Buffer, Self

    from mlflow.entities.file_info import FileInfo

CHUNK: Final = 1024 * 1024  # bytes: no chunk of a stream is longer
PAGE: Final = 1000  # entries of a listing in one page


class FileStat(NamedTuple):
    """What is known of one file.

    ``etag`` is opaque text without quotes that is another one when the content is another one;
    ``sha256`` is in hex, None when the destination has not recorded it.
    """

    path: str
    size: int
    modified_ms: int
    etag: str
    sha256: str | None = None


class Page(NamedTuple):
    """Some entries of a folder, in the order of their names; ``next_token`` continues them."""

    entries: list[FileInfo]
    next_token: str | None


class Part(NamedTuple):
    """A stored part of an upload: its number from 1 on, size in bytes, the destination's tag."""

    number: int
    size: int
    etag: str
    sha256: str | None = None


class Presigned(NamedTuple):
    """A request that anyone may send until it expires, with these headers and no others needed."""

    method: str
    url: str
    headers: dict[str, str]


class Reader(Protocol):
    """A file's bytes from ``start`` up to ``stop``; close it, or use it as a context manager."""

    stat: FileStat
    start: int
    stop: int

    def __iter__(self) -> Iterator[bytes]:
        """Yield chunks of at most ``CHUNK`` bytes, ``stop - start`` in all.

        Raises:
            MlflowException: the file ended early (DATA_LOSS).
        """
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_exc: object) -> None: ...

    def close(self) -> None:
        """Let go of the file or the connection."""
        ...


class Writer(Protocol):
    """A file that is being written; ``commit`` or ``abort`` ends it, and ``abort`` is repeatable.

    As a context manager it is committed at the end of the block and aborted when the block fails.
    """

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, *_exc: object) -> None: ...

    def write(self, chunk: Buffer) -> object:
        """Append bytes."""
        ...

    def commit(self) -> FileStat:
        """Let the file appear under its path, and return what it is, with its sha256.

        Raises:
            MlflowException: size or digest are not what was announced (DATA_LOSS); nothing
                appears.
        """
        ...

    def abort(self) -> None:
        """Forget what was written; nothing happens to a file that has appeared."""
        ...


class Multipart(Protocol):
    """Files that arrive in parts, over several connections, and go on after an interruption."""

    @property
    def part_size(self) -> int:
        """Bytes that each part but the last should have."""
        ...

    @property
    def most_parts(self) -> int:
        """The greatest number of a part."""
        ...

    def begin(self, path: str, *, sha256: str | None = None) -> str:
        """Begin an upload and return its id.

        Args:
            path: Where the file will appear.
            sha256: The whole file's digest in hex, recorded with it where that is possible.
        """
        ...

    def write_part(
        self, path: str, upload_id: str, number: int, chunks: Iterable[Buffer], *, size: int
    ) -> Part:
        """Store a part; one with the same number is replaced. Parts come in any order.

        Args:
            path: The path that the upload was begun with.
            upload_id: The upload.
            number: From 1 on.
            chunks: The part's bytes.
            size: How many bytes there must be.

        Raises:
            MlflowException: there is no such upload, or fewer or more bytes came (DATA_LOSS).
        """
        ...

    def list_parts(self, path: str, upload_id: str) -> list[Part]:
        """Return the parts that are stored, ordered by number.

        Raises:
            MlflowException: there is no such upload.
        """
        ...

    def complete(
        self, path: str, upload_id: str, parts: Sequence[Part], *, sha256: str | None = None
    ) -> FileStat:
        """Let the file appear, made of parts in the order of their numbers; the upload is over.

        Args:
            path: The path that the upload was begun with.
            upload_id: The upload.
            parts: What the file consists of, with the tags that storing them gave.
            sha256: The whole file's digest in hex, checked where that needs no second download.

        Raises:
            MlflowException: there is no such upload; a part is missing or another one
                (INVALID_PARAMETER_VALUE); the digest differs (DATA_LOSS).
        """
        ...

    def abort(self, path: str, upload_id: str) -> None:
        """Forget an upload and its parts; nothing happens when there is none."""
        ...

    def clean(self, *, before_ms: int) -> int:
        """Forget the uploads that are older than a time, and return how many."""
        ...


class Presigner(Protocol):
    """Requests that let a client reach the destination itself."""

    def presign_get(self, path: str, *, seconds: int) -> Presigned:
        """Return a request that downloads a file, valid for so many seconds.

        Raises:
            MlflowException: this file must go through the server (NOT_IMPLEMENTED).
        """
        ...

    def presign_put(self, path: str, *, seconds: int, sha256: str | None = None) -> Presigned:
        """Return a request that uploads a file, its body the bytes.

        Raises:
            MlflowException: this file must go through the server (NOT_IMPLEMENTED).
        """
        ...

    def presign_part(
        self, path: str, upload_id: str, number: int, *, seconds: int
    ) -> Presigned | None:
        """Return a request that uploads a part, None where parts must go through the server."""
        ...


class ArtifactFiles(Protocol):
    """Streams in, streams out, listings, and deletion.

    ``multipart`` and ``presigner`` are None where the destination has no such thing.
    """

    @property
    def uri(self) -> str:
        """The location of the root."""
        ...

    @property
    def multipart(self) -> Multipart | None:
        """Uploads in parts."""
        ...

    @property
    def presigner(self) -> Presigner | None:
        """Requests for clients."""
        ...

    def create(self, path: str, *, size: int | None = None, sha256: str | None = None) -> Writer:
        """Begin a file; it appears when the writer is committed.

        Args:
            path: Where to; folders on the way are made, a file that is there is replaced.
            size: How many bytes will come, when that is known; checked.
            sha256: Their digest in hex, when that is known; checked, and recorded where possible.
        """
        ...

    def read(self, path: str, *, start: int = 0, stop: int | None = None) -> Reader:
        """Open a file for reading.

        Args:
            path: The file.
            start: First byte, at most the file's size.
            stop: The byte after the last one, the file's end by default and at most.

        Raises:
            MlflowException: nothing is there, or a folder; the range begins after the end.
        """
        ...

    def stat(self, path: str) -> FileStat:
        """Return what is known of a file.

        Raises:
            MlflowException: nothing is there, or a folder (RESOURCE_DOES_NOT_EXIST).
        """
        ...

    def find(self, path: str) -> FileInfo | None:
        """Return what is at a path, file or folder; None when nothing is."""
        ...

    def list(self, path: str) -> list[FileInfo]:
        """Return a folder's files and folders in the order of their paths.

        Args:
            path: The folder; a missing one and a file hold nothing.
        """
        ...

    def list_page(self, path: str, *, token: str | None = None, limit: int = PAGE) -> Page:
        """Return some of a folder's files and folders in the order of their paths.

        Args:
            path: The folder; a missing one and a file hold nothing.
            token: The ``next_token`` of the page before.
            limit: Most entries.
        """
        ...

    def delete(self, path: str) -> None:
        """Delete a file or a folder with all it holds; nothing happens when nothing is there."""
        ...

    def clean(self, *, before_ms: int) -> int:
        """Delete what writes and uploads that were begun before a time left behind.

        Args:
            before_ms: Milliseconds since 1970.

        Returns:
            How many were deleted.
        """
        ...
