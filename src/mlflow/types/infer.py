"""The schema of given data: pandas, numpy, sparse matrices, lists, dictionaries, scalars.

Rules, as measured on the interface that we mirror: a DataFrame, a Series, a dictionary or a list
of dictionaries gives columns; an array, or a dictionary of arrays, gives tensors; a list of
scalars gives one column without a name. A column with missing values is optional.
"""

from __future__ import annotations

import datetime as dt
import sys
from typing import Any, Final

from mlflow.exceptions import MlflowException
from mlflow.types.infer_tables import library_of, polars_schema, spark_schema
from mlflow.types.schema import (
    AnyType,
    Array,
    ColSpec,
    DataType,
    Object,
    ParamSchema,
    ParamSpec,
    Property,
    Schema,
    TensorSpec,
)
from mlflow.types.type_hints import hint_schema, is_pydantic

_BY_NUMPY: Final = {
    "bool": DataType.boolean,
    "int8": DataType.integer,
    "int16": DataType.integer,
    "int32": DataType.integer,
    "uint8": DataType.integer,
    "uint16": DataType.integer,
    "int64": DataType.long,
    "uint32": DataType.long,
    "float16": DataType.float,
    "float32": DataType.float,
    "float64": DataType.double,
}
_BY_KIND: Final = {"U": DataType.string, "S": DataType.binary, "M": DataType.datetime}


def infer_schema(data: Any) -> Schema:  # noqa: PLR0911 - one line for each kind of data
    """Return the schema of data.

    Args:
        data: A pandas DataFrame or Series, a numpy array, a scipy CSR or CSC matrix, a dictionary
            (of arrays, or of any values by name), a list (of dictionaries, scalars or lists), or
            a scalar.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where the data has no schema: types that no
            column has, mixed types in one column, no columns at all.
    """
    # Data of a library can only exist where that library is loaded: no import is forced here.
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(data, pandas.DataFrame):
        return _frame_schema(data)
    if pandas is not None and isinstance(data, pandas.Series):
        dtype, required = _column(data, "the series")
        return Schema([ColSpec(dtype, data.name, required)])
    if (library := library_of(data)) is not None:
        return spark_schema(data) if library == "pyspark" else polars_schema(data, _values_type)
    if _is_array(data):
        return Schema([tensor_spec(data)])
    if isinstance(data, dict):
        return _dict_schema(data)
    if isinstance(data, list):
        return _list_schema(data)
    if hasattr(data, "tocsr") and hasattr(data, "dtype"):
        return Schema([tensor_spec(data)])
    return Schema([ColSpec(_value_type(data, "data"))])


def _unsupported(what: str) -> MlflowException:
    return MlflowException.invalid_parameter_value(f"No schema can be inferred: {what}")


def _is_array(value: object) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray)


def _is_null(value: object) -> bool:
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 - NaN
        return True
    return type(value).__name__ in ("NAType", "NaTType")


def tensor_spec(array: Any, name: str | None = None) -> TensorSpec:
    """Return the tensor of an array or sparse matrix, its first dimension left open."""
    import numpy as np  # noqa: PLC0415 - optional package

    if not array.shape:
        raise _unsupported("an array of no dimension has none")
    dtype = array.dtype
    sized = {"U": "str", "S": "bytes"}.get(dtype.kind)
    return TensorSpec(np.dtype(sized) if sized else dtype, (-1, *array.shape[1:]), name)


def numpy_type(dtype: Any, where: str) -> DataType:
    """Return the scalar type of values of a numpy type; no integer is cut, none is a float."""
    kind = _BY_NUMPY.get(dtype.name) or _BY_KIND.get(dtype.kind)
    if kind is None:
        raise _unsupported(f"{where} has the type {dtype}, which no column has")
    return kind


def _frame_schema(frame: Any) -> Schema:
    if not frame.columns.is_unique:
        raise _unsupported("the DataFrame has several columns of one name")
    specs: list[ColSpec | TensorSpec] = []
    for name in frame.columns:
        dtype, required = _column(frame[name], f"column {name!r}")
        specs.append(ColSpec(dtype, name, required))
    return Schema(specs)


def _column(series: Any, where: str) -> tuple[Any, bool]:
    """Return the type of a pandas column and whether no value is missing."""
    required = not bool(series.isna().any())
    dtype = series.dtype
    if hasattr(dtype, "categories"):
        dtype = dtype.categories.dtype
        series = series.cat.categories.to_series()
    if dtype.name in ("string", "str"):
        return DataType.string, required
    if dtype.kind == "O":
        return _object_column(series, where), required
    plain = getattr(dtype, "numpy_dtype", dtype)
    if dtype.name.startswith("datetime64"):
        return DataType.datetime, required
    return numpy_type(plain, where), required


def _object_column(series: Any, where: str) -> Any:
    return _values_type(list(series), where)


def _values_type(values: list[Any], where: str) -> Any:
    known = [_value_type(value, where) for value in values if not _is_null(value)]
    return _common_type(known, where)


