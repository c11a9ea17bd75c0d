"""The repository of artifacts that go through a tracking server: ``mlflow-artifacts:/<path>``."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mlflow._core.paths import canonical_path, join_path, relative_path
from mlflow.entities.file_info import FileInfo
from mlflow.environment_variables import MLFLOW_TRACKING_URI
from mlflow.store.artifact.mlflow_artifacts_download import download_file
from mlflow.store.artifact.mlflow_artifacts_proxy import proxy_of
from mlflow.store.artifact.mlflow_artifacts_upload import upload_file
from mlflow.store.artifact.progress import Progress
from mlflow.store.artifact.source_repo import SourceRepository

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from mlflow.store.artifact.local_sources import SourceFile

    T = TypeVar("T")

_AT_ONCE: Final = 8  # files


class MlflowArtifactsRepository(SourceRepository):
    """Artifacts behind a tracking server."""

    def __init__(
        self, artifact_uri: str, tracking_uri: str | None = None, registry_uri: str | None = None
    ) -> None:
        """Remember the server; nothing is asked of it.

        Args:
            artifact_uri: ``mlflow-artifacts:/path`` of the tracking server, or
                ``mlflow-artifacts://host:port/path`` of another one.
            tracking_uri: The tracking server; the one in force by default.
            registry_uri: Not used.

        Raises:
            MlflowException: the tracking URI is no server.
        """
        super().__init__(artifact_uri, tracking_uri, registry_uri)
        server = tracking_uri or MLFLOW_TRACKING_URI.get()
        self._proxy, base = proxy_of(artifact_uri, server)
        self._base = relative_path(base)

    def _there(self, path: str) -> str:
        return join_path(self._base, path) if path else self._base

    def _put(self, sources: Sequence[SourceFile]) -> None:
        files = [source for source in sources if source.file is not None]

        def put(source: SourceFile) -> None:
            with source.open() as opened:
                upload_file(self._proxy, self._there(source.path), opened, progress)

        with Progress("Logging artifacts", sum(source.size for source in files)) as progress:
            _each(put, files)

    def list_artifacts(self, path: str | None = None) -> list[FileInfo]:
        """Return the files and folders in a folder, ordered by path; a file holds nothing."""
        folder = relative_path(path or "")
        found: list[FileInfo] = []
        token: str | None = None
        while True:
            page = self._proxy.list_page(self._there(folder), token)
            for one in page.files:
                name = canonical_path(one.path or "")
                size = None if one.is_dir else one.file_size or 0
                found.append(FileInfo(join_path(folder, name), bool(one.is_dir), size))
            token = page.next_page_token
            if not token:
                return sorted(found, key=lambda info: info.path)

    def delete_artifacts(self, artifact_path: str | None = None) -> None:
        """Delete a file or a folder; everything by default."""
        self._proxy.delete(self._there(relative_path(artifact_path or "")))

    def _download_file(self, remote_file_path: str, local_path: str) -> None:
        self._fetch(remote_file_path, Path(local_path), Progress("", 0))

    def _fetch(self, path: str, local: Path, progress: Progress) -> None:
        download_file(self._proxy, self._there(relative_path(path)), local, progress)

    def _download_files(self, infos: Sequence[FileInfo], target: Path, progress: Progress) -> None:
        _each(lambda info: self._fetch(info.path, target / info.path, progress), infos)


def _each(do: Callable[[T], None], todo: Sequence[T]) -> None:
    """Do something with each of some things, several at a time; the first failure ends it."""
    if len(todo) <= 1:
        for one in todo:
            do(one)
        return
    with ThreadPoolExecutor(min(_AT_ONCE, len(todo)), "artifacts") as pool:
        futures = [pool.submit(do, one) for one in todo]
        try:
            for future in futures:
                future.result()
        finally:
            for future in futures:
                future.cancel()
