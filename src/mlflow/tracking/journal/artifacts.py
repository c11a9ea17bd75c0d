"""Artifacts of a run, of which those that cannot be uploaded now are kept in the journal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mlflow._core.paths import canonical_path, join_path, split_path
from mlflow._core.uri import is_local_uri
from mlflow.environment_variables import HEADRACE_ON_SERVER_FAULT
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repo import ArtifactRepository
from mlflow.tracking.journal.calls import is_fault
from mlflow.tracking.journal.store import RAISE, JournalledStore
from mlflow.tracking.run_artifacts import (
    artifact_uri_of_run,
    known_artifact_uri,
    remember_artifact_uri,
    repository_of_run,
)

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from mlflow.entities.file_info import FileInfo
    from mlflow.store.tracking.abstract_store import AbstractStore


def artifacts_of_run(
    store: AbstractStore, run_id: str, tracking_uri: str | None = None
) -> ArtifactRepository:
    """Return what reads and writes a run's artifacts, now or later.

    Args:
        store: The store that knows the run.
        run_id: The run.
        tracking_uri: That store's URI, for repositories that reach artifacts through it.
    """
    uri = known_artifact_uri(store, run_id)
    if not isinstance(store, JournalledStore) or (uri is not None and is_local_uri(uri)):
        return repository_of_run(store, run_id, tracking_uri)
    return JournalledArtifacts(store, run_id, tracking_uri)


class JournalledArtifacts(ArtifactRepository):
    """A run's artifacts where a write never fails because the way there does."""

    def __init__(self, store: JournalledStore, run_id: str, tracking_uri: str | None) -> None:
        """Stand in front of the run's repository, which is looked up when it is needed."""
        super().__init__(known_artifact_uri(store, run_id) or f"runs:/{run_id}", tracking_uri)
        self._store = store
        self._run_id = run_id

    def _repository(self) -> ArtifactRepository:
        store, run_id = self._store, self._run_id
        if known_artifact_uri(store, run_id) is None:
            # Asked past the journal: what waits there says nothing about places.
            remember_artifact_uri(store, run_id, artifact_uri_of_run(store.inner, run_id))
        return repository_of_run(store, run_id, self.tracking_uri)

    def _write(
        self, direct: Callable[[ArtifactRepository], None], files: Callable[[], None]
    ) -> None:
        """Write now, or keep the files for later."""
        store = self._store
        if HEADRACE_ON_SERVER_FAULT.get() == RAISE:
            direct(self._repository())
            return
        if not (store.has_sender and store.sender.fault is not None):
            try:
                direct(self._repository())
            except MlflowException as error:
                if not is_fault(error):
                    raise
                store.sender.note_fault(error)
            else:
                return
        files()

    def _keep(self, source: Path, folder: str) -> None:
        sender = self._store.sender
        sender.submit_file(self._run_id, sender.spool.copy(source), folder)

    def log_artifact(
        self, local_file: str | os.PathLike[str], artifact_path: str | None = None
    ) -> None:
        """Log a local file under its own name."""
        folder = canonical_path(artifact_path) if artifact_path else ""
        self._write(
            lambda repo: repo.log_artifact(local_file, artifact_path),
            lambda: self._keep(Path(local_file), folder),
        )

    def log_artifacts(
        self, local_dir: str | os.PathLike[str], artifact_path: str | None = None
    ) -> None:
        """Log everything that a local directory holds."""
        root = Path(local_dir)
        folder = canonical_path(artifact_path) if artifact_path else ""

        def keep_all() -> None:
            for path in sorted(root.rglob("*")):
                if path.is_file():
                    inner, _ = split_path(path.relative_to(root).as_posix())
                    self._keep(path, join_path(folder, inner).strip("/"))

        self._write(lambda repo: repo.log_artifacts(local_dir, artifact_path), keep_all)

    # Reads

    def _settled(self) -> ArtifactRepository:
        self._store.settle(self._run_id)
        return self._repository()

    def list_artifacts(self, path: str | None = None) -> list[FileInfo]:
        """Return the files and folders in a folder, ordered by path; a file holds nothing."""
        return self._settled().list_artifacts(path)

    def delete_artifacts(self, artifact_path: str | None = None) -> None:
        """Delete a file or a folder; everything by default."""
        self._settled().delete_artifacts(artifact_path)

    def download_artifacts(
        self, artifact_path: str, dst_path: str | os.PathLike[str] | None = None
    ) -> str:
        """Download a file or a folder and return its local path."""
        return self._settled().download_artifacts(artifact_path, dst_path)

    def _download_file(self, remote_file_path: str, local_path: str) -> None:
        self._settled()._download_file(remote_file_path, local_path)  # noqa: SLF001 - plugins' method

    def _is_directory(self, artifact_path: str) -> bool:
        return self._settled()._is_directory(artifact_path)  # noqa: SLF001 - plugins' method

    def get_local_path(self, artifact_path: str) -> str | None:
        """Return where an artifact lies on this machine, None when it does not."""
        return self._repository().get_local_path(artifact_path)

    def read_artifact(self, artifact_path: str) -> bytes:
        """Return a file's content."""
        return self._settled().read_artifact(artifact_path)
