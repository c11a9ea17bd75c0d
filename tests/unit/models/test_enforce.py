"""Schema enforcement: what is converted, what is refused, and that nothing is lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from mlflow.exceptions import MlflowException
from mlflow.models import validate_schema
from mlflow.models.enforce import InputPlan, ParamsPlan
from mlflow.types.schema import (
    AnyType,
    Array,
    ColSpec,
    DataType,
    Map,
    Object,
    ParamSchema,
    ParamSpec,
    Property,
    Schema,
    TensorSpec,
)

AB = Schema([ColSpec("double", "a"), ColSpec("long", "b")])
UNNAMED = Schema([ColSpec("double"), ColSpec("double")])


def _frame(data: Any, schema: Schema) -> pd.DataFrame:
    result = InputPlan(schema).enforce(data)
    assert isinstance(result, pd.DataFrame)
    return result


def _refusal(data: Any, schema: Schema) -> str:
    with pytest.raises(MlflowException) as caught:
        InputPlan(schema).enforce(data)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    return caught.value.message


@pytest.mark.parametrize(
    "data",
    [
        pd.DataFrame({"a": [1.5], "b": [2]}),
        pd.DataFrame({"b": [2], "a": [1.5]}),
        pd.DataFrame({"a": [1.5], "b": [2], "extra": ["x"]}),
        {"a": 1.5, "b": 2},
        {"a": [1.5], "b": [2]},
        {"a": np.array([1.5]), "b": np.array([2])},
        [{"a": 1.5, "b": 2}],
        {"a": 1.5, "b": 2, "z": 3},
    ],
)
def test_every_form_of_input_becomes_the_same_frame(data: Any) -> None:
    """Frames in any order, dictionaries and lists of dictionaries give the schema's columns."""
    frame = _frame(data, AB)
    assert list(frame.columns) == ["a", "b"]
    assert [str(kind) for kind in frame.dtypes] == ["float64", "int64"]
    assert frame.to_numpy().tolist() == [[1.5, 2.0]]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (pd.DataFrame({"a": [1.0]}), r"Model is missing inputs ['b']."),
        (
            np.array([[1.0, 2.0]]),
            "Model is missing inputs ['a', 'b']. Note that there were extra inputs: [0, 1].",
        ),
        ("s", "Note that there were extra inputs: [0]."),
        (None, "Expected input to be DataFrame. Found: NoneType"),
        (csr_matrix(np.eye(2)), "Expected input to be DataFrame. Found: csr_matrix"),
        (
            pd.DataFrame({"a": [1.0], "b": [1.5]}),
            "Incompatible input types for column b. Can not safely convert float64 to int64.",
        ),
        (
            pd.DataFrame({"a": ["x"], "b": [1]}),
            "Incompatible input types for column a. Can not safely convert str to float64.",
        ),
    ],
)
def test_what_does_not_fit_is_named(data: Any, message: str) -> None:
    """The error names the missing inputs, the column and both types."""
    text = _refusal(data, AB)
    assert message in text
    assert text.startswith("Failed to enforce schema of data '")


def test_inputs_without_names_are_counted() -> None:
    """Without names the order decides; too few columns are refused, more are left out."""
    assert _frame(np.array([[1.0, 2.0, 3.0]]), UNNAMED).to_numpy().tolist() == [[1.0, 2.0]]
    assert list(_frame(pd.DataFrame({"p": [1.0], "q": [2.0]}), UNNAMED).columns) == ["p", "q"]
    assert "declares 2 inputs" in _refusal(np.array([[1.0]]), UNNAMED)


@pytest.mark.parametrize(
    ("kind", "source", "fits"),
    [
        ("integer", "int8", True),
        ("integer", "uint16", True),
        ("integer", "int64", False),
        ("integer", "bool", False),
        ("long", "int32", True),
        ("long", "uint32", True),
        ("long", "uint64", False),
        ("long", "float64", False),
        ("long", "Int64", True),
        ("long", "object", True),
        ("float", "float16", True),
        ("float", "float64", False),
        ("float", "int8", False),
        ("double", "int32", True),
        ("double", "uint32", True),
        ("double", "float32", True),
        ("double", "int64", False),
        ("double", "Int64", False),
        ("double", "Float64", True),
        ("double", "category", False),
        ("boolean", "int8", False),
        ("string", "int64", False),
        ("string", "object", True),
        ("string", "category", False),
        ("binary", "object", True),
        ("datetime", "int64", False),
        ("datetime", "datetime64[s]", True),
        ("boolean", "datetime64[ns]", False),
    ],
)
def test_columns_widen_and_never_narrow(kind: str, source: Any, fits: bool) -> None:
    """Integers and floats widen; nothing narrows and nothing changes its kind."""
    frame = pd.DataFrame({"a": pd.Series([1, 2]).astype(source)})
    schema = Schema([ColSpec(kind, "a")])
    if fits:
        column = _frame(frame, schema)["a"]
        assert column.tolist() == frame["a"].tolist()
    else:
        assert "Can not safely convert" in _refusal(frame, schema)


