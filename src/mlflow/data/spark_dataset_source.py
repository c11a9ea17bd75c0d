"""Sources that Spark reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.data.dataset_source import DatasetSource
from mlflow.data.optional import require
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from typing_extensions import Self


class SparkDatasetSource(DatasetSource):
    """A path, a table or a query of Spark."""

    def __init__(
        self, path: str | None = None, table_name: str | None = None, sql: str | None = None
    ) -> None:
        """Keep the place; exactly one is given.

        Args:
            path: A path that Spark reads.
            table_name: A table's name.
            sql: A query.
        """
        if [path, table_name, sql].count(None) != 2:  # noqa: PLR2004 - one of three
            raise MlflowException.invalid_parameter_value(
                'Must specify exactly one of "path", "table_name", or "sql"'
            )
        self._path = path
        self._table_name = table_name
        self._sql = sql

    @staticmethod
    def _get_source_type() -> str:
        return "spark"

    def load(self, **kwargs: Any) -> Any:
        """Return a Spark DataFrame of the data.

        Args:
            **kwargs: Passed on to Spark's reader.
        """
        spark = require("pyspark.sql", "Reading this source").SparkSession.builder.getOrCreate()
        if self._path is not None:
            return spark.read.load(self._path, **kwargs)
        if self._table_name is not None:
            return spark.read.table(self._table_name, **kwargs)
        return spark.sql(self._sql, **kwargs)

    @classmethod
    def _resolve(cls, raw_source: Any) -> Self:
        raise NotImplementedError

    def to_dict(self) -> dict[Any, Any]:
        """Return the place."""
        fields = {"path": self._path, "table_name": self._table_name, "sql": self._sql}
        return {name: value for name, value in fields.items() if value is not None}

    @classmethod
    def from_dict(cls, source_dict: dict[Any, Any]) -> Self:
        """Return the source at a dictionary's place."""
        return cls(
            path=source_dict.get("path"),
            table_name=source_dict.get("table_name"),
            sql=source_dict.get("sql"),
        )
