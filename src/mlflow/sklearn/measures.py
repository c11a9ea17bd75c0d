"""The usual metrics of a training, from one look at ordinary data.

scikit-learn checks the data anew for each metric and each pair of classes: 25 ms for 150 samples
of three classes. Here one confusion matrix and one order of the scores carry all of them. What is
not ordinary (several outputs, labels of mixed kinds, probabilities that are none) is None here, and
scikit-learn's own functions decide what it means.
"""

from __future__ import annotations

import inspect
import math
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

_PLAIN: Final = "biuU"  # kinds of arrays whose values have one order
_TWO: Final = 2


@dataclass(frozen=True)
class Tally:
    """Samples by their true and their predicted class.

    Attributes:
        classes: The classes in their order, shape (classes,).
        codes: The true class of each sample as a position in ``classes``, shape (samples,).
        weights: The weight of each sample, None where all are one.
        matrix: The weight of samples by true and predicted class, shape (classes, classes).
        is_full: Whether each class is some sample's true class.
    """

    classes: Any
    codes: Any
    weights: Any
    matrix: Any
    is_full: bool

    @property
    def accuracy(self) -> float:
        """The share of samples whose class was predicted."""
        return float(self.matrix.trace() / self.matrix.sum())

    @property
    def averages(self) -> tuple[float, float, float]:
        """Precision, recall and F1 of the classes, averaged by the weight of each class."""
        import numpy as np  # noqa: PLC0415 - optional package

        hits, true, predicted = self.matrix.diagonal(), self.matrix.sum(1), self.matrix.sum(0)
        found = (_shares(hits, predicted), _shares(hits, true), _shares(2 * hits, true + predicted))
        precision, recall, f1 = (float(np.average(one, weights=true)) for one in found)
        return precision, recall, f1

    @property
    def by_true_class(self) -> Any:
        """The confusion matrix in shares of each true class."""
        return _shares(self.matrix, self.matrix.sum(1, keepdims=True))


def _shares(parts: Any, wholes: Any) -> Any:
    import numpy as np  # noqa: PLC0415 - optional package

    shape = np.broadcast_shapes(np.shape(parts), np.shape(wholes))
    return np.divide(parts, wholes, out=np.zeros(shape), where=wholes != 0)


def _plain(values: Any, length: int | None = None) -> Any:
    """Return labels as an array of one dimension that has an order, or None."""
    import numpy as np  # noqa: PLC0415 - optional package

    found = np.asarray(values)
    if found.ndim != 1 or (length is not None and len(found) != length):
        return None
    if found.dtype.kind == "O" and all(type(one) is str for one in found):
        return found
    return found if found.dtype.kind in _PLAIN else None


def tally(classes: Any, targets: Any, predicted: Any, weights: Any = None) -> Tally | None:
    """Count ordinary labels.

    Args:
        classes: The classes that the estimator knows, ascending.
        targets: The true label of each sample.
        predicted: The label that was predicted for each sample.
        weights: The weight of each sample; one where None.

    Returns:
        The counts; None for labels that only scikit-learn can judge.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    true = _plain(targets)
    known = _plain(classes) if isinstance(classes, np.ndarray) else None
    if true is None or known is None or len(true) == 0 or len(known) < _TWO:
        return None
    guessed = _plain(predicted, len(true))
    if guessed is None or len({known.dtype.kind, true.dtype.kind, guessed.dtype.kind}) != 1:
        return None
    if weights is not None:
        weights = np.asarray(weights)
        if (
            weights.shape != true.shape
            or weights.dtype.kind not in "iuf"
            or not (weights > 0).all()
        ):
            return None
    codes = []
    for labels in (true, guessed):
        code = np.minimum(np.searchsorted(known, labels), len(known) - 1)
        if not (known[code] == labels).all():
            return None
        codes.append(code)
    size = len(known)
    cells = np.bincount(codes[0] * size + codes[1], weights, size * size).reshape(size, size)
    if not np.isfinite(cells).all() or cells.min() < 0:
        return None
    is_full = bool((np.bincount(codes[0], minlength=size) > 0).all())
    return Tally(known, codes[0], weights, cells, is_full)


def probabilities(counted: Tally, shares: Any) -> Any:
    """Return probabilities of all classes as shape (samples, classes), or None if they are none.

    Args:
        counted: The samples.
        shares: What the estimator's ``predict_proba`` returned.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    found = np.asarray(shares)
    if not counted.is_full or found.dtype != np.float64:
        return None
    if found.shape != (len(counted.codes), len(counted.classes)):
        return None
    low, high = found.min(), found.max()
    if not (low >= 0 and high <= 1):  # NaN is neither
        return None
    nearness = math.sqrt(np.finfo(float).eps)
    return found if np.allclose(found.sum(1), 1, rtol=nearness, atol=0) else None


