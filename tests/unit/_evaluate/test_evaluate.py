"""Evaluations without upstream: what is logged, what is read back, what is refused."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from mlflow.models.evaluation import ModelEvaluator  # type: ignore[import-not-found]  # an alias
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.linear_model import LogisticRegression

import mlflow
from mlflow._core.plugins import find_plugins
from mlflow.exceptions import MlflowException
from mlflow.metrics import MetricValue, latency, make_metric
from mlflow.models import EvaluationResult, MetricThreshold, evaluate, list_evaluators

X, Y = load_iris(return_X_y=True, as_frame=True)
MODEL = LogisticRegression(max_iter=1000).fit(X, Y)


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'own.db'}")


def test_figures_are_drawn_and_read_back() -> None:
    """Every figure is a picture with content, and comes back from the run."""
    x, y = load_breast_cancer(return_X_y=True, as_frame=True)
    model = LogisticRegression(max_iter=5000).fit(x.iloc[:, :3], y)
    with mlflow.start_run():
        info = mlflow.sklearn.log_model(model, name="m", pip_requirements=[])
        result = evaluate(
            info.model_uri,
            x.iloc[:, :3].assign(y=y),
            targets="y",
            model_type="classifier",
        )
    names = {"roc_curve", "precision_recall_curve", "lift_curve", "calibration_curve"}
    assert set(result.artifacts) == {f"{name}_plot" for name in names} | {"confusion_matrix"}
    for artifact in result.artifacts.values():
        again = type(artifact)(artifact.uri).content
        assert again.size == artifact.content.size
        assert len(set(again.convert("L").tobytes())) > 20


def test_a_run_of_its_own_ends() -> None:
    """Without an active run there is one for the evaluation, and it is finished after it."""
    result = evaluate(MODEL.predict, X.assign(y=Y), targets="y", model_type="classifier")
    assert mlflow.active_run() is None
    run = mlflow.get_run(str(result.run_id))
    assert run.info.status == "FINISHED"
    assert run.data.metrics == {name: float(number) for name, number in result.metrics.items()}


def test_a_long_table_of_scores_is_no_name_of_a_file() -> None:
    """The rows of a data set of usual size are kept with their scores."""

    def score(predictions: Any, targets: Any, metrics: Any) -> MetricValue:
        del metrics
        return MetricValue(
            scores=[float(a == b) for a, b in zip(predictions, targets, strict=True)]
        )

    hit = make_metric(eval_fn=score, greater_is_better=True, name="hit")
    data = pd.concat([X.assign(y=Y)] * 3)
    result = evaluate(
        MODEL.predict, data, targets="y", model_type="classifier", extra_metrics=[hit]
    )
    assert len(result.tables["eval_results_table"]) == len(data)


def test_latency_is_measured_row_by_row() -> None:
    """With latency each row is predicted alone, and each has its seconds."""
    rows: list[int] = []

    def model(frame: pd.DataFrame) -> Any:
        rows.append(len(frame))
        return np.zeros(len(frame))

    data = pd.DataFrame({"a": [1.0, 2.0, 3.0], "y": [0.0, 0.0, 1.0]})
    result = evaluate(model, data, targets="y", model_type="regressor", extra_metrics=[latency()])
    assert rows == [1, 1, 1]
    assert result.metrics["latency/mean"] >= 0
    seconds = result.tables["eval_results_table"]["latency"]
    assert len(seconds) == 3
    assert seconds.mean() == pytest.approx(result.metrics["latency/mean"])


class Counting(ModelEvaluator):  # type: ignore[misc]  # an alias has no types
    """An evaluator of another distribution."""

    def can_evaluate(self, *, model_type: str, evaluator_config: Any, **_: Any) -> bool:
        return model_type == "regressor" and evaluator_config == {}

    def evaluate(self, *, dataset: Any, run_id: str, **_: Any) -> EvaluationResult:
        return EvaluationResult({"rows": len(dataset.features_data)}, {}, run_id)


def test_evaluators_of_other_distributions_are_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry point adds an evaluator; its figures stand beside those of the default one."""
    folder = tmp_path / "counting-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: counting\nVersion: 1.0\n")
    (folder / "entry_points.txt").write_text(
        f"[mlflow.model_evaluator]\ncounting = {Counting.__module__}:Counting\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    find_plugins.cache_clear()
    assert "counting" in list_evaluators()
    data = pd.DataFrame({"p": [1.0, 2.0], "y": [1.0, 2.0]})
    result = evaluate(data=data, targets="y", predictions="p", model_type="regressor")
    find_plugins.cache_clear()
    assert result.metrics["rows"] == 2
    assert result.metrics["r2_score"] == 1.0


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("a class that is none", {"uri": "x.txt", "class_name": "os.system"}),
        ("a file outside", {"uri": "x/..", "class_name": "TextEvaluationArtifact"}),
    ],
)
def test_a_saved_result_names_nothing_else(tmp_path: Path, name: str, row: Any) -> None:
    """A folder cannot make classes be imported, nor files be read that are not in it."""
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "metrics.json").write_text("{}")
    (tmp_path / "artifacts_metadata.json").write_text(json.dumps({name: row}))
    with pytest.raises((MlflowException, IsADirectoryError)):
        EvaluationResult.load(str(tmp_path))


class _Hostile:
    def __reduce__(self) -> Any:
        return Path.touch, (Path("made"),)


def test_a_pickled_artifact_needs_the_policy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With pickles denied, a pickled artifact of a saved result is not read."""
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "artifacts" / "o.pickle").write_bytes(pickle.dumps(_Hostile()))
    (tmp_path / "metrics.json").write_text("{}")
    row = {"uri": "o.pickle", "class_name": "PickleEvaluationArtifact"}
    (tmp_path / "artifacts_metadata.json").write_text(json.dumps({"o": row}))
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(MlflowException, match="MLFLOW_ALLOW_PICKLE_DESERIALIZATION"):
        EvaluationResult.load(str(tmp_path))
    assert not Path("made").exists()


def test_every_reason_is_said() -> None:
    """A model that fails three thresholds hears of all three."""
    candidate, baseline = EvaluationResult({"m": 0.5}, {}), EvaluationResult({"m": 0.5}, {})
    wanted = MetricThreshold(
        threshold=0.4,
        min_absolute_change=0.1,
        min_relative_change=0.1,
        greater_is_better=False,
    )
    with pytest.raises(MlflowException) as caught:
        mlflow.validate_evaluation_results({"m": wanted}, candidate, baseline)
    assert str(caught.value).count("check failed") == 3
    assert caught.value.error_code == "BAD_REQUEST"
