"""Datasets held by Spark: named here, not built yet."""

from __future__ import annotations

from typing import Any

from mlflow._core.lazy import not_built
from mlflow.data.optional import require
from mlflow.exceptions import MlflowException


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
) -> Any:
    """Raise: datasets of Spark are not built yet.

    Raises:
        ModuleNotFoundError: pyspark is not installed.
        NotImplementedError: it is.
    """
    del df, path, table_name, version, sql, targets, name, digest, predictions
    require("pyspark", "mlflow.data.from_spark")
    raise not_built("mlflow.data.from_spark")


def load_delta(
    path: str | None = None,
    table_name: str | None = None,
    version: str | None = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
) -> Any:
    """Raise: datasets of Spark are not built yet.

    Raises:
        MlflowException: neither or both of path and table are given.
        ModuleNotFoundError: pyspark is not installed.
        NotImplementedError: it is.
    """
    if (path is None) == (table_name is None):
        raise MlflowException.invalid_parameter_value(
            "Must specify exactly one of `table_name` or `path`."
        )
    del version, targets, name, digest
    require("pyspark", "mlflow.data.load_delta")
    raise not_built("mlflow.data.load_delta")
