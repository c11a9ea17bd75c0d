"""Types made of other types: objects, arrays, maps, and the one that allows everything."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from mlflow.exceptions import INVALID_PARAMETER_VALUE, MlflowException
from mlflow.types.datatype import SCHEMA_MODULE, TYPE_NAMES, DataType


class BaseType(ABC):
    """A type that is made of other types."""

    __module__ = SCHEMA_MODULE

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return the type as it is written to JSON."""

    @abstractmethod
    def __eq__(self, other: object) -> bool: ...

    __hash__ = None  # type: ignore[assignment]  # compared by value

    @abstractmethod
    def __repr__(self) -> str: ...


AllowedType = DataType | BaseType | str


def as_type(value: object, argument: str, *, wrong_kind: type[Exception] | None = None) -> Any:
    """Return a type given as itself or as the name of a scalar type.

    Args:
        value: A ``DataType``, a nested type, or a scalar type's name.
        argument: The argument's name, for the message.
        wrong_kind: The error for a value that is neither; an ``MlflowException`` by default.
    """
    if isinstance(value, str):
        if value not in TYPE_NAMES:
            raise MlflowException(
                f"Unsupported type '{value}' for '{argument}': expected a DataType, Array, Object,"
                f" Map or one of {list(TYPE_NAMES)}"
            )
        return DataType[value]
    if isinstance(value, (DataType, BaseType)):
        return value
    message = (
        f"Expected a DataType, Array, Object, Map, AnyType or the name of a scalar type for the"
        f" '{argument}' argument, but got {value!r}"
    )
    if wrong_kind is not None:
        raise wrong_kind(message)
    raise MlflowException(message, INVALID_PARAMETER_VALUE)


def _show(dtype: Any) -> str:
    return dtype.name if isinstance(dtype, DataType) else repr(dtype)


def type_to_dict(dtype: Any) -> dict[str, Any]:
    """Return a type as it is written to JSON."""
    if isinstance(dtype, DataType):
        return {"type": dtype.name}
    written: dict[str, Any] = dtype.to_dict()
    return written


def type_from_dict(written: dict[str, Any], owner: str) -> Any:
    """Return the type that JSON describes.

    Args:
        written: An object with the key ``type``, and what that type needs.
        owner: What holds the type, for the message.
    """
    if "type" not in written:
        raise MlflowException(f"Missing keys in {owner} JSON. Expected to find key `type`")
    readers: dict[str, Any] = {
        "object": Object,
        "array": Array,
        "map": Map,
        "any": AnyType,
        "sparkml_vector": SparkMLVector,
    }
    reader = readers.get(written["type"])
    if reader is None:
        return as_type(written["type"], "type")
    return AnyType() if reader is AnyType else reader.from_json_dict(**written)


class Property(BaseType):
    """A named, typed member of an object."""

    __module__ = SCHEMA_MODULE

    def __init__(self, name: str, dtype: AllowedType, required: bool = True) -> None:
        if not isinstance(name, str):
            raise MlflowException.invalid_parameter_value(
                f"Expected name to be a string, got type {type(name).__name__}"
            )
        self._name = name
        self._dtype = as_type(dtype, "dtype")
        self._required = required

    @property
    def name(self) -> str:
        """The member's name."""
        return self._name

    @property
    def dtype(self) -> Any:
        """The member's type."""
        return self._dtype

    @property
    def required(self) -> bool:
        """Whether every value has the member."""
        return self._required

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Property) and (
            self._name == other._name
            and self._dtype == other._dtype
            and self._required == other._required
        )

    __hash__ = None

    def __lt__(self, other: Property) -> bool:
        return self._name < other._name

    def __repr__(self) -> str:
        need = "required" if self._required else "optional"
        return f"{self._name}: {_show(self._dtype)} ({need})"

    def to_dict(self) -> dict[str, Any]:
        """Return ``{name: type}``."""
        return {self._name: {**type_to_dict(self._dtype), "required": self._required}}

    @classmethod
    def from_json_dict(cls, **kwargs: Any) -> Property:
        """Make the property from ``name={"type": …}``."""
        if len(kwargs) != 1:
            raise MlflowException(f"Expected a Property JSON with one name, got {list(kwargs)}")
        [(name, written)] = kwargs.items()
        dtype = type_from_dict(written, "Property")
        return cls(name=name, dtype=dtype, required=written.get("required", True))


