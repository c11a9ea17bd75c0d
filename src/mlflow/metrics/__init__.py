"""Metrics for ``mlflow.models.evaluate``."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach

NAMES: Final = {
    "EvaluationMetric": "mlflow._evaluate.metric:EvaluationMetric",
    "MetricValue": "mlflow._evaluate.metric:MetricValue",
    "ari_grade_level": UNBUILT,
    "bleu": UNBUILT,
    "exact_match": "mlflow._evaluate.standard:exact_match",
    "f1_score": "mlflow._evaluate.standard:f1_score",
    "flesch_kincaid_grade_level": UNBUILT,
    "latency": "mlflow._evaluate.standard:latency",
    "mae": "mlflow._evaluate.standard:mae",
    "make_metric": "mlflow._evaluate.metric:make_metric",
    "mape": "mlflow._evaluate.standard:mape",
    "max_error": "mlflow._evaluate.standard:max_error",
    "mse": "mlflow._evaluate.standard:mse",
    "precision_score": "mlflow._evaluate.standard:precision_score",
    "r2_score": "mlflow._evaluate.standard:r2_score",
    "recall_score": "mlflow._evaluate.standard:recall_score",
    "rmse": "mlflow._evaluate.standard:rmse",
    "rouge1": UNBUILT,
    "rouge2": UNBUILT,
    "rougeL": UNBUILT,
    "rougeLsum": UNBUILT,
    "token_count": UNBUILT,
    "toxicity": UNBUILT,
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
