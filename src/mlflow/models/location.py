"""From a model URI to a folder on this machine, and to where its files came from."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.model_uris import SCHEME, parse_model_uri
from mlflow._core.uri import is_local_uri, join_uri, local_path, scheme_of
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.exceptions import INVALID_STATE, RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.models.cache import cached
from mlflow.models.choke import Origin, origin_of
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.registry_uris import version_named
from mlflow.tracking.stores import _get_store

if TYPE_CHECKING:
    import os

    from mlflow.entities.logged_model import LoggedModel

MLMODEL_FILE: Final = "MLmodel"


@dataclass(frozen=True)
class ModelPlace:
    """Where a model's files are kept."""

    location: str
    origin: Origin
    model_id: str | None = None


@dataclass(frozen=True)
class ModelFolder:
    """A model's folder on this machine."""

    path: Path
    origin: Origin
    model_id: str | None = None


def fetch_model(
    model_uri: str | os.PathLike[str], dst_path: str | os.PathLike[str] | None = None
) -> ModelFolder:
    """Return a model's folder; files that are on this machine are not copied.

    Args:
        model_uri: See ``find_place``.
        dst_path: Copy the files into this folder in any case.

    Raises:
        MlflowException: RESOURCE_DOES_NOT_EXIST where there is no such model.
    """
    place = find_place(model_uri)
    path = _fetch_kept(place.location, dst_path, place.model_id)
    return ModelFolder(path, place.origin, place.model_id)


def find_place(model_uri: str | os.PathLike[str]) -> ModelPlace:
    """Return where a model's files are kept.

    Args:
        model_uri: ``models:/m-…``, ``models:/<name>/<version>``, ``models:/<name>@<alias>``,
            ``runs:/<run id>/<name or path>``, a path, a ``file:`` URI, or the URI of an artifact
            store.

    Raises:
        MlflowException: RESOURCE_DOES_NOT_EXIST where there is no such model.
    """
    uri = str(model_uri)
    scheme = scheme_of(uri)
    if scheme == SCHEME:
        return _place_of_named(uri)
    if scheme == "runs":
        return _place_in_run(uri)
    return ModelPlace(uri, origin_of(uri))


def _place_of_named(uri: str) -> ModelPlace:
    """Return the place of a logged model, or of a version of a registered one."""
    client = MlflowClient()
    named = parse_model_uri(uri)
    if named.path:
        raise MlflowException.invalid_parameter_value(
            f"{uri!r} names a path in a model, where a model is wanted."
        )
    if named.model_id is not None:
        return _place_of_logged(client.get_logged_model(named.model_id))
    registry = client._registry  # noqa: SLF001 - the client's own store
    version = version_named(registry, named)
    location = registry.get_model_version_download_uri(version.name, version.version)
    source = str(version.source)
    if scheme_of(location) in ("runs", SCHEME):
        return find_place(location)
    behind = parse_model_uri(source).model_id if scheme_of(source) == SCHEME else None
    return ModelPlace(location, Origin.STORE, behind)


def _place_of_logged(model: LoggedModel) -> ModelPlace:
    if model.status is LoggedModelStatus.FAILED:
        raise MlflowException(
            f"The logged model {model.model_id} was not logged completely: it cannot be loaded.",
            INVALID_STATE,
        )
    return ModelPlace(model.artifact_location, Origin.STORE, model.model_id)


def _fetch_kept(
    location: str, dst_path: str | os.PathLike[str] | None, model_id: str | None
) -> Path:
    """Return the folder of a logged model; one that is far away and has a manifest is kept."""
    if dst_path is None and model_id is not None and not is_local_uri(location):
        manifest = _get_store().get_model_manifest(model_id)
        found = cached(manifest, lambda folder: _fetch(location, folder))
        if found is not None:
            return found
    return _fetch(location, dst_path)


def _fetch(location: str, dst_path: str | os.PathLike[str] | None) -> Path:
    if not is_local_uri(location):
        target = str(dst_path) if dst_path is not None else None
        return Path(get_artifact_repository(location).download_artifacts("", target))
    path = local_path(location)
    if not path.exists():
        raise MlflowException(
            f"No such artifact: {location!r}. Is the model's path or URI right?",
            RESOURCE_DOES_NOT_EXIST,
        )
    if dst_path is None:
        return path
    return Path(shutil.copytree(path, dst_path, dirs_exist_ok=True))


def _place_in_run(uri: str) -> ModelPlace:
    run_id, _, path = uri.partition(":")[2].strip("/").partition("/")
    if not run_id or not path:
        raise MlflowException.invalid_parameter_value(
            f"Not a proper runs:/ URI: {uri!r}. Runs URIs are of the form"
            " 'runs:/<run id>/<model name, or path of an artifact>'"
        )
    client = MlflowClient()
    run = client.get_run(run_id)
    model = _model_of_run(client, run, path)
    if model is not None:
        return _place_of_logged(model)
    location = join_uri(str(run.info.artifact_uri), path)
    if is_local_uri(location) and not local_path(location).exists():
        raise MlflowException(
            f"The run {run_id} has no logged model of the name {path!r} and no artifact of that"
            " path",
            RESOURCE_DOES_NOT_EXIST,
        )
    return ModelPlace(location, Origin.STORE)


def _model_of_run(client: Any, run: Any, name: str) -> LoggedModel | None:
    """Return the newest model of a name that a run produced, or None."""
    outputs = run.outputs.model_outputs if run.outputs else []
    models = [client.get_logged_model(output.model_id) for output in outputs]
    named = [model for model in models if model.name == name]
    return max(named, key=lambda model: model.creation_timestamp, default=None)