class Object(BaseType):
    """A dictionary with known members."""

    __module__ = SCHEMA_MODULE

    def __init__(self, properties: list[Property]) -> None:
        if not isinstance(properties, list):
            raise MlflowException.invalid_parameter_value(
                f"Expected properties to be a list, got type {type(properties).__name__}"
            )
        if not properties:
            raise MlflowException.invalid_parameter_value(
                "Creating Object with empty properties is not allowed."
            )
        if any(not isinstance(member, Property) for member in properties):
            raise MlflowException.invalid_parameter_value(
                "Expected values to be instance of Property"
            )
        names = [member.name for member in properties]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            shown = ", ".join(f"`{name}`" for name in twice)
            raise MlflowException.invalid_parameter_value(
                f"Found duplicated property names: {shown}"
            )
        self._properties = sorted(properties)

    @property
    def properties(self) -> list[Property]:
        """The members, ordered by name."""
        return self._properties

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Object) and self._properties == other._properties

    __hash__ = None

    def __repr__(self) -> str:
        return "{" + ", ".join(map(repr, self._properties)) + "}"

    def to_dict(self) -> dict[str, Any]:
        """Return the type as it is written to JSON."""
        members: dict[str, Any] = {}
        for member in self._properties:
            members.update(member.to_dict())
        return {"type": "object", "properties": members}

    @classmethod
    def from_json_dict(cls, **kwargs: Any) -> Object:
        """Make the object type from its JSON members."""
        if kwargs.get("type") != "object" or not isinstance(kwargs.get("properties"), dict):
            raise MlflowException(
                "Missing keys in Object JSON. Expected to find keys `properties` and `type`"
            )
        return cls(
            [
                Property.from_json_dict(**{name: written})
                for name, written in kwargs["properties"].items()
            ]
        )


class Array(BaseType):
    """A list of values of one type."""

    __module__ = SCHEMA_MODULE

    def __init__(self, dtype: AllowedType) -> None:
        self._dtype = as_type(dtype, "dtype")

    @property
    def dtype(self) -> Any:
        """The type of the items."""
        return self._dtype

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._dtype == other._dtype

    __hash__ = None

    def __repr__(self) -> str:
        return f"Array({_show(self._dtype)})"

    def to_dict(self) -> dict[str, Any]:
        """Return the type as it is written to JSON."""
        return {"type": "array", "items": type_to_dict(self._dtype)}

    @classmethod
    def from_json_dict(cls, **kwargs: Any) -> Array:
        """Make the array type from its JSON members."""
        if kwargs.get("type") != "array" or not isinstance(kwargs.get("items"), dict):
            raise MlflowException(
                "Missing keys in Array JSON. Expected to find keys `items` and `type`"
            )
        return cls(type_from_dict(kwargs["items"], "Array"))


class SparkMLVector(Array):
    """A vector of Spark ML: an array of doubles."""

    __module__ = SCHEMA_MODULE

    def __init__(self) -> None:
        super().__init__(DataType.double)

    def __repr__(self) -> str:
        return "SparkML vector"

    def to_dict(self) -> dict[str, Any]:
        """Return the type as it is written to JSON."""
        return {"type": "sparkml_vector"}

    @classmethod
    def from_json_dict(cls, **kwargs: Any) -> SparkMLVector:  # noqa: ARG003 - recorded
        """Make the vector type."""
        return cls()


class Map(BaseType):
    """A dictionary with text keys and values of one type."""

    __module__ = SCHEMA_MODULE

    def __init__(self, value_type: AllowedType) -> None:
        self._value_type = as_type(value_type, "value_type")

    @property
    def value_type(self) -> Any:
        """The type of the values."""
        return self._value_type

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Map) and self._value_type == other._value_type

    __hash__ = None

    def __repr__(self) -> str:
        return f"Map(str -> {self._value_type})"

    def to_dict(self) -> dict[str, Any]:
        """Return the type as it is written to JSON."""
        return {"type": "map", "values": type_to_dict(self._value_type)}

    @classmethod
    def from_json_dict(cls, **kwargs: Any) -> Map:
        """Make the map type from its JSON members."""
        if kwargs.get("type") != "map" or not isinstance(kwargs.get("values"), dict):
            raise MlflowException(
                "Missing keys in Map JSON. Expected to find keys `values` and `type`"
            )
        return cls(type_from_dict(kwargs["values"], "Map"))


class AnyType(BaseType):
    """Every value is allowed, and none is converted."""

    __module__ = SCHEMA_MODULE

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AnyType)

    __hash__ = None

    def __repr__(self) -> str:
        return "Any"

    def to_dict(self) -> dict[str, Any]:
        """Return the type as it is written to JSON."""
        return {"type": "any"}
