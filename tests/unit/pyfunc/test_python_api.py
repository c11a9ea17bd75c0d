"""Models tried out as they are served; what is said about a request; what differs here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.models import infer_pip_requirements, infer_signature, predict, validate_serving_input
from mlflow.pyfunc import Context, PythonModel, set_prediction_context
from mlflow.pyfunc.context import get_prediction_context
from mlflow.pyfunc.mismatches import mismatches

if TYPE_CHECKING:
    from pathlib import Path


class _Sum(PythonModel):
    def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
        return model_input["a"] + params["k"]


@pytest.fixture
def model(tmp_path: Path) -> str:
    """Save a model with columns and a parameter."""
    signature = infer_signature(pd.DataFrame({"a": [1.5]}), [1.5], {"k": 1.0})
    mlflow.pyfunc.save_model(
        tmp_path / "m", python_model=_Sum(), signature=signature, pip_requirements=[]
    )
    return str(tmp_path / "m")


@pytest.mark.parametrize(
    "request_body",
    [
        {"inputs": {"a": [1.5]}},
        '{"dataframe_split": {"columns": ["a"], "data": [[1.5]]}}',
        {"dataframe_records": [{"a": 0.5}], "params": {"k": 2.0}},
    ],
)
def test_a_request_is_answered_without_a_server(model: str, request_body: Any) -> None:
    """Text and dictionaries in every form of requests, with parameters."""
    assert validate_serving_input(model, request_body).tolist() == [2.5]


@pytest.mark.parametrize("wrong", ["no json", "[1]", {"bogus": 1}, {"inputs": {"b": [1]}}])
def test_a_bad_request_is_refused(model: str, wrong: Any) -> None:
    """What a server would answer with an error is an error."""
    with pytest.raises(MlflowException):
        validate_serving_input(model, wrong)


@pytest.mark.parametrize(
    "given",
    [
        {"input_data": {"a": [1.5]}},
        {"input_data": pd.DataFrame({"a": [1.5]})},
        {"input_data": '{"inputs": {"a": [1.5]}}'},
        {"input_data": "a\n1.5\n", "content_type": "csv"},
        {"input_data": pd.DataFrame({"a": [1.5]}), "content_type": "csv"},
    ],
)
def test_predictions_are_written_as_a_server_writes_them(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], given: dict[str, Any]
) -> None:
    """To standard output, or to a file."""
    predict(model, env_manager="local", **given)
    assert json.loads(capsys.readouterr().out) == {"predictions": [2.5]}
    predict(model, env_manager="local", output_path=str(tmp_path / "o"), **given)
    assert json.loads((tmp_path / "o").read_text()) == {"predictions": [2.5]}
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"content_type": "xml"},
        {"input_data": 1, "input_path": "x"},
        {"env_manager": "bogus"},
        {"env_manager": "local", "input_data": 1, "extra_envs": {"A": "1"}},
    ],
)
def test_arguments_that_contradict_are_refused(model: str, wrong: dict[str, Any]) -> None:
    """Before the model is loaded."""
    with pytest.raises(MlflowException):
        predict(model, **wrong)


def test_needs_are_told_from_the_loaded_model(model: str) -> None:
    """A model that cannot be loaded gives the fallback, or its error."""
    assert any(
        line.startswith("pandas==") for line in infer_pip_requirements(model, "python_function")
    )
    assert infer_pip_requirements("/absent", "python_function", fallback=["a"]) == ["a"]
    with pytest.raises(MlflowException):
        infer_pip_requirements("/absent", "python_function")


def test_what_differs_from_what_a_model_needs_is_named(
    model: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Other versions and absent distributions, not what another system or no line needs."""
    lines = ["numpy==0.1", "no-such-thing==1", "pandas>=1", "scipy", "mlflow==1", "-e .",
             "numpy==0.1; python_version < '3'", "/some/path"]  # fmt: skip
    assert [line.split()[0] for line in mismatches(lines)] == ["numpy", "no-such-thing"]
    with open(f"{model}/requirements.txt", "a") as file:  # noqa: PTH123 - a path as text
        file.write("\nno-such-thing==1")
    mlflow.pyfunc.load_model(model, suppress_warnings=True)
    assert "no-such-thing" not in caplog.text
    mlflow.pyfunc.load_model(model)
    assert "no-such-thing (current: uninstalled" in caplog.text


def test_a_request_is_known_in_its_block_alone() -> None:
    """Blocks nest; outside there is none; only a context is taken."""
    context = Context(request_id="r")
    with set_prediction_context(context):
        assert get_prediction_context() is context
        with set_prediction_context(None):
            assert get_prediction_context() is None
    assert get_prediction_context() is None
    context.update(request_id="q")
    assert context.request_id == "q"
    with pytest.raises(AttributeError):
        context.update(bogus=1)
    with pytest.raises(TypeError), set_prediction_context("x"):  # type: ignore[arg-type]  # wrong on purpose
        pass
