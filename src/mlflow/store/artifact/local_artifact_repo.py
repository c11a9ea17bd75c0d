"""The repository of a plain path or a ``file:`` URI."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from mlflow._core.paths import canonical_path, relative_path
from mlflow._core.uri import is_local_uri, local_path, scheme_of
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repo import download_folder
from mlflow.store.artifact.local_files import LocalFiles
from mlflow.store.artifact.progress import Progress
from mlflow.store.artifact.source_repo import SourceRepository
from mlflow.store.artifact.streams import no_such_artifact

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from mlflow.entities.file_info import FileInfo
    from mlflow.store.artifact.local_sources import SourceFile


def artifact_directory(artifact_uri: str) -> Path:
    """Return the directory that a plain path or a ``file:`` URI names.

    Args:
        artifact_uri: The location. A plain path is taken literally; a URI is percent-decoded
            once, and has neither query nor fragment nor a host but this one.

    Raises:
        MlflowException: the URI cannot name a directory of this machine.
    """
    if scheme_of(artifact_uri):
        split = urlsplit(artifact_uri)
        if "?" in artifact_uri or "#" in artifact_uri or ";" in split.path:
            raise MlflowException.invalid_parameter_value(
                f"Invalid artifact location {artifact_uri!r}: a file URI has no query, fragment "
                "or parameters. Percent-encode these characters, or give a plain path."
            )
    if "\x00" in artifact_uri or not is_local_uri(artifact_uri):
        raise MlflowException.invalid_parameter_value(
            f"Invalid artifact location {artifact_uri!r}: it is not a directory of this machine. "
            "Give a path, or a file URI without a host, such as 'file:///data/artifacts'."
        )
    return local_path(artifact_uri).absolute()


class LocalArtifactRepository(SourceRepository):
    """Artifacts in a directory of this machine."""

    def __init__(
        self, artifact_uri: str, tracking_uri: str | None = None, registry_uri: str | None = None
    ) -> None:
        """Remember the directory; nothing is made before the first write.

        Args:
            artifact_uri: A path or a ``file:`` URI.
            tracking_uri: The tracking store that the location belongs to.
            registry_uri: The model registry that the location belongs to.
        """
        super().__init__(artifact_uri, tracking_uri, registry_uri)
        self._files = LocalFiles(artifact_directory(artifact_uri))

    @property
    def artifact_dir(self) -> str:
        """The directory."""
        return str(self._files.root)

    def _put(self, sources: Sequence[SourceFile]) -> None:
        with Progress("Logging artifacts", sum(source.size for source in sources)) as progress:
            self._files.put(sources, progress)

    def list_artifacts(self, path: str | None = None) -> list[FileInfo]:
        """Return the files and folders in a folder, ordered by path; a file holds nothing."""
        return self._files.list(relative_path(path or ""))

    def delete_artifacts(self, artifact_path: str | None = None) -> None:
        """Delete a file or a folder; everything by default."""
        self._files.delete(relative_path(artifact_path or ""))

    def get_local_path(self, artifact_path: str) -> str:
        """Return where an artifact lies on this machine."""
        path = relative_path(artifact_path)
        return str(self._files.root / path if path else self._files.root)

    def _is_directory(self, artifact_path: str) -> bool:
        found = self._files.find(relative_path(artifact_path))
        return found is not None and found.is_dir

    def _download_file(self, remote_file_path: str, local_path: str) -> None:
        self._files.fetch(relative_path(remote_file_path), Path(local_path), Progress("", 0))

    def download_artifacts(
        self, artifact_path: str, dst_path: str | os.PathLike[str] | None = None
    ) -> str:
        """Return the artifact's own path, or copy it into a directory and return that path.

        Args:
            artifact_path: A file or a folder, "" for everything.
            dst_path: An existing directory to copy to, below the same relative path. Without one
                nothing is copied: do not change what the returned path holds.

        Raises:
            MlflowException: nothing is at the path, or the directory does not exist.
        """
        path = relative_path(artifact_path)
        found = self._files.find(path)
        if found is None:
            raise no_such_artifact(path)
        if dst_path is None:
            return self.get_local_path(path)
        target = download_folder(dst_path)
        if found.is_dir:
            return super().download_artifacts(path, target)
        local = target / path
        local.parent.mkdir(parents=True, exist_ok=True)
        with Progress("Downloading artifacts", found.file_size or 0) as progress:
            self._files.fetch(path, local, progress)
        return str(local)

    def writer(self, artifact_file: str) -> AbstractContextManager[BinaryIO]:
        """Open an artifact for writing; it is logged when the block ends without an error."""
        return self._files.writer(canonical_path(artifact_file))

    def read_artifact(self, artifact_path: str) -> bytes:
        """Return a file's content."""
        with self._files.open(relative_path(artifact_path)) as file:
            return file.read()
