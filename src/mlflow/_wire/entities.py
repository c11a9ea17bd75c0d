"""Entities to messages and back: the same names on both sides, hot ones by hand.

A page of a search is tens of thousands of small objects; what is encoded here touches each once.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from mlflow._wire import messages
from mlflow._wire.codec import double
from mlflow.entities._entity import KeyValue
from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.dataset_summary import _DatasetSummary
from mlflow.entities.experiment import Experiment
from mlflow.entities.experiment_tag import ExperimentTag
from mlflow.entities.input_tag import InputTag
from mlflow.entities.logged_model import LoggedModel
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.logged_model_output import LoggedModelOutput
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.entities.metric import Metric
from mlflow.entities.run import Run
from mlflow.entities.run_data import RunData
from mlflow.entities.run_info import RunInfo
from mlflow.entities.run_inputs import RunInputs
from mlflow.entities.run_outputs import RunOutputs
from mlflow.entities.run_status import RunStatus
from mlflow.entities.view_type import ViewType

K = TypeVar("K", bound=KeyValue)

# Model statuses on the wire, by number; unspecified comes first.
_MODEL_STATUSES: Final = (
    "LOGGED_MODEL_STATUS_UNSPECIFIED",
    "LOGGED_MODEL_PENDING",
    "LOGGED_MODEL_READY",
    "LOGGED_MODEL_UPLOAD_FAILED",
)
_RUN_STATUSES: Final = {RunStatus.to_string(number): number for number in RunStatus.all_status()}
_VIEWS: Final = {
    "ACTIVE_ONLY": ViewType.ACTIVE_ONLY,
    "DELETED_ONLY": ViewType.DELETED_ONLY,
    "ALL": ViewType.ALL,
}


# Enums


def _number(value: messages.EnumName | None, names: Mapping[str, int]) -> int | None:
    if isinstance(value, str):
        return names.get(value)
    return value if value in names.values() else None


def run_status_of(value: messages.EnumName | None) -> int | None:
    """Return a run status's number; None for none, and for a name that nobody knows."""
    return _number(value, _RUN_STATUSES)


def view_type_of(value: messages.EnumName | None) -> int:
    """Return a view type's number, that of active ones for none."""
    return _number(value, _VIEWS) or ViewType.ACTIVE_ONLY


def view_name(view_type: int) -> str:
    """Return a view type's name on the wire."""
    return next(name for name, number in _VIEWS.items() if number == view_type)


def model_status_of(value: messages.EnumName | None) -> LoggedModelStatus | None:
    """Return a logged model's status; None for none, and for a name that nobody knows."""
    number = _number(value, {name: number for number, name in enumerate(_MODEL_STATUSES)})
    return None if number is None else LoggedModelStatus.from_int(number)


def model_status_name(status: LoggedModelStatus) -> str:
    """Return the name of a logged model's status on the wire."""
    return _MODEL_STATUSES[status.to_int()]


# Tags and params


def pairs(values: Mapping[str, str]) -> list[messages.KeyValue]:
    """Return tags or params that are kept by key."""
    return [messages.KeyValue(key=key, value=value) for key, value in values.items()]


def items(values: Iterable[KeyValue]) -> list[messages.KeyValue]:
    """Return tags or params that are objects."""
    return [messages.KeyValue(key=value.key, value=value.value) for value in values]


def items_of(cls: type[K], values: Iterable[messages.KeyValue]) -> list[K]:
    """Return tags or params as objects of a class; what is absent is empty."""
    return [cls(value.key or "", value.value or "") for value in values]


def pairs_of(values: Iterable[messages.KeyValue]) -> dict[str, str]:
    """Return tags or params by key."""
    return {value.key or "": value.value or "" for value in values}


# Metrics


def metric_message(metric: Metric) -> messages.Metric:
    """Return a point of a metric."""
    return messages.Metric(
        key=metric.key,
        value=double(metric.value),
        timestamp=metric.timestamp,
        step=metric.step,
        model_id=metric.model_id,
        dataset_name=metric.dataset_name,
        dataset_digest=metric.dataset_digest,
        run_id=metric.run_id,
    )


