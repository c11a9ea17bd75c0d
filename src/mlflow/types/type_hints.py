"""Type hints of ``predict``: the schema that a hint stands for, and data checked against it.

A hint describes one element of a batch: ``list[Message]`` takes a list of messages. Scalars are
checked by ``isinstance``, without conversion; dictionaries become Pydantic models.
"""

from __future__ import annotations

import datetime as dt
import logging
import sys
import types
from typing import Any, NamedTuple, TypeVar, Union, get_args, get_origin

from mlflow.exceptions import INVALID_PARAMETER_VALUE, MlflowException
from mlflow.types.schema import AnyType, Array, ColSpec, DataType, Map, Object, Property, Schema

_logger = logging.getLogger(__name__)
TypeFromExample = TypeVar("TypeFromExample")  # the hint that stands for the input example's type
_SCALARS = {
    int: DataType.long,
    str: DataType.string,
    bool: DataType.boolean,
    float: DataType.double,
    bytes: DataType.binary,
    dt.datetime: DataType.datetime,
}
_ALLOWED = (
    "Type hints must be a list[...] where collection element type is one of int, str, bool, float,"
    " bytes, datetime.datetime, Pydantic models, lists and dictionaries of them, Any, or a Union"
)
# Libraries whose types hint at data that no schema is told from.
_NO_SCHEMA = ("pandas", "numpy", "scipy")


class InvalidTypeHintException(MlflowException):
    """A type hint of a supported kind that is incomplete or not allowed where it stands."""

    def __init__(self, *, message: str) -> None:
        super().__init__(message, error_code=INVALID_PARAMETER_VALUE)


class UnsupportedTypeHintException(MlflowException):
    """A type hint that no schema stands for."""

    def __init__(self, type_hint: Any) -> None:
        message = f"Unsupported type hint `{hint_name(type_hint)}`. {_ALLOWED}."
        super().__init__(message, error_code=INVALID_PARAMETER_VALUE)


class _Column(NamedTuple):
    dtype: Any
    required: bool


def hint_name(hint: Any) -> str:
    """Return a type hint as people write it."""
    return repr(hint) if get_origin(hint) or not hasattr(hint, "__name__") else hint.__name__


def is_pydantic(hint: Any) -> bool:
    """Return whether a hint is a Pydantic model; the library is never imported for it."""
    pydantic = sys.modules.get("pydantic")
    return pydantic is not None and isinstance(hint, type) and issubclass(hint, pydantic.BaseModel)


def is_from_example(hint: Any) -> bool:
    """Return whether the hint stands for the input example's type."""
    return hint is TypeFromExample


def has_no_schema(hint: Any) -> bool:
    """Return whether data of the hint have a schema that only an example shows."""
    if is_from_example(hint) or hint is None:
        return True
    return isinstance(hint, type) and hint.__module__.partition(".")[0] in _NO_SCHEMA


def model_fields(model: Any) -> dict[str, Any]:
    """Return the fields of a Pydantic model by name."""
    fields = model.model_fields if hasattr(model, "model_fields") else model.__fields__
    return dict(fields)


def model_validate(model: Any, values: Any) -> Any:
    """Return a Pydantic model made of values; nothing is converted to another scalar type.

    Args:
        model: The class.
        values: A dictionary.
    """
    if hasattr(model, "model_validate"):
        return model.model_validate(values, strict=True)
    return model.validate(values)


def element_schema(hint: Any) -> Schema:
    """Return the schema of what ``list[...]`` holds; the hint of a model's input and output.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where the hint is no list, or holds what has no
            schema.
    """
    if get_origin(hint) is not list:
        raise InvalidTypeHintException(
            message="Type hints must be wrapped in list[...] because the predict method takes"
            " several input instances. Specify your type hint as"
            f" `list[{hint_name(hint)}]` for a valid signature."
        )
    return hint_schema(get_args(hint)[0])


def hint_schema(hint: Any) -> Schema:
    """Return the schema of one value of a hint.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for hints that have none.
    """
    column = _column(hint)
    if not column.required:
        raise InvalidTypeHintException(
            message="Input cannot be Optional type. Fix this by removing the Optional wrapper from"
            " the type hint. For optional fields, use a Pydantic model."
        )
    return Schema([ColSpec(column.dtype)])


def _column(hint: Any) -> _Column:
    if hint is Any:
        return _Column(AnyType(), required=True)
    if isinstance(hint, type) and hint in _SCALARS:
        return _Column(_SCALARS[hint], required=True)
    if is_pydantic(hint):
        return _Column(_model_type(hint), required=True)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is list:
        return _Column(Array(_column(arguments[0]).dtype), required=True)
    if origin is dict:
        if arguments[0] is not str:
            raise InvalidTypeHintException(
                message=f"Dictionary key type must be str, got {arguments[0]} in type hint {hint}"
            )
        return _Column(Map(_column(arguments[1]).dtype), required=True)
    if _is_union(origin):
        return _union(arguments)
    if hint in (list, dict):
        raise InvalidTypeHintException(
            message=f"Invalid type hint `{hint_name(hint)}`, it must include a valid element type."
            f" {_ALLOWED}."
        )
    raise UnsupportedTypeHintException(hint)


def _is_union(origin: Any) -> bool:
    return origin in (Union, types.UnionType)


def _union(arguments: tuple[Any, ...]) -> _Column:
    arms = [arm for arm in arguments if arm is not type(None)]
    required = len(arms) == len(arguments)
    if len(arms) == 1:
        return _Column(_column(arms[0]).dtype, required)
    _logger.warning("A Union type hint stands for any type: data are not checked against its arms.")
    return _Column(AnyType(), required)


