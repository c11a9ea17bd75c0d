"""What went into a run."""

from __future__ import annotations

from typing import Any

from mlflow.entities._entity import ByValue, ReadOnly, entity_from
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.logged_model_input import LoggedModelInput


class RunInputs(ByValue):
    """The datasets and the logged models that a run used."""

    __slots__ = ("_dataset_inputs", "_model_inputs")

    def __init__(
        self,
        dataset_inputs: list[DatasetInput],
        model_inputs: list[LoggedModelInput] | None = None,
    ) -> None:
        self._dataset_inputs = dataset_inputs
        self._model_inputs = model_inputs or []

    dataset_inputs = ReadOnly["list[DatasetInput]"]("_dataset_inputs", "The datasets used.")
    model_inputs = ReadOnly["list[LoggedModelInput]"]("_model_inputs", "The models used.")

    def to_dictionary(self) -> dict[str, Any]:
        """Return both lists as lists of dictionaries."""
        return {
            "model_inputs": [item.to_dictionary() for item in self._model_inputs],
            "dataset_inputs": [item.to_dictionary() for item in self._dataset_inputs],
        }

    @classmethod
    def from_dictionary(cls, the_dict: dict[str, Any]) -> RunInputs:
        """Make the inputs from what ``to_dictionary`` returns."""
        return cls(
            [entity_from(DatasetInput, item) for item in the_dict.get("dataset_inputs") or ()],
            [entity_from(LoggedModelInput, item) for item in the_dict.get("model_inputs") or ()],
        )
