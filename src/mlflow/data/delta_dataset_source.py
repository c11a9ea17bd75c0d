"""Sources that are Delta tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.data.dataset_source import DatasetSource
from mlflow.data.optional import require
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from typing_extensions import Self

_UC_PARTS = 3  # catalog.schema.table


class DeltaDatasetSource(DatasetSource):
    """A Delta table, by path or by name."""

    def __init__(
        self,
        path: str | None = None,
        delta_table_name: str | None = None,
        delta_table_version: int | None = None,
        delta_table_id: str | None = None,
    ) -> None:
        """Keep the place; a path or a name is given.

        Args:
            path: The table's path.
            delta_table_name: The table's name.
            delta_table_version: Its version; the newest by default.
            delta_table_id: Its id in a catalog.
        """
        if (path is None) == (delta_table_name is None):
            raise MlflowException.invalid_parameter_value(
                'Must specify exactly one of "path" or "table_name"'
            )
        self._path = path
        self._delta_table_name = delta_table_name
        self._delta_table_version = delta_table_version
        self._delta_table_id = delta_table_id

    @staticmethod
    def _get_source_type() -> str:
        return "delta_table"

    @property
    def path(self) -> str | None:
        """The table's path."""
        return self._path

    @property
    def delta_table_name(self) -> str | None:
        """The table's name."""
        return self._delta_table_name

    @property
    def delta_table_id(self) -> str | None:
        """The table's id in a catalog."""
        return self._delta_table_id

    @property
    def delta_table_version(self) -> int | None:
        """The table's version."""
        return self._delta_table_version

    def load(self, **kwargs: Any) -> Any:
        """Return a Spark DataFrame of the table.

        Args:
            **kwargs: Passed on to Spark's reader.
        """
        spark = require("pyspark.sql", "Reading this source").SparkSession.builder.getOrCreate()
        reader = spark.read.format("delta")
        if self._delta_table_version is not None:
            reader = reader.option("versionAsOf", self._delta_table_version)
        if self._path is not None:
            return reader.load(self._path, **kwargs)
        return reader.table(self._delta_table_name)

    @classmethod
    def _resolve(cls, raw_source: Any) -> Self:
        raise NotImplementedError

    def _is_databricks_uc_table(self) -> bool:
        name = self._delta_table_name
        return name is not None and len(name.split(".")) == _UC_PARTS and name[:4] != "hive"

    def to_dict(self) -> dict[Any, Any]:
        """Return the place and the version."""
        fields: dict[Any, Any] = {
            "path": self._path,
            "delta_table_name": self._delta_table_name,
            "delta_table_version": self._delta_table_version,
            "is_databricks_uc_table": self._is_databricks_uc_table() or None,
            "delta_table_id": self._delta_table_id,
        }
        return {name: value for name, value in fields.items() if value is not None}

    @classmethod
    def from_dict(cls, source_dict: dict[Any, Any]) -> Self:
        """Return the source at a dictionary's place."""
        return cls(
            path=source_dict.get("path"),
            delta_table_name=source_dict.get("delta_table_name"),
            delta_table_version=source_dict.get("delta_table_version"),
            delta_table_id=source_dict.get("delta_table_id"),
        )