def test_integers_are_floats_only_as_zero_and_one() -> None:
    """A column of int64 is accepted for a float column if it holds nothing but 0 and 1."""
    schema = Schema([ColSpec("double", "a")])
    assert _frame(pd.DataFrame({"a": [1, 0, 1]}), schema)["a"].dtype == np.dtype("float64")
    assert "int64 to float64" in _refusal(pd.DataFrame({"a": [1, 2]}), schema)


def test_missing_values_in_an_integer_column_get_advice() -> None:
    """An integer column that arrived as floats because of missing values says so."""
    schema = Schema([ColSpec("long", "a")])
    assert "missing values" in _refusal(pd.DataFrame({"a": [1.0, None]}), schema)
    assert "missing values" not in _refusal(pd.DataFrame({"a": [1.0, 2.0]}), schema)


def test_optional_columns_may_be_absent() -> None:
    """An optional column may be left out, and is passed on where it is given."""
    schema = Schema([ColSpec("double", "a"), ColSpec("string", "c", required=False)])
    assert list(_frame({"a": 1.0}, schema).columns) == ["a"]
    assert list(_frame(pd.DataFrame({"c": ["x"], "a": [1.0]}), schema).columns) == ["a", "c"]


def test_dates_without_zone_become_nanoseconds() -> None:
    """Datetimes of any unit and dates are converted; a time zone is refused with advice."""
    schema = Schema([ColSpec("datetime", "d")])
    for values in (pd.to_datetime(["2024-01-01"]), [dt.date(2024, 1, 1)]):
        column = _frame(pd.DataFrame({"d": values}), schema)["d"]
        assert str(column.dtype) == "datetime64[ns]"
        assert column[0] == pd.Timestamp("2024-01-01")
    zoned = pd.DataFrame({"d": pd.to_datetime(["2024-01-01"]).tz_localize("UTC")})
    assert "time zone" in _refusal(zoned, schema)
    assert "str to datetime64[ns]" in _refusal(pd.DataFrame({"d": ["2024-01-01"]}), schema)


NESTED = Schema(
    [ColSpec(Object([Property("k", "long"), Property("s", "string", required=False)]), "a")]
)


@pytest.mark.parametrize(
    ("schema", "data", "expected"),
    [
        (NESTED, {"a": {"k": 1}}, {"k": 1}),
        (NESTED, {"a": {"k": np.int32(1), "s": None}}, {"k": 1, "s": None}),
        (Schema([ColSpec(Array("long"), "a")]), {"a": [1, 2]}, [1, 2]),
        (Schema([ColSpec(Array("double"), "a")]), {"a": [1.0, 2]}, [1.0, 2.0]),
        (Schema([ColSpec(Array(Array("double")), "a")]), {"a": [[1.0], [2.0]]}, [[1.0], [2.0]]),
        (Schema([ColSpec(Map("long"), "a")]), {"a": {"k": 1}}, {"k": 1}),
        (Schema([ColSpec(Map("long"), "a")]), [{"a": {"k": 1}}], {"k": 1}),
        (Schema([ColSpec("string", "a")]), {"a": ["x", "y"]}, ["x", "y"]),
        (Schema([ColSpec(AnyType(), "a")]), pd.DataFrame({"a": [{"x": object}]}), {"x": object}),
    ],
)
def test_nested_values_are_one_row(schema: Schema, data: Any, expected: Any) -> None:
    """Objects, arrays and maps are enforced member by member, a dictionary being one row."""
    frame = _frame(data, schema)
    assert len(frame) == 1
    assert frame["a"].iloc[0] == expected


