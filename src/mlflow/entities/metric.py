"""One point of a metric: the value that a key had at a time and a step."""

from __future__ import annotations

from typing import Any

from mlflow.entities._entity import Entity, ReadOnly
from mlflow.exceptions import MlflowException

_REQUIRED = ("key", "value", "timestamp", "step")


class Metric(Entity):
    """A value of a metric, with the model and the dataset that it was measured on, if any."""

    __slots__ = (
        "_dataset_digest",
        "_dataset_name",
        "_key",
        "_model_id",
        "_run_id",
        "_step",
        "_timestamp",
        "_value",
    )

    def __init__(
        self,
        key: str,
        value: float,
        timestamp: int,
        step: int,
        model_id: str | None = None,
        dataset_name: str | None = None,
        dataset_digest: str | None = None,
        run_id: str | None = None,
    ) -> None:
        if (dataset_name is None) != (dataset_digest is None):
            raise MlflowException.invalid_parameter_value(
                "Both dataset_name and dataset_digest must be provided if one is provided: metric"
                f" {key!r} has dataset_name={dataset_name!r} and dataset_digest={dataset_digest!r}."
            )
        self._key = key
        self._value = value
        self._timestamp = timestamp
        self._step = step
        self._model_id = model_id
        self._dataset_name = dataset_name
        self._dataset_digest = dataset_digest
        self._run_id = run_id

    key = ReadOnly[str]("_key", "The metric's name.")
    value = ReadOnly[float]("_value", "The measured value.")
    timestamp = ReadOnly[int]("_timestamp", "Milliseconds since 1970, UTC.")
    step = ReadOnly[int]("_step", "The training step.")
    model_id = ReadOnly["str | None"]("_model_id", "The logged model measured.")
    dataset_name = ReadOnly["str | None"]("_dataset_name", "The dataset measured on.")
    dataset_digest = ReadOnly["str | None"]("_dataset_digest", "The digest of that dataset.")
    run_id = ReadOnly["str | None"]("_run_id", "The run that logged the point.")

    def _values(self) -> tuple[object, ...]:
        return (
            self._key,
            self._value,
            self._timestamp,
            self._step,
            self._model_id,
            self._dataset_name,
            self._dataset_digest,
            self._run_id,
        )

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def to_dictionary(self) -> dict[str, Any]:
        """Return the fields by name, in the order of the constructor."""
        return {
            "key": self._key,
            "value": self._value,
            "timestamp": self._timestamp,
            "step": self._step,
            "model_id": self._model_id,
            "dataset_name": self._dataset_name,
            "dataset_digest": self._dataset_digest,
            "run_id": self._run_id,
        }

    @classmethod
    def from_dictionary(cls, metric_dict: dict[str, Any]) -> Metric:
        """Make a metric from its dictionary form.

        Raises:
            MlflowException: A required field is missing.
        """
        missing = [name for name in _REQUIRED if name not in metric_dict]
        if missing:
            raise MlflowException.invalid_parameter_value(
                f"A metric needs {', '.join(_REQUIRED)}; "
                f"the dictionary has no {', '.join(missing)}."
            )
        return cls(**metric_dict)
