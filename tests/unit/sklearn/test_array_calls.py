"""Predictions from tables as arrays are the estimator's own, or it is asked itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from mlflow.sklearn.array_calls import FUNCTIONS, array_call

_rows = np.random.default_rng(7).normal(size=(60, 3))
TABLE = pd.DataFrame(_rows, columns=["a", "b", "c"])
LABELS = (_rows.sum(axis=1) > 0).astype(int)
QUICK = [
    LogisticRegression(),
    Ridge(),
    RandomForestClassifier(n_estimators=3, random_state=0),
    HistGradientBoostingClassifier(max_iter=3),
    KNeighborsClassifier(),
    SVC(),
]
ASKED = [
    make_pipeline(StandardScaler(), LogisticRegression()),
    make_pipeline(make_column_transformer((StandardScaler(), ["a", "b"])), LogisticRegression()),
    VotingClassifier([("one", LogisticRegression())]),
    StackingClassifier([("one", LogisticRegression())]),
    GridSearchCV(LogisticRegression(), {"C": [1.0]}, cv=2),
]


@pytest.mark.parametrize("estimator", QUICK, ids=lambda one: type(one).__name__)
def test_an_array_gives_the_same(estimator: Any) -> None:
    """For every function, in silence, and whatever else the table is."""
    fitted = estimator.fit(TABLE, LABELS)
    for name in FUNCTIONS:
        if not hasattr(fitted, name):
            continue
        call, own = array_call(fitted, name), getattr(fitted, name)
        assert call is not None
        for table in (TABLE, TABLE[:1], TABLE.astype("float32"), TABLE.astype({"a": "Float64"})):
            with np.errstate(divide="ignore"):  # the logarithm of a forest's certainty
                np.testing.assert_array_equal(call(table), own(table))
        with pytest.raises(ValueError, match="feature names"):
            call(TABLE.rename(columns={"a": "z"}))
        with pytest.raises(ValueError, match="feature names"):
            call(TABLE[["b", "a", "c"]])
    assert fitted.feature_names_in_.tolist() == ["a", "b", "c"]


@pytest.mark.parametrize("estimator", ASKED, ids=lambda one: type(one).__name__)
def test_an_estimator_whose_parts_know_names_is_asked_itself(estimator: Any) -> None:
    """So is one that was fitted without names, and one that is not scikit-learn's."""
    assert array_call(estimator.fit(TABLE, LABELS), "predict") is None
    assert array_call(LogisticRegression().fit(TABLE.to_numpy(), LABELS), "predict") is None
    mine = type("Mine", (LogisticRegression,), {"__module__": "mine"})
    assert array_call(mine().fit(TABLE, LABELS), "predict") is None
