"""Explanations in evaluations: which features a model's predictions rest on, by SHAP values.

An entry point of ``mlflow.model_evaluator``; it knows what to do where shap and matplotlib are.
"""

from __future__ import annotations

import logging
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.guard import contained
from mlflow._evaluate.evaluators import MODEL_TYPES, ModelEvaluator, log_findings
from mlflow._evaluate.findings import Findings
from mlflow.shap.flavor import log_explainer

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow._evaluate.result import EvaluationResult
    from mlflow._evaluate.subject import Subject
    from mlflow.data.evaluation_dataset import EvaluationDataset

_logger: Final = logging.getLogger(__name__)
_ROWS: Final = 2000
_BACKGROUND: Final = 100  # rows that a model-agnostic explanation compares with
_ALGORITHMS: Final = ("exact", "permutation", "partition", "kernel")
_PLOTS: Final[dict[str, Callable[[Any, Any], object]]] = {
    "shap_beeswarm_plot": lambda shap, values: shap.plots.beeswarm(values, show=False),
    "shap_summary_plot": lambda shap, values: shap.summary_plot(
        values.values, values.data, feature_names=values.feature_names, show=False
    ),
    "shap_feature_importance_plot": lambda shap, values: shap.plots.bar(values, show=False),
}


class ShapEvaluator(ModelEvaluator):
    """Figures of the SHAP values of classifiers and regressors."""

    def can_evaluate(self, *, model_type: str, evaluator_config: Any, **kwargs: Any) -> bool:
        """Return whether the model is of a type that it knows, and the libraries are there."""
        del kwargs
        wanted = (evaluator_config or {}).get("log_model_explainability", True)
        installed = all(find_spec(name) for name in ("shap", "matplotlib"))
        return bool(wanted) and model_type in MODEL_TYPES and installed

    def evaluate(
        self,
        *,
        model_type: str,
        dataset: EvaluationDataset,
        run_id: str,
        evaluator_config: Any,
        model: Subject | None = None,
        **kwargs: Any,
    ) -> EvaluationResult:
        """Explain the predictions and log the figures; what cannot be explained is left out.

        Args:
            model_type: ``classifier`` or ``regressor``.
            dataset: The data.
            run_id: The run.
            evaluator_config: ``explainability_algorithm`` (exact, permutation, partition, kernel),
                ``explainability_nsamples``, ``log_explainer``, ``metric_prefix``.
            model: What is evaluated.
            **kwargs: Not used.
        """
        del model_type, kwargs
        config = evaluator_config or {}
        with tempfile.TemporaryDirectory() as folder:
            found = Findings(config.get("metric_prefix") or "", Path(folder))
            if model is not None and model.predict is not None:
                with contained("Explaining the model with SHAP"):
                    _explain(model, dataset.features_data, config, found)
            return log_findings(found, run_id, None, None)


def _explain(model: Subject, features: Any, config: dict[str, Any], found: Findings) -> None:
    import shap  # noqa: PLC0415 - optional package
    from matplotlib import pyplot as plt  # noqa: PLC0415 - optional package

    others = [name for name in features.columns if features[name].dtype.kind not in "biuf"]
    if others:
        _logger.warning("Columns that are no numbers cannot be explained: %s", others)
        return
    sample = features.head(config.get("explainability_nsamples", _ROWS))
    explainer = _explainer(shap, model, sample, config.get("explainability_algorithm"))
    # Trees sum in single precision: rounding is no error.
    loose = {"check_additivity": False} if isinstance(explainer, shap.TreeExplainer) else {}
    values = _one_output(explainer(sample, **loose), shap)
    for name, draw in _PLOTS.items():
        figure = plt.figure()
        try:
            draw(shap, values)
            found.add_artifact(name, plt.gcf())
        finally:
            plt.close(figure)
    if config.get("log_explainer"):
        log_explainer(explainer, artifact_path="explainer")


def _explainer(shap: Any, model: Subject, sample: Any, algorithm: str | None) -> Any:
    """Return what explains the model: by its structure where shap knows it, else by trying."""
    if algorithm is not None and algorithm not in _ALGORITHMS:
        raise ValueError(f"explainability_algorithm must be one of {', '.join(_ALGORITHMS)}")
    if algorithm is None and model.raw is not None:
        try:
            return shap.Explainer(model.raw, sample)
        except TypeError:  # of a kind that shap does not know
            pass
    function: Any = getattr(model.raw, "predict_proba", None) or model.predict

    def predict(rows: Any) -> Any:
        return function(_frame(rows, sample))

    background = shap.utils.sample(sample, min(_BACKGROUND, len(sample)), random_state=0)
    if algorithm == "kernel":
        return shap.KernelExplainer(predict, background)
    return shap.Explainer(predict, background, algorithm=algorithm or "auto")


def _frame(rows: Any, sample: Any) -> Any:
    import pandas as pd  # noqa: PLC0415 - optional package

    return pd.DataFrame(rows, columns=sample.columns)


def _one_output(values: Any, shap: Any) -> Any:
    """Return the values of the positive of two classes; of many, how much they are on average."""
    import numpy as np  # noqa: PLC0415 - optional package

    if values.values.ndim < 3:  # noqa: PLR2004, PD011 - rows and features, of no DataFrame
        return values
    if values.values.shape[-1] <= 2:  # noqa: PLR2004, PD011 - two classes
        return values[..., -1]
    return shap.Explanation(
        np.abs(values.values).mean(axis=-1), data=values.data, feature_names=values.feature_names
    )
