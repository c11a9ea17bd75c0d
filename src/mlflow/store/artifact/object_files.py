"""Artifacts as objects of a bucket or container: one key for each file, plain below a prefix.

What S3, Google Cloud Storage and Azure have in common is obstore's; the file of each scheme says
how its bucket is opened.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from mlflow._core.paths import join_path, split_path
from mlflow.entities.file_info import FileInfo
from mlflow.exceptions import NOT_IMPLEMENTED, MlflowException
from mlflow.store.artifact.contract import PAGE, FileStat, Page, Presigned
from mlflow.store.artifact.folders import is_temporary
from mlflow.store.artifact.object_access import Place, explained
from mlflow.store.artifact.object_bucket import ObjectBucket
from mlflow.store.artifact.object_parts import ObjectParts
from mlflow.store.artifact.s3_parts import S3Parts
from mlflow.store.artifact.streams import (
    CheckedReader,
    CheckedWriter,
    no_such_artifact,
    require_visible,
)

if TYPE_CHECKING:
    from typing import Literal

    from mlflow.store.artifact.s3_parts import S3Bucket

_MISSING: Final = "RESOURCE_DOES_NOT_EXIST"


class ObjectFiles:
    """The files below one prefix; see ``contract.ArtifactFiles`` for what holds."""

    def __init__(self, place: Place, *, s3: S3Bucket | None = None) -> None:
        """Take an opened bucket.

        Args:
            place: The bucket.
            s3: The same for S3's own uploads in parts; by default parts are objects that are
                joined in the end.
        """
        self.place = place
        self._store = place.store
        self.uri = place.uri
        self._bucket = ObjectBucket(place)
        self.multipart = ObjectParts(self._bucket) if s3 is None else S3Parts(self._bucket, s3)
        self.presigner = ObjectPresigner(place, self.multipart)

    def create(
        self, path: str, *, size: int | None = None, sha256: str | None = None
    ) -> CheckedWriter:
        """Begin a file; it appears when the writer is committed."""
        return self._bucket.create(require_visible(path), size=size, sha256=sha256)

    def read(self, path: str, *, start: int = 0, stop: int | None = None) -> CheckedReader:
        """Open a file for reading."""
        return self._bucket.read(require_visible(path), start=start, stop=stop)

    def stat(self, path: str) -> FileStat:
        """Return what is known of a file."""
        if not path:
            raise no_such_artifact(path)
        return self._bucket.stat(require_visible(path))

    def find(self, path: str) -> FileInfo | None:
        """Return what is at a path, None when nothing is."""
        import obstore  # noqa: PLC0415 - optional

        if path:
            try:
                with explained("read artifact", path, self.place):
                    size = obstore.head(self._store, require_visible(path))["size"]
                    return FileInfo(path, is_dir=False, file_size=size)
            except MlflowException as error:
                if error.error_code != _MISSING:
                    raise
        if self.list_page(path, limit=1).entries:
            return FileInfo(path, is_dir=True, file_size=None)
        return None

    def list(self, path: str) -> list[FileInfo]:
        """Return a folder's files and folders in the order of their paths."""
        import obstore  # noqa: PLC0415 - optional

        with explained("list artifacts of", path, self.place):
            found = obstore.list_with_delimiter(self._store, require_visible(path) or None)
        infos = [
            FileInfo(folder, is_dir=True, file_size=None) for folder in found["common_prefixes"]
        ]
        infos += [
            FileInfo(file["path"], is_dir=False, file_size=file["size"])
            for file in found["objects"]
            if file["path"] != path  # a marker that some programs make for a folder
        ]
        return sorted(filter(_is_visible, infos), key=lambda info: info.path)

    def list_page(self, path: str, *, token: str | None = None, limit: int = PAGE) -> Page:
        """Return some of a folder's files and folders in the order of their paths."""
        left = [info for info in self.list(path) if split_path(info.path)[1] > (token or "")]
        shown = left[:limit]
        return Page(shown, split_path(shown[-1].path)[1] if len(left) > limit else None)

    def delete(self, path: str) -> None:
        """Delete a file or a folder with all it holds; nothing happens when nothing is there."""
        if path:
            self._bucket.discard([require_visible(path)])
        for batch in self._bucket.batches(path):
            self._bucket.discard([file["path"] for file in batch])

    def clean(self, *, before_ms: int) -> int:
        """Delete what uploads in parts that were begun before a time left behind."""
        return self.multipart.clean(before_ms=before_ms)


class ObjectPresigner:
    """Requests to a bucket that hold their own permission."""

    def __init__(self, place: Place, parts: ObjectParts | S3Parts) -> None:
        self._place = place
        self._parts = parts

    def presign_get(self, path: str, *, seconds: int) -> Presigned:
        """Return a request that downloads a file."""
        return self._signed("GET", path, seconds, {})

    def presign_put(
        self,
        path: str,
        *,
        seconds: int,
        sha256: str | None = None,  # noqa: ARG002 - metadata would have to be signed
    ) -> Presigned:
        """Return a request that uploads a file, its body the bytes."""
        return self._signed("PUT", path, seconds, dict(self._place.put_headers))

    def presign_part(
        self, path: str, upload_id: str, number: int, *, seconds: int
    ) -> Presigned | None:
        """Return a request that uploads a part."""
        if isinstance(self._parts, ObjectParts):
            return None
        return self._parts.presign_part(path, upload_id, number, seconds=seconds)

    def _signed(
        self, method: Literal["GET", "PUT"], path: str, seconds: int, headers: dict[str, str]
    ) -> Presigned:
        import obstore  # noqa: PLC0415 - optional

        place = self._place
        whole = join_path(str(place.store.prefix or ""), require_visible(path))
        if place.signs_plain_names_only and quote(whole, safe="/~") != whole:
            raise MlflowException(
                f"No request for {path!r} at {place.uri!r} can be signed: its name has characters "
                "other than letters, digits and '-._~'. Reach it through the server.",
                NOT_IMPLEMENTED,
            )
        with explained("sign a request for", path, place):
            url = obstore.sign(place.store, method, path, timedelta(seconds=seconds))
        return Presigned(method, url, headers)


def _is_visible(info: FileInfo) -> bool:
    return not is_temporary(split_path(info.path)[1])
