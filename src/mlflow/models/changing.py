"""Changing files of a model where they are kept; a download of it is never touched.

What changes is read anew and held to the manifest of digests, so that a change never vouches for
files that somebody else has put there. The manifest is brought up to date before the first byte is
sent, as when a model is logged: a change that was interrupted is seen, and the same change again
finishes it. A signed model is signed again, or not changed.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mlflow._core.model_uris import SCHEME, parse_model_uri
from mlflow._core.uri import is_local_uri, local_path, scheme_of
from mlflow.environment_variables import HEADRACE_MODEL_SIGNING_KEY
from mlflow.exceptions import DATA_LOSS, INVALID_STATE, MlflowException
from mlflow.models.location import find_place
from mlflow.models.signing import SIGNATURE_FILE, sign, verify
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from mlflow.store.artifact.model_files import manifest_of
from mlflow.store.entities.model_manifest import NOT_COVERED, ModelManifest
from mlflow.store.model_registry.evidence import LOCATION, find_model
from mlflow.tracking.registry_uris import version_is_fixed
from mlflow.tracking.run_artifacts import upload_to_model
from mlflow.tracking.stores import _get_store

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from mlflow.store.artifact.artifact_repo import ArtifactRepository


@dataclass(frozen=True)
class _Kept:
    """A model where its files are kept, and the logged model that they belong to."""

    uri: str
    repository: ArtifactRepository
    model_id: str | None

    def manifest(self) -> ModelManifest:
        """Return what the files must be; without files when nobody knows."""
        if self.model_id is None:
            return ModelManifest()
        return _get_store().get_model_manifest(self.model_id)

    def put(self, folder: Path) -> None:
        """Replace the files that a folder holds."""
        if self.model_id is None:
            self.repository.log_artifacts(folder)
        else:
            upload_to_model(_get_store(), self.repository, self.model_id, folder, "")


def change_files(
    model_uri: str, names: Collection[str], change: Callable[[Path], Mapping[str, str | Path]]
) -> None:
    """Change files of a model where they are kept.

    Args:
        model_uri: The model.
        names: The files, of which copies are made.
        change: Gets the folder of the copies, and returns new texts by name, or files and folders
            that are moved there.

    Raises:
        MlflowException: RESOURCE_DOES_NOT_EXIST where there is no such model or file;
            INVALID_PARAMETER_VALUE for a version of a registered model; INVALID_STATE for a
            signed model that nobody here can sign again; DATA_LOSS where its files are not those
            that were logged. Nothing is changed then.
    """
    kept = _find(str(model_uri))
    is_signed = any(info.path == SIGNATURE_FILE for info in kept.repository.list_artifacts())
    if is_signed and not HEADRACE_MODEL_SIGNING_KEY.get():
        raise MlflowException(
            f"The model {model_uri} is signed, and a change would make its signature wrong. Name"
            f" the key that shall sign it again in {HEADRACE_MODEL_SIGNING_KEY.name}.",
            INVALID_STATE,
        )
    with tempfile.TemporaryDirectory(prefix="headrace-") as work:
        old, new = Path(work, "old"), Path(work, "new")
        old.mkdir()
        new.mkdir()
        for name in ("",) if is_signed else names:
            kept.repository.download_artifacts(name, old)
        for name, content in change(old).items():
            if isinstance(content, Path):
                (new / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.move(content, new / name)
            else:
                (new / name).write_text(content, "utf-8")
        _check(kept, old, new)
        if is_signed:
            verify(old)
            shutil.copytree(new, old, dirs_exist_ok=True)
            sign(old)
            shutil.copy2(old / SIGNATURE_FILE, new)
        kept.put(new)


def _find(model_uri: str) -> _Kept:
    if scheme_of(model_uri) == SCHEME and parse_model_uri(model_uri).model_id is None:
        raise version_is_fixed(model_uri)
    place = find_place(model_uri)
    repository = get_artifact_repository(place.location)
    return _Kept(model_uri, repository, place.model_id or _model_at(place.location))


def _model_at(location: str) -> str | None:
    """Return the logged model whose files lie at a location, which a caller may name by path."""
    match = LOCATION.search(location)
    model = find_model(_get_store(), match[1]) if match else None
    return model.model_id if model and _is_same(model.artifact_location, location) else None


def _is_same(one: str, other: str) -> bool:
    if is_local_uri(one) and is_local_uri(other):
        return local_path(one).resolve() == local_path(other).resolve()
    return one.rstrip("/") == other.rstrip("/")


def _check(kept: _Kept, old: Path, new: Path) -> None:
    """Refuse files that are neither as they were logged nor as an interrupted change left them."""
    wanted = kept.manifest().files
    become = manifest_of(new, "").files
    for name, found in manifest_of(old, "").files.items():
        is_free = not wanted or name == SIGNATURE_FILE or name in NOT_COVERED
        if not is_free and wanted.get(name) not in (found, become.get(name, found)):
            raise MlflowException(
                f"The file {name!r} of the model {kept.uri} is not one that was logged. Nothing was"
                " changed.",
                DATA_LOSS,
            )
