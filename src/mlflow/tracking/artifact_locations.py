"""Artifact URIs that name a run or a logged model instead of a place.

``runs:/<run id>/<path>`` and ``models:/<model id>/<path>`` are resolved through the tracking
store, ``models:/<name>/<version>/<path>`` and the like through the model registry. The rows for
both schemes are added to the table of artifact repositories here, on the floor that knows the
stores.
"""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mlflow._core.model_uris import parse_model_uri
from mlflow._core.paths import canonical_path, join_path, relative_path
from mlflow.entities.file_info import FileInfo
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repo import ArtifactRepository
from mlflow.store.artifact.artifact_repository_registry import (
    _artifact_repository_registry,
    get_artifact_repository,
)
from mlflow.store.artifact.streams import no_such_artifact
from mlflow.tracking.journal.artifacts import artifacts_of_run
from mlflow.tracking.registry_stores import _get_store as _get_registry
from mlflow.tracking.registry_uris import version_is_fixed, version_named
from mlflow.tracking.run_artifacts import repository_of_model, upload_to_model
from mlflow.tracking.stores import _get_store

if TYPE_CHECKING:
    import os
    from contextlib import AbstractContextManager
    from typing import BinaryIO

    from typing_extensions import Self

    from mlflow.entities.logged_model import LoggedModel

_RUNS_URI: Final = re.compile(r"runs:/+([^/?#;]+)(?:/(.*))?", re.IGNORECASE | re.DOTALL)


def parse_runs_uri(uri: str) -> tuple[str, str]:
    """Return the run id and the artifact path of a ``runs:`` URI.

    Raises:
        MlflowException: it is of another form, or has a query or fragment.
    """
    match = _RUNS_URI.fullmatch(uri)
    if match is None or uri[5:7] == "//":
        raise MlflowException(
            f"Not a proper runs:/ URI: {uri!r}. Runs URIs must be of the form "
            "'runs:/<run_id>/run-relative/path/to/artifact'."
        )
    return match.group(1), _path_of(uri, match.group(2))


def _path_of(uri: str, path: str | None) -> str:
    if path and any(mark in path for mark in "?#"):
        raise MlflowException.invalid_parameter_value(
            f"The artifact URI {uri!r} has a query or fragment, which artifacts have not. For a "
            "file whose name holds '?' or '#', pass run_id and artifact_path instead of a URI."
        )
    return relative_path(path or "")


class LocatedRepository(ArtifactRepository):
    """Artifacts below a path of another repository."""

    def __init__(self, artifact_uri: str, repo: ArtifactRepository, base: str) -> None:
        """Stand in front of a repository.

        Args:
            artifact_uri: The URI as the caller knows it.
            repo: The repository of the run or model.
            base: The path below its root that the URI names.
        """
        super().__init__(artifact_uri, repo.tracking_uri, repo.registry_uri)
        self.repo = repo
        self._base = base

    def below(self, folder: str) -> Self:
        """Return the repository of a folder of this one.

        Args:
            folder: A canonical path, "" for this one.
        """
        inner = copy.copy(self)
        inner._base = self._inner(folder)  # noqa: SLF001 - the same class
        return inner

    def _inner(self, path: str | None) -> str:
        return join_path(self._base, relative_path(path or "")).rstrip("/")

    def _outer(self, info: FileInfo) -> FileInfo:
        path = info.path[len(self._base) + 1 :] if self._base else info.path
        return FileInfo(path, is_dir=info.is_dir, file_size=info.file_size)

    def log_artifact(
        self, local_file: str | os.PathLike[str], artifact_path: str | None = None
    ) -> None:
        """Log a local file under its own name."""
        folder = canonical_path(artifact_path) if artifact_path else ""
        self.repo.log_artifact(local_file, self._inner(folder) or None)

    def log_artifacts(
        self, local_dir: str | os.PathLike[str], artifact_path: str | None = None
    ) -> None:
        """Log everything that a local directory holds."""
        folder = canonical_path(artifact_path) if artifact_path else ""
        self.repo.log_artifacts(local_dir, self._inner(folder) or None)

    def list_artifacts(self, path: str | None = None) -> list[FileInfo]:
        """Return the files and folders in a folder, ordered by path; a file holds nothing."""
        return [self._outer(info) for info in self.repo.list_artifacts(self._inner(path) or None)]

    def delete_artifacts(self, artifact_path: str | None = None) -> None:
        """Delete a file or a folder; everything by default."""
        self.repo.delete_artifacts(self._inner(artifact_path) or None)

    def _download_file(self, remote_file_path: str, local_path: str) -> None:
        self.repo._download_file(self._inner(remote_file_path), local_path)  # noqa: SLF001 - plugins' method

    def _is_directory(self, artifact_path: str) -> bool:
        return self.repo._is_directory(self._inner(artifact_path))  # noqa: SLF001 - plugins' method

    def get_local_path(self, artifact_path: str) -> str | None:
        """Return where an artifact lies on this machine, None when it does not."""
        return self.repo.get_local_path(self._inner(artifact_path))

    def writer(self, artifact_file: str) -> AbstractContextManager[BinaryIO]:
        """Open an artifact for writing; it is logged when the block ends without an error."""
        return self.repo.writer(self._inner(canonical_path(artifact_file)))

    def read_artifact(self, artifact_path: str) -> bytes:
        """Return a file's content."""
        return self.repo.read_artifact(self._inner(artifact_path))


