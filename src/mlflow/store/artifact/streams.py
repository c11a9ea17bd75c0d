"""Streams of artifacts: counted, digested and checked in one place for all destinations."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

from mlflow.exceptions import (
    DATA_LOSS,
    INVALID_PARAMETER_VALUE,
    RESOURCE_DOES_NOT_EXIST,
    MlflowException,
)
from mlflow.store.artifact.contract import CHUNK, FileStat
from mlflow.store.artifact.folders import is_temporary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from typing_extensions import Buffer, Self


class Sink(Protocol):
    """Where a writer's bytes go; the only part of it that a destination has to make."""

    def write(self, chunk: Buffer) -> object:
        """Append bytes."""
        ...

    def commit(self, size: int, sha256: str) -> FileStat:
        """Let the file appear."""
        ...

    def abort(self) -> None:
        """Forget what was written; repeatable."""
        ...


class CheckedWriter:
    """A ``contract.Writer`` over a sink: counts and digests what passes, and checks it."""

    def __init__(
        self, path: str, sink: Sink, *, size: int | None = None, sha256: str | None = None
    ) -> None:
        """Begin with nothing written.

        Args:
            path: The artifact, for messages.
            sink: Where the bytes go.
            size: How many bytes there must be; any by default.
            sha256: Their digest in hex; any by default.
        """
        self._path = path
        self._sink = sink
        self._announced = size
        self._expected = None if sha256 is None else sha256.lower()
        self._digest = hashlib.sha256()
        self._size = 0
        self._over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_exc: object) -> None:
        if self._over:
            return
        if kind is None:
            self.commit()
        else:
            self.abort()

    def write(self, chunk: Buffer) -> int:
        """Append bytes and return how many.

        Raises:
            MlflowException: there are more than were announced (DATA_LOSS).
        """
        view = memoryview(chunk).cast("B")
        self._size += len(view)
        if self._announced is not None and self._size > self._announced:
            raise self._differs(f"more than the {self._announced} bytes announced")
        try:
            for start in range(0, len(view), CHUNK):
                piece = view[start : start + CHUNK]
                self._digest.update(piece)
                self._sink.write(piece)
        except BaseException:
            self.abort()
            raise
        return len(view)

    def commit(self) -> FileStat:
        """Let the file appear under its path, and return what it is."""
        if self._over:
            raise MlflowException(f"The upload of {self._path!r} is over.")
        digest = self._digest.hexdigest()
        if self._announced is not None and self._size != self._announced:
            raise self._differs(f"{self._size} bytes instead of {self._announced}")
        if self._expected is not None and digest != self._expected:
            raise self._differs(f"sha256 {digest} instead of {self._expected}")
        try:
            stat = self._sink.commit(self._size, digest)
        except BaseException:
            self.abort()
            raise
        self._over = True
        return stat._replace(sha256=digest)

    def abort(self) -> None:
        """Forget what was written; nothing happens to a file that has appeared."""
        if not self._over:
            self._over = True
            self._sink.abort()

    def _differs(self, how: str) -> MlflowException:
        self.abort()
        return differs(self._path, how)


class CheckedReader:
    """A ``contract.Reader`` over any chunks: bounds their size, checks their number and digest.

    The digest is checked at the end of a whole file, where the destination has recorded one.
    """

    def __init__(
        self,
        stat: FileStat,
        chunks: Iterable[Buffer],
        *,
        start: int,
        stop: int,
        close: Callable[[], object],
    ) -> None:
        """Remember what will be read.

        Args:
            stat: The file.
            chunks: The bytes from ``start`` on.
            start: First byte.
            stop: The byte after the last one.
            close: Lets go of what the chunks come from; called once.
        """
        self.stat = stat
        self.start = start
        self.stop = stop
        self._chunks = chunks
        self._close: Callable[[], object] | None = close

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[bytes]:
        left = self.stop - self.start
        whole = self.stat.sha256 is not None and left == self.stat.size
        digest = hashlib.sha256()
        for chunk in self._chunks if left else ():
            view = memoryview(chunk).cast("B")
            left -= len(view)
            if left < 0:
                break
            if whole:
                digest.update(view)
            if isinstance(chunk, bytes) and len(chunk) <= CHUNK:
                yield chunk
                continue
            for start in range(0, len(view), CHUNK):
                yield bytes(view[start : start + CHUNK])
        if left:
            raise differs(
                self.stat.path,
                f"{self.stop - self.start - left} bytes instead of {self.stop - self.start}",
            )
        if whole and digest.hexdigest() != self.stat.sha256:
            raise differs(
                self.stat.path, f"sha256 {digest.hexdigest()} instead of {self.stat.sha256}"
            )

    def close(self) -> None:
        """Let go of the file or the connection."""
        close, self._close = self._close, None
        self._chunks = ()
        if close is not None:
            close()


def require_visible(path: str) -> str:
    """Return a path that no write in progress uses.

    Raises:
        MlflowException: a segment of it is reserved.
    """
    if any(map(is_temporary, path.split("/"))):
        raise MlflowException(
            f"{path!r} cannot be the name of an artifact: names like it are used while files are "
            "being written.",
            INVALID_PARAMETER_VALUE,
        )
    return path


def no_such_artifact(path: str) -> MlflowException:
    """Return the error for a path with nothing at it."""
    return MlflowException(f"No such artifact: {path!r}", RESOURCE_DOES_NOT_EXIST)


def differs(path: str, how: str) -> MlflowException:
    """Return the error for bytes that are fewer or other than they should be.

    Args:
        path: The artifact.
        how: What came instead of what.
    """
    return MlflowException(
        f"The transfer of artifact {path!r} was incomplete or damaged: {how}. Try again.", DATA_LOSS
    )


def checked_range(stat: FileStat, start: int, stop: int | None) -> tuple[int, int]:
    """Return the bytes to read of a file, cut at its end.

    Raises:
        MlflowException: the range begins after the end, or ends before it begins.
    """
    end = stat.size if stop is None else min(stop, stat.size)
    if not 0 <= start <= end:
        raise MlflowException(
            f"Cannot read bytes {start} to {stop} of artifact {stat.path!r}: it has {stat.size}.",
            INVALID_PARAMETER_VALUE,
        )
    return start, end
