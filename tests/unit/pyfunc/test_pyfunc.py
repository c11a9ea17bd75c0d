"""Python functions: prediction, metadata, Python models, and their cost."""

from __future__ import annotations

import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.models import Model, ModelSignature
from mlflow.pyfunc import PyFuncModel, PythonModel, PythonModelContext
from mlflow.types.schema import ColSpec, ParamSchema, ParamSpec, Schema

if TYPE_CHECKING:
    from pathlib import Path

AB = Schema([ColSpec("double", "a"), ColSpec("long", "b")])


class _Echo:
    def predict(self, data: Any) -> Any:
        return data


class _EchoParams:
    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        return params


def _model(implementation: Any, **parts: Any) -> PyFuncModel:
    meta = Model(signature=ModelSignature(**parts) if parts else None)
    meta.add_flavor("python_function", loader_module="some.module")
    return PyFuncModel(meta, implementation)


def test_input_is_enforced_and_the_rest_passed_on() -> None:
    """With a signature the input is converted; without one it is what it was."""
    assert list(_model(_Echo(), inputs=AB).predict({"b": 1, "a": 0.5}).columns) == ["a", "b"]
    data = {"b": 1}
    assert _model(_Echo()).predict(data) is data
    with pytest.raises(MlflowException, match="missing inputs"):
        _model(_Echo(), inputs=AB).predict(data)


def test_parameters_reach_a_function_that_takes_them(caplog: pytest.LogCaptureFixture) -> None:
    """Parameters are converted and completed; a function without them gets none, with a warning."""
    params = ParamSchema([ParamSpec("t", "double", 0.5)])
    assert _model(_EchoParams(), params=params).predict(1, {"t": 2}) == {"t": 2.0}
    assert _model(_EchoParams(), params=params).predict(1) == {"t": 0.5}
    assert _model(_Echo(), params=params).predict(1) == 1
    assert "ignored" in caplog.text


class _EchoKeywords:
    def predict(self, data: Any, **params: Any) -> Any:
        return data, params


def test_keywords_that_are_called_params_are_no_params() -> None:
    """A function with ``**params``, as a pipeline's, is called with the data alone."""
    assert _model(_EchoKeywords()).predict(1) == (1, {})


def test_a_model_says_what_it_is() -> None:
    """The repr and the properties come from the metadata."""
    meta = Model(artifact_path="pp", run_id="rr")
    meta.add_flavor("python_function", loader_module="lmod", config={"q": 1})
    model = PyFuncModel(meta, _Echo(), model_id="m-1")
    assert repr(model) == (
        "mlflow.pyfunc.loaded_model:\n  artifact_path: pp\n  flavor: lmod\n  run_id: rr\n"
    )
    assert model.metadata is meta
    assert (model.loader_module, model.model_config, model.model_id) == ("lmod", {"q": 1}, "m-1")
    with pytest.raises(MlflowException, match="predict"):
        PyFuncModel(meta, object())
    with pytest.raises(MlflowException, match="unwrap|base model"):
        model.unwrap_python_model()
    with pytest.raises(NotImplementedError):
        model.get_raw_model()
    with pytest.raises(MlflowException, match="predict_stream"):
        model.predict_stream(1)


class _Counter(PythonModel):
    def load_context(self, context: PythonModelContext) -> None:
        with open(context.artifacts["words"]) as file:  # noqa: PTH123 - a path as text
            self.words = file.read().split()

    def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
        config = context.model_config or {}
        return [self.words.count(word) + config.get("add", 0) for word in model_input]


def test_a_python_model_reads_its_artifacts_and_its_configuration(tmp_path: Path) -> None:
    """Artifacts are copied into the folder; the configuration can be overridden at load."""
    (tmp_path / "words.txt").write_text("a b a")
    path = tmp_path / "m"
    mlflow.pyfunc.save_model(
        path,
        python_model=_Counter(),
        artifacts={"words": str(tmp_path / "words.txt")},
        model_config={"add": 0},
    )
    (tmp_path / "words.txt").unlink()
    loaded = mlflow.pyfunc.load_model(str(path))
    assert loaded.predict(["a", "b", "c"]) == [2, 1, 0]
    assert isinstance(loaded.unwrap_python_model(), PythonModel)
    assert loaded.metadata.flavors["python_function"]["loader_module"] == "mlflow.pyfunc.model"
    shifted = mlflow.pyfunc.load_model(str(path), model_config={"add": 10})
    assert shifted.predict(["a"]) == [12]


def test_a_function_is_a_model(tmp_path: Path) -> None:
    """A plain function is pickled as it is, and called with the data."""

    def double(model_input: Any) -> Any:
        return [2 * value for value in model_input]

    mlflow.pyfunc.save_model(tmp_path / "m", python_model=double, input_example=[1, 2])
    loaded = mlflow.pyfunc.load_model(str(tmp_path / "m"))
    assert loaded.metadata.signature is None or loaded.metadata.signature.inputs is not None
    assert (tmp_path / "m" / "python_model.pkl").is_file()


def test_a_loader_module_gets_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module with ``_load_pyfunc`` is brought along and given the copy of the data."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "loader_of_the_test.py").write_text(
        "class M:\n"
        "    def __init__(self, text): self.text = text\n"
        "    def predict(self, data): return self.text\n"
        "def _load_pyfunc(path):\n"
        "    with open(path) as file: return M(file.read())\n"
    )
    (tmp_path / "data.txt").write_text("hello")
    mlflow.pyfunc.save_model(
        tmp_path / "m",
        loader_module="loader_of_the_test",
        data_path=str(tmp_path / "data.txt"),
        code_paths=[str(tmp_path / "loader_of_the_test.py")],
    )
    conf = Model.load(tmp_path / "m").flavors["python_function"]
    assert (conf["data"], conf["code"]) == ("data/data.txt", "code")
    assert mlflow.pyfunc.load_model(str(tmp_path / "m")).predict(None) == "hello"


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"python_model": PythonModel(), "loader_module": "x"},
        {"python_model": 3},
    ],
)
def test_bad_combinations_are_refused(tmp_path: Path, arguments: dict[str, Any]) -> None:
    """A Python model or a loader module, not both and not neither."""
    with pytest.raises(MlflowException) as caught:
        mlflow.pyfunc.save_model(tmp_path / "m", **arguments)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_the_base_class_can_be_made_and_does_nothing() -> None:
    """``PythonModel()`` exists; only predicting with it is an error."""
    model = PythonModel()
    model.load_context(PythonModelContext({}, None))
    with pytest.raises(NotImplementedError):
        model.predict(None, [1])


def test_one_row_costs_little_over_the_raw_call() -> None:
    """Checking a one-row frame that fits costs less than a tenth of a millisecond, even here."""
    frame = pd.DataFrame(np.zeros((1, 4)), columns=list("abcd"))
    schema = Schema([ColSpec("double", name) for name in "abcd"])
    model, raw = _model(_Echo(), inputs=schema), _Echo()
    costs = []
    for _ in range(300):
        start = time.perf_counter()
        model.predict(frame)
        middle = time.perf_counter()
        raw.predict(frame)
        costs.append(2 * middle - start - time.perf_counter())
    assert statistics.median(costs) < 100e-6