def metric_of(point: messages.Metric | messages.InputMetric) -> Metric:
    """Return the point of a metric that a message holds."""
    return Metric(
        point.key or "",
        _double_of(point.value),
        point.timestamp or 0,
        point.step or 0,
        point.model_id,
        point.dataset_name,
        point.dataset_digest,
        point.run_id,
    )


def _double_of(value: messages.Double | None) -> float:
    return 0.0 if value is None else float(value)  # not "or": -0.0 is a value


# Runs


def run_info_message(info: RunInfo) -> messages.RunInfo:
    """Return the attributes of a run."""
    return messages.RunInfo(
        run_uuid=info.run_id,
        experiment_id=info.experiment_id,
        run_name=info.run_name,
        user_id=info.user_id,
        status=info.status,
        start_time=info.start_time,
        end_time=info.end_time,
        artifact_uri=info.artifact_uri,
        lifecycle_stage=info.lifecycle_stage,
        run_id=info.run_id,
    )


def run_message(run: Run) -> messages.Run:
    """Return a run with all that it holds."""
    data = run.data
    outputs = run.outputs
    return messages.Run(
        info=run_info_message(run.info),
        data=messages.RunData(
            metrics=[
                messages.Metric(key=key, value=double(value), timestamp=timestamp, step=step)
                for key, value, timestamp, step in data.iter_points()
            ],
            params=pairs(data.params),
            tags=pairs(data.tags),
        ),
        inputs=_inputs_message(run.inputs),
        outputs=messages.RunOutputs(
            model_outputs=outputs_messages(outputs.model_outputs) if outputs else []
        ),
    )


def _inputs_message(inputs: RunInputs | None) -> messages.RunInputs:
    if inputs is None:
        return messages.RunInputs()
    return messages.RunInputs(
        dataset_inputs=dataset_messages(inputs.dataset_inputs),
        model_inputs=[messages.ModelInput(model_id=one.model_id) for one in inputs.model_inputs],
    )


def dataset_messages(datasets: Iterable[DatasetInput]) -> list[messages.DatasetInput]:
    """Return datasets that a run read."""
    return [
        messages.DatasetInput(
            tags=items(one.tags),
            dataset=messages.Dataset(
                name=one.dataset.name,
                digest=one.dataset.digest,
                source_type=one.dataset.source_type,
                source=one.dataset.source,
                schema=one.dataset.schema,
                profile=one.dataset.profile,
            ),
        )
        for one in datasets
    ]


def outputs_messages(models: Iterable[LoggedModelOutput]) -> list[messages.ModelOutput]:
    """Return logged models that a run made."""
    return [messages.ModelOutput(model_id=one.model_id, step=one.step) for one in models]


def run_info_of(info: messages.RunInfo) -> RunInfo:
    """Return the attributes of a run that a message holds."""
    return RunInfo(
        info.run_id or info.run_uuid or "",
        info.experiment_id or "",
        info.user_id or "",
        info.status or "RUNNING",
        info.start_time or 0,
        info.end_time,
        info.lifecycle_stage or "active",
        info.artifact_uri,
        info.run_name,
    )


def run_of(run: messages.Run) -> Run:
    """Return the run that a message holds."""
    data = run.data or messages.RunData()
    points = [
        (
            one.key or "",
            0.0 if one.value is None else float(one.value),
            one.timestamp or 0,
            one.step or 0,
        )
        for one in data.metrics
    ]
    inputs = run.inputs or messages.RunInputs()
    outputs = run.outputs or messages.RunOutputs()
    return Run(
        run_info_of(run.info or messages.RunInfo()),
        RunData.of_points(
            {point[0]: point[1] for point in points},
            points,
            pairs_of(data.params),
            pairs_of(data.tags),
        ),
        RunInputs(
            datasets_of(inputs.dataset_inputs),
            [LoggedModelInput(one.model_id or "") for one in inputs.model_inputs],
        ),
        RunOutputs(outputs_of(outputs.model_outputs)),
    )


