"""The figures of classifiers, drawn with matplotlib where it is installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_SIZE: Final = (7.0, 5.0)  # inches
_BINS: Final = 10

Drawn = tuple[str, "Callable[[], Any]"]


def can_draw() -> bool:
    """Return whether matplotlib is installed."""
    return find_spec("matplotlib") is not None


def _axes(title: str, x: str, y: str) -> tuple[Any, Any]:
    """Return a figure outside of pyplot's state, and its axes."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - optional package

    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.subplots()
    axes.set(title=title, xlabel=x, ylabel=y)
    axes.grid(alpha=0.3)
    return figure, axes


def binary(truth: Any, chance: Any, weights: Any, positive: Any) -> Iterator[Drawn]:
    """Yield the curves of two classes.

    Args:
        truth: Whether each row is positive.
        chance: The probability that it is.
        weights: The rows' weights, or None.
        positive: The positive class.
    """
    yield "roc_curve_plot", lambda: _roc([(f"positive: {positive}", truth, chance)], weights)
    yield (
        "precision_recall_curve_plot",
        lambda: _precision_recall([(f"positive: {positive}", truth, chance)], weights),
    )
    yield "lift_curve_plot", lambda: _lift(truth, chance)


def per_class(lines: dict[Any, tuple[Any, Any]], weights: Any) -> Iterator[Drawn]:
    """Yield the curves of many classes, each against the others.

    Args:
        lines: For each class, whether a row is of it, and how probable that is.
        weights: The rows' weights, or None.
    """
    rows = [(f"class {label}", truth, chance) for label, (truth, chance) in lines.items()]
    yield "roc_curve_plot", lambda: _roc(rows, weights)
    yield "precision_recall_curve_plot", lambda: _precision_recall(rows, weights)


def _roc(lines: Iterable[tuple[str, Any, Any]], weights: Any) -> Any:
    from sklearn import metrics as sk  # noqa: PLC0415 - optional package

    figure, axes = _axes("ROC", "False positive rate", "True positive rate")
    for label, truth, chance in lines:
        x, y, _ = sk.roc_curve(truth, chance, sample_weight=weights)
        axes.plot(x, y, label=f"{label}, AUC {sk.auc(x, y):.3f}")
    axes.plot([0, 1], [0, 1], "--", color="grey", linewidth=1)
    axes.legend(loc="lower right")
    return figure


def _precision_recall(lines: Iterable[tuple[str, Any, Any]], weights: Any) -> Any:
    from sklearn import metrics as sk  # noqa: PLC0415 - optional package

    figure, axes = _axes("Precision and recall", "Recall", "Precision")
    for label, truth, chance in lines:
        y, x, _ = sk.precision_recall_curve(truth, chance, sample_weight=weights)
        area = sk.average_precision_score(truth, chance, sample_weight=weights)
        axes.plot(x, y, label=f"{label}, AP {area:.3f}", drawstyle="steps-post")
    axes.set_ylim(0, 1.05)
    axes.legend(loc="lower left")
    return figure


def _lift(truth: Any, chance: Any) -> Any:
    """Draw how much denser the positives lie among the most probable rows than among all."""
    import numpy as np  # noqa: PLC0415 - optional package

    figure, axes = _axes("Lift", "Share of rows, most probable first", "Lift")
    ranked = np.asarray(truth)[np.argsort(-np.asarray(chance), kind="stable")]
    share = np.arange(1, len(ranked) + 1) / len(ranked)
    axes.plot(share, np.cumsum(ranked) / (share * max(ranked.sum(), 1)))
    axes.axhline(1, linestyle="--", color="grey", linewidth=1)
    return figure


def calibration(truth: Any, matrix: Any, labels: Any) -> Iterator[Drawn]:
    """Yield how often what was called probable came true.

    Args:
        truth: The classes.
        matrix: The probability of each class for each row.
        labels: The classes, in the order of the matrix' columns.
    """

    def draw() -> Any:
        from sklearn.calibration import calibration_curve  # noqa: PLC0415 - optional package

        figure, axes = _axes("Calibration", "Mean predicted probability", "Share of positives")
        shown = [labels.positive] if labels.is_binary else labels.all
        for label in shown:
            chance = matrix[:, labels.all.index(label)].clip(0, 1)
            y, x = calibration_curve(truth == label, chance, n_bins=_BINS)
            axes.plot(x, y, marker="o", label=f"class {label}")
        axes.plot([0, 1], [0, 1], "--", color="grey", linewidth=1)
        axes.legend(loc="upper left")
        return figure

    yield "calibration_curve_plot", draw


def confusion(truth: Any, guess: Any, labels: Any) -> Iterator[Drawn]:
    """Yield the confusion matrix, each row as shares of the true class.

    Args:
        truth: The classes.
        guess: The predicted classes.
        labels: All classes.
    """

    def draw() -> Any:
        from sklearn import metrics as sk  # noqa: PLC0415 - optional package

        figure, axes = _axes("Confusion matrix", "Predicted", "True")
        cells = sk.confusion_matrix(truth, guess, labels=labels.all, normalize="true")
        sk.ConfusionMatrixDisplay(cells, display_labels=labels.all).plot(
            ax=axes, cmap="Blues", values_format=".2g", colorbar=False
        )
        axes.grid(visible=False)
        return figure

    yield "confusion_matrix", draw