def _model_type(model: Any) -> Object:
    members = []
    for name, field in model_fields(model).items():
        column = _column(field.annotation)
        needed = field.is_required() if callable(field.is_required) else bool(field.required)
        if needed and not column.required:
            raise InvalidTypeHintException(
                message=f"Optional field `{name}` in Pydantic model `{model.__name__}` doesn't have"
                " a default value. Please set default value to None for this field."
            )
        members.append(Property(name, column.dtype, column.required))
    return Object(members)


def validate(data: Any, hint: Any) -> Any:  # noqa: PLR0911 - one line for each kind of hint
    """Return data that fit a hint, dictionaries as the Pydantic models that it names.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE naming each element that does not fit.
    """
    if hint is Any or is_from_example(hint):
        return data
    if isinstance(hint, type) and hint in _SCALARS:
        return _expect(data, hint)
    if is_pydantic(hint):
        return _validate_model(data, hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is list:
        return _validate_list(_expect(data, list), arguments[0], hint)
    if origin is dict:
        return _validate_dict(_expect(data, dict), arguments[1], hint)
    if _is_union(origin):
        arms = [arm for arm in arguments if arm is not type(None)]
        if len(arms) > 1 or (data is None and len(arms) < len(arguments)):
            return data
        return validate(data, arms[0])
    raise UnsupportedTypeHintException(hint)


def _expect(data: Any, kind: type) -> Any:
    if isinstance(data, kind):
        return data
    raise MlflowException.invalid_parameter_value(
        f"Expected type {kind.__name__}, but got {type(data).__name__}"
        if kind in _SCALARS
        else f"Expected {kind.__name__}, but got {type(data).__name__}"
    )


def _validate_model(data: Any, model: Any) -> Any:
    if isinstance(data, model):
        return data
    if not isinstance(data, dict):
        raise MlflowException.invalid_parameter_value(
            "Expecting example to be a dictionary or pydantic model instance for Pydantic type"
            f" hint, got {type(data)}"
        )
    try:
        return model_validate(model, data)
    except ValueError as error:
        raise MlflowException.invalid_parameter_value(
            f"Data doesn't match type hint, error: {error}. Expected fields in the type hint:"
            f" {list(model_fields(model))}; passed data: {data}."
        ) from error


def _validate_list(data: list[Any], element: Any, hint: Any) -> list[Any]:
    valid, wrong = [], []
    for item in data:
        try:
            valid.append(validate(item, element))
        except MlflowException as error:  # noqa: PERF203 - all wrong ones are named
            wrong.append((str(item), error.message))
    _refuse(wrong, hint)
    return valid


def _validate_dict(data: dict[Any, Any], element: Any, hint: Any) -> dict[str, Any]:
    valid, wrong = {}, {}
    for name, item in data.items():
        if not isinstance(name, str):
            wrong[str(name)] = f"Key must be a string, got {type(name).__name__}"
            continue
        try:
            valid[name] = validate(item, element)
        except MlflowException as error:
            wrong[name] = error.message
    _refuse(wrong, hint)
    return valid


def _refuse(wrong: Any, hint: Any) -> None:
    if wrong:
        shown = f"{get_origin(hint).__name__}[{', '.join(map(hint_name, get_args(hint)))}]"
        raise MlflowException.invalid_parameter_value(
            f"Failed to validate data against type hint `{shown}`, invalid elements: {wrong}"
        )


def from_frame(data: Any, hint: Any) -> Any:
    """Return a DataFrame as the list that a hint asks for; other data as they are.

    Rows become dictionaries where the hint is a list of Pydantic models; otherwise the first column
    is the list. A missing value is None.
    """
    pandas = sys.modules.get("pandas")
    if pandas is None or not isinstance(data, pandas.DataFrame) or has_no_schema(hint):
        return data
    if get_origin(hint) is not list:
        raise MlflowException(
            "Only `list[...]` type hint supports pandas DataFrame input with a single column. But"
            f" got {hint_name(hint)}."
        )
    values = _column_list(data.iloc[:, 0])
    if is_pydantic(get_args(hint)[0]) and not (
        data.shape[1] == 1 and all(isinstance(value, dict) for value in values)
    ):
        return _rows(data)
    if data.shape[1] > 1:
        _logger.warning(
            "`predict` takes a list, and the DataFrame has %d columns: the first one is the list.",
            data.shape[1],
        )
    return values


def _rows(frame: Any) -> list[dict[str, Any]]:
    columns = [_column_list(frame.iloc[:, place]) for place in range(frame.shape[1])]
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def _column_list(series: Any) -> list[Any]:
    return [
        None if value is None or (isinstance(value, float) and value != value) else value  # noqa: PLR0124 - NaN
        for value in series.tolist()
    ]


def like_example(data: Any, example: Any) -> Any:
    """Return a DataFrame as data of the kind that an input example is.

    Args:
        data: What schema enforcement made of the input.
        example: The input example.
    """
    pandas = sys.modules.get("pandas")
    if pandas is None or not isinstance(data, pandas.DataFrame):
        return data
    if isinstance(example, pandas.Series):
        return data.iloc[:, 0]
    if isinstance(example, list):
        rows = data.shape[1] > 1 or (bool(example) and isinstance(example[0], dict))
        return _rows(data) if rows else data.iloc[:, 0].tolist()
    if isinstance(example, (str, bytes, int, float)):
        return data.iloc[0, 0]
    return data
