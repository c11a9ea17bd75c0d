"""Schemas: the columns or tensors that a model takes or gives, and their JSON.

The JSON text of a schema stands in every MLmodel file, so its keys and their order are a format.
"""

from __future__ import annotations

import dataclasses
import json
import typing
from typing import TYPE_CHECKING, Any

from mlflow.exceptions import MlflowException
from mlflow.types.datatype import SCHEMA_MODULE, TYPE_NAMES, DataType
from mlflow.types.nested import (
    AllowedType,
    AnyType,
    Array,
    BaseType,
    Map,
    Object,
    Property,
    SparkMLVector,
    as_type,
    type_from_dict,
    type_to_dict,
)
from mlflow.types.params import ParamSchema, ParamSpec

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "AnyType",
    "Array",
    "BaseType",
    "ColSpec",
    "DataType",
    "Map",
    "MlflowException",
    "Object",
    "ParamSchema",
    "ParamSpec",
    "Property",
    "Schema",
    "SparkMLVector",
    "TensorInfo",
    "TensorSpec",
    "convert_dataclass_to_schema",
]


class ColSpec:
    """One column: its type, its name, and whether it must be there."""

    __module__ = SCHEMA_MODULE

    def __init__(
        self,
        type: AllowedType,  # noqa: A002 - recorded
        name: str | None = None,
        required: bool = True,
    ) -> None:
        self._name = name
        self._required = required
        if isinstance(type, str) and type not in TYPE_NAMES:
            raise MlflowException(
                f"Unsupported type '{type}', expected instance of DataType or one of"
                f" {list(TYPE_NAMES)}"
            )
        self._type = as_type(type, "type", wrong_kind=TypeError)

    @property
    def type(self) -> Any:
        """The type of the values."""
        return self._type

    @property
    def name(self) -> str | None:
        """The column's name; None where a schema has no names."""
        return self._name

    @property
    def required(self) -> bool:
        """Whether every input has the column."""
        return self._required

    def to_dict(self) -> dict[str, Any]:
        """Return the column as it is written to JSON."""
        named = {} if self._name is None else {"name": self._name}
        return {**type_to_dict(self._type), **named, "required": self._required}

    @classmethod
    def from_json_dict(cls, **kwargs: Any) -> ColSpec:
        """Make the column from its JSON members."""
        if "type" not in kwargs:
            raise MlflowException("Missing keys in ColSpec JSON. Expected to find key `type`")
        dtype = type_from_dict(kwargs, "ColSpec")
        return cls(name=kwargs.get("name"), type=dtype, required=kwargs.get("required", True))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ColSpec) and (
            self._name == other._name
            and self._type == other._type
            and self._required == other._required
        )

    __hash__ = None  # type: ignore[assignment]  # compared by value

    def __repr__(self) -> str:
        kind = self._type.name if isinstance(self._type, DataType) else repr(self._type)
        name = "" if self._name is None else f"{self._name!r}: "
        return f"{name}{kind} ({'required' if self._required else 'optional'})"


