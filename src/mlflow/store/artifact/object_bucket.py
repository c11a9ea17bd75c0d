"""The objects of one bucket below a prefix: streamed in and out, listed and deleted by key.

A download is made of ranges, each bounded in size and tried again on its own, so that a cut
connection costs one range.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Final

from mlflow._core.clock import sleep
from mlflow._core.retry import backoff
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.contract import FileStat
from mlflow.store.artifact.object_access import Place, explained
from mlflow.store.artifact.object_sink import SHA256, ObjectSink
from mlflow.store.artifact.streams import (
    CheckedReader,
    CheckedWriter,
    checked_range,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future

    from obstore import GetOptions, GetResult, ObjectMeta


_RANGE: Final = 8 * 1024 * 1024  # bytes of one request
_AT_ONCE: Final = 3  # ranges of one download
_TRIES: Final = 4
_DELETED_AT_ONCE: Final = 1000
_AGAIN: Final = "TEMPORARILY_UNAVAILABLE"
_MISSING: Final = "RESOURCE_DOES_NOT_EXIST"


class ObjectBucket:
    """Objects by their keys, those of uploads in progress too."""

    def __init__(self, place: Place) -> None:
        """Take an opened bucket."""
        self.place = place
        self._store = place.store

    def create(
        self, path: str, *, size: int | None = None, sha256: str | None = None
    ) -> CheckedWriter:
        """Begin an object; it appears when the writer is committed."""
        sink = ObjectSink(self.place, path, size, sha256)
        return CheckedWriter(path, sink, size=size, sha256=sha256)

    def read(self, path: str, *, start: int = 0, stop: int | None = None) -> CheckedReader:
        """Open an object for reading."""
        with explained("read artifact", path, self.place):
            whole = start == 0 and stop is None
            result = self._get(path, {} if whole else {"head": True})
            found = _stat(path, result)
            first, end = checked_range(found, start, stop)
            if whole and found.size <= _RANGE:
                return CheckedReader(
                    found, [bytes(result.bytes())], start=0, stop=found.size, close=_nothing
                )
        pool = ThreadPoolExecutor(_AT_ONCE, "artifact-download")
        return CheckedReader(
            found,
            self._ranges(found, first, end, pool),
            start=first,
            stop=end,
            close=lambda: pool.shutdown(wait=False, cancel_futures=True),
        )

    def _ranges(
        self, found: FileStat, start: int, stop: int, pool: ThreadPoolExecutor
    ) -> Iterator[bytes]:
        starts = iter(range(start, stop, _RANGE))

        def fetch(first: int) -> Future[bytes]:
            return pool.submit(self._range, found, first, min(first + _RANGE, stop))

        under_way = deque(map(fetch, islice(starts, _AT_ONCE)))
        while under_way:
            yield under_way.popleft().result()
            under_way.extend(map(fetch, islice(starts, 1)))

    def _range(self, found: FileStat, start: int, stop: int) -> bytes:
        waits = backoff(first=0.2, longest=2.0)
        for attempt in range(1, _TRIES + 1):
            try:
                with explained("read artifact", found.path, self.place):
                    options: GetOptions = {"range": (start, stop)}
                    if found.etag:
                        options["if_match"] = f'"{found.etag}"'
                    return bytes(self._get(found.path, options).bytes())
            except MlflowException as error:
                if attempt == _TRIES or error.error_code != _AGAIN:
                    raise
            sleep(next(waits))
        raise AssertionError  # the last try returned or raised

    def _get(self, path: str, options: GetOptions) -> GetResult:
        import obstore  # noqa: PLC0415 - optional

        return obstore.get(self._store, path, options=options)

    def stat(self, path: str) -> FileStat:
        """Return what is known of an object."""
        with explained("read artifact", path, self.place):
            return _stat(path, self._get(path, {"head": True}))

    def batches(self, path: str) -> Iterator[Sequence[ObjectMeta]]:
        """Yield all objects below a folder, hidden ones too, some at a time."""
        import obstore  # noqa: PLC0415 - optional

        stream = obstore.list(self._store, path or None, chunk_size=_DELETED_AT_ONCE)
        while True:
            with explained("list artifacts of", path, self.place):
                batch = next(stream, None)
            if batch is None:
                return
            yield batch

    def discard(self, paths: Sequence[str]) -> None:
        """Delete objects; nothing happens to those that are not there."""
        import obstore  # noqa: PLC0415 - optional

        try:
            with explained("delete artifact", paths[0], self.place):
                obstore.delete(self._store, paths)
        except MlflowException as error:
            if error.error_code != _MISSING:
                raise


def _stat(path: str, result: GetResult) -> FileStat:
    found = result.meta
    return FileStat(
        path,
        found["size"],
        int(found["last_modified"].timestamp() * 1000),
        (found["e_tag"] or "").strip('"'),
        result.attributes.get(SHA256),
    )


def _nothing() -> None:
    """Close nothing: all bytes are here."""
