"""Scoring requests become what a model is given."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlflow.exceptions import MlflowException
from mlflow.models.payload import PayloadPlan, infer_and_parse_data, parse_csv_input, parse_csv_text
from mlflow.types.schema import ColSpec, ParamSchema, ParamSpec, Schema, TensorSpec

NUMBERS = Schema([ColSpec("double", "x"), ColSpec("double", "y")])
MIXED = Schema(
    [
        ColSpec("double", "x"),
        ColSpec("long", "n"),
        ColSpec("string", "s", required=False),
        ColSpec("datetime", "t", required=False),
        ColSpec("binary", "b", required=False),
    ]
)


@pytest.mark.parametrize(
    "body",
    [
        '{"dataframe_split": {"columns": ["x", "y"], "data": [[1, 2.5], [3, null]]}}',
        '{"dataframe_records": [{"x": 1, "y": 2.5}, {"y": null, "x": "3"}]}',
        '{"dataframe_records": [{"x": 1, "y": 2.5, "z": 1}, {"y": null, "x": 3, "z": 2}]}',
        '{"dataframe_split": {"columns": ["y", "x"], "data": [[2.5, 1], [null, 3]]}}',
    ],
)
def test_tables_have_the_types_of_the_signature(body: str) -> None:
    """Numbers come as doubles, whichever way the table is written."""
    frame = PayloadPlan(NUMBERS).read(body).data
    assert frame["x"].tolist() == [1.0, 3.0]
    assert frame["y"].tolist()[0] == 2.5
    assert np.isnan(frame["y"].tolist()[1])
    assert {str(frame.dtypes[name]) for name in ("x", "y")} == {"float64"}


def test_each_type_is_cast_as_numpy_casts() -> None:
    """Texts of numbers are numbers, base64 is bytes, ISO texts are times."""
    row = {"x": "1.5", "n": 2.9, "s": 5, "t": "2020-01-02T03:04:05", "b": "YWJj"}
    frame = infer_and_parse_data({"dataframe_records": [row]}, MIXED)
    assert frame.iloc[0].tolist() == [1.5, 2, 5, pd.Timestamp("2020-01-02T03:04:05"), b"abc"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([[1, 2], [3, 4]], np.array([[1, 2], [3, 4]])),
        ("text", np.array("text")),
        ({"a": [1]}, {"a": np.array([1])}),
        ([{"a": 1}, {"a": 2}], {"a": np.array([1, 2])}),
        ([], []),
    ],
)
def test_instances_are_arrays(value: Any, expected: Any) -> None:
    """Rows of dictionaries are gathered by name."""
    found = infer_and_parse_data({"instances": value})
    np.testing.assert_equal(found, expected)
    assert type(found) is type(expected)


def test_inputs_are_arrays_by_column() -> None:
    """A dictionary holds columns; an array for one named column is that column."""
    schema = Schema([TensorSpec(np.dtype("float32"), (-1, 2), "a")])
    for value in ({"a": [[1, 2]]}, [[1, 2]]):
        found = infer_and_parse_data({"inputs": value}, schema)["a"]
        assert found.dtype == "float32"
        assert found.tolist() == [[1.0, 2.0]]


def test_a_chat_request_is_passed_on_and_its_params_are_taken_out() -> None:
    """Fields that the signature has as parameters are parameters."""
    plan = PayloadPlan(None, ParamSchema([ParamSpec("temperature", "double", 0.5)]))
    payload = plan.read('{"messages": [{"role": "user"}], "temperature": 1, "stream": true}')
    assert payload.is_chat
    assert payload.params == {"temperature": 1}
    assert payload.data == {"messages": [{"role": "user"}], "stream": True}


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "",
        b"\xff\xfe",
        "[1]",
        "5",
        "null",
        "{}",
        '{"a": 1}',
        '{"inputs": [1], "instances": [1]}',
        '{"dataframe_split": {"columns": ["x"]}}',
        '{"dataframe_split": {"data": [[1]], "more": 1}}',
        '{"dataframe_split": [1]}',
        '{"dataframe_split": {"columns": ["x"], "data": [[1, 2]]}}',
        '{"dataframe_records": {"x": 1}}',
        '{"dataframe_records": [{"x": "a", "y": 1}]}',
        '{"instances": [{"x": 1}, 2]}',
        '{"instances": [[1], [1, 2]]}',
        "[" * 100_000,
    ],
)
def test_what_cannot_be_read_is_a_bad_request(body: str | bytes) -> None:
    """Every such request has the code BAD_REQUEST."""
    with pytest.raises(MlflowException) as raised:
        PayloadPlan(NUMBERS).read(body)
    assert raised.value.error_code == "BAD_REQUEST"


def test_csv_has_the_types_of_the_signature() -> None:
    """Texts keep their leading zeros, numbers are doubles, times are times."""
    text = "x,n,s,t\n1,2,007,2020-01-01\n"
    for frame in (parse_csv_text(text.encode(), MIXED), parse_csv_input(io.StringIO(text), MIXED)):
        assert frame.iloc[0].tolist() == [1.0, 2, "007", pd.Timestamp("2020-01-01")]


@pytest.mark.parametrize("text", ["", b"\xff\xfe", "x,n\na,2\n", "x,n\n1,2.5\n", "x\n1,2\n3,4,5\n"])
def test_bad_csv_is_a_bad_request(text: str | bytes) -> None:
    """So is one whose values do not fit."""
    with pytest.raises(MlflowException, match="CSV|UTF-8") as raised:
        parse_csv_text(text, MIXED)
    assert raised.value.error_code == "BAD_REQUEST"