class TensorInfo:
    """The type and shape of an array."""

    __module__ = SCHEMA_MODULE

    def __init__(self, dtype: np.dtype[Any], shape: tuple[Any, ...] | list[Any]) -> None:
        import numpy as np  # noqa: PLC0415 - optional package

        if not isinstance(dtype, np.dtype):
            raise TypeError(
                f"Expected `dtype` to be instance of `{np.dtype}`, received `{type(dtype)}`"
            )
        if dtype.kind in "SU" and dtype.itemsize:
            raise MlflowException(
                "The size of a flexible numpy type is not kept."
                f' Use np.dtype("{"bytes" if dtype.kind == "S" else "str"}") instead'
            )
        if not isinstance(shape, (tuple, list)):
            raise TypeError(
                f"Expected `shape` to be instance of `{tuple}` or `{list}`, received"
                f" `{type(shape)}`"
            )
        self._dtype = dtype
        self._shape = tuple(shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the items."""
        return self._dtype

    @property
    def shape(self) -> tuple[Any, ...]:
        """The size of each dimension, -1 where it may vary."""
        return self._shape

    def to_dict(self) -> dict[str, Any]:
        """Return the tensor as it is written to JSON."""
        name = {"U": "str", "S": "bytes"}.get(self._dtype.kind, self._dtype.name)
        return {"dtype": name, "shape": self._shape}

    @classmethod
    def from_json_dict(cls, **kwargs: Any) -> TensorInfo:
        """Make the tensor type from its JSON members."""
        import numpy as np  # noqa: PLC0415 - optional package

        if not {"dtype", "shape"} <= kwargs.keys():
            raise MlflowException(
                "Missing keys in TensorSpec JSON. Expected to find keys `dtype` and `shape`"
            )
        return cls(dtype=np.dtype(kwargs["dtype"]), shape=tuple(kwargs["shape"]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TensorInfo) and (
            self._dtype == other._dtype and self._shape == other._shape
        )

    __hash__ = None  # type: ignore[assignment]  # compared by value

    def __repr__(self) -> str:
        return f"Tensor({self._dtype.name!r}, {self._shape!r})"


class TensorSpec:
    """One array: its type, its shape, its name."""

    __module__ = SCHEMA_MODULE

    def __init__(
        self,
        type: np.dtype[Any],  # noqa: A002 - recorded
        shape: tuple[int, ...] | list[int],
        name: str | None = None,
    ) -> None:
        self._name = name
        self._tensorInfo = TensorInfo(type, shape)

    @property
    def type(self) -> np.dtype[Any]:
        """The type of the items."""
        return self._tensorInfo.dtype

    @property
    def name(self) -> str | None:
        """The array's name; None where the schema is one array."""
        return self._name

    @property
    def shape(self) -> tuple[int, ...]:
        """The size of each dimension, -1 where it may vary."""
        return self._tensorInfo.shape

    @property
    def required(self) -> bool:
        """Whether it must be given: always."""
        return True

    def to_dict(self) -> dict[str, Any]:
        """Return the array as it is written to JSON."""
        named = {} if self._name is None else {"name": self._name}
        return {**named, "type": "tensor", "tensor-spec": self._tensorInfo.to_dict()}

    @classmethod
    def from_json_dict(cls, **kwargs: Any) -> TensorSpec:
        """Make the array from its JSON members."""
        if not {"tensor-spec", "type"} <= kwargs.keys():
            raise MlflowException(
                "Missing keys in TensorSpec JSON. Expected to find keys `tensor-spec` and `type`"
            )
        if kwargs["type"] != "tensor":
            raise MlflowException("Type mismatch, TensorSpec expects `tensor` as the type")
        info = TensorInfo.from_json_dict(**kwargs["tensor-spec"])
        return cls(name=kwargs.get("name"), type=info.dtype, shape=info.shape)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TensorSpec) and (
            self._name == other._name and self._tensorInfo == other._tensorInfo
        )

    __hash__ = None  # type: ignore[assignment]  # compared by value

    def __repr__(self) -> str:
        name = "" if self._name is None else f"{self._name!r}: "
        return f"{name}{self._tensorInfo!r}"


