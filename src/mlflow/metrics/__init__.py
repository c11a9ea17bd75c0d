"""Metrics for ``mlflow.models.evaluate``."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach, grouped

NAMES: Final = grouped(
    {
        "mlflow._evaluate.metric": "EvaluationMetric MetricValue make_metric",
        "mlflow._evaluate.standard": """
            exact_match f1_score latency mae mape max_error mse precision_score r2_score
            recall_score rmse
        """,
        UNBUILT: """
            ari_grade_level bleu flesch_kincaid_grade_level rouge1 rouge2 rougeL rougeLsum
            token_count toxicity
        """,
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
