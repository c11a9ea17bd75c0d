"""Logged models: make, measure and find them, and choose the active one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from mlflow._core.tags import MLFLOW_MODEL_IS_EXTERNAL
from mlflow.entities.logged_model import LoggedModel
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.environment_variables import MLFLOW_ACTIVE_MODEL_ID
from mlflow.exceptions import MlflowException
from mlflow.tracking._fluent.experiments import _get_experiment_id
from mlflow.tracking._fluent.stack import active_runs
from mlflow.tracking._fluent.state import client_of, logger
from mlflow.tracking.active_model import get_active_model_id, thread_models
from mlflow.tracking.context.registry import resolve_tags
from mlflow.tracking.recording import as_dict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

    from mlflow.tracking.client import MlflowClient


class ActiveModel(LoggedModel):
    """The logged model that metrics are measured on; its block ends with the one before."""

    def __init__(self, logged_model: LoggedModel, set_by_user: bool) -> None:
        """Take over a model's values.

        Args:
            logged_model: The model.
            set_by_user: Whether a call chose it, rather than the environment.
        """
        super().__init__(**logged_model.to_dictionary())
        self._metrics = logged_model.metrics
        self.set_by_user = set_by_user
        self.previous_id: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, exc_type: object, exc: object, traceback: object) -> None:
        thread_models.active_id = self.previous_id


def initialize_logged_model(
    name: str | None = None,
    source_run_id: str | None = None,
    tags: dict[str, str] | None = None,
    params: dict[str, str] | None = None,
    model_type: str | None = None,
    experiment_id: str | None = None,
) -> LoggedModel:
    """Create a pending logged model.

    Args:
        name: Its name; made up when None.
        source_run_id: The run that makes it; the active run by default.
        tags: Tags; values are kept as text.
        params: Params; values are kept as text.
        model_type: A free text, such as ``agent``.
        experiment_id: Where it belongs; the active run's experiment, or the one in force.
    """
    run = active_runs.top()
    if source_run_id is None and run is not None:
        source_run_id = run.info.run_id
    if experiment_id is None:
        experiment_id = _get_experiment_id() if run is None else run.info.experiment_id
    model = client_of(run).create_logged_model(
        experiment_id,
        name,
        source_run_id,
        resolve_tags(as_dict(tags or {}, "tags")),
        params,
        model_type,
    )
    thread_models.last_id = model.model_id
    return model


def create_external_model(
    name: str | None = None,
    source_run_id: str | None = None,
    tags: dict[str, str] | None = None,
    params: dict[str, str] | None = None,
    model_type: str | None = None,
    experiment_id: str | None = None,
) -> LoggedModel:
    """Create a ready logged model whose files are kept elsewhere.

    Args:
        name: Its name; made up when None.
        source_run_id: The run that makes it; the active run by default.
        tags: Tags; values are kept as text.
        params: Params; values are kept as text.
        model_type: A free text, such as ``agent``.
        experiment_id: Where it belongs; the active run's experiment, or the one in force.
    """
    marked = {**as_dict(tags or {}, "tags"), MLFLOW_MODEL_IS_EXTERNAL: "true"}
    model = initialize_logged_model(name, source_run_id, marked, params, model_type, experiment_id)
    return finalize_logged_model(model.model_id, LoggedModelStatus.READY)


def finalize_logged_model(
    model_id: str, status: Literal["READY", "FAILED"] | LoggedModelStatus
) -> LoggedModel:
    """Set the final status of a logged model."""
    return _client().finalize_logged_model(model_id, status)


def _client() -> MlflowClient:
    return client_of(active_runs.top())


def get_logged_model(model_id: str) -> LoggedModel:
    """Return a logged model."""
    return _client().get_logged_model(model_id)


def last_logged_model() -> LoggedModel | None:
    """Return the logged model that this thread made last, with fresh values."""
    if thread_models.last_id is None:
        return None
    return _client().get_logged_model(thread_models.last_id)


def set_logged_model_tags(model_id: str, tags: dict[str, Any]) -> None:
    """Set tags of a logged model; values are kept as text."""
    _client().set_logged_model_tags(model_id, tags)


def delete_logged_model_tag(model_id: str, key: str) -> None:
    """Remove a tag of a logged model; a missing one is an error."""
    _client().delete_logged_model_tag(model_id, key)


def log_model_params(params: dict[str, str], model_id: str | None = None) -> None:
    """Set params of a logged model, each once.

    Args:
        params: Values by param; kept as text.
        model_id: The model; the active one by default.
    """
    _client().log_model_params(model_id or get_active_model_id() or _no_model(), params)


def _no_model() -> str:
    raise MlflowException.invalid_parameter_value(
        "`model_id` must be a non-empty string, but got None and there is no active model. Give "
        "one, or choose one with mlflow.set_active_model()."
    )


def set_active_model(*, name: str | None = None, model_id: str | None = None) -> ActiveModel:
    """Choose the logged model that this thread's metrics are measured on.

    As a context manager the choice ends with the block.

    Args:
        name: The newest model with this name in the experiment in force; made when there is none.
        model_id: A model's id, instead of the name.

    Raises:
        MlflowException: neither is given, the id is unknown, or its model has another name.
    """
    if not name and not model_id:
        raise MlflowException.invalid_parameter_value("Either name or model_id must be provided")
    if model_id:
        model = get_logged_model(model_id)
        if name and model.name != name:
            raise MlflowException.invalid_parameter_value(
                f"LoggedModel with model_id {model_id!r} has name {model.name!r}, which does not "
                f"match the provided name {name!r}."
            )
    else:
        model = _newest(str(name)) or create_external_model(name)
    active = ActiveModel(model, set_by_user=True)
    active.previous_id = thread_models.active_id
    thread_models.active_id = model.model_id
    logger.info("Active model is set to the logged model with ID: %s", model.model_id)
    return active


def _newest(name: str) -> LoggedModel | None:
    quoted = name.replace("'", "''") if "'" in name else name
    found = _client().search_logged_models(
        [_get_experiment_id()],
        f"name = '{quoted}'",
        max_results=1,
        order_by=[{"field_name": "creation_timestamp", "ascending": False}],
    )
    return found[0] if found else None


def clear_active_model() -> None:
    """Forget the active model, the environment's too."""
    thread_models.active_id = None
    MLFLOW_ACTIVE_MODEL_ID.unset()


def model_row(model: LoggedModel) -> Mapping[str, Any]:
    """Return what a table of logged models shows of one."""
    return {
        **{name: value for name, value in model if name != "model_uri"},
        "status": str(model.status),
    }
