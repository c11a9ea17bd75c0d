"""Models that bring their libraries: real wheels, read here, by upstream, and without an index."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cloudpickle
import pytest
import uv

import mlflow
from mlflow._core.uri import local_path
from mlflow.exceptions import MlflowException
from mlflow.models import Model, add_libraries_to_model, yamlfile
from tests.parity.upstream import run_script, upstream_python

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow.models.info import ModelInfo

INDEX = "HEADRACE_TEST_INDEX"
needs_index = pytest.mark.skipif(
    not os.environ.get(INDEX), reason=f"set {INDEX} where packages can be had"
)
PROGRAM = "from mlflow.cli.main import main; main()"
_LOAD = """
import mlflow
def main(path):
    return mlflow.pyfunc.load_model(path).predict([1])
"""
_WHEEL = """
import pathlib, mlflow
from mlflow.models import add_libraries_to_model
def same(model_input):
    return model_input
def main(place):
    mlflow.set_tracking_uri(f"sqlite:///{place}/up.db")
    mlflow.create_experiment("e", place)
    mlflow.set_experiment("e")
    info = mlflow.pyfunc.log_model(
        name="m", python_model=same, registered_model_name="r", pip_requirements=["six==1.16.0"]
    )
    client = mlflow.MlflowClient()
    folder = pathlib.Path(client.get_logged_model(info.model_id).artifact_location)
    (folder / "requirements.txt").write_text("six==1.16.0")  # upstream itself is big
    made = add_libraries_to_model("models:/r/1")
    return client.get_logged_model(made.model_id).artifact_location, made.registered_model_version
"""


def _same(model_input: Any) -> Any:
    return model_input


@pytest.fixture
def registered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelInfo]:
    """Register a model that needs one small library."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'store.db'}")
    module = sys.modules[__name__]
    cloudpickle.register_pickle_by_value(module)  # upstream has no tests of ours
    with mlflow.start_run():
        info: ModelInfo = mlflow.pyfunc.log_model(
            name="m",
            python_model=_same,
            registered_model_name="r",
            pip_requirements=["six==1.16.0"],
            params={"a": "b"},
        )
    yield info
    cloudpickle.unregister_pickle_by_value(module)


def _folder(info: ModelInfo) -> Path:
    return local_path(mlflow.get_logged_model(str(info.model_id)).artifact_location)


@needs_index
def test_a_model_brings_its_libraries(registered: ModelInfo, tmp_path: Path) -> None:
    """The new version has every wheel, loads in both, and needs no index for its environment."""
    made = add_libraries_to_model("models:/r/1")
    assert (made.registered_model_version, made.run_id) == (2, registered.run_id)
    version = mlflow.MlflowClient().get_model_version("r", "2")
    assert version.status == "READY"
    logged = mlflow.get_logged_model(str(made.model_id))
    assert (logged.name, dict(logged.params)) == ("m_wheels", {"a": "b"})
    folder = _folder(made)
    wheels = sorted(path.name for path in (folder / "wheels").iterdir())
    assert {name.split("-")[0] for name in wheels} >= {"headrace", "six", "numpy", "pandas"}
    assert not [name for name in wheels if name.startswith("mlflow")]
    lines = [f"wheels/{name}" for name in wheels]
    assert (folder / "requirements.txt").read_text("utf-8").splitlines() == lines
    original = (folder / "original_requirements.txt").read_text("utf-8").splitlines()
    assert original == (_folder(registered) / "requirements.txt").read_text("utf-8").splitlines()
    assert yamlfile.load(folder / "conda.yaml")["dependencies"][-1] == {"pip": lines}
    assert list(yamlfile.load(folder / "MLmodel")["wheels"]) == ["platform"]
    assert mlflow.pyfunc.load_model("models:/r/2").predict([1]) == [1]
    assert run_script(upstream_python(), _LOAD, str(folder)) == [1]
    with pytest.raises(MlflowException, match="already") as caught:
        add_libraries_to_model("models:/r/2")
    assert caught.value.error_code == "BAD_REQUEST"
    variables = {
        "MLFLOW_ENV_ROOT": str(tmp_path / "environments"),
        "UV_OFFLINE": "1",
        "UV_CACHE_DIR": str(tmp_path / "empty"),
    }
    words = [sys.executable, "-c", PROGRAM, "models", "predict", "-m", str(folder)]
    done = subprocess.run(
        words,
        env={**os.environ, **variables},
        input='{"inputs": [1]}',
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"predictions": [1]}


@needs_index
def test_what_upstream_wheeled_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its folder loads, its libraries are known, and what it names is the same as here."""
    pip = tmp_path / "pip"  # which an environment of uv has not
    words = [uv.find_uv_bin(), "pip", "install", "--quiet", "--target", str(pip), "pip"]
    subprocess.run([*words, "--python", sys.executable], check=True)
    place = tmp_path / "place"
    place.mkdir()
    variables = {"PYTHONPATH": str(pip)}
    location, number = run_script(upstream_python(), _WHEEL, str(place), variables)
    assert number == 2
    assert Model.load(location).wheels["platform"]  # type: ignore[attr-defined]  # a key of its own
    assert mlflow.pyfunc.load_model(location).predict([1]) == [1]
    lines = (Path(location) / "requirements.txt").read_text("utf-8").split()
    assert lines == ["wheels/six-1.16.0-py2.py3-none-any.whl"]
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'store.db'}")
    mlflow.MlflowClient().create_registered_model("up")
    mlflow.MlflowClient().create_model_version("up", location)
    with pytest.raises(MlflowException, match="already"):
        add_libraries_to_model("models:/up/1")


@needs_index
def test_runs_names_and_what_cannot_be_had(
    registered: ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run and another name can be given; a failure says why and registers nothing."""
    with mlflow.start_run() as run:
        pass
    monkeypatch.setenv("MLFLOW_WHEELED_MODEL_PIP_DOWNLOAD_OPTIONS", "--no-deps --prefer-binary")
    made = add_libraries_to_model("models:/r/latest", run.info.run_id, "other")
    assert (made.run_id, made.registered_model_version) == (run.info.run_id, 1)
    mlflow.models.update_model_requirements(registered.model_uri, "add", ["six==99"])
    with pytest.raises(MlflowException, match="six==99"):
        add_libraries_to_model("models:/r/1")
    assert len(mlflow.MlflowClient().search_model_versions("")) == 2


@pytest.mark.parametrize(
    ("uri", "options", "code"),
    [
        ("runs:/0/m", "", "INVALID_PARAMETER_VALUE"),
        ("./m", "", "INVALID_PARAMETER_VALUE"),
        ("models:/m-0123", "", "INVALID_PARAMETER_VALUE"),
        ("models:/r/7", "", "RESOURCE_DOES_NOT_EXIST"),
        ("models:/r/1", "--index-url http://127.0.0.1", "INVALID_PARAMETER_VALUE"),
        ("models:/r/1", "-r /etc/passwd", "INVALID_PARAMETER_VALUE"),
    ],
)
def test_bad_calls_start_nothing(
    registered: ModelInfo, monkeypatch: pytest.MonkeyPatch, uri: str, options: str, code: str
) -> None:
    """Other URIs, unknown versions, and options that say where from."""
    monkeypatch.setenv("MLFLOW_WHEELED_MODEL_PIP_DOWNLOAD_OPTIONS", options)
    with pytest.raises(MlflowException) as caught:
        add_libraries_to_model(uri)
    assert caught.value.error_code == code
    assert len(mlflow.search_logged_models(output_format="list")) == 1
