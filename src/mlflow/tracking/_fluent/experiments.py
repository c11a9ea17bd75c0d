"""Experiments: the one in force, and those of the store in force by name and id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._core.lazy import not_built
from mlflow._core.limits import validate_experiment_name
from mlflow.entities.lifecycle_stage import LifecycleStage
from mlflow.entities.view_type import ViewType
from mlflow.environment_variables import MLFLOW_EXPERIMENT_ID, MLFLOW_EXPERIMENT_NAME
from mlflow.exceptions import INVALID_PARAMETER_VALUE, RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.store.tracking.abstract_store import SEARCH_MAX_RESULTS_DEFAULT
from mlflow.tracking._fluent.offline import first_contact, go_offline, offline_experiment
from mlflow.tracking._fluent.state import logger, state
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.recording import as_dict
from mlflow.tracking.stores import _get_store

if TYPE_CHECKING:
    from mlflow.entities.experiment import Experiment

_DEFAULT_EXPERIMENT_ID: Final = "0"


def set_experiment(
    experiment_name: str | None = None,
    experiment_id: str | None = None,
    trace_location: object = None,
) -> Experiment:
    """Choose the experiment that new runs go to, for this process and those that it starts.

    Args:
        experiment_name: A name; the experiment is created when there is none.
        experiment_id: An id, instead of the name.
        trace_location: Not built yet.

    Returns:
        The experiment.

    Raises:
        MlflowException: both or neither were given, the id is unknown, or the experiment deleted.
    """
    if (experiment_name is None) == (experiment_id is None):
        raise MlflowException.invalid_parameter_value(
            "Must specify exactly one of: `experiment_id` or `experiment_name`."
        )
    if trace_location is not None:
        raise not_built("mlflow.set_experiment(trace_location=…)")
    name = None if experiment_id is not None else validate_experiment_name(experiment_name)
    try:
        with first_contact():
            experiment = _find(name, experiment_id)
    except MlflowException as error:
        store = go_offline(error)
        offline_id = None if experiment_id is None else offline_experiment(store, experiment_id)
        experiment = _find(name, offline_id)
    if experiment.lifecycle_stage != LifecycleStage.ACTIVE:
        raise MlflowException(
            f"Cannot set a deleted experiment {experiment.name!r} as the active experiment. You "
            "can restore it with mlflow.restore_experiment"
            f"({experiment.experiment_id!r}), or delete it for good with `mlflow gc` to create a "
            "new one.",
            INVALID_PARAMETER_VALUE,
        )
    state.experiment_id = experiment.experiment_id
    MLFLOW_EXPERIMENT_ID.set(experiment.experiment_id)
    return experiment


def _find(name: str | None, experiment_id: str | None) -> Experiment:
    if name is not None:
        return _get_or_create(name)
    return _get_store().get_experiment(str(experiment_id))


def _get_or_create(name: str) -> Experiment:
    store = _get_store()
    experiment = store.get_experiment_by_name(name)
    if experiment is None:
        logger.info("Experiment with name '%s' does not exist. Creating a new experiment.", name)
        experiment = store.get_or_create_experiment(name)
    return experiment


def _get_experiment_id() -> str:
    """Return the experiment in force: what was set, else the environment's, else the default.

    Raises:
        MlflowException: the environment names an id that nothing has.
    """
    if state.experiment_id is not None:
        return state.experiment_id
    name = MLFLOW_EXPERIMENT_NAME.get()
    if name:
        return _get_or_create(name).experiment_id
    from_environment = MLFLOW_EXPERIMENT_ID.get()
    if not from_environment:
        return _DEFAULT_EXPERIMENT_ID
    try:
        return _get_store().get_experiment(from_environment).experiment_id
    except MlflowException as error:
        raise MlflowException(
            f"The provided {MLFLOW_EXPERIMENT_ID.name} environment variable value "
            f"`{from_environment}` does not exist in the tracking server. Provide a valid "
            f"experiment_id, or unset the variable. ({error})",
            RESOURCE_DOES_NOT_EXIST,
        ) from error


def create_experiment(
    name: str,
    artifact_location: str | None = None,
    tags: dict[str, Any] | None = None,
    trace_location: object = None,
) -> str:
    """Create an experiment and return its id.

    Args:
        name: Not taken by another experiment, deleted ones included.
        artifact_location: Where its runs keep their artifacts; below the store's root by default.
        tags: Tags; values are kept as text.
        trace_location: Not built yet.
    """
    if trace_location is not None:
        raise not_built("mlflow.create_experiment(trace_location=…)")
    return MlflowClient().create_experiment(name, artifact_location, tags)


def get_experiment(experiment_id: str) -> Experiment:
    """Return an experiment, active or deleted."""
    return MlflowClient().get_experiment(experiment_id)


def get_experiment_by_name(name: str) -> Experiment | None:
    """Return the experiment with this name, active or deleted; None when there is none."""
    return MlflowClient().get_experiment_by_name(name)


def delete_experiment(experiment_id: str) -> None:
    """Mark an experiment and its runs as deleted."""
    MlflowClient().delete_experiment(experiment_id)


def restore_experiment(experiment_id: str) -> None:
    """Make a deleted experiment and its runs active again."""
    MlflowClient().restore_experiment(experiment_id)


def set_experiment_tag(key: str, value: Any) -> None:
    """Set a tag of the experiment in force; the value is kept as text."""
    MlflowClient().set_experiment_tag(_get_experiment_id(), key, value)


def set_experiment_tags(tags: dict[str, Any]) -> None:
    """Set tags of the experiment in force; values are kept as text."""
    client, experiment_id = MlflowClient(), _get_experiment_id()
    for key, value in as_dict(tags, "tags").items():
        client.set_experiment_tag(experiment_id, key, value)


def delete_experiment_tag(key: str) -> None:
    """Remove a tag of the experiment in force; a missing one is an error."""
    MlflowClient().delete_experiment_tag(_get_experiment_id(), key)


def search_experiments(
    view_type: int = ViewType.ACTIVE_ONLY,
    max_results: int | None = None,
    filter_string: str | None = None,
    order_by: list[str] | None = None,
) -> list[Experiment]:
    """Return the experiments that a filter selects.

    Args:
        view_type: ``ViewType.ACTIVE_ONLY``, ``DELETED_ONLY`` or ``ALL``.
        max_results: How many at most; all by default.
        filter_string: Such as ``name LIKE 'vision%' AND tags.team = 'a'``.
        order_by: Such as ``["last_update_time DESC"]``.
    """
    client = MlflowClient()
    found: list[Experiment] = []
    token: str | None = None
    while max_results is None or len(found) < max_results:
        size = SEARCH_MAX_RESULTS_DEFAULT
        if max_results is not None:
            size = min(size, max_results - len(found))
        page = client.search_experiments(view_type, size, filter_string, order_by, token)
        found.extend(page)
        token = page.token
        if not token:
            break
    return found
