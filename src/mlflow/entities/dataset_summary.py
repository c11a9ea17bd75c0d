"""A dataset of an experiment, in the short form that dataset search returns."""

from __future__ import annotations

from mlflow.entities._entity import ByValue, ReadOnly


class _DatasetSummary(ByValue):
    """Name, digest and context of a dataset that some run of an experiment used."""

    __slots__ = ("_context", "_digest", "_experiment_id", "_name")

    def __init__(self, experiment_id: str, name: str, digest: str, context: str | None) -> None:
        self._experiment_id = experiment_id
        self._name = name
        self._digest = digest
        self._context = context

    experiment_id = ReadOnly[str]("_experiment_id", "The experiment.")
    name = ReadOnly[str]("_name", "The dataset's name.")
    digest = ReadOnly[str]("_digest", "The dataset's digest.")
    context = ReadOnly["str | None"]("_context", "The context tag of the input, if any.")

    def to_dict(self) -> dict[str, str | None]:
        """Return the fields by name, in the order of the constructor."""
        return {
            "experiment_id": self._experiment_id,
            "name": self._name,
            "digest": self._digest,
            "context": self._context,
        }
