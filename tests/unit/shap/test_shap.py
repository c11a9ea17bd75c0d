"""Explanations are logged, and explainers keep the method that they explain."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression

import mlflow

shap = pytest.importorskip("shap", reason="shap is not installed: just flavors shap")

import mlflow.shap  # noqa: E402 - after the library was found

pytestmark = pytest.mark.filterwarnings("ignore")  # of shap and numba
RNG = np.random.default_rng(0)
X = pd.DataFrame(RNG.normal(size=(120, 3)), columns=["a", "b", "c"])
Y = X.a * 2 + X.b


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/mlflow.db")


def test_an_explanation_is_arrays_and_a_plot() -> None:
    """Values add up to what the model predicts, also for more rows than the background has."""
    model = LinearRegression().fit(X, Y)
    rows = X.head(102)
    with mlflow.start_run():
        uri = mlflow.shap.log_explanation(model.predict, rows)
    folder = Path(mlflow.artifacts.download_artifacts(uri))
    assert folder.name == "model_explanations_shap"
    base, values = (np.load(folder / f"{name}_values.npy") for name in ("base", "shap"))
    np.testing.assert_allclose(base + values.sum(axis=1), model.predict(rows), atol=1e-6)
    assert (folder / "summary_bar_plot.png").read_bytes().startswith(b"\x89PNG")


def test_a_model_of_several_outputs_is_explained() -> None:
    """There is one base value an output, and a plot of all of them."""
    forest = RandomForestClassifier(3, random_state=0).fit(X.to_numpy(), Y > 0)
    with mlflow.start_run():
        uri = mlflow.shap.log_explanation(forest.predict_proba, X.head(5).to_numpy(), "why")
    folder = Path(mlflow.artifacts.download_artifacts(uri))
    assert np.load(folder / "base_values.npy").shape == (2,)
    assert np.load(folder / "shap_values.npy").shape == (5, 3, 2)
    assert (folder / "summary_bar_plot.png").is_file()


def test_an_explainer_of_probabilities_explains_them_again() -> None:
    """Only ``predict`` is left to the model's own flavor."""
    forest = RandomForestClassifier(3, random_state=0).fit(X.to_numpy(), Y > 0)
    explainer = shap.explainers.Exact(forest.predict_proba, X.head(20).to_numpy())
    with mlflow.start_run():
        info = mlflow.shap.log_explainer(explainer, name="why")
    loaded = mlflow.shap.load_explainer(info.model_uri)
    again = mlflow.pyfunc.load_model(info.model_uri)
    expected = explainer(X.head(2).to_numpy()).values  # noqa: PD011 - no DataFrame
    assert expected.shape == (2, 3, 2)
    np.testing.assert_allclose(loaded(X.head(2).to_numpy()).values, expected)
    np.testing.assert_allclose(again.predict(X.head(2)), expected)
