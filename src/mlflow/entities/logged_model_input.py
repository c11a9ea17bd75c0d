"""A logged model as the input of a run."""

from __future__ import annotations

from mlflow.entities._entity import ByValue, ReadOnly


class LoggedModelInput(ByValue):
    """The id of a logged model that a run used."""

    __slots__ = ("_model_id",)

    def __init__(self, model_id: str) -> None:
        self._model_id = model_id

    model_id = ReadOnly[str]("_model_id", "The model's id.")
