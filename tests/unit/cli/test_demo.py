"""``mlflow demo``."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from mlflow.tracking.client import MlflowClient

Invoke = Callable[..., Result]


@pytest.mark.filterwarnings("default")
def test_demo_makes_runs_worth_looking_at(invoke: Invoke, client: MlflowClient) -> None:
    """Params, curves, images, tables, a data set, a model, tags and a parent are logged."""
    text = invoke("demo").stdout
    experiment = client.get_experiment_by_name("demo")
    assert experiment is not None
    runs = {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
    assert len(runs) == 6
    assert all(run.info.status == "FINISHED" for run in runs.values())
    parent, child = runs["wine classifiers"], runs["logistic regression"]
    assert child.data.tags["mlflow.parentRunId"] == parent.info.run_id
    assert parent.inputs.dataset_inputs[0].dataset.name == "wine"
    assert child.data.metrics["accuracy"] > 0.8
    network = runs["digits network 0.01"]
    curve = client.get_metric_history(network.info.run_id, "loss")
    assert [point.step for point in curve] == list(range(30))
    assert curve[-1].value < curve[0].value / 2
    files = {one.path for one in client.list_artifacts(child.info.run_id)}
    assert files >= {"confusion.png", "confusion.txt", "predictions.json"}
    assert client.list_artifacts(network.info.run_id, "images")
    models = client.search_logged_models([experiment.experiment_id])
    assert [model.name for model in models] == ["wine-classifier"] * 3
    assert "models:/wine-classifier@champion" in text
    champion = client.get_model_version_by_alias("wine-classifier", "champion")
    challenger = client.get_model_version_by_alias("wine-classifier", "challenger")
    assert champion.run_id == child.info.run_id
    assert parent.data.tags["best"] == client.get_run(str(challenger.run_id)).info.run_name
    assert "What to do next" in text

    again = invoke("demo", "--refresh").stdout
    assert "6 runs in" in again
    assert len(client.search_runs([experiment.experiment_id])) == 6


def test_demo_without_models_names_the_extra(tmp_path: Path) -> None:
    """Without scikit-learn the demo says what to install, and makes nothing."""
    code = (
        "import sys\n"
        "from importlib.abc import MetaPathFinder\n"
        "class Absent(MetaPathFinder):\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'sklearn': raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "import importlib.util\n"
        "real = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda n, *a: None if n == 'sklearn' else real(n, *a)\n"
        "from mlflow.cli.main import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "demo"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "MLFLOW_TRACKING_URI": ""},
    )
    assert done.returncode == 1
    assert "pip install 'headrace[models]'" in done.stderr
    assert json.dumps(sorted(path.name for path in tmp_path.iterdir())) == "[]"
