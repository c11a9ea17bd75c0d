"""Where the artifacts of a run or a logged model are, and what reads and writes them there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from mlflow._core.paths import join_path
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from mlflow.store.artifact.model_files import manifest_of

if TYPE_CHECKING:
    from pathlib import Path

    from mlflow.store.artifact.artifact_repo import ArtifactRepository
    from mlflow.store.tracking.abstract_store import AbstractStore

_MANY_RUNS: Final = 10_000


class _Places:
    """The state of this module: artifact URIs by store and run; a run's never changes."""

    def __init__(self) -> None:
        # By store: a copy of a run bears the run's id and lies elsewhere.
        self.by_store: WeakKeyDictionary[AbstractStore, dict[str, str]] = WeakKeyDictionary()

    def of(self, store: AbstractStore) -> dict[str, str]:
        """Return the artifact URIs of a store's runs."""
        return self.by_store.setdefault(store, {})


_places: Final = _Places()


def artifact_uri_of_run(store: AbstractStore, run_id: str) -> str:
    """Return the root of a run's artifacts."""
    uri = known_artifact_uri(store, run_id)
    if uri is None:
        uri = store.get_run(run_id).info.artifact_uri or ""
        remember_artifact_uri(store, run_id, uri)
    return uri


def known_artifact_uri(store: AbstractStore, run_id: str) -> str | None:
    """Return the root of a run's artifacts, None when the store has to be asked."""
    return _places.of(store).get(run_id)


def remember_artifact_uri(store: AbstractStore, run_id: str, uri: str) -> None:
    """Keep what was learnt about a run, so that its artifacts need no look into the store."""
    known = _places.of(store)
    if len(known) >= _MANY_RUNS:
        known.clear()
    known[run_id] = uri


def repository_of_run(
    store: AbstractStore, run_id: str, tracking_uri: str | None = None
) -> ArtifactRepository:
    """Return what reads and writes a run's artifacts.

    Args:
        store: The store that knows the run.
        run_id: The run.
        tracking_uri: That store's URI, for repositories that reach artifacts through it.
    """
    return get_artifact_repository(artifact_uri_of_run(store, run_id), tracking_uri)


def upload_to_run(
    store: AbstractStore, tracking_uri: str | None, run_id: str, local_file: Path, folder: str
) -> None:
    """Copy a local file to a folder of a run's artifacts, "" for their root."""
    repository_of_run(store, run_id, tracking_uri).log_artifact(str(local_file), folder or None)


def upload_to_model(
    store: AbstractStore, repository: ArtifactRepository, model_id: str, path: Path, folder: str
) -> None:
    """Copy a local file, or what a folder holds, to a folder of a logged model's artifacts.

    Their digests are noted before: what an upload leaves undone is then seen to be missing.
    """
    target = folder if path.is_dir() else join_path(folder, path.name)
    store.log_model_manifest(model_id, manifest_of(path, target))
    log = repository.log_artifacts if path.is_dir() else repository.log_artifact
    log(path, folder or None)


def repository_of_model(
    store: AbstractStore, model_id: str, tracking_uri: str | None = None
) -> ArtifactRepository:
    """Return what reads and writes a logged model's artifacts."""
    location = store.get_logged_model(model_id).artifact_location
    return get_artifact_repository(location, tracking_uri)
