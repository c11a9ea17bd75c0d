"""Logging values to the active run: metrics, params and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.tracking._fluent.inputs import link_dataset
from mlflow.tracking._fluent.runs import _get_or_start_run
from mlflow.tracking._fluent.state import client_of, store_of
from mlflow.tracking.active_model import get_active_model_id
from mlflow.tracking.batches import Batch
from mlflow.tracking.recording import (
    as_dict,
    as_number,
    as_step,
    link_model,
    record_batch,
    record_metric,
    record_param,
    record_point,
    record_tag,
    time_or_now,
)
from mlflow.tracking.stores import _get_store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlflow.store.tracking.abstract_store import AbstractStore
    from mlflow.tracking.async_logging import RunOperations


def _target(run_id: str | None) -> tuple[AbstractStore, str]:
    """Return where to log: the run with this id, or the active run, started when there is none."""
    if run_id is not None:
        return _get_store(), run_id
    run = _get_or_start_run()
    return store_of(run), run.info.run_id


def log_metric(
    key: str,
    value: float,
    step: int | None = None,
    synchronous: bool | None = None,
    timestamp: int | None = None,
    run_id: str | None = None,
    model_id: str | None = None,
    dataset: Any = None,
) -> RunOperations | None:
    """Add a point to a metric.

    Args:
        key: The metric.
        value: A number, or an array or tensor that holds one.
        step: The training step; 0 by default.
        synchronous: False queues the point and returns at once; the environment decides when None.
        timestamp: Milliseconds since 1970; now by default.
        run_id: The run; the active one by default.
        model_id: The logged model that was measured; the active one by default.
        dataset: The dataset that was measured on; noted as an input of the run.

    Returns:
        Something to wait for when the point was queued.
    """
    store, target = _target(run_id)
    model = model_id or get_active_model_id()
    number, at_step, time = as_number(key, value), as_step(key, step), time_or_now(timestamp)
    if model is None and dataset is None:
        return record_point(store, target, (key, number, time, at_step), synchronous)
    metric = _attributed(store, target, {key: number}, time, at_step, model, dataset)[0]
    return record_metric(store, target, metric, synchronous)


def log_metrics(
    metrics: dict[str, float],
    step: int | None = None,
    synchronous: bool | None = None,
    run_id: str | None = None,
    timestamp: int | None = None,
    model_id: str | None = None,
    dataset: Any = None,
) -> RunOperations | None:
    """Add a point to each of several metrics, all at one step and time.

    Args:
        metrics: Numbers by metric.
        step: The training step; 0 by default.
        synchronous: False queues the points and returns at once.
        run_id: The run; the active one by default.
        timestamp: Milliseconds since 1970; now by default.
        model_id: The logged model that was measured; the active one by default.
        dataset: The dataset that was measured on; noted as an input of the run.
    """
    store, target = _target(run_id)
    model = model_id or get_active_model_id()
    time, at_step = time_or_now(timestamp), as_step("", step)
    numbers = {key: as_number(key, value) for key, value in as_dict(metrics, "metrics").items()}
    points = _attributed(store, target, numbers, time, at_step, model, dataset)
    return record_batch(store, target, Batch(points), synchronous)


def _attributed(
    store: AbstractStore,
    run_id: str,
    numbers: Mapping[str, float],
    timestamp: int,
    step: int,
    model_id: str | None,
    dataset: Any,
) -> list[Metric]:
    """Return points that name the model and the dataset, noted as inputs of the run."""
    if model_id is not None:
        link_model(store, run_id, model_id)
    name = digest = None
    if dataset is not None:
        name, digest = dataset.name, dataset.digest
        link_dataset(store, run_id, dataset)
    of_run = run_id if model_id is not None else None
    return [
        Metric(key, value, timestamp, step, model_id, name, digest, of_run)
        for key, value in numbers.items()
    ]


def log_param(key: str, value: Any, synchronous: bool | None = None) -> Any:
    """Set a param of the active run once; another value for the same key is an error.

    Args:
        key: The param.
        value: Kept as text.
        synchronous: False queues the param and returns at once.

    Returns:
        The value, or something to wait for when the param was queued.
    """
    store, target = _target(None)
    return record_param(store, target, key, value, synchronous)


def log_params(
    params: dict[str, Any], synchronous: bool | None = None, run_id: str | None = None
) -> RunOperations | None:
    """Set several params once, any number of them.

    Args:
        params: Values by param; kept as text.
        synchronous: False queues the params and returns at once.
        run_id: The run; the active one by default.
    """
    store, target = _target(run_id)
    made = [Param(key, str(value)) for key, value in as_dict(params, "params").items()]
    return record_batch(store, target, Batch((), made), synchronous)


def set_tag(key: str, value: Any, synchronous: bool | None = None) -> RunOperations | None:
    """Set a tag of the active run.

    Args:
        key: The tag.
        value: Kept as text.
        synchronous: False queues the tag and returns at once.
    """
    store, target = _target(None)
    return record_tag(store, target, key, value, synchronous)


def set_tags(tags: dict[str, Any], synchronous: bool | None = None) -> RunOperations | None:
    """Set several tags of the active run, any number of them.

    Args:
        tags: Values by tag; kept as text.
        synchronous: False queues the tags and returns at once.
    """
    store, target = _target(None)
    made = [RunTag(key, str(value)) for key, value in as_dict(tags, "tags").items()]
    return record_batch(store, target, Batch((), (), made), synchronous)


def delete_tag(key: str) -> None:
    """Remove a tag of the active run; a missing one is an error."""
    run = _get_or_start_run()
    client_of(run).delete_tag(run.info.run_id, key)
