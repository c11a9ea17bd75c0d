"""A dataset as the input of one run."""

from __future__ import annotations

from typing import Any

from mlflow.entities._entity import ByValue, ReadOnly, entity_from
from mlflow.entities.dataset import Dataset
from mlflow.entities.input_tag import InputTag


class DatasetInput(ByValue):
    """A dataset, and tags that say how the run used it (context: training, validation, …)."""

    __slots__ = ("_dataset", "_tags")

    def __init__(self, dataset: Dataset, tags: list[InputTag] | None = None) -> None:
        self._dataset = dataset
        self._tags = tags or []

    dataset = ReadOnly[Dataset]("_dataset", "The dataset.")
    tags = ReadOnly["list[InputTag]"]("_tags", "How the run used it.")

    def to_dictionary(self) -> dict[str, Any]:
        """Return the dataset's dictionary and the tags by key."""
        return {
            "dataset": self._dataset.to_dictionary(),
            "tags": {tag.key: tag.value for tag in self._tags},
        }

    @classmethod
    def from_dictionary(cls, the_dict: dict[str, Any]) -> DatasetInput:
        """Make the input from what ``to_dictionary`` returns."""
        tags = the_dict.get("tags") or {}
        if isinstance(tags, dict):
            tags = [InputTag(key, value) for key, value in tags.items()]
        return cls(entity_from(Dataset, the_dict["dataset"]), tags)