@pytest.mark.parametrize(
    ("schema", "data", "message"),
    [
        (NESTED, {"a": {}}, "Missing required properties: {'k'}"),
        (NESTED, {"a": {"k": 1, "z": 3}}, "Invalid properties not defined in the schema found"),
        (NESTED, {"a": {"k": "x"}}, "Failed to enforce schema for key `k`. Expected type long"),
        (NESTED, {"a": 3}, "Expected data to be dictionary, got int"),
        (Schema([ColSpec(Array("long"), "a")]), {"a": 1}, "Expected data to be list"),
        (Schema([ColSpec(Array("long"), "a")]), {"a": [1.5]}, "float64 to int64"),
        (Schema([ColSpec(Map("long"), "a")]), [{"a": {1: 1}}], "keys in the map"),
        (Schema([ColSpec(Map("long"), "a")]), [{"a": {"k": "x"}}], "Expected type long"),
    ],
)
def test_nested_values_that_do_not_fit_are_refused(schema: Schema, data: Any, message: str) -> None:
    """The error says which member is missing, unknown, or of another type."""
    assert message in _refusal(data, schema)


TENSOR = Schema([TensorSpec(np.dtype("f8"), (-1, 2))])


def test_tensors_are_checked_and_not_converted() -> None:
    """An array passes as it is; another type or shape is refused; a frame becomes an array."""
    array = np.zeros((3, 2))
    assert InputPlan(TENSOR).enforce(array) is array
    assert InputPlan(TENSOR).enforce(csr_matrix(array)).shape == (3, 2)
    frame = pd.DataFrame({"a": [1.0], "b": [2]})
    assert InputPlan(TENSOR).enforce(frame).tolist() == [[1.0, 2.0]]
    assert InputPlan(TENSOR).enforce(pd.DataFrame({"a": [[1.0, 2]]})).tolist() == [[1.0, 2.0]]
    assert "dtype of input float32" in _refusal(np.zeros((3, 2), "f4"), TENSOR)
    assert "Shape of input (3, 3)" in _refusal(np.zeros((3, 3)), TENSOR)
    assert "<class 'list'>" in _refusal([[1.0, 2.0]], TENSOR)


def test_named_tensors_are_a_dictionary() -> None:
    """Named arrays come from a dictionary or a frame; what the schema does not name is dropped."""
    schema = Schema(
        [TensorSpec(np.dtype("f8"), (-1, 2), "a"), TensorSpec(np.dtype("i8"), (-1,), "b")]
    )
    given_arrays = {"a": np.zeros((3, 2)), "b": np.zeros(3, "i8"), "c": np.zeros(1)}
    assert list(InputPlan(schema).enforce(given_arrays)) == ["a", "b"]
    from_frame = InputPlan(schema).enforce(pd.DataFrame({"a": [[1.0, 2.0]], "b": [1]}))
    assert from_frame["a"].tolist() == [[1.0, 2.0]]
    assert "missing inputs ['b']" in _refusal({"a": np.zeros((3, 2))}, schema)
    assert "<class 'list'>" in _refusal({"a": [[1.0, 2.0]], "b": [1]}, schema)


def test_a_frame_that_fits_is_not_the_callers() -> None:
    """A model that adds a column to its input does not change the caller's frame."""
    frame = pd.DataFrame({"a": [1.0], "b": [2]}, index=[7])
    result = _frame(frame, AB)
    result["new"] = 1
    assert list(frame.columns) == ["a", "b"]
    assert list(result.index) == [7]
    assert InputPlan(AB, copy=False).enforce(frame) is frame


def test_the_message_does_not_hold_all_of_the_data() -> None:
    """The data in a message are cut."""
    text = _refusal(["x" * 10_000], Schema([ColSpec("long")]))
    assert len(text) < 1_500


@given(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1, max_size=5))
def test_widening_loses_nothing(values: list[int]) -> None:
    """Every 32-bit integer is the same number as a long and as a double."""
    frame = pd.DataFrame({"a": np.array(values, "int32")})
    for kind in ("long", "double"):
        column = _frame(frame, Schema([ColSpec(kind, "a")]))["a"]
        assert [int(value) for value in column] == values


PARAMS = ParamsPlan(
    ParamSchema([ParamSpec("t", "double", 0.5), ParamSpec("l", "string", ["a"], (-1,))])
)


def test_parameters_get_their_defaults_and_types(caplog: pytest.LogCaptureFixture) -> None:
    """What is not given has its default; unknown parameters are ignored with a warning."""
    assert PARAMS.enforce(None) == {"t": 0.5, "l": ["a"]}
    assert PARAMS.enforce({"t": 1, "l": np.array(["z"])}) == {"t": 1.0, "l": ["z"]}
    assert PARAMS.enforce({"unknown": 1}) == {"t": 0.5, "l": ["a"]}
    assert "unknown" in caplog.text
    assert ParamsPlan(None).enforce({"a": 1}) == {}


