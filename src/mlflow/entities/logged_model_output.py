"""A logged model as the output of a run."""

from __future__ import annotations

from mlflow.entities._entity import ByValue, ReadOnly


class LoggedModelOutput(ByValue):
    """The id of a logged model that a run produced, and the step at which it did."""

    __slots__ = ("_model_id", "_step")

    def __init__(self, model_id: str, step: int) -> None:
        self._model_id = model_id
        self._step = step

    model_id = ReadOnly[str]("_model_id", "The model's id.")
    step = ReadOnly[int]("_step", "The training step.")
