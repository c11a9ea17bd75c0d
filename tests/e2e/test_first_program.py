"""The first program of the source map runs as it is written, and what it logged can be read."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from sklearn.datasets import load_iris

import mlflow
from mlflow.entities import RunStatus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM: Final = """\
import mlflow
from sklearn.linear_model import LogisticRegression
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.metrics import accuracy_score

mlflow.set_experiment("iris-classification")
X, y = load_iris(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2)

with mlflow.start_run():
    params = {"solver": "lbfgs", "max_iter": 1000}
    mlflow.log_params(params)
    model = LogisticRegression(**params)
    model.fit(X_train, y_train)
    acc = accuracy_score(y_test, model.predict(X_test))
    mlflow.log_metric("accuracy", acc)
    mlflow.sklearn.log_model(model, name="iris_model")
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in an empty directory, on the store that the program makes there."""
    monkeypatch.chdir(tmp_path)
    before = mlflow.get_tracking_uri() if mlflow.is_tracking_uri_set() else ""
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path / 'mlflow.db'}")
    yield tmp_path
    mlflow.set_tracking_uri(before)


def test_the_first_program_runs_verbatim(folder: Path) -> None:
    """The run is finished with its params, metric and model, and the model predicts."""
    foreign = ("MLFLOW_", "HEADRACE_", "COV_")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(foreign)
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr

    client = mlflow.MlflowClient()
    experiment = client.get_experiment_by_name("iris-classification")
    assert experiment is not None
    [run] = client.search_runs([experiment.experiment_id])
    assert run.info.status == RunStatus.to_string(RunStatus.FINISHED)
    assert run.data.params == {"solver": "lbfgs", "max_iter": "1000"}
    assert 0.7 < run.data.metrics["accuracy"] <= 1
    assert run.outputs is not None
    [output] = run.outputs.model_outputs
    logged = client.get_logged_model(output.model_id)
    assert (logged.name, logged.status.name) == ("iris_model", "READY")
    assert logged.source_run_id == run.info.run_id

    features, labels = load_iris(return_X_y=True)
    for uri in (logged.model_uri, f"runs:/{run.info.run_id}/iris_model"):
        predicted = mlflow.pyfunc.load_model(uri).predict(features)
        assert np.mean(predicted == labels) > 0.8
    estimator = mlflow.sklearn.load_model(logged.model_uri)
    assert estimator.get_params()["max_iter"] == 1000
