"""The repository of one artifact location, in the shape that callers and plugins know.

``ArtifactRepository`` is what plugins subclass: four methods are theirs, the rest is derived from
them. ``remote_repo`` derives everything from ``contract.ArtifactFiles``.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from mlflow._core.paths import canonical_path, join_path, relative_path, split_path
from mlflow.exceptions import (
    INVALID_PARAMETER_VALUE,
    RESOURCE_DOES_NOT_EXIST,
    MlflowException,
    MlflowNotImplementedException,
)
from mlflow.store.artifact.copying import copy_stream
from mlflow.store.artifact.progress import Progress

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from mlflow.entities.file_info import FileInfo


class ArtifactRepository:
    """Artifacts below one URI.

    A plugin implements ``log_artifact``, ``log_artifacts``, ``list_artifacts`` and
    ``_download_file``, and ``delete_artifacts`` if its place can delete.
    """

    def __init__(
        self, artifact_uri: str, tracking_uri: str | None = None, registry_uri: str | None = None
    ) -> None:
        """Remember the location; nothing is opened.

        Args:
            artifact_uri: Where the artifacts are.
            tracking_uri: The tracking store that the location belongs to.
            registry_uri: The model registry that the location belongs to.
        """
        self.artifact_uri = artifact_uri
        self.tracking_uri = tracking_uri
        self.registry_uri = registry_uri

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(artifact_uri={self.artifact_uri!r}, "
            f"tracking_uri={self.tracking_uri!r}, registry_uri={self.registry_uri!r})"
        )

    def _unsupported(self, operation: str, *subject: object) -> MlflowNotImplementedException:
        named = ", ".join(repr(str(part)) for part in subject if part)
        return MlflowNotImplementedException(
            f"{type(self).__name__} cannot {operation} ({named or 'everything'}) at "
            f"{self.artifact_uri!r}."
        )

    def log_artifact(
        self, local_file: str | os.PathLike[str], artifact_path: str | None = None
    ) -> None:
        """Log a local file under its own name.

        Args:
            local_file: The file.
            artifact_path: Folder to log it in; the root by default.
        """
        raise self._unsupported("log artifacts", local_file, artifact_path)

    def log_artifacts(
        self, local_dir: str | os.PathLike[str], artifact_path: str | None = None
    ) -> None:
        """Log everything that a local directory holds.

        Args:
            local_dir: The directory; its own name is not part of the artifacts' paths.
            artifact_path: Folder to log into; the root by default.
        """
        raise self._unsupported("log artifacts", local_dir, artifact_path)

    def list_artifacts(self, path: str | None = None) -> list[FileInfo]:
        """Return the files and folders in a folder, ordered by path; a file holds nothing.

        Args:
            path: The folder; the root by default.
        """
        raise self._unsupported("list artifacts", path)

    def delete_artifacts(self, artifact_path: str | None = None) -> None:
        """Delete a file or a folder; everything by default.

        Args:
            artifact_path: What to delete; nothing happens when it is not there.
        """
        raise self._unsupported("delete artifacts", artifact_path)

    def _download_file(self, remote_file_path: str, local_path: str) -> None:
        """Download one file.

        Args:
            remote_file_path: The artifact's path.
            local_path: The new file; its directory exists.
        """
        raise self._unsupported("download artifacts", remote_file_path, local_path)

    def get_local_path(self, artifact_path: str) -> str | None:
        """Return where an artifact lies on this machine, None when it does not.

        Args:
            artifact_path: The artifact's path, "" for the root.
        """
        relative_path(artifact_path)
        return None

    def _is_directory(self, artifact_path: str) -> bool:
        return bool(self.list_artifacts(artifact_path or None))

    def _iter_artifacts_recursive(self, path: str) -> Iterator[FileInfo]:
        """Yield the files and the empty folders below a folder."""
        for info in self.list_artifacts(path or None):
            # The listing may come from another machine: what it names must lie where it was asked.
            inner = canonical_path(info.path)
            if path and not inner.startswith(path + "/"):
                raise MlflowException(
                    f"The listing of {path!r} at {self.artifact_uri!r} holds {inner!r}, which is "
                    "not in it.",
                    INVALID_PARAMETER_VALUE,
                )
            if not info.is_dir:
                yield info
                continue
            empty = True
            for deeper in self._iter_artifacts_recursive(inner):
                empty = False
                yield deeper
            if empty:
                yield info

    def _download_files(self, infos: Sequence[FileInfo], target: Path, progress: Progress) -> None:
        """Download files below a directory; the folders are there."""
        for info in infos:
            self._download_file(info.path, str(target / info.path))
            progress.add(info.file_size or 0)

    def download_artifacts(
        self, artifact_path: str, dst_path: str | os.PathLike[str] | None = None
    ) -> str:
        """Download a file or a folder and return its local path.

        Args:
            artifact_path: What to download, "" for everything.
            dst_path: An existing directory to put it in, below the same relative path; a new
                temporary one by default.

        Raises:
            MlflowException: nothing is at the path, or the directory does not exist.
        """
        path = relative_path(artifact_path)
        files = list(self._iter_artifacts_recursive(path))
        target = download_folder(dst_path)
        if not files and path and not self._is_directory(path):
            local = target / path
            local.parent.mkdir(parents=True, exist_ok=True)
            self._download_file(path, str(local))
            return str(local)
        if path:
            (target / path).mkdir(parents=True, exist_ok=True)
        with Progress("Downloading artifacts", sum(info.file_size or 0 for info in files)) as bar:
            for info in files:
                local = target / info.path
                (local if info.is_dir else local.parent).mkdir(parents=True, exist_ok=True)
            self._download_files([info for info in files if not info.is_dir], target, bar)
        return str(target / path if path else target)

    def writer(self, artifact_file: str) -> AbstractContextManager[BinaryIO]:
        """Open an artifact for writing; it is logged when the block ends without an error.

        Args:
            artifact_file: The artifact's path.

        Returns:
            A context manager that gives a binary file, open for reading and writing.
        """
        return self._temporary_writer(artifact_file)

    @contextmanager
    def _temporary_writer(self, artifact_file: str) -> Iterator[BinaryIO]:
        folder, name = split_path(canonical_path(artifact_file))
        with tempfile.TemporaryDirectory(prefix="headrace-") as temporary:
            local = Path(temporary, name)
            with local.open("w+b") as file:
                yield file
            self.log_artifact(str(local), folder or None)

    def read_artifact(self, artifact_path: str) -> bytes:
        """Return a file's content.

        Args:
            artifact_path: The file.

        Raises:
            MlflowException: no file is at the path.
        """
        with tempfile.TemporaryDirectory(prefix="headrace-") as temporary:
            return Path(self.download_artifacts(artifact_path, temporary)).read_bytes()

    def log_artifact_from_stream(
        self, stream: BinaryIO, artifact_file_name: str, artifact_path: str | None = None
    ) -> None:
        """Log what a binary stream holds, from its position to its end.

        Args:
            stream: Open for reading.
            artifact_file_name: The artifact's name.
            artifact_path: Folder to log it in; the root by default.
        """
        with self.writer(join_path(artifact_path, artifact_file_name)) as file:
            copy_stream(stream, file)


def download_folder(path: str | os.PathLike[str] | None) -> Path:
    """Return the directory for a download: the one given, or a new temporary one.

    Raises:
        MlflowException: the directory does not exist.
    """
    if path is None:
        return Path(tempfile.mkdtemp(prefix="headrace-"))
    target = Path(path).absolute()
    if not target.is_dir():
        raise MlflowException(
            "The destination path for downloaded artifacts does not exist! Destination path: "
            f"{target}",
            RESOURCE_DOES_NOT_EXIST,
        )
    return target
