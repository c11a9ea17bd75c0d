"""What all entities share: frozen fields, iteration, equality, repr and the dictionary form.

An entity keeps its fields in private slots and shows each through a ``property`` over
``operator.attrgetter``: construction stays at a few hundred nanoseconds and reading runs in C,
because one search or one metric history makes tens of thousands of them.
"""

from __future__ import annotations

from operator import attrgetter
from pprint import pformat
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from typing_extensions import Never, Self

T = TypeVar("T")

if TYPE_CHECKING:

    class ReadOnly(Generic[T]):
        """A typed, read-only field; at run time it is a plain ``property``."""

        def __init__(self, slot: str, doc: str) -> None: ...
        @overload
        def __get__(self, instance: None, owner: type) -> property: ...
        @overload
        def __get__(self, instance: object, owner: type) -> T: ...
        def __get__(self, instance: object, owner: type) -> T | property: ...
        def __set__(self, instance: object, value: Never) -> None: ...

else:

    class ReadOnly:
        """A typed, read-only field; at run time it is a plain ``property``."""

        def __class_getitem__(cls, _item: object) -> type:
            return cls

        def __new__(cls, slot: str, doc: str) -> property:
            return property(attrgetter(slot), doc=doc)


class Entity:
    """A frozen value whose public face is its properties, in alphabetical order."""

    __slots__ = ()
    _fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls._fields = tuple(name for name in dir(cls) if isinstance(getattr(cls, name), property))

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        for name in self._fields:
            yield name, getattr(self, name)

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={pformat(value)}" for name, value in self)
        return f"<{type(self).__name__}: {fields}>"

    def to_dictionary(self) -> dict[str, Any]:
        """Return the fields by name, nested entities as dictionaries too."""
        return {name: _plain(value) for name, value in self}

    @classmethod
    def from_dictionary(cls, the_dict: dict[str, Any]) -> Self:
        """Make the entity from its fields by name."""
        return cls(**the_dict)

    def to_proto(self) -> NoReturn:
        """Not built yet: protobuf messages (see COMPATIBILITY.md)."""
        raise _no_protobuf(type(self))

    @classmethod
    def from_proto(cls, proto: object) -> NoReturn:  # noqa: ARG003 - the recorded signature
        """Not built yet: protobuf messages (see COMPATIBILITY.md)."""
        raise _no_protobuf(cls)


class ByValue(Entity):  # noqa: PLW1641 - not hashable, as recorded
    """An entity that equals another of its class with the same fields; not hashable."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and tuple(self) == tuple(other)


class KeyValue(ByValue):
    """A named text: the shape of all tags and parameters."""

    __slots__ = ("_key", "_value")

    def __init__(self, key: str, value: str) -> None:
        self._key = key
        self._value = value

    key = ReadOnly[str]("_key", "The name.")
    value = ReadOnly[str]("_value", "The text.")


class Parameter(KeyValue):
    """A key and value that is identified by its key alone: a run has one value for each."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self._key)


def entity_from(cls: type[EntityT], value: EntityT | Mapping[str, Any]) -> EntityT:
    """Return ``value`` itself, or the entity that its dictionary form describes."""
    return value if isinstance(value, cls) else cls.from_dictionary(dict(value))


EntityT = TypeVar("EntityT", bound=Entity)


def _plain(value: object) -> object:
    if isinstance(value, Entity):
        return value.to_dictionary()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _no_protobuf(cls: type) -> NotImplementedError:
    return NotImplementedError(
        f"{cls.__name__} has no protobuf message yet; use to_dictionary() and from_dictionary(). "
        "COMPATIBILITY.md lists what is built."
    )
