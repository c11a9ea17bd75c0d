"""Schemas: what they refuse, how they are written, how they look."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from mlflow.exceptions import MlflowException
from mlflow.types.schema import (
    AnyType,
    Array,
    ColSpec,
    DataType,
    Map,
    Object,
    Property,
    Schema,
    TensorSpec,
    convert_dataclass_to_schema,
)

NESTED = Object([Property("b", Array("long"), required=False), Property("a", "string")])


@pytest.mark.parametrize(
    ("spec", "written", "shown"),
    [
        (
            ColSpec("double", "a"),
            {"type": "double", "name": "a", "required": True},
            "'a': double (required)",
        ),
        (ColSpec(DataType.long), {"type": "long", "required": True}, "long (required)"),
        (
            ColSpec(Array("string"), "a", required=False),
            {"type": "array", "items": {"type": "string"}, "name": "a", "required": False},
            "'a': Array(string) (optional)",
        ),
        (
            ColSpec(Map("string"), "m"),
            {"type": "map", "values": {"type": "string"}, "name": "m", "required": True},
            "'m': Map(str -> DataType.string) (required)",
        ),
        (
            ColSpec(AnyType(), "x"),
            {"type": "any", "name": "x", "required": True},
            "'x': Any (required)",
        ),
        (
            ColSpec(NESTED, "o"),
            {
                "type": "object",
                "properties": {
                    "a": {"type": "string", "required": True},
                    "b": {"type": "array", "items": {"type": "long"}, "required": False},
                },
                "name": "o",
                "required": True,
            },
            "'o': {a: string (required), b: Array(long) (optional)} (required)",
        ),
    ],
)
def test_a_column_is_written_and_read_and_shown(
    spec: ColSpec, written: dict[str, Any], shown: str
) -> None:
    """Each type of column has the recorded JSON, comes back from it, and has the recorded repr."""
    assert spec.to_dict() == written
    assert ColSpec.from_json_dict(**written) == spec
    assert repr(spec) == shown


def test_a_tensor_is_written_and_read() -> None:
    """A tensor's JSON keeps the type's name and the shape."""
    spec = TensorSpec(np.dtype("float32"), (-1, 3), "x")
    written = {
        "name": "x",
        "type": "tensor",
        "tensor-spec": {"dtype": "float32", "shape": (-1, 3)},
    }
    assert spec.to_dict() == written
    assert TensorSpec.from_json_dict(**written) == spec
    assert repr(spec) == "'x': Tensor('float32', (-1, 3))"
    assert TensorSpec(np.dtype("str"), (-1,)).to_dict()["tensor-spec"]["dtype"] == "str"


def test_a_schema_survives_json_and_pickle() -> None:
    """A schema is equal to itself after JSON and after pickle, under the module's public name."""
    schema = Schema([ColSpec("double", "a"), ColSpec(NESTED, "b", required=False)])
    assert Schema.from_json(schema.to_json()) == schema
    assert pickle.loads(pickle.dumps(schema)) == schema  # noqa: S301 - our own bytes
    assert b"mlflow.types.schema" in pickle.dumps(schema)
    assert b"mlflow.types.nested" not in pickle.dumps(schema)


def test_names_and_types_of_a_schema() -> None:
    """Names fall back to positions, and only scalar columns have library types."""
    named = Schema([ColSpec("double", "a"), ColSpec("long", "b", required=False)])
    assert named.input_names() == ["a", "b"]
    assert named.required_input_names() == ["a"]
    assert named.optional_input_names() == ["b"]
    assert named.input_types_dict() == {"a": DataType.double, "b": DataType.long}
    assert named.numpy_types() == [np.dtype("float64"), np.dtype("int64")]
    unnamed = Schema([ColSpec("double"), ColSpec("long")])
    assert unnamed.input_names() == [0, 1]
    with pytest.raises(MlflowException, match="without names"):
        unnamed.input_dict()
    with pytest.raises(MlflowException, match="pandas type"):
        Schema([ColSpec(AnyType())]).pandas_types()


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ([], "empty inputs"),
        (None, "must be a list"),
        ([ColSpec("double"), ColSpec("long", "b")], "named and unnamed"),
        ([ColSpec("double", "a"), TensorSpec(np.dtype("f4"), (1,), "b")], "combination"),
        ([TensorSpec(np.dtype("f4"), (1,)), TensorSpec(np.dtype("f4"), (1,))], "unnamed"),
        ([ColSpec("double", required=False)], "unnamed optional"),
    ],
)
def test_schemas_that_mean_nothing_are_refused(inputs: Any, message: str) -> None:
    """A schema is all columns or all tensors, all named or all not."""
    with pytest.raises(MlflowException, match=message):
        Schema(inputs)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ColSpec("nope", "a"),
        lambda: Array("nope"),
        lambda: Array(3),  # type: ignore[arg-type]  # wrong on purpose
        lambda: Map(3),  # type: ignore[arg-type]  # wrong on purpose
        lambda: Object([]),
        lambda: Object([Property("a", "long"), Property("a", "string")]),
        lambda: Property(3, "long"),  # type: ignore[arg-type]  # wrong on purpose
        lambda: TensorSpec(np.dtype("<U3"), (-1,)),
        lambda: ColSpec.from_json_dict(name="a"),
        lambda: TensorSpec.from_json_dict(type="tensor"),
    ],
)
def test_types_that_do_not_exist_are_refused(make: Any) -> None:
    """A type that no column has is an error of ours, not a crash."""
    with pytest.raises(MlflowException):
        make()


def test_values_are_compared_and_not_hashed() -> None:
    """Types are equal by value; a mutable value has no hash."""
    assert Array("long") == Array(DataType.long)
    assert ColSpec("double", "a") != ColSpec("double", "a", required=False)
    for value in (Array("long"), ColSpec("double"), Schema([ColSpec("double")])):
        with pytest.raises(TypeError):
            hash(value)


@dataclass
class _Message:
    role: str
    count: int | None = None


@dataclass
class _Request:
    weight: float
    messages: list[_Message]


def test_a_dataclass_gives_a_schema() -> None:
    """Fields become columns, nested dataclasses objects, Optional fields optional."""
    schema = convert_dataclass_to_schema(_Request)
    assert schema.to_dict() == [
        {"type": "float", "name": "weight", "required": True},
        {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "count": {"type": "long", "required": False},
                    "role": {"type": "string", "required": True},
                },
            },
            "name": "messages",
            "required": True,
        },
    ]
