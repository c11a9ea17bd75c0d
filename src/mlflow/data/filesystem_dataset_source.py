"""Sources that are files at a URI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.data.dataset_source import DatasetSource

if TYPE_CHECKING:
    from typing_extensions import Self


class FileSystemDatasetSource(DatasetSource):
    """A file or directory at a URI."""

    @property
    def uri(self) -> str:
        """Where the data is."""
        raise NotImplementedError

    @staticmethod
    def _get_source_type() -> str:
        raise NotImplementedError

    def load(self, dst_path: str | None = None) -> str:
        """Download the data and return its local path.

        Args:
            dst_path: Where to; see each kind of source for the default.
        """
        raise NotImplementedError

    @classmethod
    def _resolve(cls, raw_source: Any) -> Self:
        raise NotImplementedError

    def to_dict(self) -> dict[Any, Any]:
        """Return the fields that ``from_dict`` needs."""
        raise NotImplementedError

    @classmethod
    def from_dict(cls, source_dict: dict[Any, Any]) -> Self:
        """Return the source that ``to_dict`` described."""
        raise NotImplementedError
