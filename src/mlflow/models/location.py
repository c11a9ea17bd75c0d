"""From a model URI to a folder on this machine, and to where its files came from."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.uri import is_local_uri, join_uri, local_path, scheme_of
from mlflow.exceptions import NOT_IMPLEMENTED, RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.models.choke import Origin
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from mlflow.tracking.client import MlflowClient

if TYPE_CHECKING:
    import os

    from mlflow.entities.logged_model import LoggedModel

MLMODEL_FILE: Final = "MLmodel"
_MODEL_ID: Final = re.compile(r"[^/@]+")


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
        model_uri: ``models:/m-…``, ``runs:/<run id>/<name or path>``, a path, a ``file:`` URI, or
            the URI of an artifact store.
        dst_path: Copy the files into this folder in any case.

    Raises:
        MlflowException: RESOURCE_DOES_NOT_EXIST where there is no such model.
    """
    uri = str(model_uri)
    scheme = scheme_of(uri)
    if scheme == "models":
        model = find_logged_model(uri)
        path = _fetch(model.artifact_location, dst_path)
        return ModelFolder(path, Origin.STORE, model.model_id)
    if scheme == "runs":
        return _fetch_of_run(uri, dst_path)
    origin = Origin.LOCAL if is_local_uri(uri) else Origin.REMOTE
    return ModelFolder(_fetch(uri, dst_path), origin)


def find_logged_model(model_uri: str) -> LoggedModel:
    """Return the logged model that ``models:/m-…`` names.

    Raises:
        MlflowException: RESOURCE_DOES_NOT_EXIST where there is none; NOT_IMPLEMENTED for
            registered models.
    """
    name = model_uri.partition(":")[2].strip("/")
    if not _MODEL_ID.fullmatch(name):
        raise MlflowException(
            f"{model_uri!r} names a registered model; the model registry is not built yet"
            " (COMPATIBILITY.md lists what is). Load the logged model by its id: models:/m-…",
            NOT_IMPLEMENTED,
        )
    return MlflowClient().get_logged_model(name)


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


def _fetch_of_run(uri: str, dst_path: str | os.PathLike[str] | None) -> ModelFolder:
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
        folder = _fetch(model.artifact_location, dst_path)
        return ModelFolder(folder, Origin.STORE, model.model_id)
    location = join_uri(str(run.info.artifact_uri), path)
    if is_local_uri(location) and not local_path(location).exists():
        raise MlflowException(
            f"The run {run_id} has no logged model of the name {path!r} and no artifact of that"
            " path",
            RESOURCE_DOES_NOT_EXIST,
        )
    return ModelFolder(_fetch(location, dst_path), Origin.STORE)


def _model_of_run(client: Any, run: Any, name: str) -> LoggedModel | None:
    """Return the newest model of a name that a run produced, or None."""
    outputs = run.outputs.model_outputs if run.outputs else []
    models = [client.get_logged_model(output.model_id) for output in outputs]
    named = [model for model in models if model.name == name]
    return max(named, key=lambda model: model.creation_timestamp, default=None)
