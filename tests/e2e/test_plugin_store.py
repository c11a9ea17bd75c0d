"""A tracking store of another distribution serves whole programs."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlflow.exceptions import MlflowException
from mlflow.store.tracking.abstract_store import AbstractStore
from tests.e2e.plugin_store import PluginStore

_ROOT = Path(__file__).parents[2]
_PROGRAM = """
import json, mlflow
mlflow.set_tracking_uri("inmemory://host/a")
first = mlflow.set_experiment("one").experiment_id
again = mlflow.set_experiment("one").experiment_id
with mlflow.start_run(run_name="mine") as run:
    for step in range(5):
        mlflow.log_metric("loss", 1.0 / (step + 1), step=step)
    mlflow.log_metrics({"acc": 0.5})
    mlflow.log_param("lr", 0.1)
    mlflow.set_tag("who", "me")
client = mlflow.MlflowClient()
run = mlflow.get_run(run.info.run_id)
found = mlflow.search_runs(["1"], output_format="list")
store = client._store
print(json.dumps({
    "experiments": [first, again],
    "metrics": run.data.metrics, "params": run.data.params, "tag": run.data.tags["who"],
    "status": run.info.status, "name": run.info.run_name,
    "history": [m.value for m in client.get_metric_history(run.info.run_id, "loss")],
    "found": [one.info.run_id == run.info.run_id for one in found],
    "uri": store.store_uri,
}))
"""


def _made(store: Callable[[], AbstractStore]) -> AbstractStore:
    """Make what a type checker calls abstract, as plugins do."""
    return store()


def _install(folder: Path) -> None:
    info = folder / "headrace_test_plugin-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: headrace-test-plugin\nVersion: 1.0\n"
    )
    (info / "entry_points.txt").write_text(
        "[mlflow.tracking_store]\ninmemory = tests.e2e.plugin_store:PluginStore\n"
    )


def test_a_plugin_serves_a_program(tmp_path: Path) -> None:
    """An installed store with the recorded methods only logs a run from start to end."""
    _install(tmp_path)
    path = os.pathsep.join([str(tmp_path), str(_ROOT)])
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert done.returncode == 0, done.stderr
    assert "failed" not in done.stderr
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert said == {
        "experiments": ["1", "1"],
        "metrics": {"loss": 0.2, "acc": 0.5},
        "params": {"lr": "0.1"},
        "tag": "me",
        "status": "FINISHED",
        "name": "mine",
        "history": [1.0, 0.5, 1 / 3, 0.25, 0.2],
        "found": [True],
        "uri": "inmemory://host/a",
    }
    assert not list(tmp_path.glob("*.db"))


def test_what_a_plugin_lacks_is_named() -> None:
    """A call that a store does not serve says which, by its code."""
    store = _made(PluginStore)
    for call in (
        lambda: store.delete_tag("r", "k"),
        lambda: store.delete_run("r"),
        lambda: store.log_run_document("r", "n", b"", "text/plain"),
        lambda: store.get_logged_model("m"),
    ):
        with pytest.raises(MlflowException, match="PluginStore does not define") as caught:
            call()
        assert caught.value.error_code == "NOT_IMPLEMENTED"
    assert store.list_run_documents("r") == []


def test_an_experiment_that_another_creates_meanwhile() -> None:
    """Who loses the race to create an experiment gets the winner's."""

    class Late(PluginStore):
        lost = False

        def get_experiment_by_name(self, experiment_name: str) -> Any:
            if not self.lost:
                self.lost = True
                super().create_experiment(experiment_name, None, [])
                return None
            return super().get_experiment_by_name(experiment_name)

    assert _made(Late).get_or_create_experiment("x").experiment_id == "1"
    with pytest.raises(MlflowException, match="does not define search_experiments"):
        _made(AbstractStore).get_or_create_experiment("x")
