"""Type hints of models: their signature, what is checked, what reaches the function."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import pytest
from pydantic import BaseModel

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.models import Model, infer_signature
from mlflow.pyfunc import PythonModel
from mlflow.pyfunc.utils import pyfunc
from mlflow.types.type_hints import TypeFromExample, element_schema, hint_schema, validate

if TYPE_CHECKING:
    from pathlib import Path


class Item(BaseModel):
    """What a model of the tests takes."""

    x: int
    y: str | None = None


class Bad(BaseModel):
    """A field that may be None and has no default."""

    x: int | None


@pytest.mark.parametrize(
    ("hint", "written"),
    [
        (list[int], {"type": "array", "items": {"type": "long"}}),
        (list[int | None], {"type": "array", "items": {"type": "long"}}),
        (dict[str, dt.datetime], {"type": "map", "values": {"type": "datetime"}}),
        (int | str, {"type": "any"}),
        (Any, {"type": "any"}),
        (
            Item,
            {
                "type": "object",
                "properties": {
                    "x": {"type": "long", "required": True},
                    "y": {"type": "string", "required": False},
                },
            },
        ),
    ],
)
def test_a_hint_has_a_schema(hint: Any, written: dict[str, Any]) -> None:
    """Scalars, lists, dictionaries, Pydantic models and unions are types of a schema."""
    assert hint_schema(hint).to_dict() == [{**written, "required": True}]


@pytest.mark.parametrize(
    "hint",
    [list, dict, list[dict[int, int]], dict[int, str], int | None, Literal["a"], tuple[int], set,
     Bad, complex, dt.date, TypeFromExample],
)  # fmt: skip
def test_a_hint_without_a_schema_is_an_error(hint: Any) -> None:
    """The error is one of bad arguments and names the hint or what is missing."""
    with pytest.raises(MlflowException) as caught:
        hint_schema(hint)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_a_model_takes_lists() -> None:
    """The hint of a model's input is a list; its elements are the signature."""
    assert element_schema(list[int]).to_dict() == [{"type": "long", "required": True}]
    with pytest.raises(MlflowException, match=r"list\[int\]"):
        element_schema(int)


@pytest.mark.parametrize(
    ("hint", "data"),
    [(int, "1"), (float, 1), (bool, 1), (list[int], (1,)), (list[int], [1, None]),
     (dict[str, int], {1: 1}), (dict[str, int], {"a": "x"}), (Item, {"x": "1"}), (Item, {}),
     (Item, 1), (list[Item], [{"x": 1}, 5]), (dt.datetime, dt.date(2024, 1, 1))],
)  # fmt: skip
def test_data_that_do_not_fit_are_refused(hint: Any, data: Any) -> None:
    """Nothing is converted to make it fit."""
    with pytest.raises(MlflowException):
        validate(data, hint)


def test_dictionaries_become_pydantic_models() -> None:
    """At any depth; models stay what they are."""
    assert validate([{"a": {"x": 1}}], list[dict[str, Item]]) == [{"a": Item(x=1)}]
    item = Item(x=1)
    assert validate([item], list[Item])[0] is item
    assert validate(None, int | None) is None
    assert validate(1.5, int | str) == 1.5


class _Items(PythonModel):
    def predict(self, context: Any, model_input: list[Item], params: Any = None) -> list[str]:
        return [f"{type(item).__name__}{item.x}{item.y}" for item in model_input]


def test_rows_of_a_frame_become_models(tmp_path: Path) -> None:
    """A DataFrame, and a request's dictionaries, reach the function as its hint says."""
    mlflow.pyfunc.save_model(tmp_path / "m", python_model=_Items(), input_example=[Item(x=1)])
    loaded = mlflow.pyfunc.load_model(str(tmp_path / "m"))
    frame = pd.DataFrame({"x": [1, 2], "y": ["a", None]})
    assert loaded.predict(frame) == ["Item1a", "Item2None"]
    assert loaded.predict([{"x": 1}, Item(x=2)]) == ["Item1None", "Item2None"]
    with pytest.raises(MlflowException, match="type hint"):
        loaded.predict([{"x": "1"}])
    with pytest.raises(MlflowException, match="Expected list"):
        loaded.predict({"x": 1})
    meta = Model.load(tmp_path / "m")
    assert json.loads(str(meta.get_serving_input(str(tmp_path / "m"))))["inputs"] == [
        {"x": 1, "y": None}
    ]
    with pytest.raises(MlflowException):
        _Items().predict(None, [{"x": "1"}])  # type: ignore[list-item]  # wrong on purpose


class _Stream(PythonModel):
    def predict(self, model_input: list[Item]) -> list[int]:
        return [item.x for item in model_input]

    def predict_stream(self, model_input: Item) -> Any:
        yield from range(model_input.x)


def test_a_stream_gets_one_element(tmp_path: Path) -> None:
    """What is streamed for is one element of the hint, given alone or in a list."""
    mlflow.pyfunc.save_model(tmp_path / "m", python_model=_Stream())
    loaded = mlflow.pyfunc.load_model(str(tmp_path / "m"))
    assert list(loaded.predict_stream({"x": 2})) == [0, 1]
    assert list(loaded.predict_stream([{"x": 1}])) == [0]
    for wrong in ([{"x": 1}, {"x": 2}], [], {"x": "1"}):
        with pytest.raises(MlflowException):
            list(loaded.predict_stream(wrong))


def test_a_function_is_checked_where_it_is_decorated() -> None:
    """The decorator checks calls in the program too; a function without a hint stays itself."""

    @pyfunc
    def total(numbers: list[int]) -> int:
        return sum(numbers)

    assert total([1, 2]) == 3
    with pytest.raises(MlflowException):
        total(["1"])
    plain = lambda x: x  # noqa: E731 - a function without a hint
    assert pyfunc(plain) is plain


class _Example(PythonModel):
    def predict(self, model_input: TypeFromExample) -> Any:
        data: Any = model_input
        return [type(data).__name__, list(data)]


@pytest.mark.parametrize(
    ("example", "given", "received"),
    [
        (["a"], pd.DataFrame({"a": ["x"]}), ["list", ["x"]]),
        ([{"a": 1.5}], pd.DataFrame({"a": [2.5]}), ["list", [{"a": 2.5}]]),
        (pd.DataFrame({"a": [1.5]}), [{"a": 2.5}], ["DataFrame", ["a"]]),
    ],
)
def test_data_become_what_the_example_is(
    tmp_path: Path, example: Any, given: Any, received: Any
) -> None:
    """With the hint that stands for the example, the function gets the example's type."""
    mlflow.pyfunc.save_model(tmp_path / "m", python_model=_Example(), input_example=example)
    assert mlflow.pyfunc.load_model(str(tmp_path / "m")).predict(given) == received


def test_the_hint_beats_a_signature_that_is_given(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A signature that differs is not written, and a warning says so."""
    given = infer_signature(["a"], ["b"])
    mlflow.pyfunc.save_model(tmp_path / "m", python_model=_Items(), signature=given)
    signature = Model.load(tmp_path / "m").signature
    assert signature is not None
    assert signature.inputs == element_schema(list[Item])
    assert "differs" in caplog.text


def test_a_function_takes_one_argument(tmp_path: Path) -> None:
    """More or fewer are refused before anything is written."""
    for wrong in (lambda: 1, lambda a, b: (a, b), PythonModel):
        with pytest.raises(MlflowException, match="exactly one argument"):
            mlflow.pyfunc.save_model(tmp_path / "m", python_model=wrong)
    assert not (tmp_path / "m").exists()
