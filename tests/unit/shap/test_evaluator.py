"""Explanations in evaluations, with shap itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sklearn.datasets import load_diabetes, load_iris
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression

import mlflow
from mlflow._evaluate import evaluators
from mlflow.models import evaluate
from mlflow.shap.evaluator import ShapEvaluator

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("shap", exc_type=ImportError)
pytestmark = pytest.mark.filterwarnings("ignore")
FIGURES = {f"shap_{name}_plot" for name in ("beeswarm", "summary", "feature_importance")}
XD, YD = load_diabetes(return_X_y=True, as_frame=True)
XI, YI = load_iris(return_X_y=True, as_frame=True)


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'own.db'}")
    monkeypatch.setitem(evaluators.BUILT_IN, "shap", ShapEvaluator)  # as the entry point does


@pytest.mark.parametrize(
    ("model", "config"),
    [
        (LinearRegression(), {}),
        (RandomForestRegressor(5, random_state=0), {}),
        (LinearRegression(), {"explainability_algorithm": "kernel", "explainability_nsamples": 20}),
        (
            LinearRegression(),
            {"explainability_algorithm": "permutation", "explainability_nsamples": 20},
        ),
    ],
)
def test_regressors_are_explained(model: Any, config: dict[str, Any]) -> None:
    """Three figures show what the predictions rest on."""
    info = mlflow.sklearn.log_model(model.fit(XD, YD), name="m", pip_requirements=[])
    result = evaluate(
        info.model_uri,
        XD.assign(t=YD),
        targets="t",
        model_type="regressor",
        evaluators=["default", "shap"],
        evaluator_config={"default": {}, "shap": config},
    )
    assert result.artifacts.keys() >= FIGURES
    assert all(result.artifacts[name].content.size[0] > 100 for name in FIGURES)


def test_classifiers_are_explained_and_the_explainer_kept() -> None:
    """Of many classes too; the explainer is logged when it is asked for."""
    model = LogisticRegression(max_iter=1000).fit(XI, YI)
    with mlflow.start_run() as run:
        info = mlflow.sklearn.log_model(model, name="m", pip_requirements=[])
        result = evaluate(
            info.model_uri,
            XI.assign(t=YI),
            targets="t",
            model_type="classifier",
            evaluators="shap",
            evaluator_config={"log_explainer": True},
        )
    assert result.artifacts.keys() == FIGURES
    logged: Any = mlflow.search_logged_models(output_format="list")
    names = {one.name for one in logged}
    assert names == {"m", "explainer"}
    assert run.info.run_id == result.run_id


def test_what_cannot_be_explained_is_left_out() -> None:
    """Texts among the features, and a failing explanation, stop no evaluation."""
    data = XD.head(20).assign(word="x", t=YD.head(20))
    result = evaluate(
        lambda frame: frame["age"].to_numpy(),
        data,
        targets="t",
        model_type="regressor",
        evaluators="shap",
    )
    assert result.artifacts == {}
    assert not ShapEvaluator().can_evaluate(
        model_type="regressor", evaluator_config={"log_model_explainability": False}
    )
