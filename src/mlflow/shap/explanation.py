"""Explanations of a model's outputs, logged as arrays and a plot."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

from mlflow.data.optional import require
from mlflow.tracking import fluent

_DEFAULT_PATH: Final = "model_explanations_shap"
_BACKGROUND_ROWS: Final = 100  # the explainer calls the model for each of them, for each row


def log_explanation(predict_function: Any, features: Any, artifact_path: str | None = None) -> str:
    """Explain a model's outputs with SHAP's kernel method, and log what it finds.

    Logged are ``base_values.npy`` (one number, or one an output), ``shap_values.npy`` (rows by
    features, by outputs if there are several) and ``summary_bar_plot.png``.

    Args:
        predict_function: Calculates the outputs of an array or DataFrame of features.
        features: The rows to explain, an array or DataFrame; a sample of 100 of them is the
            background that they are compared with.
        artifact_path: Where in the run's artifacts; ``model_explanations_shap`` by default.

    Returns:
        The URI of the explanations.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    shap = require("shap", "mlflow.shap.log_explanation")
    background = features
    if features.shape[0] > _BACKGROUND_ROWS:
        background = shap.sample(features, _BACKGROUND_ROWS, random_state=0)
    explainer = shap.KernelExplainer(predict_function, background)
    values = explainer.shap_values(features)
    path = artifact_path or _DEFAULT_PATH
    with tempfile.TemporaryDirectory(prefix="headrace-") as name:
        folder = Path(name)
        np.save(folder / "base_values.npy", explainer.expected_value)
        np.save(folder / "shap_values.npy", values)
        _save_plot(shap, np.asarray(values), features, folder / "summary_bar_plot.png")
        fluent.log_artifacts(name, path)
    return fluent.get_artifact_uri(path)


def _save_plot(shap: Any, values: Any, features: Any, file: Path) -> None:
    pyplot = require("matplotlib.pyplot", "mlflow.shap.log_explanation")
    several = values.ndim > 2  # noqa: PLR2004 - rows, features, outputs
    shown = [values[..., i] for i in range(values.shape[-1])] if several else values
    figure = pyplot.figure()
    try:
        shap.summary_plot(shown, features, plot_type="bar", show=False)
        pyplot.savefig(file, bbox_inches="tight")
    finally:
        pyplot.close(figure)
