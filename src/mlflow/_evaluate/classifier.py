"""The metrics and curves of classifiers."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mlflow._evaluate import curves
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from mlflow._evaluate.findings import Findings, Question

_logger: Final = logging.getLogger(__name__)
_MAX_CLASSES: Final = 10


@dataclass(frozen=True)
class _Labels:
    """The classes: all of them, and the positive one of two."""

    all: list[Any]
    positive: Any
    is_binary: bool


def evaluate_classifier(question: Question, found: Findings) -> None:
    """Add a classifier's metrics and curves.

    Args:
        question: What is asked.
        found: Where to add.

    Raises:
        MlflowException: the targets hold fewer than two classes.
    """
    labels = _labels(question)
    matrix = question.probabilities(labels.all)
    score = question.score()
    if score is not None:
        found.add_metric("score", score)
    _of_classes(question, labels, found)
    if matrix is not None:
        _of_probabilities(question, labels, matrix, found)
        found.add_figures(curves.calibration(question.targets, matrix, labels))
    if not labels.is_binary:
        _per_class(question, labels, matrix, found)
    found.add_figures(curves.confusion(question.targets, question.predictions, labels))


def _labels(question: Question) -> _Labels:
    import numpy as np  # noqa: PLC0415 - optional package

    given = question.config.get("label_list")
    known = np.unique(question.targets).tolist() if given is None else list(given)
    if len(known) < 2:  # noqa: PLR2004 - two classes
        raise MlflowException(
            "Evaluation dataset for classification must contain at least two unique labels, but"
            f" only {len(known)} unique labels were found."
        )
    positive = question.config.get("pos_label")
    if positive in known:  # the positive class stands last, as it does in probabilities
        order = [label for label in known if label != positive]
        known = [*order, positive] if len(known) == 2 else known  # noqa: PLR2004 - two classes
    is_binary = len(known) == 2 and (positive is None or positive in known)  # noqa: PLR2004
    if is_binary and positive is None:
        positive = known[-1]
    return _Labels(known, positive, is_binary)


def _counts(truth: Any, guess: Any) -> dict[str, int]:
    """Return the four counts of a binary confusion matrix, given as booleans."""
    from sklearn.metrics import confusion_matrix  # noqa: PLC0415 - optional package

    cells = confusion_matrix(truth, guess, labels=[False, True]).ravel()
    names = ("true_negatives", "false_positives", "false_negatives", "true_positives")
    return dict(zip(names, map(int, cells), strict=True))


def _of_classes(question: Question, labels: _Labels, found: Findings) -> None:
    from sklearn import metrics as sk  # noqa: PLC0415 - optional package

    truth, guess, weights = question.targets, question.predictions, question.weights
    if labels.is_binary:
        average, extra = "binary", {"pos_label": labels.positive}
        found.add_metrics(_counts(truth == labels.positive, guess == labels.positive))
    else:
        average, extra = "weighted", {}
    average = question.config.get("average", average)
    found.add_metric("example_count", len(truth))
    found.add_metric("accuracy_score", sk.accuracy_score(truth, guess, sample_weight=weights))
    for name in ("recall_score", "precision_score", "f1_score"):
        number = getattr(sk, name)(
            truth, guess, average=average, sample_weight=weights, zero_division=0, **extra
        )
        found.add_metric(name, float(number))


def _of_probabilities(question: Question, labels: _Labels, matrix: Any, found: Findings) -> None:
    from sklearn import metrics as sk  # noqa: PLC0415 - optional package

    truth, weights = question.targets, question.weights
    natural = sorted(labels.all)
    columns = matrix[:, [labels.all.index(label) for label in natural]]
    found.add_metric(
        "log_loss", float(sk.log_loss(truth, columns, labels=natural, sample_weight=weights))
    )
    if labels.is_binary:
        positive, chance = truth == labels.positive, matrix[:, -1]
        found.add_metric(
            "roc_auc", float(sk.roc_auc_score(positive, chance, sample_weight=weights))
        )
        area = sk.average_precision_score(positive, chance, sample_weight=weights)
        found.add_metric("precision_recall_auc", float(area))
        found.add_figures(curves.binary(positive, chance, weights, labels.positive))
        return
    number = sk.roc_auc_score(
        truth,
        columns,
        labels=natural,
        average=question.config.get("average", "weighted"),
        multi_class="ovr",
        sample_weight=weights,
    )
    found.add_metric("roc_auc", float(number))


def _per_class(question: Question, labels: _Labels, matrix: Any, found: Findings) -> None:
    """Add a table with a row for each class against the others, and their curves."""
    import pandas as pd  # noqa: PLC0415 - optional package
    from sklearn import metrics as sk  # noqa: PLC0415 - optional package

    limit = question.config.get("max_classes_for_multiclass_roc_pr", _MAX_CLASSES)
    with_curves = matrix is not None and len(labels.all) <= limit
    if matrix is not None and not with_curves:
        _logger.warning(
            "The data has %d classes: curves of each are drawn for up to %d"
            " (max_classes_for_multiclass_roc_pr).",
            len(labels.all),
            limit,
        )
    rows: list[dict[str, Any]] = []
    lines = {}
    for place, label in enumerate(labels.all):
        truth, guess = question.targets == label, question.predictions == label
        row = {"positive_class": label, **_counts(truth, guess)}
        row["example_count"] = len(truth)
        row["accuracy_score"] = sk.accuracy_score(truth, guess, sample_weight=question.weights)
        for name in ("recall_score", "precision_score", "f1_score"):
            function = getattr(sk, name)
            row[name] = function(truth, guess, sample_weight=question.weights, zero_division=0)
        if with_curves:
            chance = matrix[:, place]
            row["roc_auc"] = sk.roc_auc_score(truth, chance, sample_weight=question.weights)
            row["precision_recall_auc"] = sk.average_precision_score(
                truth, chance, sample_weight=question.weights
            )
            lines[label] = (truth, chance)
        rows.append(row)
    if with_curves:
        found.add_figures(curves.per_class(lines, question.weights))
    found.add_artifact("per_class_metrics", pd.DataFrame(rows))
