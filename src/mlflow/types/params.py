"""The parameters of a model's inference: name, type, default."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, TypedDict

from mlflow.exceptions import MlflowException
from mlflow.types.datatype import SCHEMA_MODULE, TYPE_NAMES, DataType
from mlflow.types.nested import Object, type_from_dict

if TYPE_CHECKING:
    from collections.abc import Sequence

ParamType = DataType | Object


class _Written(TypedDict):
    """A parameter as it is written to JSON."""

    name: str
    type: str
    default: Any
    shape: tuple[int, ...] | None


def _unsafe(value: object, kind: DataType) -> MlflowException:
    return MlflowException.invalid_parameter_value(
        f"Can not safely convert `{type(value)}` to `{kind}` for value `{value}`"
    )


def convert_scalar(value: Any, kind: DataType) -> Any:
    """Return a scalar as a Python value of a type, if nothing is lost by it.

    Integers widen to floats; nothing else changes its kind.
    """
    plain = value.item() if hasattr(value, "item") and hasattr(value, "dtype") else value
    if kind is DataType.datetime:
        return _convert_datetime(plain, kind)
    if isinstance(plain, bool) is not (kind is DataType.boolean):
        raise _unsafe(value, kind)
    if kind in (DataType.float, DataType.double):
        if isinstance(plain, (int, float)):
            return float(plain)
        raise _unsafe(value, kind)
    if not isinstance(plain, kind.to_python()):
        raise _unsafe(value, kind)
    return plain


def _convert_datetime(value: Any, kind: DataType) -> Any:
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str):
        try:
            moment = dt.datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError as error:
            raise _unsafe(value, kind) from error
        return moment if "T" in value or " " in value else moment.date()
    raise _unsafe(value, kind)


def _convert_object(value: Any, kind: Object) -> Any:
    if not isinstance(value, dict):
        raise MlflowException.invalid_parameter_value(
            f"Expected a dictionary for type `{kind}`, got `{type(value).__name__}`"
        )
    required = {member.name for member in kind.properties if member.required}
    if missing := required - value.keys():
        raise MlflowException.invalid_parameter_value(f"Missing required properties: {missing}")
    if unknown := value.keys() - {member.name for member in kind.properties}:
        raise MlflowException.invalid_parameter_value(
            f"Invalid properties not defined in the schema found: {unknown}"
        )
    types = {member.name: member.dtype for member in kind.properties}
    return {
        name: convert_scalar(item, types[name])
        if isinstance(types[name], DataType) and item is not None
        else item
        for name, item in value.items()
    }


class ParamSpec:
    """One parameter: its name, type and default, a scalar or a list of scalars."""

    __module__ = SCHEMA_MODULE

    ParamSpecTypedDict = _Written

    def __init__(
        self,
        name: str,
        dtype: DataType | Object | str,
        default: Any,
        shape: tuple[int, ...] | None = None,
    ) -> None:
        self._name = str(name)
        self._shape = tuple(shape) if shape is not None else None
        self._dtype = _param_type(self._name, dtype)
        self._default = default
        if self._shape not in (None, (-1,)):
            raise MlflowException.invalid_parameter_value(
                "Shape must be None for a scalar or dictionary value, or (-1,) for a 1D array"
                f" value, for ParamSpec {self!r}, received {self._shape}"
            )
        self._default = self.validate_type_and_shape(repr(self), default, self._dtype, self._shape)

    @property
    def name(self) -> str:
        """The parameter's name."""
        return self._name

    @property
    def dtype(self) -> DataType | Object:
        """The type of the value, or of its items."""
        return self._dtype

    @property
    def default(self) -> Any:
        """What the parameter is when it is not given."""
        return self._default

    @property
    def shape(self) -> tuple[int, ...] | None:
        """None for a scalar, ``(-1,)`` for a list."""
        return self._shape

    @classmethod
    def validate_param_spec(cls, value: Any, param_spec: ParamSpec) -> Any:
        """Return a value converted to what a parameter wants."""
        return cls.validate_type_and_shape(
            repr(param_spec), value, param_spec.dtype, param_spec.shape
        )

    @classmethod
    def validate_type_and_shape(
        cls, spec: str, value: Any, value_type: DataType | Object, shape: Sequence[int] | None
    ) -> Any:
        """Return a value converted to a type and shape; None stays None.

        Args:
            spec: The parameter as text, for the message.
            value: A scalar, a dictionary, a list or a one-dimensional array.
            value_type: The type of the value or of its items.
            shape: None for a scalar or dictionary, ``(-1,)`` for a list.

        Raises:
            MlflowException: INVALID_PARAMETER_VALUE where the value is of another shape, or
                converting it would lose something.
        """
        if value is None:
            return None
        try:
            if shape is None:
                return _convert(value, value_type)
        except MlflowException as error:
            raise _failed(spec, error) from error
        ndim = getattr(value, "ndim", 1 if isinstance(value, (list, tuple)) else 0)
        if not (isinstance(value, list) or hasattr(value, "tolist")) or ndim != 1:
            raise MlflowException.invalid_parameter_value(
                f"Value must be a 1D array with shape (-1,) for param {spec}, received"
                f" {type(value).__name__} with ndim {ndim}"
            )
        if not isinstance(value_type, DataType):
            raise MlflowException.invalid_parameter_value(
                f"A list of dictionaries is not supported for param {spec}"
            )
        items = value if isinstance(value, list) else value.tolist()
        try:
            return [_convert(item, value_type) for item in items]
        except MlflowException as error:
            raise _failed(spec, error) from error

    def to_dict(self) -> _Written:
        """Return the parameter as it is written to JSON."""
        kind = (
            {"type": self._dtype.name}
            if isinstance(self._dtype, DataType)
            else self._dtype.to_dict()
        )
        written: Any = {
            "name": self._name,
            "default": _plain(self._default),
            "shape": self._shape,
            **kind,
        }
        return written  # type: ignore[no-any-return]  # an object type adds `properties`

    @classmethod
    def from_json_dict(cls, **kwargs: Any) -> ParamSpec:
        """Make the parameter from its JSON members; ``dtype`` is an older name of ``type``."""
        if not {"name", "default"} <= kwargs.keys() or not {"type", "dtype"} & kwargs.keys():
            raise MlflowException.invalid_parameter_value(
                "Missing keys in ParamSpec JSON. Expected to find keys `name`, `type`(or `dtype`)"
                f" and `default`. Received keys: {list(kwargs)}"
            )
        if kwargs.get("type") == "object":
            kind: Any = type_from_dict(kwargs, "ParamSpec")
        else:
            kind = kwargs.get("type", kwargs.get("dtype"))
        shape = kwargs.get("shape")
        return cls(
            name=str(kwargs["name"]),
            dtype=kind,
            default=kwargs["default"],
            shape=tuple(shape) if shape is not None else None,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ParamSpec) and (
            self._name == other._name
            and self._dtype == other._dtype
            and self._default == other._default
            and self._shape == other._shape
        )

    __hash__ = None  # type: ignore[assignment]  # compared by value; its default may be a list

    def __repr__(self) -> str:
        kind = self._dtype.name if isinstance(self._dtype, DataType) else repr(self._dtype)
        shape = f" (shape: {self._shape})" if self._shape is not None else ""
        return f"{self._name!r}: {kind} (default: {self._default}){shape}"


