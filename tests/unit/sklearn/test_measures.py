"""The usual metrics are those of scikit-learn, and what is not usual is left to it."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics
from sklearn.base import ClassifierMixin
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mlflow.sklearn import measures

NAMES: dict[str, Any] = {
    "integers": np.array([-3, 0, 5, 8]),
    "bools": np.array([False, True]),
    "words": np.array(["a", "bird", "cat"]),
    "objects": np.array(["a", "bird", "cat"], dtype=object),
}


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(sorted(NAMES)),
    seed=st.integers(0, 10_000),
    size=st.integers(4, 60),
    weighted=st.booleans(),
    coarse=st.booleans(),
)
def test_metrics_of_classes_are_those_of_scikit_learn(
    kind: str, seed: int, size: int, weighted: bool, coarse: bool
) -> None:
    """Labels of each kind, with ties and without, weighted and not: all metrics agree."""
    source = np.random.default_rng(seed)
    classes = NAMES[kind]
    true = classes[source.integers(0, len(classes), size)]
    true[: len(classes)] = classes
    guessed = classes[source.integers(0, len(classes), size)]
    shares = source.dirichlet(np.ones(len(classes)), size)
    if coarse:  # many ties
        shares = source.multinomial(4, np.ones(len(classes)) / len(classes), size) / 4
    weights = source.uniform(0.1, 3, size) if weighted else None
    counted = measures.tally(classes, true, guessed, weights)
    assert counted is not None
    close: Any = {"rel": 1e-12, "abs": 1e-15}
    given_weights: Any = {"sample_weight": weights}
    assert counted.accuracy == pytest.approx(
        metrics.accuracy_score(true, guessed, **given_weights), **close
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = metrics.precision_recall_fscore_support(
            true, guessed, average="weighted", **given_weights
        )[:3]
    assert counted.averages == pytest.approx(expected, **close)
    assert counted.by_true_class == pytest.approx(
        metrics.confusion_matrix(true, guessed, labels=classes, normalize="true", **given_weights),
        **close,
    )
    found = measures.probabilities(counted, shares)
    assert found is not None
    assert measures.log_loss(counted, found) == pytest.approx(
        metrics.log_loss(true, shares, **given_weights), **close
    )
    if len(classes) == 2:
        area = metrics.roc_auc_score(true, shares[:, 1], **given_weights)
    elif weighted:
        return
    else:
        area = metrics.roc_auc_score(true, shares, average="weighted", multi_class="ovo")
    assert measures.roc_auc(counted, found) == pytest.approx(area, **close)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(2, 60), weighted=st.booleans())
def test_errors_are_those_of_scikit_learn(seed: int, size: int, weighted: bool) -> None:
    """Errors and R² agree, weighted and not."""
    source = np.random.default_rng(seed)
    true, guessed = source.normal(3, 5, size), source.normal(3, 5, size)
    weights = source.uniform(0, 3, size) if weighted else None
    found = measures.regression(true, guessed, weights)
    assert found is not None
    for name, value in found.items():
        expected = getattr(metrics, name)(true, guessed, sample_weight=weights)
        assert value == pytest.approx(expected, rel=1e-9), name


@pytest.mark.parametrize(
    ("classes", "targets", "predicted", "weights"),
    [
        (np.array([0, 1]), np.array([0, 1, 2]), np.array([0, 1, 1]), None),
        (np.array([0, 1]), np.array([0.0, 1.0]), np.array([0, 1]), None),
        (np.array([0, 1]), np.array(["0", "1"]), np.array([0, 1]), None),
        (np.array([0, 1]), np.array([[0, 1], [1, 0]]), np.array([[0, 1], [1, 0]]), None),
        (np.array(["a", "b"], dtype=object), np.array(["a", None], dtype=object),
         np.array(["a", "b"], dtype=object), None),
        (np.array([0, 1]), np.array([0, 1]), np.array([0, 1]), np.array([1.0, 0.0])),
        (np.array([0, 1]), np.array([0, 1]), np.array([0, 1]), np.array([1.0, np.nan])),
        ([np.array([0, 1])], np.array([0, 1]), np.array([0, 1]), None),
        (None, np.array([0, 1]), np.array([0, 1]), None),
        (np.array([0, 1]), np.array([], dtype=int), np.array([], dtype=int), None),
    ],
)  # fmt: skip
def test_unusual_labels_are_left_alone(
    classes: Any, targets: Any, predicted: Any, weights: Any
) -> None:
    """Unknown, missing, mixed or several labels, and weights that are none: no counts."""
    assert measures.tally(classes, targets, predicted, weights) is None


@pytest.mark.parametrize(
    "shares",
    [
        [[0.5, 0.6], [0.5, 0.5]],
        [[0.5, np.nan], [0.5, 0.5]],
        [[1.5, -0.5], [0.5, 0.5]],
        [[0.5, 0.25, 0.25], [0.5, 0.25, 0.25]],
    ],
)
def test_what_is_no_probability_is_left_alone(shares: Any) -> None:
    """Shares that do not add up, are missing, or are of other classes."""
    counted = measures.tally(np.array([0, 1]), np.array([0, 1]), np.array([1, 1]))
    assert counted is not None
    assert measures.probabilities(counted, np.array(shares)) is None


def test_a_class_without_samples_leaves_probabilities_alone() -> None:
    """scikit-learn says what the loss of a missing class is."""
    counted = measures.tally(np.array([0, 1]), np.array([1, 1]), np.array([1, 0]))
    assert counted is not None
    assert measures.probabilities(counted, np.array([[0.5, 0.5], [0.5, 0.5]])) is None


def test_unusual_numbers_are_left_alone() -> None:
    """Constant targets, missing values and several outputs."""
    flat = np.ones(3)
    assert measures.regression(flat, np.zeros(3)) is None
    assert measures.regression(np.array([1.0, np.nan]), np.zeros(2)) is None
    assert measures.regression(np.ones((3, 2)), np.ones((3, 2))) is None


def test_a_score_is_taken_over_only_where_it_is_the_usual_one() -> None:
    """An estimator with a score of its own is asked."""

    class Own(LogisticRegression):  # type: ignore[misc]  # its package has no types
        def score(self, *_: Any) -> float:
            return 7.0

    counted = measures.tally(np.array([0, 1]), np.array([0, 1]), np.array([0, 1]))
    assert ClassifierMixin in LogisticRegression.__mro__
    assert measures.usual_score(LogisticRegression(), counted, None) == 1.0
    assert measures.usual_score(LinearRegression(), None, {"r2_score": 0.5}) == 0.5
    assert measures.usual_score(Own(), counted, None) is None
    pipeline = make_pipeline(StandardScaler(), LogisticRegression())
    assert measures.usual_score(pipeline, counted, None) is None