class ModelsArtifactRepository(LocatedRepository):
    """The artifacts of a logged model, or of a version of a registered one."""

    def __init__(
        self, artifact_uri: str, tracking_uri: str | None = None, registry_uri: str | None = None
    ) -> None:
        """Look the model up.

        Args:
            artifact_uri: What a ``models:`` URI can name, or a path in it.
            tracking_uri: The store that knows logged models; the one in force by default.
            registry_uri: The registry that knows versions; the one in force by default.
        """
        named = parse_model_uri(artifact_uri)
        self._model_id = named.model_id
        self._store = _get_store(tracking_uri)
        if named.model_id is not None:
            repo = repository_of_model(self._store, named.model_id, tracking_uri)
        else:
            registry = _get_registry(registry_uri, tracking_uri)
            found = version_named(registry, named)
            location = registry.get_model_version_download_uri(found.name, found.version)
            repo = get_artifact_repository(location, tracking_uri, registry_uri)
        super().__init__(artifact_uri, repo, named.path)
        self.registry_uri = registry_uri

    def _log(self, local: str | os.PathLike[str], artifact_path: str | None) -> None:
        if self._model_id is None:
            raise version_is_fixed(self.artifact_uri)
        folder = self._inner(canonical_path(artifact_path) if artifact_path else "")
        upload_to_model(self._store, self.repo, self._model_id, Path(local), folder)

    def log_artifact(
        self, local_file: str | os.PathLike[str], artifact_path: str | None = None
    ) -> None:
        """Log a local file under its own name."""
        self._log(local_file, artifact_path)

    def log_artifacts(
        self, local_dir: str | os.PathLike[str], artifact_path: str | None = None
    ) -> None:
        """Log everything that a local directory holds."""
        self._log(local_dir, artifact_path)

    def download_artifacts(
        self, artifact_path: str, dst_path: str | os.PathLike[str] | None = None
    ) -> str:
        """Return a local path of the artifact: its own, or that of a copy."""
        if dst_path is None:
            return self.repo.download_artifacts(self._inner(artifact_path))
        return super().download_artifacts(artifact_path, dst_path)