def _value_type(value: Any, where: str) -> Any:  # noqa: C901, PLR0911 - a line for each kind
    """Return the type of one value."""
    if value is None:
        return AnyType()
    if isinstance(value, bool):
        return DataType.boolean
    if isinstance(value, str):
        return DataType.string
    if isinstance(value, bytes):
        return DataType.binary
    if hasattr(value, "dtype") and not getattr(value, "shape", (1,)):
        return numpy_type(value.dtype, where)
    if isinstance(value, int):
        return DataType.long
    if isinstance(value, float):
        return DataType.double
    if isinstance(value, dt.date):
        return DataType.datetime
    if isinstance(value, list):
        return _array_type([_value_type(item, where) for item in value if item is not None], where)
    if _is_array(value):
        return _ndarray_type(value, where)
    if isinstance(value, dict):
        return _object_type(value, where)
    if is_pydantic(type(value)):
        return hint_schema(type(value)).inputs[0].type
    raise _unsupported(f"{where} has a value of {type(value)}, which no column has")


def _array_type(items: list[Any], where: str) -> Any:
    common = _common_type(items, where)
    return common if isinstance(common, AnyType) else Array(common)


def _ndarray_type(array: Any, where: str) -> Any:
    if array.dtype.kind == "O":
        return _value_type(array.tolist(), where)
    kind: Any = numpy_type(array.dtype, where)
    for _ in range(array.ndim):
        kind = Array(kind)
    return kind


def _object_type(value: dict[Any, Any], where: str) -> Any:
    if not value:
        return AnyType()
    if any(not isinstance(name, str) for name in value):
        raise _unsupported(f"{where} is a dictionary with keys that are not text")
    return Object(
        [
            Property(name, _value_type(item, f"{where}.{name}"), required=item is not None)
            for name, item in value.items()
        ]
    )


def _common_type(types: list[Any], where: str) -> Any:
    """Return the one type that all values share; dictionaries are merged member by member."""
    known = [kind for kind in types if not isinstance(kind, AnyType)]
    if not known:
        return AnyType()
    common = known[0]
    for kind in known[1:]:
        common = _merge(common, kind, where)
    return common


def _merge(one: Any, other: Any, where: str) -> Any:
    if isinstance(one, AnyType):
        return other
    if isinstance(other, AnyType) or one == other:
        return one
    if isinstance(one, Object) and isinstance(other, Object):
        return _merge_objects(one, other, where)
    if isinstance(one, Array) and isinstance(other, Array):
        return Array(_merge(one.dtype, other.dtype, where))
    raise _unsupported(f"{where} mixes the types {one!r} and {other!r}")


def _merge_objects(one: Object, other: Object, where: str) -> Object:
    mine = {member.name: member for member in one.properties}
    theirs = {member.name: member for member in other.properties}
    merged = []
    for name in {**mine, **theirs}:
        a, b = mine.get(name), theirs.get(name)
        if a is None or b is None:
            only = a or b
            assert only is not None  # noqa: S101 - the name came from one of the two
            merged.append(Property(name, only.dtype, required=False))
        else:
            dtype = _merge(a.dtype, b.dtype, f"{where}.{name}")
            merged.append(Property(name, dtype, required=a.required and b.required))
    return Object(merged)


def _dict_schema(data: dict[Any, Any]) -> Schema:
    if data and all(_is_array(value) for value in data.values()):
        return Schema([tensor_spec(value, name) for name, value in data.items()])
    kind = _object_type(data, "data")
    if not isinstance(kind, Object):
        raise _unsupported("the dictionary is empty")
    types = {member.name: member.dtype for member in kind.properties}
    specs: list[ColSpec | TensorSpec] = []
    for name, value in data.items():
        missing = value is None or (isinstance(value, list) and None in value)
        specs.append(ColSpec(types[name], name, required=not missing))
    return Schema(specs)


def _list_schema(data: list[Any]) -> Schema:
    if not data:
        return Schema([ColSpec(DataType.string)])
    common = _common_type([_value_type(item, "the list") for item in data], "the list")
    if isinstance(common, Object):
        members = {member.name: member for member in common.properties}
        rows = [item if isinstance(item, dict) else dict(item) for item in data if item]
        names = dict.fromkeys(name for row in rows for name in row)
        return Schema(
            [ColSpec(members[name].dtype, name, members[name].required) for name in names]
        )
    return Schema([ColSpec(common)])


def infer_param_schema(params: dict[Any, Any]) -> ParamSchema:
    """Return the schema of inference parameters, their values as the defaults.

    Args:
        params: Scalars, dictionaries, lists or one-dimensional arrays by name.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE naming every parameter that has no schema.
    """
    if not isinstance(params, dict):
        raise MlflowException.invalid_parameter_value(
            f"Expected parameters to be dict, got {type(params).__name__}"
        )
    specs, wrong = [], []
    for name, value in params.items():
        try:
            specs.append(_param_spec(str(name), value))
        except MlflowException as error:  # noqa: PERF203 - all wrong ones are named
            wrong.append((name, value, error))
    if wrong:
        raise MlflowException.invalid_parameter_value(
            f"Failed to infer schema for parameters: {wrong}"
        )
    return ParamSchema(specs)


def _param_spec(name: str, value: Any) -> ParamSpec:
    if _is_array(value):
        value = value.tolist()
    if isinstance(value, list):
        if any(isinstance(item, (list, dict)) or _is_array(item) for item in value):
            raise MlflowException.invalid_parameter_value(
                "Expected parameters to be 1D array or scalar, got a nested list"
            )
        kind = _common_type([_value_type(item, name) for item in value], name)
        default = DataType.string if isinstance(kind, AnyType) else kind
        return ParamSpec(name, default, value, (-1,))
    if value is None or isinstance(value, (tuple, set)):
        raise MlflowException.invalid_parameter_value(
            f"Expected parameters to be 1D array or scalar, got {type(value).__name__}"
        )
    return ParamSpec(name, _value_type(value, name), value)
