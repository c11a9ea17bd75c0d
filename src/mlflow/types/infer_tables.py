"""The columns of tables of polars and Spark, told from the tables' own types.

Nothing is computed for a Spark table: no job runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow.exceptions import MlflowException
from mlflow.types.schema import Array, ColSpec, DataType, Map, Object, Property, Schema

if TYPE_CHECKING:
    from collections.abc import Callable

_POLARS: Final = {
    "Boolean": DataType.boolean,
    **dict.fromkeys(("Int8", "Int16", "Int32", "UInt8", "UInt16"), DataType.integer),
    **dict.fromkeys(("Int64", "UInt32"), DataType.long),
    "Float32": DataType.float,
    "Float64": DataType.double,
    **dict.fromkeys(("String", "Utf8", "Categorical", "Enum"), DataType.string),
    "Binary": DataType.binary,
    **dict.fromkeys(("Date", "Datetime"), DataType.datetime),
}
_SPARK: Final = {
    "boolean": DataType.boolean,
    **dict.fromkeys(("tinyint", "smallint", "int"), DataType.integer),
    "bigint": DataType.long,
    "float": DataType.float,
    "double": DataType.double,
    "string": DataType.string,
    "binary": DataType.binary,
    **dict.fromkeys(("timestamp", "timestamp_ntz", "date"), DataType.datetime),
}


def library_of(data: Any) -> str | None:
    """Return ``polars`` or ``pyspark`` where data are a table of one of them."""
    library = type(data).__module__.partition(".")[0]
    is_table = library in ("polars", "pyspark") and type(data).__name__.endswith("Frame")
    return library if is_table else None


def polars_schema(frame: Any, infer: Callable[[list[Any], str], Any]) -> Schema:
    """Return the schema of a polars DataFrame or LazyFrame; a column with nulls is optional.

    Args:
        frame: The table.
        infer: Returns the common type of Python values, for nested columns.
    """
    frame = frame.collect() if hasattr(frame, "collect") else frame
    specs: list[Any] = []
    for name in frame.columns:
        series = frame[name]
        kind = _POLARS.get(type(series.dtype).__name__)
        if kind is None and not series.dtype.is_nested():
            raise _unsupported(name, series.dtype)
        kind = infer(series.to_list(), f"column {name!r}") if kind is None else kind
        specs.append(ColSpec(kind, name, required=series.null_count() == 0))
    return Schema(specs)


def spark_schema(frame: Any) -> Schema:
    """Return the schema of a Spark DataFrame; every column is required, whatever it may hold."""
    return Schema([ColSpec(_spark_type(f.dataType, f.name), f.name) for f in frame.schema.fields])


def _spark_type(kind: Any, name: str) -> Any:
    if hasattr(kind, "elementType"):
        return Array(_spark_type(kind.elementType, name))
    if hasattr(kind, "valueType"):
        return Map(_spark_type(kind.valueType, name))
    if hasattr(kind, "fields"):
        return Object(
            [
                Property(field.name, _spark_type(field.dataType, name), not field.nullable)
                for field in kind.fields
            ]
        )
    scalar = _SPARK.get(kind.simpleString())
    if scalar is None:
        raise _unsupported(name, kind.simpleString())
    return scalar


def _unsupported(name: str, dtype: Any) -> MlflowException:
    return MlflowException.invalid_parameter_value(
        f"No schema can be inferred: column {name!r} has the type {dtype}, which no column has"
    )
