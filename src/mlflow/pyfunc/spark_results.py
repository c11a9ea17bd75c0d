"""What a model returns, as the column of a Spark type that a query asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow.exceptions import MlflowException
from mlflow.types.schema import AnyType, Array, DataType, Map, Object

if TYPE_CHECKING:
    from mlflow.types.schema import Schema

# Spark types of numbers -> the numpy types whose values they hold.
_HELD: Final = {
    "BooleanType": ("?",),
    "ByteType": ("b",),
    "ShortType": ("b", "B", "h"),
    "IntegerType": ("b", "B", "h", "H", "i"),
    "LongType": ("b", "B", "h", "H", "i", "I", "l", "q"),
}
_CAST: Final = {
    "BooleanType": "bool",
    "ByteType": "int8",
    "ShortType": "int16",
    "IntegerType": "int32",
    "LongType": "int64",
    "FloatType": "float32",
    "DoubleType": "float64",
}
_REFUSED: Final = ("VoidType", "NullType")


def result_type_of(given: Any, outputs: Schema | None) -> Any:
    """Return the Spark type of a row's result.

    Args:
        given: A Spark type, its text, or None.
        outputs: What the model's signature says of its outputs.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for a text that is no type.
    """
    from pyspark.errors import PySparkException  # noqa: PLC0415 - optional package
    from pyspark.sql import types  # noqa: PLC0415 - optional package

    if given is None:
        return types.DoubleType() if outputs is None else _type_of_schema(outputs)
    if isinstance(given, types.DataType):
        return given
    try:
        return types._parse_datatype_string(given)  # noqa: SLF001 - Spark has no public parser
    except PySparkException as error:
        raise MlflowException.invalid_parameter_value(
            f"Invalid result type {given!r}: it is neither a Spark type nor its text, such as"
            f" 'double', 'array<string>' or 'label string, score double'. ({error})"
        ) from error


def _type_of_schema(outputs: Schema) -> Any:
    from pyspark.sql import types  # noqa: PLC0415 - optional package

    specs: list[Any] = outputs.inputs
    kinds = [
        _type_of_tensor(spec) if outputs.is_tensor_spec() else _type_of(spec.type) for spec in specs
    ]
    if len(kinds) == 1:
        return kinds[0]
    fields = zip(outputs.input_names(), kinds, strict=True)
    return types.StructType([types.StructField(str(name), kind) for name, kind in fields])


def _type_of_tensor(spec: Any) -> Any:
    from pyspark.sql import types  # noqa: PLC0415 - optional package

    scalar = DataType.from_numpy_type(spec.type)
    if scalar is None:
        floats = DataType.double if spec.type.kind == "f" else DataType.long
        scalar = DataType.string if spec.type.kind in "USO" else floats
    kind = types.ArrayType(scalar.to_spark())
    for _ in spec.shape[2:]:  # a row of a one-dimensional tensor is an array all the same
        kind = types.ArrayType(kind)
    return kind


def _type_of(kind: Any) -> Any:
    from pyspark.sql import types  # noqa: PLC0415 - optional package

    if isinstance(kind, Array):
        return types.ArrayType(_type_of(kind.dtype))
    if isinstance(kind, Map):
        return types.MapType(types.StringType(), _type_of(kind.value_type))
    if isinstance(kind, Object):
        members = [(one.name, _type_of(one.dtype), not one.required) for one in kind.properties]
        return types.StructType([types.StructField(*member) for member in members])
    if isinstance(kind, AnyType):
        return types.StringType()
    return kind.to_spark()


def convert_output(output: Any, kind: Any, rows: int) -> Any:
    """Return what a model predicted as a column of a Spark type.

    Args:
        output: The prediction: a DataFrame, Series, array, list, or dictionary of columns.
        kind: The Spark type.
        rows: How many rows were scored.

    Returns:
        A Series; for a struct a DataFrame, one column a field.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where the prediction has nothing of the type, or
            another number of rows.
    """
    table = _table(output, kind)
    if len(table) != rows:
        raise MlflowException.invalid_parameter_value(
            f"The model returned {len(table)} predictions for {rows} rows."
        )
    return _convert(table, kind)


def _name(kind: Any) -> str:
    return type(kind).__name__


def _table(output: Any, kind: Any) -> Any:
    """Return a prediction as a DataFrame, a row for each row that was scored."""
    import numpy as np  # noqa: PLC0415 - optional package
    import pandas as pd  # noqa: PLC0415 - optional package

    if isinstance(output, pd.DataFrame):
        return output
    if isinstance(output, pd.Series):
        return output.to_frame()
    if isinstance(output, dict):
        return pd.DataFrame({name: _plain(value) for name, value in output.items()})
    if isinstance(output, np.ndarray) and output.ndim in (1, 2):
        return pd.DataFrame(output)
    if not isinstance(output, (list, tuple, np.ndarray)):
        raise MlflowException.invalid_parameter_value(
            f"The model returned {type(output).__name__}, which is no prediction for each row."
        )
    is_struct = _name(kind) == "StructType"
    items = output.tolist() if isinstance(output, np.ndarray) else list(output)
    flat = bool(items) and isinstance(items[0], (list, tuple)) and _is_flat(kind)
    if (is_struct and items and isinstance(items[0], dict)) or (flat and _is_square(items)):
        return pd.DataFrame(items)
    return pd.DataFrame({0: pd.Series(items, dtype=None if _is_flat(kind) else object)})


def _is_flat(kind: Any) -> bool:
    """Return whether a type is one of scalars, or of arrays of scalars."""
    inner = kind.elementType if _name(kind) == "ArrayType" else kind
    return _name(inner) not in ("ArrayType", "StructType", "MapType")


def _is_square(items: list[Any]) -> bool:
    return len({len(item) for item in items if isinstance(item, (list, tuple))}) == 1


def _plain(value: Any) -> Any:
    return value.tolist() if getattr(value, "ndim", 1) > 1 else value


def _convert(table: Any, kind: Any) -> Any:
    import pandas as pd  # noqa: PLC0415 - optional package

    name = _name(kind)
    if name == "StructType":
        return pd.DataFrame(
            {
                field.name: _convert(_field(table, field, position), field.dataType)
                for position, field in enumerate(kind.fields)
            },
            index=table.index,
        )
    if name == "ArrayType":
        return _arrays(table, kind)
    if name in ("MapType", "BinaryType", "TimestampType", "TimestampNTZType", "DateType"):
        return table.iloc[:, 0]
    return _leftmost(table, kind)


def _field(table: Any, field: Any, position: int) -> Any:
    if field.name in table.columns:
        return table[[field.name]]
    # Arrays have no names: their columns are the fields in order.
    if list(table.columns) == list(range(table.shape[1])) and position < table.shape[1]:
        return table.iloc[:, [position]]
    raise MlflowException.invalid_parameter_value(
        f"The model's output has no column {field.name!r}; it has {list(table.columns)}."
    )


def _arrays(table: Any, kind: Any) -> Any:
    """Return a column of arrays: that of the prediction, or its columns side by side."""
    import numpy as np  # noqa: PLC0415 - optional package
    import pandas as pd  # noqa: PLC0415 - optional package

    first = table.iloc[0, 0] if len(table) and table.shape[1] else None
    if isinstance(first, (list, tuple, np.ndarray)):
        values = [None if value is None else _items(value, kind) for value in table.iloc[:, 0]]
        return pd.Series(values, index=table.index, dtype=object)
    if not _is_flat(kind):
        raise _nothing_of(kind)
    fitting = _fitting(table, kind.elementType)
    columns = [_cast(fitting.iloc[:, i], kind.elementType) for i in range(fitting.shape[1])]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return pd.Series(rows, index=table.index, dtype=object)


def _items(value: Any, kind: Any) -> Any:
    """Return an array's items, converted where they are scalars."""
    import numpy as np  # noqa: PLC0415 - optional package
    import pandas as pd  # noqa: PLC0415 - optional package

    inner = kind.elementType
    if _name(inner) == "ArrayType":
        return [_items(item, inner) for item in value]
    if _name(inner) in ("StructType", "MapType"):
        return list(value)
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return _cast(_fitting(pd.DataFrame({0: value}), inner).iloc[:, 0], inner).to_numpy()
    return [None if item is None else _scalar(item, inner) for item in value]


