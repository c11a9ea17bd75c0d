"""Logging without waiting: values go to the journal, and a refusal raises nothing anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow._core.clock import now_ms
from mlflow._core.limits import MAX_ENTITY_KEY_LENGTH
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_status import RunStatus
from mlflow.entities.run_tag import RunTag
from mlflow.tracking import fluent
from mlflow.tracking.async_logging import log_later
from mlflow.tracking.batches import Batch
from mlflow.tracking.journal.calls import inputs_call, update_call
from mlflow.tracking.recording import as_number, as_step, record_batch
from mlflow.tracking.stores import _get_store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlflow.entities.dataset_input import DatasetInput
    from mlflow.store.tracking.abstract_store import AbstractStore


def target(run_id: str | None = None, uri: str | None = None) -> tuple[AbstractStore, str]:
    """Return the store and the id of a run.

    Args:
        run_id: The run; the active one by default.
        uri: The tracking URI of its store; that of the active run, or the one in force.
    """
    run = fluent.active_run()
    if run_id is None and run is None:
        run = fluent.start_run()
    if run is not None and run.store is not None and run_id in (None, run.info.run_id):
        return run.store, run.info.run_id
    return _get_store(uri), str(run_id)


def _write(batch: Batch, run_id: str | None, uri: str | None = None) -> None:
    operations = record_batch(*target(run_id, uri), batch, synchronous=False)
    if operations is not None:
        operations.forgive()


def log_inputs(datasets: list[DatasetInput], run_id: str | None, uri: str | None = None) -> None:
    """Note that a run reads datasets.

    Args:
        datasets: The datasets.
        run_id: The run; the active one if None.
        uri: The tracking URI of that run's store.
    """
    store, run = target(run_id, uri)
    log_later(store, inputs_call(run, datasets, None)).forgive()


def end_run(run_id: str, uri: str | None) -> None:
    """End a run that is not active; it is FINISHED.

    Args:
        run_id: The run.
        uri: The tracking URI of its store.
    """
    store, run = target(run_id, uri)
    log_later(store, update_call(run, RunStatus.FINISHED, now_ms(), None)).forgive()


def _cut(key: Any) -> str:
    return str(key)[:MAX_ENTITY_KEY_LENGTH]


def log_params(
    params: Mapping[Any, Any], run_id: str | None = None, *, uri: str | None = None
) -> None:
    """Set params.

    Args:
        params: Values by param; long keys are cut.
        run_id: The run; the active one by default.
        uri: The tracking URI of that run's store.
    """
    _write(Batch((), [Param(_cut(key), str(value)) for key, value in params.items()]), run_id, uri)


def log_metrics(
    metrics: Mapping[Any, Any],
    step: int | None = None,
    *,
    run_id: str | None = None,
    uri: str | None = None,
    model_id: str | None = None,
    dataset: Any = None,
) -> None:
    """Add a point to each of several metrics.

    Args:
        metrics: Numbers by metric; long keys are cut.
        step: The training step.
        run_id: The run; the active one by default.
        uri: The tracking URI of that run's store.
        model_id: The logged model that was measured.
        dataset: The dataset that was measured on.
    """
    name, digest = (dataset.name, dataset.digest) if dataset is not None else (None, None)
    time_ms, at_step = now_ms(), as_step("", step)
    points = [
        Metric(_cut(key), as_number(key, value), time_ms, at_step, model_id, name, digest)
        for key, value in metrics.items()
    ]
    _write(Batch(points), run_id, uri)


def set_tags(tags: Mapping[str, Any], run_id: str | None = None, uri: str | None = None) -> None:
    """Set tags of a run.

    Args:
        tags: The tags.
        run_id: The run; the active one if None.
        uri: The tracking URI of that run's store.
    """
    rows = [RunTag(_cut(key), str(value)) for key, value in tags.items()]
    _write(Batch((), (), rows), run_id, uri)
