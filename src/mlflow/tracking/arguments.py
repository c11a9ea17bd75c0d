"""Arguments of the client as the values that stores take."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlflow._core.paths import join_path
from mlflow.entities.logged_model_parameter import LoggedModelParameter
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.entities.logged_model_tag import LoggedModelTag
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlflow.store.artifact.artifact_repo import ArtifactRepository


def experiment_id(value: object) -> str:
    """Return an experiment's id as text; numbers are common in programs."""
    return str(value)


def experiment_ids(values: object) -> list[str]:
    """Return ids of experiments as a list of texts; a single one is taken too.

    Raises:
        MlflowException: it is no list of ids.
    """
    if isinstance(values, (str, int)):
        return [str(values)]
    if not isinstance(values, (list, tuple, set, frozenset)):
        raise MlflowException.invalid_parameter_value(
            f"`experiment_ids` must be a list of experiment ids, not {type(values).__name__}."
        )
    return [str(value) for value in values]


def page_size(max_results: int | None) -> int:
    """Return the size of a page.

    Raises:
        MlflowException: there is none.
    """
    if max_results is None:
        raise MlflowException.invalid_parameter_value(
            "Invalid value None for parameter 'max_results' supplied. It must be a positive integer"
        )
    return max_results


def model_id(value: object) -> str:
    """Return a logged model's id.

    Raises:
        MlflowException: it is no text, or empty.
    """
    if not isinstance(value, str) or not value:
        raise MlflowException.invalid_parameter_value(
            f"`model_id` must be a non-empty string, but got {value!r}"
        )
    return value


def model_tags(tags: Mapping[str, Any]) -> list[LoggedModelTag]:
    """Return tags of a logged model; values become text."""
    return [LoggedModelTag(str(key), str(value)) for key, value in tags.items()]


def model_params(params: Mapping[str, Any]) -> list[LoggedModelParameter]:
    """Return params of a logged model; values become text."""
    return [LoggedModelParameter(str(key), str(value)) for key, value in params.items()]


def model_status(status: object) -> LoggedModelStatus:
    """Return a logged model's status by its name.

    Raises:
        MlflowException: no status has this name.
    """
    try:
        return LoggedModelStatus(status)
    except ValueError:
        raise MlflowException.invalid_parameter_value(
            f"{status!r} is not a valid LoggedModelStatus; choose one of "
            f"{[one.value for one in LoggedModelStatus]}."
        ) from None


def log_local(repository: ArtifactRepository, local_path: str, artifact_path: str | None) -> None:
    """Copy a local file, or a directory under its own name, to the artifacts."""
    path = Path(local_path)
    if path.is_dir():
        repository.log_artifacts(path, join_path(artifact_path, path.resolve().name))
    else:
        repository.log_artifact(path, artifact_path)
