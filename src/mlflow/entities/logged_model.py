"""A model with its own identity: many runs may produce, measure and use it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.entities._entity import Entity, ReadOnly, entity_from
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.entities.metric import Metric

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlflow.entities._entity import KeyValue
    from mlflow.entities.logged_model_parameter import LoggedModelParameter
    from mlflow.entities.logged_model_tag import LoggedModelTag


class LoggedModel(Entity):
    """A logged model: what it is, where its files are, its tags, parameters and metrics."""

    __slots__ = (
        "_artifact_location",
        "_creation_time",
        "_experiment_id",
        "_last_updated_timestamp",
        "_metrics",
        "_model_id",
        "_model_type",
        "_model_uri",
        "_name",
        "_params",
        "_source_run_id",
        "_status",
        "_status_message",
        "_tags",
    )

    def __init__(
        self,
        experiment_id: str,
        model_id: str,
        name: str,
        artifact_location: str,
        creation_timestamp: int,
        last_updated_timestamp: int,
        model_type: str | None = None,
        source_run_id: str | None = None,
        status: LoggedModelStatus | int = LoggedModelStatus.READY,
        status_message: str | None = None,
        tags: list[LoggedModelTag] | dict[str, str] | None = None,
        params: list[LoggedModelParameter] | dict[str, str] | None = None,
        metrics: list[Metric] | None = None,
    ) -> None:
        self._experiment_id = experiment_id
        self._model_id = model_id
        self._name = name
        self._artifact_location = artifact_location
        self._creation_time = creation_timestamp
        self._last_updated_timestamp = last_updated_timestamp
        self._model_type = model_type
        self._source_run_id = source_run_id
        self._status = (
            status if isinstance(status, LoggedModelStatus) else LoggedModelStatus.from_int(status)
        )
        self._status_message = status_message
        self._tags = _by_key(tags)
        self._params = _by_key(params)
        self._metrics = metrics
        self._model_uri = f"models:/{model_id}"

    experiment_id = ReadOnly[str]("_experiment_id", "The experiment that it belongs to.")
    model_id = ReadOnly[str]("_model_id", "The model's id.")
    name = ReadOnly[str]("_name", "The model's name, not unique.")
    artifact_location = ReadOnly[str]("_artifact_location", "The root URI of its files.")
    creation_timestamp = ReadOnly[int]("_creation_time", "Milliseconds since 1970, UTC.")
    last_updated_timestamp = ReadOnly[int](
        "_last_updated_timestamp", "Milliseconds since 1970, UTC."
    )
    model_type = ReadOnly["str | None"]("_model_type", "A free text, such as Agent.")
    source_run_id = ReadOnly["str | None"]("_source_run_id", "The run that produced it.")
    status = ReadOnly[LoggedModelStatus]("_status", "Whether it can be loaded.")
    status_message = ReadOnly["str | None"]("_status_message", "Why it has this status.")
    tags = ReadOnly["dict[str, str]"]("_tags", "The tags by key.")
    params = ReadOnly["dict[str, str]"]("_params", "The parameters by key.")
    metrics = ReadOnly["list[Metric] | None"]("_metrics", "What it was measured at.")
    model_uri = ReadOnly[str]("_model_uri", "The URI that loads it.")

    def __repr__(self) -> str:
        hidden = {"metrics", "params", "tags"}
        fields = ", ".join(f"{name}={value!r}" for name, value in self if name not in hidden)
        return f"{type(self).__name__}({fields})"

    def to_dictionary(self) -> dict[str, Any]:
        """Return the constructor's arguments by name, the status as its number."""
        fields = super().to_dictionary()
        del fields["model_uri"]
        return {**fields, "status": self._status.to_int()}

    @classmethod
    def from_dictionary(cls, the_dict: dict[str, Any]) -> LoggedModel:
        """Make the model from what ``to_dictionary`` returns."""
        metrics = the_dict.get("metrics")
        if metrics is not None:
            metrics = [entity_from(Metric, metric) for metric in metrics]
        return cls(**{**the_dict, "metrics": metrics})


def _by_key(items: Iterable[KeyValue] | dict[str, str] | None) -> dict[str, str]:
    if isinstance(items, dict):
        return items
    return {item.key: item.value for item in items or ()}
