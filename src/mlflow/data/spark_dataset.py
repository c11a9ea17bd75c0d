"""Datasets held by Spark."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.uri import is_local_uri, scheme_of
from mlflow.data.columns_dataset import ColumnsDataset
from mlflow.data.delta_dataset_source import DeltaDatasetSource
from mlflow.data.optional import require
from mlflow.data.sources import source_of
from mlflow.data.spark_dataset_source import SparkDatasetSource
from mlflow.exceptions import MlflowException
from mlflow.types.schema import ColSpec, DataType, Schema

if TYPE_CHECKING:
    from mlflow.data.dataset_source import DatasetSource

_MOST_ROWS: Final = 10_000  # that are taken out of Spark
# Spark's names of types that are ours too.
_TYPES: Final = {
    "boolean": DataType.boolean,
    "byte": DataType.integer,
    "short": DataType.integer,
    "integer": DataType.integer,
    "long": DataType.long,
    "float": DataType.float,
    "double": DataType.double,
    "string": DataType.string,
    "binary": DataType.binary,
    "date": DataType.datetime,
    "timestamp": DataType.datetime,
    "timestamp_ntz": DataType.datetime,
}


class SparkDataset(ColumnsDataset):
    """A DataFrame of Spark, and which of its columns are targets and predictions.

    One job over all rows gives their number and a digest that does not depend on their order.
    """

    _kind = "Spark dataset"

    def _to_pandas(self) -> Any:
        return self._df.limit(_MOST_ROWS).toPandas()

    @cached_property
    def _figures(self) -> tuple[int, str]:
        """The number of rows, and the sum of their hashes."""
        functions = require("pyspark.sql.functions", "A digest")
        columns = [
            functions.to_json(field.name) if field.dataType.typeName() == "map" else field.name
            for field in self._df.schema.fields
        ]
        hashes = [functions.xxhash64(functions.lit(seed), *columns) for seed in (0, 1)]
        sums = [functions.sum(each.cast("decimal(38,0)")) for each in hashes]
        count, *totals = self._df.agg(functions.count(functions.lit(1)), *sums).first()
        return int(count), "/".join(map(str, totals))

    def _compute_digest(self) -> str:
        count, hashes = self._figures
        content = f"{self._df.schema.json()}\n{count}\n{hashes}"
        return hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()[:8]

    def _infer_schema(self) -> Schema:
        fields = self._df.schema.fields
        unknown = [field.name for field in fields if field.dataType.typeName() not in _TYPES]
        if unknown:
            raise MlflowException(f"the columns {unknown} are of other types than scalars")
        return Schema([ColSpec(_TYPES[f.dataType.typeName()], f.name) for f in fields])

    @property
    def profile(self) -> Any | None:
        """The number of rows."""
        return {"approx_count": self._figures[0]}


def from_spark(
    df: Any,
    path: str | None = None,
    table_name: str | None = None,
    version: str | None = None,
    sql: str | None = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
    predictions: str | None = None,
) -> SparkDataset:
    """Return a dataset of a Spark DataFrame.

    Args:
        df: The data.
        path: The path that it was read from.
        table_name: The table that it was read from.
        version: The version of the Delta table at the path or of the name.
        sql: The query that it was read with.
        targets: The column of targets.
        name: What the dataset is called; "dataset" by default.
        digest: The data's fingerprint; computed by default, in a job over all rows.
        predictions: The column of a model's predictions.

    Raises:
        MlflowException: a column is missing, more than one place is given, or a version of what
            is no Delta table.
        ModuleNotFoundError: pyspark is not installed.
    """
    require("pyspark", "mlflow.data.from_spark")
    source = _source(df, path, table_name, version, sql)
    return SparkDataset(df, source, targets, name, digest, predictions)


def _source(
    df: Any, path: str | None, table: str | None, version: str | None, sql: str | None
) -> DatasetSource:
    if sum(place is not None for place in (path, table, sql)) > 1:
        raise MlflowException.invalid_parameter_value(
            "Must specify at most one of `path`, `table_name`, or `sql`."
        )
    if sql is not None:
        if version is not None:
            raise MlflowException.invalid_parameter_value(
                "`version` may not be specified when `sql` is specified. It belongs to a"
                " `table_name` or a `path`."
            )
        return SparkDatasetSource(sql=sql)
    if path is None and table is None:
        return source_of(None)
    number = None if version is None else int(version)
    if path is not None and _is_delta_path(df, path):
        return DeltaDatasetSource(path=path, delta_table_version=number)
    if table is not None and _is_delta_table(df, table):
        return DeltaDatasetSource(delta_table_name=table, delta_table_version=number)
    if version is not None:
        what = f"the path '{path}'" if path is not None else f"the table '{table}'"
        raise MlflowException.invalid_parameter_value(
            f"Version '{version}' was specified, but {what} is no Delta table."
        )
    return SparkDatasetSource(path=path, table_name=table)


def _is_delta_path(df: Any, path: str) -> bool:
    """Return whether a Delta table's log lies at a path."""
    if is_local_uri(path):
        place = path.partition(":")[2] if scheme_of(path) == "file" else path
        return (Path(place) / "_delta_log").is_dir()
    jvm = df.sparkSession._jvm  # noqa: SLF001 - the file systems of Hadoop have no other way in
    place = jvm.org.apache.hadoop.fs.Path(path, "_delta_log")
    files = place.getFileSystem(df.sparkSession._jsc.hadoopConfiguration())  # noqa: SLF001
    return bool(files.exists(place))


def _is_delta_table(df: Any, table: str) -> bool:
    """Return whether a table's provider is Delta; a view has none."""
    spark = df.sparkSession
    if not spark.catalog.tableExists(table):
        return False
    rows = spark.sql(f"DESCRIBE TABLE EXTENDED {table}").collect()
    return any(
        row["col_name"] == "Provider" and str(row["data_type"]).lower() == "delta" for row in rows
    )


def load_delta(
    path: str | None = None,
    table_name: str | None = None,
    version: str | None = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
) -> SparkDataset:
    """Return a dataset of a Delta table, read with Spark.

    Args:
        path: The table's path; or
        table_name: the table's name.
        version: Its version; the newest by default.
        targets: The column of targets.
        name: What the dataset is called; "dataset" by default.
        digest: The data's fingerprint; computed by default.

    Raises:
        MlflowException: neither or both of path and table are given.
        ModuleNotFoundError: pyspark is not installed.
    """
    if (path is None) == (table_name is None):
        raise MlflowException.invalid_parameter_value(
            "Must specify exactly one of `table_name` or `path`."
        )
    require("pyspark", "mlflow.data.load_delta")
    source = DeltaDatasetSource(path, table_name, None if version is None else int(version))
    return SparkDataset(source.load(), source, targets, name, digest)
