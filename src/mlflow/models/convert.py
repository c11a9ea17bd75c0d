"""Conversion of columns and values to the types of a schema, where nothing is lost by it.

The rules are those that models have been served under for years, as measured: integers widen to
larger integers and to doubles that hold them, floats widen, nothing narrows, no type changes its
kind; a column of 64-bit integers is a float column only if it holds nothing but 0 and 1.
"""

from __future__ import annotations

import sys
from typing import Any, Final

from mlflow.exceptions import MlflowException
from mlflow.types.schema import AnyType, Array, DataType, Map, Object

_NUMBERS: Final = {
    DataType.integer: "int32",
    DataType.long: "int64",
    DataType.float: "float32",
    DataType.double: "float64",
}
_TARGETS: Final = {
    DataType.boolean: "bool",
    **_NUMBERS,
    DataType.string: "<U0",
    DataType.binary: "|S0",
    DataType.datetime: "datetime64[ns]",
}
# What pandas calls the values of a column of objects -> the type that they stand for.
_INFERRED: Final = {
    "integer": "int64",
    "floating": "float64",
    "mixed-integer-float": "float64",
    "boolean": "bool",
    "string": "str",
}
_MISSING_HINT: Final = (
    " Hint: the column has missing values, which an integer column cannot hold, so they arrive as"
    " floats. Infer the schema from data with missing values, or declare the column as double."
)


def bad(message: str) -> MlflowException:
    """Return the error for data that does not fit a schema."""
    return MlflowException.invalid_parameter_value(message)


def convert_column(series: Any, kind: Any, name: object, *, required: bool) -> Any:
    """Return a pandas column with the type that a schema wants.

    Args:
        series: The column.
        kind: The type.
        name: The column's name, for messages.
        required: Whether missing values of a nested type are refused.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where the conversion would lose something.
    """
    if isinstance(kind, AnyType):
        return series
    if not isinstance(kind, DataType):
        import pandas as pd  # noqa: PLC0415 - optional package

        values = [convert_value(value, kind, required=required) for value in series]
        return pd.Series(values, index=series.index, name=series.name, dtype=object)
    return _convert_scalars(series, kind, name)


def _convert_scalars(series: Any, kind: DataType, name: object) -> Any:
    dtype = series.dtype
    is_text = dtype.kind == "O" and not hasattr(dtype, "categories")
    if kind in (DataType.string, DataType.binary):
        if is_text or dtype.name in ("str", "string"):
            return series
        raise _incompatible(series, dtype, kind, name)
    if is_text and dtype.name == "object":
        return _convert_objects(series, kind, name)
    if is_text or hasattr(dtype, "categories"):
        raise _incompatible(series, dtype, kind, name)
    if kind is DataType.datetime:
        return _convert_datetimes(series, kind, name)
    source = getattr(dtype, "numpy_dtype", dtype)
    safe = is_safe(dtype, source, kind)
    if safe is None:
        safe = bool(series.isin((0, 1)).all())
    if not safe:
        raise _incompatible(series, dtype, kind, name)
    return _cast(series, kind, name)


def _convert_objects(series: Any, kind: DataType, name: object) -> Any:
    """Convert a column of Python objects by what the objects are."""
    import pandas as pd  # noqa: PLC0415 - optional package

    seen = _INFERRED.get(pd.api.types.infer_dtype(series, skipna=True), "object")
    missing = bool(series.isna().any())
    if seen == "int64" and missing:
        seen = "float64"
    if seen == "bool" and missing:
        seen = "object"
    if seen == "str":
        raise _incompatible(series, seen, kind, name)
    if seen != "object":
        return _convert_scalars(series.astype(seen), kind, name)
    if kind is DataType.boolean:
        return series
    if kind not in (DataType.double, DataType.datetime) or (
        kind is DataType.double
        and any(hasattr(value, "astype") and value.dtype.kind in "mM" for value in series)
    ):
        raise _incompatible(series, seen, kind, name)
    return _cast(series, kind, name)


def _convert_datetimes(series: Any, kind: DataType, name: object) -> Any:
    if series.dtype.kind != "M":
        raise _incompatible(series, series.dtype, kind, name)
    if getattr(series.dtype, "tz", None) is not None:
        raise bad(
            f"Column {name} has a time zone, which a datetime column of a schema does not: convert"
            " it with .dt.tz_convert('UTC').dt.tz_localize(None)"
        )
    return _cast(series, kind, name)


