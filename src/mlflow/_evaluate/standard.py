"""The metrics of regressors and classifiers, by scikit-learn; public as ``mlflow.metrics``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._evaluate.metric import EvaluationMetric, MetricValue

if TYPE_CHECKING:
    from collections.abc import Callable

# Name on the wire, scikit-learn's function, whether more is better.
REGRESSION: Final = {
    "mae": ("mean_absolute_error", "mean_absolute_error", False),
    "mse": ("mean_squared_error", "mean_squared_error", False),
    "rmse": ("root_mean_squared_error", "root_mean_squared_error", False),
    "r2_score": ("r2_score", "r2_score", True),
    "max_error": ("max_error", "max_error", False),
    "mape": ("mean_absolute_percentage_error", "mean_absolute_percentage_error", False),
}
_CLASSIFICATION: Final = ("f1_score", "precision_score", "recall_score")


def _regression(function: str, wire_name: str) -> Callable[..., MetricValue]:
    def eval_fn(
        predictions: Any, targets: Any = None, metrics: Any = None, sample_weight: Any = None
    ) -> MetricValue:
        from sklearn import metrics as sk  # noqa: PLC0415 - optional package

        del metrics
        weight = {} if function == "max_error" else {"sample_weight": sample_weight}
        number = getattr(sk, function)(targets, predictions, **weight)
        return MetricValue(aggregate_results={wire_name: float(number)})

    return eval_fn


def _classification(function: str) -> Callable[..., MetricValue]:
    def eval_fn(
        predictions: Any,
        targets: Any = None,
        metrics: Any = None,
        pos_label: Any = 1,
        average: str | None = None,
        sample_weight: Any = None,
    ) -> MetricValue:
        from sklearn import metrics as sk  # noqa: PLC0415 - optional package

        del metrics
        kind = average or ("binary" if len(set(targets) | set(predictions)) <= 2 else "weighted")  # noqa: PLR2004 - two classes
        number = getattr(sk, function)(
            targets, predictions, pos_label=pos_label, average=kind, sample_weight=sample_weight
        )
        return MetricValue(aggregate_results={function: float(number)})

    return eval_fn


def _maker(name: str, wire_name: str, eval_fn: Any, *, better: bool) -> Any:
    def make() -> EvaluationMetric:
        return EvaluationMetric(eval_fn=eval_fn, name=wire_name, greater_is_better=better)

    make.__name__ = make.__qualname__ = name
    make.__module__ = "mlflow.metrics"
    make.__doc__ = f"Return the metric ``{wire_name}``."
    return make


_MAKERS: Final = {
    **{
        name: _maker(name, wire, _regression(function, wire), better=better)
        for name, (wire, function, better) in REGRESSION.items()
    },
    **{name: _maker(name, name, _classification(name), better=True) for name in _CLASSIFICATION},
}
mae, mse, rmse = _MAKERS["mae"], _MAKERS["mse"], _MAKERS["rmse"]
r2_score, max_error, mape = _MAKERS["r2_score"], _MAKERS["max_error"], _MAKERS["mape"]
f1_score, precision_score = _MAKERS["f1_score"], _MAKERS["precision_score"]
recall_score = _MAKERS["recall_score"]

LATENCY: Final = "latency"


def latency() -> EvaluationMetric:
    """Return the metric ``latency``: seconds for each row, predicted one by one."""
    return EvaluationMetric(eval_fn=MetricValue, name=LATENCY, greater_is_better=False)


def exact_match() -> EvaluationMetric:
    """Return the metric ``exact_match``: the share of predictions that equal their targets."""

    def eval_fn(predictions: Any, targets: Any = None, metrics: Any = None) -> MetricValue:
        del metrics
        hits = [given == wanted for given, wanted in zip(predictions, targets, strict=True)]
        share = sum(map(bool, hits)) / len(hits) if hits else 0.0
        return MetricValue(aggregate_results={"exact_match": share})

    return EvaluationMetric(eval_fn=eval_fn, name="exact_match", greater_is_better=True)
