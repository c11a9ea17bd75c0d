"""``mlflow copy`` to upstream's server and back keeps what runs hold."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import mlflow
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from mlflow.tracking.client import MlflowClient
from tests.parity.servers import server_process
from tests.parity.upstream import upstream_python


def _copy(source: str, target: str) -> None:
    command = [sys.executable, "-m", "mlflow", "copy", source, target]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def _held(uri: str) -> dict[str, Any]:
    """Return what the runs of an experiment hold, without ids and without what a copy notes."""
    store = SqlAlchemyStore(uri)
    experiment = store.get_experiment_by_name("copied")
    assert experiment is not None
    found = {}
    for run in store.search_runs([experiment.experiment_id], None, 3):
        tags = {key: text for key, text in run.data.tags.items() if "headrace" not in key}
        points = store.get_metric_history(run.info.run_id, "loss")
        found[str(run.info.run_name)] = (
            run.info.status,
            run.info.start_time,
            run.info.end_time,
            run.data.params,
            tags,
            [(point.step, point.timestamp, point.value) for point in points],
        )
    return found


def test_a_copy_goes_to_upstream_and_comes_back(tmp_path: Path) -> None:
    """Runs with params, tags and histories are the same after two copies; a third adds nothing."""
    first, last = f"sqlite:///{tmp_path}/first.db", f"sqlite:///{tmp_path}/last.db"
    store = SqlAlchemyStore(first)
    experiment = store.create_experiment("copied")
    for number in range(3):
        run_id = store.create_run(experiment, "u", 1_000 + number, [], f"run {number}").info.run_id
        points = [Metric("loss", 1 / (step + 1), 2_000 + step, step) for step in range(1_500)]
        store.log_batch(run_id, points[:900], [Param("a", str(number))], [RunTag("t", "ü")])
        store.log_batch(run_id, points[900:], [], [])
        store.update_run_info(run_id, 3, 9_000, None)
    with server_process(upstream_python(), tmp_path / "server", "--workers", "1") as uri:
        for source, target in ((first, uri), (first, uri), (uri, last), (uri, last)):
            _copy(source, target)
    assert _held(last) == _held(first)
    assert len(_held(last)) == 3


def test_registered_models_go_to_upstream_and_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Versions with tags, aliases and files are there, and after the way back once only."""
    first, last = f"sqlite:///{tmp_path}/a/first.db", f"sqlite:///{tmp_path}/b/last.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", first)
    client = MlflowClient()
    with mlflow.start_run():
        for number in ("1", "2"):
            model = mlflow.initialize_logged_model(name="m")
            (tmp_path / "MLmodel").write_text(f"flavors: {{f: {number}}}")
            client.log_model_artifact(model.model_id, str(tmp_path / "MLmodel"))
            model = mlflow.finalize_logged_model(model.model_id, "READY")
            mlflow.register_model(model.model_uri, "churn", tags={"n": number})
    client.set_registered_model_alias("churn", "champion", "1")
    with server_process(upstream_python(), tmp_path / "server", "--workers", "1") as uri:
        for source, target in ((first, uri), (first, uri), (uri, last), (uri, last), (uri, first)):
            _copy(source, target)
        for place in (uri, last, first):
            there = MlflowClient(place)
            found = there.search_model_versions("name = 'churn'")
            assert {(str(one.version), one.tags["n"], one.status) for one in found} == {
                ("1", "1", "READY"),
                ("2", "2", "READY"),
            }
            assert str(there.get_model_version_by_alias("churn", "champion").version) == "1"
            text = mlflow.artifacts.download_artifacts(
                "models:/churn@champion/MLmodel", tracking_uri=place, registry_uri=place
            )
            assert Path(text).read_text("utf-8") == "flavors: {f: 1}"
