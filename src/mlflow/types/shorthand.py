"""Schemas written down as plain values, for the fixed signatures of chat models and agents.

A text is a scalar type or ``any``, a list an array, a dictionary an object, ``{...: x}`` a map; a
name that ends with ``?`` is optional.
"""

from __future__ import annotations

from typing import Any

from mlflow.types.schema import AnyType, Array, ColSpec, DataType, Map, Object, Property, Schema


def type_of(short: Any) -> Any:
    """Return the type that a shorthand stands for."""
    if isinstance(short, str):
        return AnyType() if short == "any" else DataType[short]
    if isinstance(short, list):
        return Array(type_of(short[0]))
    if ... in short:
        return Map(type_of(short[...]))
    return Object([Property(*member) for member in _members(short)])


def schema_of(columns: dict[str, Any]) -> Schema:
    """Return the schema of named columns."""
    return Schema([ColSpec(dtype, name, required) for name, dtype, required in _members(columns)])


def _members(short: dict[str, Any]) -> list[tuple[str, Any, bool]]:
    return [
        (name.removesuffix("?"), type_of(dtype), not name.endswith("?"))
        for name, dtype in short.items()
    ]