@pytest.mark.parametrize("params", [5, {"t": "x"}, {"l": "b"}])
def test_parameters_that_do_not_fit_are_refused(params: Any) -> None:
    """Parameters of another type or shape are INVALID_PARAMETER_VALUE."""
    with pytest.raises(MlflowException) as caught:
        PARAMS.enforce(params)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_validate_schema_is_public() -> None:
    """``validate_schema`` returns nothing for data that fit, and raises for the others."""
    validate_schema(pd.DataFrame({"a": [1.0], "b": [1]}), AB)
    with pytest.raises(MlflowException):
        validate_schema(pd.DataFrame({"a": [1.0]}), AB)
    assert DataType.double in AB.input_types()


_KINDS = ("boolean", "integer", "long", "float", "double", "string", "binary", "datetime")
_COLUMNS = (
    *(pd.Series([0, 1], dtype=name) for name in ("int8", "uint16", "int32", "int64", "uint64")),
    *(pd.Series([0, 2], dtype=name) for name in ("int32", "int64", "float32", "float64", "Int64")),
    *(pd.Series([True, False]), pd.Series(["x", None]), pd.Series(["x", "y"], dtype=object)),
    *(pd.Series([b"x", b"y"]), pd.Series([1, "x"]), pd.Series(["x", "y"], dtype="category")),
    *(pd.Series(pd.to_datetime(["2020-01-01", "2021-01-01"]), dtype="M8[s]"),),
    *(pd.Series(pd.to_datetime(["1500-01-01", "2021-01-01"]), dtype="M8[us]"),),
    *(pd.Series(pd.to_datetime(["2020-01-01", "2021-01-01"], utc=True)),),
)


def _answer(plan: InputPlan, data: Any) -> tuple[Any, str]:
    try:
        return plan.enforce(data), ""
    except MlflowException as error:
        return pd.DataFrame(), error.message


@given(st.lists(st.tuples(st.sampled_from(_KINDS), st.sampled_from(_COLUMNS)), min_size=1))
def test_known_layouts_are_converted_as_columns_are(drawn: list[tuple[str, Any]]) -> None:
    """What a layout gives equals what each column gives, values, types and refusals."""
    data = pd.DataFrame({f"c{place}": column for place, (_, column) in enumerate(drawn)})
    schema = Schema([ColSpec(kind, f"c{place}") for place, (kind, _) in enumerate(drawn)])
    before = data.copy()
    known, looking = InputPlan(schema), InputPlan(schema)
    looking._layouts = None
    for _ in range(2):
        wanted, said = _answer(looking, data)
        found, ours = _answer(known, data)
        assert ours == said
        pd.testing.assert_frame_equal(found, wanted)
    pd.testing.assert_frame_equal(data, before)


def test_what_is_made_from_a_layout_is_not_the_callers() -> None:
    """A model that writes into its input changes nobody else's, converted or not."""
    data = pd.DataFrame({"a": np.array([1, 2], "int32"), "b": [3, 4]})
    schema = Schema([ColSpec("long", "a"), ColSpec("long", "b")])
    for _ in range(2):
        frame = _frame(data, schema)
        frame.loc[0, "a"] = frame.loc[0, "b"] = 9
        frame["c"] = frame["a"] + frame["b"]
        assert frame.loc[0].tolist() == [9, 9, 18]
    assert data.to_dict("list") == {"a": [1, 2], "b": [3, 4]}


def test_layouts_are_told_apart() -> None:
    """Many layouts in turn, more than are kept, each converted as before."""
    schema = Schema([ColSpec("double", "a")])
    for _ in range(2):
        for name in ("int8", "int16", "int32", "uint8", "uint16", "uint32", "float32", "float64"):
            data = pd.DataFrame({"a": np.array([1, 0], name)})
            layouts = InputPlan(schema)._layouts
            assert layouts is not None
            assert layouts.fit(data, copy=True) is not None
            frame = _frame(data, schema)
            assert frame.dtypes.tolist() == [np.dtype("float64")]
        assert _frame(pd.DataFrame({"a": [1, 0]}), schema)["a"].tolist() == [1.0, 0.0]
        _refusal(pd.DataFrame({"a": [1, 2]}), schema)
