"""The repositories of destinations that are reached over a network."""

from __future__ import annotations

import hashlib
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from mlflow._core.paths import relative_path
from mlflow.store.artifact.contract import CHUNK
from mlflow.store.artifact.destinations import open_destination
from mlflow.store.artifact.errors import explained
from mlflow.store.artifact.folders import opened
from mlflow.store.artifact.progress import Progress
from mlflow.store.artifact.source_repo import SourceRepository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mlflow.entities.file_info import FileInfo
    from mlflow.store.artifact.local_sources import SourceFile

_DIGESTED: Final = 8 * 1024 * 1024  # bytes: larger files are sent before their digest is known
# Files up to so many bytes -> how many are moved at once, so that all together stay below 100 MiB
# of memory; those above are moved one after the other, each in several parts at once.
_AT_ONCE: Final = ((1024 * 1024, 8), (8 * 1024 * 1024, 3), (sys.maxsize, 1))
_Item = TypeVar("_Item")


class FilesArtifactRepository(SourceRepository):
    """Artifacts at a destination that ``contract.ArtifactFiles`` describes."""

    def __init__(
        self, artifact_uri: str, tracking_uri: str | None = None, registry_uri: str | None = None
    ) -> None:
        """Open the destination; nothing is sent before the first use.

        Args:
            artifact_uri: Where the artifacts are.
            tracking_uri: The tracking store that the location belongs to.
            registry_uri: The model registry that the location belongs to.
        """
        super().__init__(artifact_uri, tracking_uri, registry_uri)
        self.files: Final = open_destination(artifact_uri)

    def _put(self, sources: Sequence[SourceFile]) -> None:
        files = [source for source in sources if source.file is not None]
        with Progress("Logging artifacts", sum(source.size for source in files)) as progress:
            _for_each(
                files,
                lambda source: self._upload(source, progress),
                size_of=lambda source: source.size,
            )

    def _upload(self, source: SourceFile, progress: Progress) -> None:
        with source.open() as opened_source:
            # A file that grows meanwhile is logged as it was when it was opened.
            descriptor, size = opened_source.descriptor, opened_source.size
            digest = _digest(descriptor, size) if size > _DIGESTED else None
            with self.files.create(source.path, size=size, sha256=digest) as writer:
                for chunk in _chunks(descriptor, size):
                    writer.write(chunk)
                    progress.add(len(chunk))

    def list_artifacts(self, path: str | None = None) -> list[FileInfo]:
        """Return the files and folders in a folder, ordered by path; a file holds nothing."""
        return self.files.list(relative_path(path or ""))

    def delete_artifacts(self, artifact_path: str | None = None) -> None:
        """Delete a file or a folder; everything by default."""
        self.files.delete(relative_path(artifact_path or ""))

    def read_artifact(self, artifact_path: str) -> bytes:
        """Return a file's content."""
        with self.files.read(relative_path(artifact_path)) as reader:
            return b"".join(reader)

    def _is_directory(self, artifact_path: str) -> bool:
        found = self.files.find(relative_path(artifact_path))
        return found is not None and found.is_dir

    def _download_file(self, remote_file_path: str, local_path: str) -> None:
        self._fetch(relative_path(remote_file_path), Path(local_path), Progress("", 0))

    def _download_files(self, infos: Sequence[FileInfo], target: Path, progress: Progress) -> None:
        _for_each(
            infos,
            lambda info: self._fetch(info.path, target / info.path, progress),
            size_of=lambda info: info.file_size or 0,
        )

    def _fetch(self, path: str, target: Path, progress: Progress) -> None:
        """Download a file; it appears only when length and digest are right."""
        with (
            self.files.read(path) as reader,
            explained("write", str(target)),
            opened(target.parent) as folder,
        ):
            staged = folder.stage(target.name)
            try:
                for chunk in reader:
                    staged.file.write(chunk)
                    progress.add(len(chunk))
                staged.publish()
            except BaseException:
                staged.discard()
                raise


class S3ArtifactRepository(FilesArtifactRepository):
    """Artifacts in S3, or in what speaks its protocol."""


class R2ArtifactRepository(S3ArtifactRepository):
    """Artifacts in Cloudflare R2."""


class B2ArtifactRepository(S3ArtifactRepository):
    """Artifacts in Backblaze B2."""


class GCSArtifactRepository(FilesArtifactRepository):
    """Artifacts in Google Cloud Storage."""


class AzureBlobArtifactRepository(FilesArtifactRepository):
    """Artifacts in Azure's blob storage."""


class AzureDataLakeArtifactRepository(AzureBlobArtifactRepository):
    """Artifacts in the same storage, by the name of its other host."""


class HttpArtifactRepository(FilesArtifactRepository):
    """Files of a web server, by their names: it has no listings, and nothing is written."""

    def _iter_artifacts_recursive(self, path: str) -> Iterator[FileInfo]:
        if not path:
            yield from self.list_artifacts()

    def _is_directory(self, artifact_path: str) -> bool:
        return not artifact_path


def _for_each(
    items: Sequence[_Item], work: Callable[[_Item], None], *, size_of: Callable[[_Item], int]
) -> None:
    """Do the work for all: many small ones at once, large ones, which share theirs out, in turn."""
    done = -1
    for limit, at_once in _AT_ONCE:
        group = [item for item in items if done < size_of(item) <= limit]
        done = limit
        if not group:
            continue
        pool = ThreadPoolExecutor(min(at_once, len(group)), "artifact-transfer")
        try:
            list(pool.map(work, group))
        finally:
            pool.shutdown(cancel_futures=True)  # those after a failure are not begun


def _chunks(descriptor: int, size: int) -> Iterator[bytes]:
    os.lseek(descriptor, 0, os.SEEK_SET)
    while size and (chunk := os.read(descriptor, min(size, CHUNK))):
        size -= len(chunk)
        yield chunk


def _digest(descriptor: int, size: int) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks(descriptor, size):
        digest.update(chunk)
    return digest.hexdigest()
