"""Models from code, their configuration, what they say about retrievers, what they import."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.models import Model, ModelConfig, set_model, set_retriever_schema
from mlflow.models.code import load_code
from mlflow.models.code_paths import local_code

if TYPE_CHECKING:
    from pathlib import Path

MODEL = """
from mlflow.models import ModelConfig, set_model, set_retriever_schema
from mlflow.pyfunc import PythonModel
set_retriever_schema(primary_key="k", text_column="t", name="own")
config = ModelConfig(development_config={"a": 0})
class OfTheFile(PythonModel):
    def predict(self, context, model_input: list[str]) -> list[str]:
        return [config.get("a"), *model_input]
set_model(OfTheFile())
"""


def _file(folder: Path, text: str) -> Path:
    path = folder / "model_of_the_test.py"
    path.write_text(text)
    return path


def test_a_file_is_kept_and_run_with_its_configuration(tmp_path: Path) -> None:
    """The file stands in the folder by its name alone; the configuration may change at load."""
    path = tmp_path / "m"
    mlflow.pyfunc.save_model(path, python_model=_file(tmp_path, MODEL), model_config={"a": "x"})
    _file(tmp_path, "raise AssertionError")
    loaded = mlflow.pyfunc.load_model(str(path))
    assert loaded.predict(["b"]) == ["x", "b"]
    assert mlflow.pyfunc.load_model(str(path), model_config={"a": 1}).predict(["b"]) == [1, "b"]
    meta = Model.load(path)
    assert meta.flavors["python_function"]["model_code_path"] == "model_of_the_test.py"
    assert meta.metadata is not None
    assert meta.metadata["dependencies_schemas"]["retrievers"][0]["name"] == "own"
    assert not list(path.glob("*.pkl"))


def test_keys_that_were_not_logged_are_ignored(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A configuration at load overrides keys of the logged one and adds none."""
    path = tmp_path / "m"
    mlflow.pyfunc.save_model(path, python_model=_file(tmp_path, MODEL), model_config={"a": 1})
    loaded = mlflow.pyfunc.load_model(str(path), model_config={"b": 2})
    assert loaded.model_config == {"a": 1}
    assert "ignored" in caplog.text


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("x = 1", "set_model"), ("raise ValueError('boom')", "boom"), ("1 +", "Failed to run")],
)
def test_a_bad_file_is_an_error(tmp_path: Path, text: str, complaint: str) -> None:
    """A file that sets nothing, fails or does not parse is refused when it is logged."""
    before = set(sys.modules)
    with pytest.raises(MlflowException, match=complaint):
        load_code(_file(tmp_path, text), None)
    assert set(sys.modules) == before


@pytest.mark.parametrize("given", ["absent.py", "."])
def test_a_path_that_is_no_file_is_an_error(tmp_path: Path, given: str) -> None:
    """A path must lead to a Python file."""
    with pytest.raises(MlflowException, match="model path"):
        mlflow.pyfunc.save_model(tmp_path / "m", python_model=str(tmp_path / given))
    assert not (tmp_path / "m").exists()


def test_the_policy_holds_for_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where formats with code are refused, the file of a model is not run."""
    path = tmp_path / "m"
    mlflow.pyfunc.save_model(path, python_model=_file(tmp_path, MODEL), model_config={"a": 1})
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(MlflowException, match="can run any code"):
        mlflow.pyfunc.load_model(str(path))


def test_set_model_refuses_what_is_no_model() -> None:
    """Something without ``predict`` that is not called is no model."""
    with pytest.raises(MlflowException, match="PyFuncModel"):
        set_model(1)


def test_the_configuration_of_development(tmp_path: Path) -> None:
    """Outside a loaded model the given values count; a missing file or key is an error."""
    (tmp_path / "c.yaml").write_text("a: 7\n")
    config = ModelConfig(development_config=str(tmp_path / "c.yaml"))
    assert (config.get("a"), config.to_dict()) == (7, {"a": 7})
    with pytest.raises(KeyError, match="zz"):
        config.get("zz")
    for given in (None, str(tmp_path / "absent.yaml")):
        with pytest.raises(FileNotFoundError):
            ModelConfig(development_config=given)


def test_a_schema_of_a_retriever_replaces_the_one_of_its_name(tmp_path: Path) -> None:
    """The next model that is saved has the schemas; the one after has none."""
    set_retriever_schema(primary_key="a", text_column="t")
    set_retriever_schema(primary_key="b", text_column="t")

    def function(x: Any) -> Any:
        return x

    for name in ("first", "second"):
        mlflow.pyfunc.save_model(tmp_path / name, python_model=function)
    first, second = (Model.load(tmp_path / name).metadata for name in ("first", "second"))
    assert first is not None
    assert [one["primary_key"] for one in first["dependencies_schemas"]["retrievers"]] == ["b"]
    assert second is None


def test_own_modules_are_found_through_what_they_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A user's module brings what it imports; installed and standard modules stay away."""
    (tmp_path / "one_of_the_test.py").write_text("import json, numpy, two_of_the_test\n")
    (tmp_path / "two_of_the_test").mkdir()
    (tmp_path / "two_of_the_test" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = local_code(["one_of_the_test", "mlflow.pyfunc", "no_such_module"])
    assert [path.name for path in found] == ["one_of_the_test.py", "two_of_the_test"]
