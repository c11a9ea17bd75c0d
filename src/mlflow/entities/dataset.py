"""The record of a dataset that runs use: where it came from and what it looks like."""

from __future__ import annotations

from typing import Any

from mlflow.entities._entity import ByValue, ReadOnly


class Dataset(ByValue):
    """A dataset as the store knows it; schema and profile are JSON texts."""

    __slots__ = ("_digest", "_name", "_profile", "_schema", "_source", "_source_type")

    def __init__(
        self,
        name: str,
        digest: str,
        source_type: str,
        source: str,
        schema: str | None = None,
        profile: str | None = None,
    ) -> None:
        self._name = name
        self._digest = digest
        self._source_type = source_type
        self._source = source
        self._schema = schema
        self._profile = profile

    name = ReadOnly[str]("_name", "The dataset's name.")
    digest = ReadOnly[str]("_digest", "A short fingerprint of the data.")
    source_type = ReadOnly[str]("_source_type", "The kind of source, such as local or http.")
    source = ReadOnly[str]("_source", "The source, as JSON.")
    schema = ReadOnly["str | None"]("_schema", "The schema, as JSON.")
    profile = ReadOnly["str | None"]("_profile", "Summary figures, as JSON.")

    def to_dictionary(self) -> dict[str, Any]:
        """Return the fields by name, in the order of the constructor."""
        return {
            "name": self._name,
            "digest": self._digest,
            "source_type": self._source_type,
            "source": self._source,
            "schema": self._schema,
            "profile": self._profile,
        }
