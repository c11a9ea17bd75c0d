"""Programs without a server: in a directory first, on the server later."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from tests.e2e.servers import free_port, serving

if TYPE_CHECKING:
    from pathlib import Path

_PROGRAM: Final = """
import mlflow
mlflow.set_experiment("offline")
with mlflow.start_run(run_name="one") as run:
    mlflow.log_param("p", 1)
    for step in range(1500):
        mlflow.log_metric("m", step, step=step, synchronous=False)
    mlflow.log_text("text", "folder/a.txt")
    with mlflow.start_run(nested=True, run_name="two"):
        mlflow.log_metric("n", 1)
assert mlflow.get_run(run.info.run_id).data.metrics == {"m": 1499.0}
print(run.info.run_id)
"""


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a program."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("MLFLOW_")}
    return {
        **kept,
        "HEADRACE_JOURNAL_DIR": str(tmp_path / "journals"),
        "HEADRACE_RUN_DOCUMENTS": "false",
        "HEADRACE_SERVER_PATIENCE_SECONDS": "0.5",
    }


def _python(code: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done


def _sync(variables: dict[str, str], *options: str) -> str:
    code = f"from mlflow.cli.main import cli; cli(['sync', *{list(options)!r}])"
    return _python(code, variables).stdout


def test_an_offline_directory_is_uploaded_later(tmp_path: Path, variables: dict[str, str]) -> None:
    """What was logged to ``offline:DIR`` is on the server after a sync, however often it runs."""
    place = tmp_path / "laptop"
    variables["MLFLOW_TRACKING_URI"] = f"offline:{place}"
    run_id = _python(_PROGRAM, variables).stdout.strip()
    (tmp_path / "server").mkdir()
    with serving(tmp_path / "server") as server:
        assert "copied 2 runs" in _sync(variables, str(place), "--to", server.url)
        assert "copied 0 runs" in _sync(variables, str(place), "--to", server.url)
        run = server.api("GET", f"/runs/get?run_id={run_id}")["run"]
        found = server.api("GET", f"/metrics/get-history?run_id={run_id}&metric_key=m")
        files = server.api("GET", f"/artifacts/list?run_id={run_id}&path=folder")["files"]
    assert (run["info"]["run_name"], run["info"]["status"]) == ("one", "FINISHED")
    assert len(found["metrics"]) == 1500
    assert [one["path"] for one in files] == ["folder/a.txt"]
    # The directory is a store like any other.
    _python(_PROGRAM, {**variables, "MLFLOW_TRACKING_URI": str(place)})


def test_a_model_registered_offline_arrives(tmp_path: Path, variables: dict[str, str]) -> None:
    """Its version is READY on the server, loads from there, and is there once."""
    place = tmp_path / "laptop"
    code = (
        "import mlflow\ndef same(model_input): return model_input\n"
        "with mlflow.start_run(): mlflow.pyfunc.log_model(name='m', python_model=same,"
        " pip_requirements=[], registered_model_name='r')"
    )
    _python(code, {**variables, "MLFLOW_TRACKING_URI": f"offline:{place}"})
    (tmp_path / "server").mkdir()
    with serving(tmp_path / "server") as server:
        assert "1 versions" in _sync(variables, str(place), "--to", server.url)
        assert "Registered models" not in _sync(variables, str(place), "--to", server.url)
        (found,) = server.api("GET", "/model-versions/search")["model_versions"]
        code = "import mlflow; print(mlflow.pyfunc.load_model('models:/r/1').predict([1]))"
        done = _python(code, {**variables, "MLFLOW_TRACKING_URI": server.url})
    assert (found["version"], found["status"]) == ("1", "READY")
    assert done.stdout.strip() == "[1]"


def test_a_run_starts_without_its_server(tmp_path: Path, variables: dict[str, str]) -> None:
    """With HEADRACE_OFFLINE=auto one warning says where the run is and how to upload it."""
    port = free_port()
    variables["MLFLOW_TRACKING_URI"] = f"http://127.0.0.1:{port}"
    variables["HEADRACE_OFFLINE"] = "auto"
    done = _python(_PROGRAM, variables)
    assert done.stderr.count("works offline") == 1
    with serving(tmp_path, port=port) as server:
        assert "copied 2 runs" in _sync(variables)
        run = server.api("GET", f"/runs/get?run_id={done.stdout.strip()}")["run"]
        query = "/experiments/get-by-name?experiment_name=offline"
        experiment = server.api("GET", query)["experiment"]
    assert run["info"]["experiment_id"] == experiment["experiment_id"]
    assert {one["key"]: one["value"] for one in run["data"]["params"]} == {"p": "1"}
