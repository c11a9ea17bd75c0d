"""Input examples: the two files, for every kind of data."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from mlflow.exceptions import MlflowException
from mlflow.models.example import (
    convert_input_example_to_serving_input,
    make_example,
    read_example,
)

if TYPE_CHECKING:
    from pathlib import Path

FRAME = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})


@pytest.mark.parametrize(
    ("data", "kind", "written", "serving"),
    [
        (
            FRAME,
            "dataframe",
            {"columns": ["a", "b"], "data": [[1, "x"], [2, "y"]]},
            {"dataframe_split": {"columns": ["a", "b"], "data": [[1, "x"], [2, "y"]]}},
        ),
        (
            pd.DataFrame([[1, 2.0]]),
            "dataframe",
            {"data": [[1, 2.0]]},
            {"dataframe_split": {"data": [[1, 2.0]]}},
        ),
        (np.zeros((1, 2)), "ndarray", [[0.0, 0.0]], {"inputs": [[0.0, 0.0]]}),
        (np.array([np.nan, 1]), "ndarray", [None, 1.0], {"inputs": [None, 1.0]}),
        ({"a": np.array([1])}, "ndarray", {"a": [1]}, {"inputs": {"a": [1]}}),
        ([1, 2], "json_object", [1, 2], {"inputs": [1, 2]}),
        ({"a": b"ab"}, "json_object", {"a": "YWI=\n"}, {"inputs": {"a": "YWI=\n"}}),
        (b"xyz", "json_object", "eHl6\n", {"inputs": "eHl6\n"}),
        (
            {"d": dt.datetime(2024, 1, 1)},  # noqa: DTZ001 - naive on purpose
            "json_object",
            {"d": "2024-01-01T00:00:00"},
            {"inputs": {"d": "2024-01-01T00:00:00"}},
        ),
        (
            {"messages": [{"role": "user"}]},
            "json_object",
            {"messages": [{"role": "user"}]},
            {"messages": [{"role": "user"}]},
        ),
    ],
)
def test_an_example_has_the_recorded_form(
    tmp_path: Path, data: Any, kind: str, written: Any, serving: Any
) -> None:
    """Each kind of data is written as the interface that we mirror writes it."""
    example = make_example(data)
    example.save(tmp_path)
    assert example.info()["type"] == kind
    assert json.loads((tmp_path / "input_example.json").read_text()) == written
    assert json.loads((tmp_path / "serving_input_example.json").read_text()) == serving
    assert json.loads(convert_input_example_to_serving_input(data) or "") == serving


@pytest.mark.parametrize("data", [FRAME, np.arange(8).reshape(2, 2, 2), [1, 2], {"a": "x"}, 1.5])
def test_an_example_comes_back(tmp_path: Path, data: Any) -> None:
    """What was given is what is read."""
    example = make_example(data)
    example.save(tmp_path)
    read, params = read_example(tmp_path, example.info())
    assert params is None
    if isinstance(data, pd.DataFrame):
        pd.testing.assert_frame_equal(read, data)
    else:
        np.testing.assert_array_equal(read, data)


def test_a_sparse_matrix_comes_back(tmp_path: Path) -> None:
    """A sparse matrix keeps its format; a request has it in full."""
    example = make_example(csr_matrix(np.eye(2)))
    example.save(tmp_path)
    read, _ = read_example(tmp_path, example.info())
    assert (read != csr_matrix(np.eye(2))).nnz == 0
    assert example.serving == {"inputs": [[1.0, 0.0], [0.0, 1.0]]}


def test_parameters_are_beside_the_data(tmp_path: Path) -> None:
    """A pair of data and parameters is written and read as such."""
    example = make_example((FRAME, {"p": [1, 2]}))
    example.save(tmp_path)
    assert example.info() == {
        "artifact_path": "input_example.json",
        "params": "true",
        "type": "dataframe",
        "pandas_orient": "split",
        "serving_input_path": "serving_input_example.json",
    }
    read, params = read_example(tmp_path, example.info())
    pd.testing.assert_frame_equal(read, FRAME)
    assert params == {"p": [1, 2]}
    assert json.loads(example.serving_json())["params"] == {"p": [1, 2]}


@pytest.mark.parametrize("data", [pd.Series([1]), object(), [np.array([1])]])
def test_data_that_no_example_holds_are_refused(data: Any) -> None:
    """Series, arrays in lists and unknown objects are errors."""
    with pytest.raises(MlflowException):
        make_example(data)