class Schema:
    """What a model takes or gives: columns, or arrays, all named or all not."""

    __module__ = SCHEMA_MODULE

    def __init__(self, inputs: list[ColSpec | TensorSpec]) -> None:
        if not isinstance(inputs, list):
            raise MlflowException.invalid_parameter_value(
                f"Inputs of Schema must be a list, got type {type(inputs).__name__}"
            )
        if not inputs:
            raise MlflowException.invalid_parameter_value(
                "Creating Schema with empty inputs is not allowed."
            )
        _check_specs(inputs)
        self._inputs = inputs

    @property
    def inputs(self) -> list[ColSpec | TensorSpec]:
        """The columns or arrays."""
        return self._inputs

    def is_tensor_spec(self) -> bool:
        """Return whether the schema is of arrays."""
        return isinstance(self._inputs[0], TensorSpec)

    def has_input_names(self) -> bool:
        """Return whether the inputs have names."""
        return self._inputs[0].name is not None

    def input_names(self) -> list[str | int]:
        """Return the names, or the positions where there are none."""
        return [i if spec.name is None else spec.name for i, spec in enumerate(self._inputs)]

    def required_input_names(self) -> list[str | int]:
        """Return the names, or positions, of what must be given."""
        names = zip(self.input_names(), self._inputs, strict=True)
        return [name for name, spec in names if spec.required]

    def optional_input_names(self) -> list[str | int]:
        """Return the names of what may be left out."""
        names = zip(self.input_names(), self._inputs, strict=True)
        return [name for name, spec in names if not spec.required]

    def input_types(self) -> list[Any]:
        """Return the types in order."""
        return [spec.type for spec in self._inputs]

    def input_types_dict(self) -> dict[str, Any]:
        """Return the types by name."""
        if not self.has_input_names():
            raise MlflowException("Cannot get input types as a dict for schema without names.")
        return {str(spec.name): spec.type for spec in self._inputs}

    def input_dict(self) -> dict[str, ColSpec | TensorSpec]:
        """Return the columns or arrays by name."""
        if not self.has_input_names():
            raise MlflowException("Cannot get input dict for schema without names.")
        return {spec.name: spec for spec in self._inputs}  # type: ignore[misc]  # all have names

    def numpy_types(self) -> list[np.dtype[Any]]:
        """Return the numpy types in order; only for scalar columns and arrays."""
        if self.is_tensor_spec():
            return [spec.type for spec in self._inputs]
        return [kind.to_numpy() for kind in self._scalars("numpy")]

    def pandas_types(self) -> list[Any]:
        """Return the types of pandas columns in order; only for scalar columns."""
        if self.is_tensor_spec():
            raise MlflowException("TensorSpec only supports numpy types, use numpy_types() instead")
        return [kind.to_pandas() for kind in self._scalars("pandas")]

    def _scalars(self, library: str) -> list[DataType]:
        kinds = [spec.type for spec in self._inputs if isinstance(spec.type, DataType)]
        if len(kinds) < len(self._inputs):
            raise MlflowException(f"Arrays, objects, maps and Any have no {library} type")
        return kinds

    def as_spark_schema(self) -> Any:
        """Return the schema as a Spark SQL type; needs pyspark."""
        from pyspark.sql.types import StructField, StructType  # noqa: PLC0415 - optional package

        if self.is_tensor_spec():
            raise MlflowException("TensorSpec cannot be converted to spark dataframe")
        kinds = self._scalars("Spark")
        if len(kinds) == 1 and self._inputs[0].name is None:
            return kinds[0].to_spark()
        columns = zip(self.input_names(), kinds, self._inputs, strict=True)
        return StructType(
            [
                StructField(str(name), kind.to_spark(), nullable=not spec.required)
                for name, kind, spec in columns
            ]
        )

    def to_dict(self) -> list[dict[str, Any]]:
        """Return the schema as it is written to JSON."""
        return [spec.to_dict() for spec in self._inputs]

    def to_json(self) -> str:
        """Return the schema as JSON text."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, json_str: str) -> Schema:
        """Make the schema from JSON text."""
        return cls(
            [
                TensorSpec.from_json_dict(**written)
                if written.get("type") == "tensor"
                else ColSpec.from_json_dict(**written)
                for written in json.loads(json_str)
            ]
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schema) and self._inputs == other._inputs

    __hash__ = None  # type: ignore[assignment]  # compared by value

    def __len__(self) -> int:
        return len(self._inputs)

    def __repr__(self) -> str:
        return repr(self._inputs)


def _check_specs(inputs: list[ColSpec | TensorSpec]) -> None:
    names = [spec.name for spec in inputs]
    if None in names and any(name is not None for name in names):
        raise MlflowException(
            "Creating Schema with a combination of named and unnamed inputs is not allowed."
            f" Got input names {names}"
        )
    tensors = [isinstance(spec, TensorSpec) for spec in inputs]
    if any(tensors) and not all(tensors):
        raise MlflowException(
            "Creating Schema with a combination of ColSpec and TensorSpec is not supported."
        )
    if all(tensors) and len(inputs) > 1 and None in names:
        raise MlflowException(
            "Creating Schema with multiple unnamed TensorSpecs is not supported."
            " Please provide names for each TensorSpec."
        )
    if None in names and not all(spec.required for spec in inputs):
        raise MlflowException(
            "Creating Schema with unnamed optional inputs is not supported."
            " Please name all inputs or make all inputs required."
        )


_SCALARS = {
    bool: DataType.boolean,
    int: DataType.long,
    float: DataType.float,
    str: DataType.string,
    bytes: DataType.binary,
}


def convert_dataclass_to_schema(dataclass: Any) -> Schema:
    """Return the schema of a dataclass: one column a field, nested dataclasses as objects.

    Args:
        dataclass: The class. Fields are scalars, lists, dataclasses, or Optional of them.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for a field of another type.
    """
    return Schema([ColSpec(dtype, name, required) for name, dtype, required in _members(dataclass)])


def _members(dataclass: Any) -> list[tuple[str, Any, bool]]:
    hints = typing.get_type_hints(dataclass)
    members = []
    for field in dataclasses.fields(dataclass):
        hint = hints[field.name]
        arms = [arm for arm in typing.get_args(hint) if arm is not type(None)]
        optional = type(None) in typing.get_args(hint) and len(arms) == 1
        dtype = _hint_type(arms[0] if optional else hint, f"{dataclass.__name__}.{field.name}")
        members.append((field.name, dtype, not optional))
    return members


def _hint_type(hint: Any, where: str) -> Any:
    if hint in _SCALARS:
        return _SCALARS[hint]
    if typing.get_origin(hint) is list:
        return Array(_hint_type(typing.get_args(hint)[0], where))
    if dataclasses.is_dataclass(hint):
        return Object([Property(name, dtype, need) for name, dtype, need in _members(hint)])
    raise MlflowException.invalid_parameter_value(f"Unsupported type {hint} of the field {where}")
