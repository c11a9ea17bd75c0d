"""Schema inference from data."""

from __future__ import annotations

import datetime as dt
import decimal
import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from mlflow.exceptions import MlflowException
from mlflow.types.infer import infer_param_schema, infer_schema


def _columns(data: Any) -> list[tuple[Any, Any, bool]]:
    return [
        (spec.get("name"), spec["type"], spec["required"]) for spec in infer_schema(data).to_dict()
    ]


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        ("bool", "boolean"),
        ("int8", "integer"),
        ("uint16", "integer"),
        ("int64", "long"),
        ("uint32", "long"),
        ("float16", "float"),
        ("float64", "double"),
        ("Int64", "long"),
        ("Float64", "double"),
        ("string", "string"),
        ("object", "long"),
        ("category", "long"),
        ("datetime64[ns]", "datetime"),
    ],
)
def test_a_column_type_of_pandas_has_a_type(dtype: Any, expected: str) -> None:
    """Every usual column type of pandas has its scalar type."""
    frame = pd.DataFrame({"a": pd.Series([1, 2]).astype(dtype)})
    assert _columns(frame) == [("a", expected, True)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1.0, None], "double"),
        (["x", None], "string"),
        ([True, None], "boolean"),
        ([None, None], "any"),
        ([dt.datetime(2024, 1, 1), None], "datetime"),  # noqa: DTZ001 - naive on purpose
    ],
)
def test_a_column_with_missing_values_is_optional(values: list[Any], expected: str) -> None:
    """Missing values make a column optional and leave its type to the others."""
    assert _columns(pd.DataFrame({"a": values})) == [("a", expected, False)]


def test_nested_values_are_merged_over_the_rows() -> None:
    """Members that some rows lack are optional; lists and arrays are arrays."""
    frame = pd.DataFrame(
        {"o": [{"k": 1}, {"k": 2, "j": "x"}], "l": [[1, 2], [3]], "n": [np.ones((1, 2)), None]}
    )
    assert infer_schema(frame).to_dict() == [
        {
            "type": "object",
            "properties": {
                "j": {"type": "string", "required": False},
                "k": {"type": "long", "required": True},
            },
            "name": "o",
            "required": True,
        },
        {"type": "array", "items": {"type": "long"}, "name": "l", "required": True},
        {
            "type": "array",
            "items": {"type": "array", "items": {"type": "double"}},
            "name": "n",
            "required": False,
        },
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (np.zeros((3, 2)), [{"dtype": "float64", "shape": (-1, 2)}]),
        (np.array(["a", "bcd"]), [{"dtype": "str", "shape": (-1,)}]),
        (csr_matrix(np.eye(3)), [{"dtype": "float64", "shape": (-1, 3)}]),
        (
            {"a": np.zeros(2), "b": np.zeros((2, 2), "f4")},
            [{"dtype": "float64", "shape": (-1,)}, {"dtype": "float32", "shape": (-1, 2)}],
        ),
    ],
)
def test_arrays_are_tensors(data: Any, expected: list[dict[str, Any]]) -> None:
    """Arrays, sparse matrices and dictionaries of arrays give tensors, the first size open."""
    assert [spec["tensor-spec"] for spec in infer_schema(data).to_dict()] == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (1, [(None, "long", True)]),
        (np.float32(1), [(None, "float", True)]),
        ([1, None], [(None, "long", True)]),
        ([], [(None, "string", True)]),
        ({"a": 1, "b": None}, [("a", "long", True), ("b", "any", False)]),
        ([{"a": 1}, {"a": 2, "b": "x"}], [("a", "long", True), ("b", "string", False)]),
        (pd.Series([1, 2]), [(None, "long", True)]),
        (pd.Series([1, 2], name="s"), [("s", "long", True)]),
    ],
)
def test_lists_dictionaries_and_scalars(data: Any, expected: list[Any]) -> None:
    """Lists of scalars are one column, dictionaries are columns by name."""
    assert _columns(data) == expected


@pytest.mark.parametrize(
    "data",
    [
        pd.DataFrame({"a": [1, "x"]}),
        pd.DataFrame({"a": [decimal.Decimal("1.5")]}),
        pd.DataFrame({"a": pd.Series([1], dtype="uint64")}),
        pd.DataFrame(np.zeros((2, 2)), columns=["a", "a"]),
        pd.DataFrame(),
        np.array(3.0),
        [1, 2.5],
        {},
        {1: 2},
        {1, 2},
    ],
)
def test_data_without_a_schema_is_refused(data: Any) -> None:
    """Mixed types, unknown types and no columns are INVALID_PARAMETER_VALUE."""
    with pytest.raises(MlflowException) as caught:
        infer_schema(data)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_parameters_are_inferred_and_all_wrong_ones_named() -> None:
    """Scalars, lists and dictionaries have a schema; the error names every one that has none."""
    schema = infer_param_schema({"t": 0.5, "l": [1, 2], "o": {"a": 1}})
    assert [(p.name, p.default, p.shape) for p in schema] == [
        ("t", 0.5, None),
        ("l", [1, 2], (-1,)),
        ("o", {"a": 1}, None),
    ]
    with pytest.raises(MlflowException) as caught:
        infer_param_schema({"a": None, "b": [[1]], "c": 1})
    assert "'a'" in caught.value.message
    assert "'b'" in caught.value.message
    assert "'c'" not in caught.value.message


def test_the_types_import_no_library() -> None:
    """The module of the schemas loads neither numpy nor pandas."""
    program = "import mlflow.types.schema, mlflow.types.infer, sys; print(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "'numpy'" not in done.stdout
    assert "'pandas'" not in done.stdout
