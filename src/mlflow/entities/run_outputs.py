"""What came out of a run."""

from __future__ import annotations

from typing import Any

from mlflow.entities._entity import ByValue, ReadOnly, entity_from
from mlflow.entities.logged_model_output import LoggedModelOutput


class RunOutputs(ByValue):
    """The logged models that a run produced."""

    __slots__ = ("_model_outputs",)

    def __init__(self, model_outputs: list[LoggedModelOutput]) -> None:
        self._model_outputs = model_outputs

    model_outputs = ReadOnly["list[LoggedModelOutput]"]("_model_outputs", "The models produced.")

    @classmethod
    def from_dictionary(cls, the_dict: dict[str, Any]) -> RunOutputs:
        """Make the outputs from what ``to_dictionary`` returns."""
        items = the_dict.get("model_outputs") or ()
        return cls([entity_from(LoggedModelOutput, item) for item in items])
