"""Logging a model: a logged model is made, its files are written, then it is ready, or failed."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from mlflow.entities.logged_model_output import LoggedModelOutput
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.exceptions import MlflowException
from mlflow.models.signing import sign
from mlflow.tracking import fluent
from mlflow.tracking.client import MlflowClient

if TYPE_CHECKING:
    from mlflow.entities.logged_model import LoggedModel

_logger = logging.getLogger(__name__)
FORBIDDEN: Final = ("/", ":", ".", "%", '"', "'")

M_co = TypeVar("M_co", covariant=True)


class Save(Protocol[M_co]):
    """Writes a model's files into a folder and returns what MLmodel says."""

    def __call__(self, path: str, artifact_location: str, run: str | None, new_id: str) -> M_co:
        """Write the files.

        Args:
            path: The empty folder.
            artifact_location: Where the files will be.
            run: The run that logs the model, or None.
            new_id: The logged model's id.
        """


def model_name(name: str | None, artifact_path: str | None) -> str | None:
    """Return a model's name from the two arguments that may give it.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE if both are given, or the name has characters
            that URIs need.
    """
    if name is not None and artifact_path is not None:
        raise MlflowException.invalid_parameter_value(
            "Both `artifact_path` (deprecated) and `name` parameters were specified. Please only"
            " specify `name`."
        )
    if artifact_path is not None:
        _logger.warning("`artifact_path` is deprecated. Please use `name` instead.")
    given = name or artifact_path or None
    if given is not None and (
        not isinstance(given, str) or any(mark in given for mark in FORBIDDEN)
    ):
        raise MlflowException.invalid_parameter_value(
            f"Invalid model name ({given!r}) provided. A model name is a non-empty text without"
            f" the characters {FORBIDDEN}"
        )
    return given


def log_model(
    save: Save[M_co],
    *,
    name: str | None,
    artifact_path: str | None,
    run_id: str | None,
    model_type: str | None,
    params: dict[str, Any] | None,
    tags: dict[str, Any] | None,
    step: int,
    model_id: str | None,
) -> tuple[M_co, LoggedModel]:
    """Make a logged model, write its files, record it as the run's output, mark it ready.

    Args:
        save: Writes the files.
        name: The model's name.
        artifact_path: The older way to give it.
        run_id: The run that produced it; by default the active one, if there is one.
        model_type: A free text.
        params: Parameters of the model; those of the run are its parameters too.
        tags: Tags of the model.
        step: The step of the run at which it was logged.
        model_id: Write into this logged model instead of a new one.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for a bad name. Whatever writing raises marks the
            logged model FAILED and is raised.
    """
    named = model_name(name, artifact_path)
    client = MlflowClient()
    if run_id is None:
        active = fluent.active_run()
        run_id = active.info.run_id if active is not None else None
    if model_id is not None:
        logged = client.get_logged_model(model_id)
    else:
        run = client.get_run(run_id) if run_id is not None else None
        known = {**(run.data.params if run is not None else {}), **(params or {})}
        logged = fluent.initialize_logged_model(
            name=named,
            source_run_id=run_id,
            tags={key: str(value) for key, value in tags.items()} if tags else None,
            params={key: str(value) for key, value in known.items()} or None,
            model_type=model_type,
            experiment_id=run.info.experiment_id if run is not None else None,
        )
    try:
        with tempfile.TemporaryDirectory() as folder:
            model = save(folder, logged.artifact_location, run_id, logged.model_id)
            sign(Path(folder))
            client.log_model_artifacts(logged.model_id, folder)
        if run_id is not None:
            client.log_outputs(run_id, [LoggedModelOutput(logged.model_id, step)])
    except BaseException:
        client.finalize_logged_model(logged.model_id, LoggedModelStatus.FAILED)
        raise
    return model, client.finalize_logged_model(logged.model_id, LoggedModelStatus.READY)


def register_logged(logged: LoggedModel, name: str, seconds: int | None) -> int:
    """Register a logged model as the next version of a registered one, and return its number."""
    made = fluent.register_model(logged.model_uri, name, seconds)
    return int(made.version)
