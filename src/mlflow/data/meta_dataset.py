"""Datasets that are known by their source only: no data is at hand."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from mlflow.data.dataset import Dataset

if TYPE_CHECKING:
    from mlflow.data.dataset_source import DatasetSource
    from mlflow.types.schema import Schema


class MetaDataset(Dataset):
    """A name, a source, perhaps a schema; the digest is theirs, not the data's."""

    def __init__(
        self,
        source: DatasetSource,
        name: str | None = None,
        digest: str | None = None,
        schema: Schema | None = None,
    ) -> None:
        """Keep what is known.

        Args:
            source: Where the data is.
            name: What the dataset is called.
            digest: The data's fingerprint; that of name, source and schema by default.
            schema: The data's schema.
        """
        super().__init__(source=source, name=name, digest=digest)
        self._given_schema = schema

    def _compute_digest(self) -> str:
        known = {
            "name": self.name,
            "source": self.source.to_json(),
            "source_type": self._get_source_type(),
            "schema": self._given_schema.to_dict() if self._given_schema is not None else "",
        }
        return hashlib.sha256(json.dumps(known).encode()).hexdigest()[:8]

    @property
    def schema(self) -> Any | None:
        """The data's schema."""
        return self._given_schema

    def to_dict(self) -> dict[str, str]:
        """Return name, digest, source, and the schema if there is one."""
        fields = super().to_dict()
        if self._given_schema is not None:
            fields["schema"] = json.dumps({"mlflow_colspec": self._given_schema.to_dict()})
        return fields
