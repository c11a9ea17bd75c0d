"""The metrics of regressors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlflow._evaluate.standard import REGRESSION

if TYPE_CHECKING:
    from mlflow._evaluate.findings import Findings, Question


def evaluate_regressor(question: Question, found: Findings) -> None:
    """Add a regressor's metrics.

    Args:
        question: What is asked.
        found: Where to add.
    """
    import numpy as np  # noqa: PLC0415 - optional package
    from sklearn import metrics as sk  # noqa: PLC0415 - optional package

    truth, guess, weights = question.targets, question.predictions, question.weights
    score = question.score()
    if score is not None:
        found.add_metric("score", score)
    found.add_metric("example_count", len(truth))
    figures = {}
    for wire, function, _ in REGRESSION.values():
        weight = {} if function == "max_error" else {"sample_weight": weights}
        figures[wire] = float(getattr(sk, function)(truth, guess, **weight))
    total = float(np.sum(truth if weights is None else np.asarray(truth) * np.asarray(weights)))
    sums = {"sum_on_target": total, "mean_on_target": total / len(truth)}
    order = list(figures)[:3]
    found.add_metrics({name: figures.pop(name) for name in order})
    found.add_metrics(sums)
    found.add_metrics(figures)
