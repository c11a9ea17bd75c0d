"""What a dataset is: a name, a digest of its content, a source, and what it looks like."""

from __future__ import annotations

import json
from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mlflow.entities.dataset import Dataset as DatasetRecord

if TYPE_CHECKING:
    from mlflow.data.dataset_source import DatasetSource


class Dataset:
    """Data with a name, a digest and a source; subclasses add what the data looks like."""

    def __init__(
        self, source: DatasetSource, name: str | None = None, digest: str | None = None
    ) -> None:
        """Keep the source.

        Args:
            source: Where the data came from.
            name: What the dataset is called; "dataset" by default.
            digest: The data's fingerprint; computed from the data by default.
        """
        self._source = source
        self._name = name
        self._digest = digest

    @abstractmethod
    def _compute_digest(self) -> str:
        raise NotImplementedError

    @cached_property
    def _own_digest(self) -> str:
        return self._compute_digest()

    @property
    def name(self) -> str:
        """What the dataset is called."""
        return self._name if self._name is not None else "dataset"

    @property
    def digest(self) -> str:
        """The data's fingerprint: the same data has the same digest."""
        return self._digest if self._digest is not None else self._own_digest

    @property
    def source(self) -> DatasetSource:
        """Where the data came from."""
        return self._source

    @property
    def profile(self) -> Any | None:
        """Summary figures of the data, None when there are none."""
        return None

    @property
    def schema(self) -> Any | None:
        """The data's schema, None when it has none."""
        return None

    def _get_source_type(self) -> str:
        return self.source._get_source_type()  # noqa: SLF001 - the interface of sources

    def to_dict(self) -> dict[str, str]:
        """Return name, digest, source and source type; subclasses add schema and profile."""
        return {
            "name": self.name,
            "digest": self.digest,
            "source": self.source.to_json(),
            "source_type": self._get_source_type(),
        }

    def to_json(self) -> str:
        """Return ``to_dict`` as JSON."""
        return json.dumps(self.to_dict())

    def _to_mlflow_entity(self) -> DatasetRecord:
        fields = self.to_dict()
        return DatasetRecord(
            name=fields["name"],
            digest=fields["digest"],
            source_type=fields["source_type"],
            source=fields["source"],
            schema=fields.get("schema"),
            profile=fields.get("profile"),
        )