def _scalar(item: Any, kind: Any) -> Any:
    name = _name(kind)
    if name == "StringType":
        return str(item)
    if name in ("FloatType", "DoubleType"):
        return float(item)
    if name in _HELD and int(item) != item:
        raise _nothing_of(kind)
    return item


def _leftmost(table: Any, kind: Any) -> Any:
    return _cast(_fitting(table, kind).iloc[:, 0], kind)


def _fitting(table: Any, kind: Any) -> Any:
    """Return the columns whose values a Spark type holds.

    Raises:
        MlflowException: there is none.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    name = _name(kind)
    if name in _HELD:
        fitting = table.loc[:, [_code(dtype) in _HELD[name] for dtype in table.dtypes]]
    elif name in ("FloatType", "DoubleType"):
        fitting = table.infer_objects().select_dtypes(include=np.number)
    else:
        fitting = table
    if not fitting.shape[1]:
        raise _nothing_of(kind)
    return fitting


def _code(dtype: Any) -> str:
    code: str = getattr(getattr(dtype, "numpy_dtype", dtype), "char", "O")
    return code


def _cast(column: Any, kind: Any) -> Any:
    name = _name(kind)
    if name in _CAST:
        return column.astype(_CAST[name])
    if name == "StringType":
        return column.map(str)
    return column


def _nothing_of(kind: Any) -> MlflowException:
    return MlflowException.invalid_parameter_value(
        "The model did not produce any values compatible with the requested type"
        f" '{kind.simpleString()}'. Ask for string or array<string>, or for another type."
    )
