"""Uploads in parts to a bucket: the parts are hidden objects that are joined in the end.

What obstore offers is the same for every scheme and knows no parts that outlive a process; so the
bytes of a completed upload pass this process once more, a range at a time. A scheme with uploads
in parts of its own has its own file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mlflow.store.artifact.contract import Part
from mlflow.store.artifact.upload_ids import (
    UPLOADS,
    matched_parts,
    new_upload_id,
    no_such_upload,
    require_number,
    require_upload_id,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from obstore import ObjectMeta
    from typing_extensions import Buffer

    from mlflow.store.artifact.contract import FileStat
    from mlflow.store.artifact.object_bucket import ObjectBucket

_BEGUN: Final = "begun"


class ObjectParts:
    """Uploads in parts to one bucket; see ``contract.Multipart`` for what holds."""

    part_size: Final = 64 * 1024 * 1024
    most_parts: Final = 10_000

    def __init__(self, bucket: ObjectBucket) -> None:
        """Take the bucket."""
        self._bucket = bucket

    def begin(self, path: str, *, sha256: str | None = None) -> str:  # noqa: ARG002 - the interface
        """Begin an upload and return its id."""
        upload_id = new_upload_id(path)
        with self._bucket.create(_key(upload_id, _BEGUN), size=0):
            return upload_id

    def write_part(
        self, path: str, upload_id: str, number: int, chunks: Iterable[Buffer], *, size: int
    ) -> Part:
        """Store a part; one with the same number is replaced."""
        require_number(number, self.most_parts)
        self._objects(path, upload_id)
        with self._bucket.create(_key(upload_id, f"{number:05}"), size=size) as writer:
            for chunk in chunks:
                writer.write(chunk)
            stat = writer.commit()
        return Part(number, stat.size, stat.etag, stat.sha256)

    def list_parts(self, path: str, upload_id: str) -> list[Part]:
        """Return the parts that are stored, ordered by number."""
        return sorted(
            Part(int(name), file["size"], (file["e_tag"] or "").strip('"'))
            for file in self._objects(path, upload_id)
            if (name := file["path"].rpartition("/")[2]) != _BEGUN
        )

    def complete(
        self, path: str, upload_id: str, parts: Sequence[Part], *, sha256: str | None = None
    ) -> FileStat:
        """Let the file appear, made of parts in the order of their numbers."""
        chosen = matched_parts(path, parts, self.list_parts(path, upload_id))
        total = sum(part.size for part in chosen)
        with self._bucket.create(path, size=total, sha256=sha256) as writer:
            for part in chosen:
                with self._bucket.read(_key(upload_id, f"{part.number:05}")) as reader:
                    for chunk in reader:
                        writer.write(chunk)
            stat = writer.commit()
        self.abort(path, upload_id)
        return stat

    def abort(self, path: str, upload_id: str) -> None:
        """Forget an upload and its parts; nothing happens when there is none."""
        require_upload_id(path, upload_id)
        self._discard(upload_id)

    def clean(self, *, before_ms: int) -> int:
        """Forget the uploads that nothing was added to since a time, and return how many."""
        latest: dict[str, float] = {}
        for batch in self._bucket.batches(UPLOADS):
            for file in batch:
                upload_id = file["path"].split("/")[1]
                changed = file["last_modified"].timestamp() * 1000
                latest[upload_id] = max(latest.get(upload_id, 0.0), changed)
        stale = [upload_id for upload_id, changed in latest.items() if changed < before_ms]
        for upload_id in stale:
            self._discard(upload_id)
        return len(stale)

    def _discard(self, upload_id: str) -> None:
        for batch in self._bucket.batches(f"{UPLOADS}/{upload_id}"):
            self._bucket.discard([file["path"] for file in batch])

    def _objects(self, path: str, upload_id: str) -> list[ObjectMeta]:
        require_upload_id(path, upload_id)
        found = [file for batch in self._bucket.batches(f"{UPLOADS}/{upload_id}") for file in batch]
        if not found:
            raise no_such_upload(path, upload_id)
        return found


def _key(upload_id: str, name: str) -> str:
    return f"{UPLOADS}/{upload_id}/{name}"
