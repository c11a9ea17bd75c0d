"""The source of data that a program made: the tags of the run that made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.data.dataset_source import DatasetSource
from mlflow.tracking.context.registry import resolve_tags

if TYPE_CHECKING:
    from typing_extensions import Self


class CodeDatasetSource(DatasetSource):
    """A program: its user, name, commit, as run context tags."""

    def __init__(self, tags: dict[Any, Any]) -> None:
        """Keep the tags.

        Args:
            tags: Run context tags.
        """
        self._tags = tags

    @staticmethod
    def _get_source_type() -> str:
        return "code"

    def load(self, **kwargs: Any) -> Any:
        """Raise: a program's data cannot be fetched."""
        del kwargs
        raise NotImplementedError("The data was made by a program: run that program to have it.")

    @classmethod
    def _resolve(cls, raw_source: Any) -> Self:
        raise NotImplementedError

    def to_dict(self) -> dict[Any, Any]:
        """Return the tags."""
        return {"tags": self._tags}

    @classmethod
    def from_dict(cls, source_dict: dict[Any, Any]) -> Self:
        """Return the source with the tags of a dictionary."""
        return cls(tags=source_dict.get("tags", {}))


def this_program() -> CodeDatasetSource:
    """Return the source of data that the running program made."""
    return CodeDatasetSource(tags=resolve_tags())
