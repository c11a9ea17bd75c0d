"""Checkpoints: files of a training as logged models, and keeping only the best of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.tags import HEADRACE_CHECKPOINT, MLFLOW_MODEL_VERSIONS
from mlflow._core.uri import is_local_uri, local_path
from mlflow.entities.logged_model_output import LoggedModelOutput
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.exceptions import MlflowException
from mlflow.models.log import FORBIDDEN
from mlflow.tracking import fluent
from mlflow.tracking.client import MlflowClient

if TYPE_CHECKING:
    from pathlib import Path

    from mlflow.entities.logged_model import LoggedModel
    from mlflow.entities.metric import Metric

_MODEL_TYPE: Final = "checkpoint"
_NUMBER: Final = re.compile(r"\d+")


def import_checkpoints(
    checkpoint_path: str,
    source_run_id: str | None = None,
    model_prefix: str | None = None,
    overwrite_checkpoints: bool = False,
) -> list[LoggedModel]:
    """Log each file or folder in a folder of checkpoints as a model.

    The last number in a name is its step: ``checkpoint-500``, ``epoch=3-step=120.ckpt``. A call
    that is repeated adds only what is new; hidden files are left out.

    Args:
        checkpoint_path: The folder, on this machine.
        source_run_id: The run that wrote them; the active run by default, if there is one.
        model_prefix: What the models' names begin with, before the checkpoints' own.
        overwrite_checkpoints: Log those again that were imported before, and delete the old models.

    Returns:
        A model for each checkpoint, by step and name.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where there is no such folder, or two checkpoints
            would have one name; RESOURCE_DOES_NOT_EXIST where there is no such run.
    """
    named: dict[str, Path] = {}
    for path in _checkpoints(checkpoint_path):
        if (first := named.setdefault(_name(path, model_prefix), path)) is not path:
            raise MlflowException.invalid_parameter_value(
                f"{first.name} and {path.name} would be models of the same name"
            )
    client, run_id = MlflowClient(), _run_id(source_run_id)
    experiment_id = client.get_run(run_id).info.experiment_id if run_id else None
    known = {
        model.name: model
        for model in _models(experiment_id, run_id)
        if HEADRACE_CHECKPOINT in model.tags
    }
    models = []
    for name, path in named.items():
        old = known.get(name)
        if old is not None and not overwrite_checkpoints:
            models.append(old)
            continue
        models.append(_import(client, path, name, run_id, experiment_id))
        if old is not None:
            client.delete_logged_model(old.model_id)
    return models


def _checkpoints(checkpoint_path: str) -> list[Path]:
    is_text = isinstance(checkpoint_path, str) and checkpoint_path
    if not is_text or not is_local_uri(checkpoint_path):
        raise MlflowException.invalid_parameter_value(
            f"checkpoint_path must be a folder on this machine, got {checkpoint_path!r}"
        )
    folder = local_path(checkpoint_path)
    if not folder.is_dir():
        raise MlflowException.invalid_parameter_value(f"{checkpoint_path!r} is no folder")
    found = [path for path in folder.iterdir() if not path.name.startswith(".")]
    return sorted(found, key=lambda path: (_step(path), path.name))


def _step(path: Path) -> int:
    numbers = _NUMBER.findall(path.name)
    return int(numbers[-1]) if numbers else 0


def _name(path: Path, prefix: str | None) -> str:
    own = path.name if path.is_dir() else path.stem
    return (prefix or "") + "".join("-" if mark in FORBIDDEN else mark for mark in own)


def _run_id(given: str | None) -> str | None:
    active = fluent.active_run()
    return given or (active.info.run_id if active is not None else None)


def _models(experiment_id: str | None, run_id: str | None) -> list[LoggedModel]:
    """Return the ready models of a run; of the experiment where there is no run."""
    models: Any = fluent.search_logged_models(
        [experiment_id] if experiment_id else None,
        f"source_run_id = '{run_id}'" if run_id else None,
        output_format="list",
    )
    return [
        model
        for model in models
        if model.source_run_id == run_id and model.status == LoggedModelStatus.READY
    ]


def _import(
    client: MlflowClient, path: Path, name: str, run_id: str | None, experiment_id: str | None
) -> LoggedModel:
    model = fluent.initialize_logged_model(
        name,
        source_run_id=run_id,
        tags={HEADRACE_CHECKPOINT: path.name},
        model_type=_MODEL_TYPE,
        experiment_id=experiment_id,
    )
    try:
        client.log_model_artifact(model.model_id, str(path))
        if run_id is not None:
            client.log_outputs(run_id, [LoggedModelOutput(model.model_id, _step(path))])
    except BaseException:
        client.finalize_logged_model(model.model_id, LoggedModelStatus.FAILED)
        raise
    return client.finalize_logged_model(model.model_id, LoggedModelStatus.READY)


def keep_best(
    count: int,
    metric: str,
    *,
    greater_is_better: bool,
    run_id: str | None = None,
    name: str | None = None,
) -> list[LoggedModel]:
    """Delete a run's models but those with the best values of a metric.

    A model's value is what was logged for it last (``log_metric(…, model_id=…)``), or else the
    run's value at the step of ``log_model(step=…)``. Models without a value, and models of which
    there are registered versions, are left alone. ``mlflow gc`` frees the files of deleted ones.

    Args:
        count: How many to keep.
        metric: The metric's name.
        greater_is_better: Whether the greatest values are the best, or the least.
        run_id: The run; the active run by default.
        name: Only the models of this name; all by default.

    Returns:
        The models that are kept, the best first; at equal values the later step, then the newer.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where there is no run, or ``count`` is below one.
    """
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise MlflowException.invalid_parameter_value(f"count must be 1 or more, got {count!r}")
    client, run_id = MlflowClient(), _run_id(run_id)
    if run_id is None:
        raise MlflowException.invalid_parameter_value("keep_best needs a run: none is active")
    run = client.get_run(run_id)
    outputs = run.outputs.model_outputs if run.outputs else []
    steps = {output.model_id: output.step for output in outputs}
    history = {point.step: point.value for point in client.get_metric_history(run_id, metric)}
    ranked = []
    for model in _models(run.info.experiment_id, run_id):
        step = steps.get(model.model_id)
        value = _value(model, metric, history.get(step) if step is not None else None)
        if value is not None and name in (None, model.name):
            order = (value if greater_is_better else -value, step or 0, model.creation_timestamp)
            ranked.append((order, model))
    ranked.sort(key=lambda pair: pair[0], reverse=True)
    for _, model in ranked[count:]:
        if MLFLOW_MODEL_VERSIONS not in model.tags:
            client.delete_logged_model(model.model_id)
    return [model for _, model in ranked[:count]]


def _value(model: LoggedModel, metric: str, of_run: float | None) -> float | None:
    """Return a model's value of a metric; NaN is none."""
    own: list[Metric] = [point for point in model.metrics or [] if point.key == metric]
    last = max(own, key=lambda point: (point.step, point.timestamp), default=None)
    value = last.value if last is not None else of_run
    return None if value is None or value != value else value  # noqa: PLR0124 - NaN