def datasets_of(inputs: Iterable[messages.DatasetInput]) -> list[DatasetInput]:
    """Return the datasets that messages hold."""
    found = []
    for one in inputs:
        dataset = one.dataset or messages.Dataset()
        found.append(
            DatasetInput(
                Dataset(
                    dataset.name or "",
                    dataset.digest or "",
                    dataset.source_type or "",
                    dataset.source or "",
                    dataset.schema,
                    dataset.profile,
                ),
                items_of(InputTag, one.tags),
            )
        )
    return found


def outputs_of(models: Iterable[messages.ModelOutput]) -> list[LoggedModelOutput]:
    """Return the logged models that messages say a run made."""
    return [LoggedModelOutput(one.model_id or "", one.step or 0) for one in models]


# Experiments


def experiment_message(experiment: Experiment) -> messages.Experiment:
    """Return an experiment."""
    return messages.Experiment(
        experiment_id=experiment.experiment_id,
        name=experiment.name,
        artifact_location=experiment.artifact_location,
        lifecycle_stage=experiment.lifecycle_stage,
        last_update_time=experiment.last_update_time,
        creation_time=experiment.creation_time,
        tags=pairs(experiment.tags),
        effective_trace_archival_retention=experiment.effective_trace_archival_retention,
        workspace=experiment.workspace,
    )


def experiment_of(experiment: messages.Experiment) -> Experiment:
    """Return the experiment that a message holds."""
    return Experiment(
        experiment.experiment_id or "",
        experiment.name or "",
        experiment.artifact_location or "",
        experiment.lifecycle_stage or "active",
        items_of(ExperimentTag, experiment.tags),
        experiment.creation_time,
        experiment.last_update_time,
        experiment.workspace,
    )


def dataset_summary_messages(found: Sequence[_DatasetSummary]) -> list[messages.DatasetSummary]:
    """Return datasets in short."""
    return [
        messages.DatasetSummary(
            experiment_id=one.experiment_id, name=one.name, digest=one.digest, context=one.context
        )
        for one in found
    ]


def dataset_summary_of(one: messages.DatasetSummary) -> _DatasetSummary:
    """Return the dataset in short that a message holds."""
    return _DatasetSummary(
        one.experiment_id or "", one.name or "", one.digest or "", one.context or None
    )


# Logged models


def model_message(model: LoggedModel) -> messages.LoggedModel:
    """Return a logged model."""
    return messages.LoggedModel(
        info=messages.LoggedModelInfo(
            model_id=model.model_id,
            experiment_id=model.experiment_id,
            name=model.name,
            creation_timestamp_ms=model.creation_timestamp,
            last_updated_timestamp_ms=model.last_updated_timestamp,
            artifact_uri=model.artifact_location,
            status=model_status_name(model.status),
            model_type=model.model_type or "",
            source_run_id=model.source_run_id or "",
            status_message=model.status_message,
            tags=pairs(model.tags),
        ),
        data=messages.LoggedModelData(
            params=pairs(model.params),
            metrics=[metric_message(metric) for metric in model.metrics or ()],
        ),
    )


def model_of(model: messages.LoggedModel) -> LoggedModel:
    """Return the logged model that a message holds."""
    info = model.info or messages.LoggedModelInfo()
    data = model.data or messages.LoggedModelData()
    return LoggedModel(
        experiment_id=info.experiment_id or "",
        model_id=info.model_id or "",
        name=info.name or "",
        artifact_location=info.artifact_uri or "",
        creation_timestamp=info.creation_timestamp_ms or 0,
        last_updated_timestamp=info.last_updated_timestamp_ms or 0,
        model_type=info.model_type or None,
        source_run_id=info.source_run_id or None,
        status=model_status_of(info.status) or LoggedModelStatus.UNSPECIFIED,
        status_message=info.status_message,
        tags=pairs_of(info.tags),
        params=pairs_of(data.params),
        metrics=[metric_of(metric) for metric in data.metrics] or None,
    )