def is_safe(dtype: Any, source: Any, kind: DataType) -> bool | None:
    """Return whether every value of a column stays what it is as another type.

    Args:
        dtype: The column's type.
        source: The numpy type that it stands for.
        kind: The other type.

    Returns:
        None where it depends: the values have to be 0 and 1.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    target = kind.to_numpy()
    if source.kind == target.kind or (target.kind == "i" and source.kind == "u"):
        return bool(np.can_cast(source, target, "safe"))
    if target.kind != "f" or source.kind not in "iu":
        return False
    if source is dtype and source == np.dtype("int64"):
        return None
    return bool(source.itemsize < target.itemsize and kind is DataType.double)


def _cast(series: Any, kind: DataType, name: object) -> Any:
    try:
        return series.astype(_TARGETS[kind])
    except (TypeError, ValueError, OverflowError) as error:
        raise bad(
            f"Failed to convert column {name} from type {series.dtype} to {kind}."
            f" {type(error).__name__}: {error}"
        ) from error


def _incompatible(series: Any, source: object, kind: DataType, name: object) -> MlflowException:
    hint = ""
    if (
        kind in (DataType.integer, DataType.long)
        and str(source).startswith("float")
        and bool(series.isna().any())
    ):
        hint = _MISSING_HINT
    return bad(
        f"Incompatible input types for column {name}."
        f" Can not safely convert {source} to {_TARGETS[kind]}.{hint}"
    )


def convert_value(value: Any, kind: Any, *, required: bool = True) -> Any:
    """Return one value of a nested type, its members converted.

    Args:
        value: The value: a list, an array, a dictionary.
        kind: The type.
        required: Whether None is refused.
    """
    if isinstance(kind, AnyType) or (value is None and not required):
        return value
    if isinstance(kind, Array):
        return _convert_list(value, kind)
    if isinstance(kind, Object):
        return _convert_members(value, kind)
    if isinstance(kind, Map):
        return _convert_map(value, kind)
    return convert_scalar(value, kind)


def _convert_list(value: Any, kind: Array) -> Any:
    numpy = sys.modules.get("numpy")
    is_array = numpy is not None and isinstance(value, numpy.ndarray)
    if not is_array and not isinstance(value, list):
        raise bad(f"Expected data to be list or numpy array, got {type(value).__name__}")
    if not isinstance(kind.dtype, DataType):
        items = [convert_value(item, kind.dtype, required=False) for item in value]
        return numpy.array(items) if is_array and numpy is not None else items
    if not len(value) or (not is_array and all(item is None for item in value)):
        return value
    import pandas as pd  # noqa: PLC0415 - optional package

    if kind.dtype is DataType.string and any(isinstance(item, (list, dict)) for item in value):
        raise bad("Expected the items of the list to be text, got lists or dictionaries")
    if is_array and value.ndim != 1:
        raise bad(f"Expected a list of {kind.dtype!r}, got an array of the shape {value.shape}")
    column = convert_column(pd.Series(value), kind.dtype, "", required=True)
    return column.to_numpy() if is_array else column.tolist()


def _convert_members(value: Any, kind: Object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise bad(
            f"Failed to enforce schema of '{value}' with type '{kind}'."
            f" Expected data to be dictionary, got {type(value).__name__}"
        )
    members = {member.name: member for member in kind.properties}
    needed = {name for name, member in members.items() if member.required}
    if missing := needed - value.keys():
        raise bad(f"Missing required properties: {missing}")
    if unknown := value.keys() - members.keys():
        raise bad(f"Invalid properties not defined in the schema found: {unknown}")
    converted = {}
    for name, item in value.items():
        member = members[name]
        try:
            converted[name] = convert_value(item, member.dtype, required=member.required)
        except MlflowException as error:
            raise bad(f"Failed to enforce schema for key `{name}`. {error.message}") from error
    return converted


def _convert_map(value: Any, kind: Map) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise bad(f"Expected data to be a dict, got {type(value).__name__}")
    if not all(isinstance(name, str) for name in value):
        raise bad("Expected all keys in the map type data are string type.")
    return {name: convert_value(item, kind.value_type) for name, item in value.items()}


def convert_scalar(value: Any, kind: DataType) -> Any:
    """Return a scalar inside a nested value as the type's numpy value; texts stay as they are."""
    import numpy as np  # noqa: PLC0415 - optional package

    source = np.asarray(value).dtype if np.isscalar(value) else None
    target = kind.to_numpy()
    fits = source is not None and source.kind == target.kind
    if kind is DataType.datetime:
        fits = isinstance(value, (kind.to_python(), np.datetime64))
    if not fits or (kind in _NUMBERS and not np.can_cast(source or target, target, "safe")):
        raise bad(f"Expected type {kind!r}, received type {type(value).__name__}")
    return target.type(value) if kind in _NUMBERS else value
