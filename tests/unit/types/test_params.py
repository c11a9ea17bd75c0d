"""Parameters of inference: types, defaults, conversions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from mlflow.exceptions import MlflowException
from mlflow.types.schema import DataType, Object, ParamSchema, ParamSpec, Property


@pytest.mark.parametrize(
    ("dtype", "default", "shape", "kept"),
    [
        ("long", 3, None, 3),
        ("double", 3, None, 3.0),
        ("double", np.float32(1.5), None, 1.5),
        ("long", np.int64(3), None, 3),
        ("string", ["x"], (-1,), ["x"]),
        ("double", np.array([1, 2.5]), (-1,), [1.0, 2.5]),
        ("long", None, None, None),
        ("datetime", "2024-01-02", None, dt.date(2024, 1, 2)),
        ("boolean", True, None, True),
    ],
)
def test_a_default_is_converted_without_loss(
    dtype: str, default: Any, shape: Any, kept: Any
) -> None:
    """Integers widen to floats, numpy scalars become Python's, the rest stays."""
    spec = ParamSpec("a", dtype, default, shape)
    assert spec.default == kept
    assert type(spec.default) is type(kept)
    assert ParamSpec.from_json_dict(**spec.to_dict()) == spec


@pytest.mark.parametrize(
    ("dtype", "default", "shape"),
    [
        ("long", 3.5, None),
        ("long", True, None),
        ("boolean", 1, None),
        ("string", 3, None),
        ("double", "s", None),
        ("double", [1, "x"], (-1,)),
        ("double", (1, 2.5), (-1,)),
        ("long", [1], (2,)),
        ("binary", b"x", None),
        ("nope", 1, None),
    ],
)
def test_a_default_that_would_lose_something_is_refused(
    dtype: str, default: Any, shape: Any
) -> None:
    """Narrowing, other kinds of values and other shapes are INVALID_PARAMETER_VALUE."""
    with pytest.raises(MlflowException) as caught:
        ParamSpec("a", dtype, default, shape)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_object_parameters_are_checked_member_by_member() -> None:
    """An object parameter needs its required members and no unknown ones."""
    kind = Object([Property("a", "string"), Property("b", "long", required=False)])
    assert ParamSpec("p", kind, {"a": "x"}).default == {"a": "x"}
    for wrong in ({"b": 1}, {"a": "x", "c": 1}, 3):
        with pytest.raises(MlflowException):
            ParamSpec("p", kind, wrong)


def test_a_schema_of_parameters_survives_json() -> None:
    """A schema of parameters is equal to itself after JSON, and refuses a name twice."""
    schema = ParamSchema([ParamSpec("a", "long", 3), ParamSpec("b", "string", ["x"], (-1,))])
    assert ParamSchema.from_json(schema.to_json()) == schema
    assert repr(schema) == "['a': long (default: 3), 'b': string (default: ['x']) (shape: (-1,))]"
    with pytest.raises(MlflowException, match="Duplicated"):
        ParamSchema([ParamSpec("a", "long", 3), ParamSpec("a", DataType.long, 3)])