def _param_type(name: str, dtype: object) -> ParamType:
    if isinstance(dtype, str) and dtype in TYPE_NAMES:
        dtype = DataType[dtype]
    if dtype is DataType.binary:
        raise MlflowException.invalid_parameter_value(
            f"Binary type is not supported for parameters: ParamSpec {name!r}"
        )
    if isinstance(dtype, (DataType, Object)):
        return dtype
    allowed = [kind for kind in TYPE_NAMES if kind != "binary"]
    raise MlflowException.invalid_parameter_value(
        f"Unsupported type {dtype!r}, expected instance of DataType or one of {allowed}"
    )


def _convert(value: Any, kind: ParamType) -> Any:
    return (
        convert_scalar(value, kind) if isinstance(kind, DataType) else _convert_object(value, kind)
    )


def _failed(spec: str, error: MlflowException) -> MlflowException:
    return MlflowException.invalid_parameter_value(
        f"Failed to validate type and shape for {spec}, error: {error.message}"
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


class ParamSchema:
    """The parameters of a model."""

    __module__ = SCHEMA_MODULE

    def __init__(self, params: list[ParamSpec]) -> None:
        if any(not isinstance(param, ParamSpec) for param in params):
            raise MlflowException.invalid_parameter_value(
                "The params of a ParamSchema must all be of type ParamSpec"
            )
        names = [param.name for param in params]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise MlflowException.invalid_parameter_value(
                f"Duplicated parameters found in schema: {twice}"
            )
        self._params = params

    @property
    def params(self) -> list[ParamSpec]:
        """The parameters in their order."""
        return self._params

    def __len__(self) -> int:
        return len(self._params)

    def __iter__(self) -> Any:
        return iter(self._params)

    def to_dict(self) -> list[dict[str, Any]]:
        """Return the parameters as they are written to JSON."""
        return [dict(param.to_dict()) for param in self._params]

    def to_json(self) -> str:
        """Return the parameters as JSON text."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, json_str: str) -> ParamSchema:
        """Make the schema from JSON text."""
        return cls([ParamSpec.from_json_dict(**written) for written in json.loads(json_str)])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ParamSchema) and self._params == other._params

    __hash__ = None  # type: ignore[assignment]  # compared by value

    def __repr__(self) -> str:
        return repr(self._params)
