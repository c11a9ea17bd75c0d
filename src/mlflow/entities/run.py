"""The unit of tracking: one execution of some code, composed of four values."""

from __future__ import annotations

from typing import Any

from mlflow.entities._entity import Entity, ReadOnly, entity_from
from mlflow.entities.run_data import RunData
from mlflow.entities.run_info import RunInfo
from mlflow.entities.run_inputs import RunInputs
from mlflow.entities.run_outputs import RunOutputs
from mlflow.exceptions import MlflowException


class Run(Entity):
    """A run: what it is (info), what it logged (data), what it used and what it produced."""

    __slots__ = ("_data", "_info", "_inputs", "_outputs")

    def __init__(
        self,
        run_info: RunInfo,
        run_data: RunData,
        run_inputs: RunInputs | None = None,
        run_outputs: RunOutputs | None = None,
    ) -> None:
        if run_info is None:
            raise MlflowException("A run needs its info: run_info must not be None.")
        self._info = run_info
        self._data = run_data
        self._inputs = run_inputs
        self._outputs = run_outputs

    info = ReadOnly[RunInfo]("_info", "Ids, status, times and owner.")
    data = ReadOnly[RunData]("_data", "Metrics, parameters and tags.")
    inputs = ReadOnly["RunInputs"]("_inputs", "The datasets and models used; None if not loaded.")
    outputs = ReadOnly["RunOutputs"]("_outputs", "The models produced; None if not loaded.")

    def to_dictionary(self) -> dict[str, Any]:
        """Return the parts as dictionaries, without those that the run does not have."""
        parts = (
            ("info", self._info),
            ("data", self._data),
            ("inputs", self._inputs),
            ("outputs", self._outputs),
        )
        return {name: part.to_dictionary() for name, part in parts if part}

    @classmethod
    def from_dictionary(cls, the_dict: dict[str, Any]) -> Run:
        """Make the run from what ``to_dictionary`` returns."""
        inputs, outputs = the_dict.get("inputs"), the_dict.get("outputs")
        return cls(
            entity_from(RunInfo, the_dict["info"]),
            entity_from(RunData, the_dict.get("data") or {}),
            entity_from(RunInputs, inputs) if inputs else None,
            entity_from(RunOutputs, outputs) if outputs else None,
        )