def log_loss(counted: Tally, shares: Any) -> float:
    """Return the mean of ``-log`` of the probability of each sample's true class.

    Probabilities are kept away from 0 and 1 by the machine's epsilon, as scikit-learn does.

    Args:
        counted: The samples.
        shares: What ``probabilities`` returned.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    eps = np.finfo(float).eps
    own = np.clip(shares[np.arange(len(shares)), counted.codes], eps, 1 - eps)
    return float(np.average(-np.log(own), weights=counted.weights))


def passed(positive: Any, scores: Any, weights: Any = None) -> tuple[Any, Any]:
    """Return the weight of what each threshold lets pass, from the highest score to the lowest.

    Args:
        positive: Whether each sample is positive, shape (samples,).
        scores: The score of each sample.
        weights: The weight of each sample; one where None.

    Returns:
        Negative and positive samples with at least the score, for each score that occurs.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    order = np.argsort(scores, kind="stable")[::-1]
    ordered = scores[order]
    ends = np.append(np.nonzero(np.diff(ordered))[0], len(ordered) - 1)
    weight = np.ones(len(order)) if weights is None else np.asarray(weights, float)[order]
    hits = positive[order] * weight
    return np.cumsum(weight - hits)[ends], np.cumsum(hits)[ends]


def area(false: Any, true: Any) -> float:
    """Return the area under the ROC curve by the trapezoidal rule.

    Args:
        false: The weight of negative samples that pass each threshold, ascending.
        true: The weight of positive samples that pass each threshold, ascending.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    x, y = np.append(0.0, false / false[-1]), np.append(0.0, true / true[-1])
    return float(((x[1:] - x[:-1]) * (y[1:] + y[:-1])).sum() / 2)


def roc_auc(counted: Tally, shares: Any) -> float:
    """Return the area under the ROC curve; of several classes, pairs averaged by their samples.

    Each pair of classes is measured in both directions (Hand and Till, 2001).

    Args:
        counted: The samples, without weights where there are more than two classes.
        shares: What ``probabilities`` returned.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    codes = counted.codes
    if len(counted.classes) == _TWO:
        return area(*passed(codes == 1, shares[:, 1], counted.weights))
    areas, sizes = [], []
    for one, other in combinations(range(len(counted.classes)), 2):
        both = (codes == one) | (codes == other)
        is_one, pair = codes[both] == one, shares[both]
        there, back = passed(is_one, pair[:, one]), passed(~is_one, pair[:, other])
        areas.append((area(*there) + area(*back)) / 2)
        sizes.append(len(is_one))
    return float(np.average(areas, weights=sizes))


def regression(targets: Any, predicted: Any, weights: Any = None) -> dict[str, float] | None:
    """Return the errors and R² of ordinary numbers.

    Args:
        targets: The true value of each sample, shape (samples,).
        predicted: The predicted value of each sample.
        weights: The weight of each sample; one where None.

    Returns:
        The values by scikit-learn's names; None for data that only scikit-learn can judge.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    true, guessed = np.asarray(targets), np.asarray(predicted)
    if true.ndim != 1 or true.shape != guessed.shape or len(true) < _TWO:
        return None
    if true.dtype.kind not in "iuf" or guessed.dtype != np.float64:
        return None
    if weights is not None:
        weights = np.asarray(weights)
        if weights.shape != true.shape or weights.dtype.kind not in "iuf" or weights.min() < 0:
            return None
    true = true.astype(float)
    missed = true - guessed
    squares = missed * missed
    spread = (true - np.average(true, weights=weights)) ** 2
    total, left = (
        one.sum() if weights is None else (weights * one).sum() for one in (spread, squares)
    )
    if not (np.isfinite(left) and np.isfinite(total) and total > 0):
        return None
    square = float(np.average(squares, weights=weights))
    return {
        "mean_squared_error": square,
        "mean_absolute_error": float(np.average(np.abs(missed), weights=weights)),
        "r2_score": float(1 - left / total),
        "root_mean_squared_error": math.sqrt(square),
    }


def usual_score(
    estimator: Any, counted: Tally | None, found: dict[str, float] | None
) -> float | None:
    """Return what ``estimator.score`` would, where it is scikit-learn's own and known already.

    Args:
        estimator: The estimator.
        counted: Its predictions on the training data, where it is a classifier.
        found: Its errors on the training data, where it is a regressor.
    """
    from sklearn.base import ClassifierMixin, RegressorMixin  # noqa: PLC0415 - optional package

    score = inspect.unwrap(getattr(type(estimator), "score", None) or usual_score)
    if counted is not None and score is inspect.unwrap(ClassifierMixin.score):
        return counted.accuracy
    if found is not None and score is inspect.unwrap(RegressorMixin.score):
        return found["r2_score"]
    return None