class RunsArtifactRepository(LocatedRepository):
    """The artifacts of a run: ``runs:/<run id>/<path>``.

    The models that the run logged appear as folders of their names, although they lie elsewhere.
    A file of the run hides a model's file of the same path.
    """

    def __init__(
        self, artifact_uri: str, tracking_uri: str | None = None, registry_uri: str | None = None
    ) -> None:
        """Look the run up.

        Args:
            artifact_uri: ``runs:/<run id>`` or a path below it.
            tracking_uri: The store that knows the run; the one in force by default.
            registry_uri: Not used for runs.
        """
        self._run_id, base = parse_runs_uri(artifact_uri)
        self._store = _get_store(tracking_uri)
        repo = artifacts_of_run(self._store, self._run_id, tracking_uri)
        super().__init__(artifact_uri, repo, base)
        self.registry_uri = registry_uri
        self._by_name: dict[str, ArtifactRepository] | None = None

    def _models(self) -> dict[str, ArtifactRepository]:
        """Return the repositories of the run's models by name; of one name, the newest."""
        if self._by_name is None:
            experiment_id = self._store.get_run(self._run_id).info.experiment_id
            models = self._store.search_logged_models(
                experiment_ids=[experiment_id],
                filter_string=f"source_run_id = '{self._run_id}'",
            )
            newest: dict[str, LoggedModel] = {}
            for model in sorted(models, key=lambda model: model.creation_timestamp):
                newest[model.name] = model
            self._by_name = {
                name: repository_of_model(self._store, model.model_id, self.tracking_uri)
                for name, model in newest.items()
            }
        return self._by_name

    def _model_part(self, inner: str) -> tuple[str, ArtifactRepository, str] | None:
        """Return the model that a path lies in: its name, its repository, the path there."""
        for name, repo in self._models().items():
            if inner == name or inner.startswith(name + "/"):
                return name, repo, inner[len(name) + 1 :]
        return None

    def list_artifacts(self, path: str | None = None) -> list[FileInfo]:
        """Return the files and folders in a folder, ordered by path; a file holds nothing."""
        inner = self._inner(path)
        found = {info.path: info for info in self.repo.list_artifacts(inner or None)}
        if not inner:
            for name in self._models():
                found.setdefault(name, FileInfo(name, is_dir=True, file_size=None))
        elif part := self._model_part(inner):
            name, repo, below = part
            for info in repo.list_artifacts(below or None):
                whole = join_path(name, info.path)
                found.setdefault(whole, FileInfo(whole, info.is_dir, info.file_size))
        return [self._outer(found[key]) for key in sorted(found)]

    def _holder(self, inner: str) -> tuple[ArtifactRepository, str]:
        """Return the repository that holds a path, and the path there: the run's comes first."""
        folder = inner.rpartition("/")[0]
        if any(info.path == inner for info in self.repo.list_artifacts(folder or None)):
            return self.repo, inner
        part = self._model_part(inner)
        return (part[1], part[2]) if part else (self.repo, inner)

    def _download_file(self, remote_file_path: str, local_path: str) -> None:
        repo, inner = self._holder(self._inner(remote_file_path))
        repo._download_file(inner, local_path)  # noqa: SLF001 - plugins' method

    def _is_directory(self, artifact_path: str) -> bool:
        repo, inner = self._holder(self._inner(artifact_path))
        return repo._is_directory(inner)  # noqa: SLF001 - plugins' method

    def get_local_path(self, artifact_path: str) -> str | None:
        """Return where an artifact lies on this machine, None when it lies in several places."""
        inner = self._inner(artifact_path)
        if inner in self._models() or (not inner and self._models()):
            holders = [self.repo.list_artifacts(inner or None), self._models()]
            if all(holders):
                return None
        repo, below = self._holder(inner) if inner else (self.repo, inner)
        return repo.get_local_path(below)

    def read_artifact(self, artifact_path: str) -> bytes:
        """Return a file's content."""
        repo, inner = self._holder(self._inner(artifact_path))
        return repo.read_artifact(inner)

    def download_artifacts(
        self, artifact_path: str, dst_path: str | os.PathLike[str] | None = None
    ) -> str:
        """Copy a file or a folder to a local directory and return the copy's path.

        Args:
            artifact_path: What to download, "" for everything.
            dst_path: An existing directory; a new temporary one by default.
        """
        inner = self._inner(artifact_path)
        if not inner and dst_path is None and not self._models():
            return self.repo.download_artifacts("")
        if inner and not self.list_artifacts(artifact_path):
            folder = inner.rpartition("/")[0]
            siblings = self.repo.list_artifacts(folder or None)
            if self._model_part(inner) is None and inner not in {i.path for i in siblings}:
                raise no_such_artifact(inner)
        return super().download_artifacts(artifact_path, dst_path)


_artifact_repository_registry.register("runs", RunsArtifactRepository)
_artifact_repository_registry.register("models", ModelsArtifactRepository)
