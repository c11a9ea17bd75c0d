"""The skops format for plain estimators: skops reads what we write, and we what skops writes."""

from __future__ import annotations

import json
import warnings
import zipfile
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.linear_model import (
    LinearRegression,
    LogisticRegression,
    LogisticRegressionCV,
    Ridge,
    SGDClassifier,
)
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier

from mlflow.sklearn import plain_skops
from mlflow.sklearn.plain_types import NotPlainError

if TYPE_CHECKING:
    from pathlib import Path

X, Y = load_iris(return_X_y=True, as_frame=True)
NAMES = np.array(["setosa", "versicolor", "virginica"])[Y]
COLUMNS = ColumnTransformer(
    [
        ("scale", StandardScaler(), [X.columns[0], X.columns[1]]),
        ("hot", OneHotEncoder(handle_unknown="ignore"), [X.columns[2]]),
    ],
    remainder="passthrough",
)
ARRAY = X.to_numpy()
FRAME = pd.DataFrame(
    {"a": pd.Categorical(list("xyzx") * 20), "b": np.arange(80.0) % 7, "c": list("pqpq") * 20}
)


def _forest(**options: Any) -> RandomForestClassifier:
    return RandomForestClassifier(2, random_state=0, **options)


# An estimator, or one with the data that it is fitted to.
ESTIMATORS: dict[str, Any] = {
    "logistic": LogisticRegression(max_iter=1000),
    "text classes": (LogisticRegression(max_iter=1000, class_weight={"setosa": 2}), X, NAMES),
    "numbers as keys": LogisticRegression(max_iter=1000, class_weight={0: 2.0}),
    "linear": (LinearRegression(), ARRAY, Y),
    "bayes": GaussianNB(),
    "svc": SVC(),
    "pipeline": make_pipeline(StandardScaler(), PCA(2), LogisticRegression(max_iter=1000)),
    "logistic cv": LogisticRegressionCV(
        max_iter=1000, cv=3, l1_ratios=(0,), use_legacy_attributes=False, scoring="accuracy"
    ),
    "sgd": SGDClassifier(random_state=0),
    "neural": MLPClassifier((3,), solver="lbfgs", random_state=0, max_iter=2000),
    "process": GaussianProcessClassifier(),
    "selection": make_pipeline(SelectKBest(f_classif, k=2), GaussianNB()),
    "logarithm": make_pipeline(FunctionTransformer(np.log1p), GaussianNB()),
    "tree": DecisionTreeClassifier(),
    "pruned": DecisionTreeClassifier(ccp_alpha=0.02),
    "best first": DecisionTreeRegressor(max_leaf_nodes=5),
    "extra tree": ExtraTreeClassifier(),
    "forest": _forest(),
    "forest of outputs": (_forest(), X, np.column_stack([Y, Y > 0])),
    "forest of a state": RandomForestClassifier(2, random_state=np.random.RandomState(0)),
    "regression forest": RandomForestRegressor(2),
    "extra trees": ExtraTreesClassifier(2),
    "boosting": GradientBoostingClassifier(n_estimators=2),
    "boosting of two": (GradientBoostingClassifier(n_estimators=2), X, Y > 0),
    "boosting from trees": GradientBoostingClassifier(n_estimators=2, init=_forest()),
    "boosting from zero": GradientBoostingClassifier(n_estimators=2, init="zero"),
    **{
        f"boosting {loss}": GradientBoostingRegressor(n_estimators=2, loss=loss)
        for loss in ("squared_error", "huber", "quantile", "absolute_error")
    },
    "histograms": HistGradientBoostingClassifier(max_iter=2),
    "regression histograms": HistGradientBoostingRegressor(max_iter=2, loss="poisson"),
    "categories": (
        HistGradientBoostingClassifier(
            max_iter=3, categorical_features=["a", "c"], min_samples_leaf=2
        ),
        FRAME,
        (FRAME.a == "x") ^ (FRAME.b > 3),
    ),
    "isolation": IsolationForest(n_estimators=2),
    "isolation of features": IsolationForest(n_estimators=2, max_features=2),
    "ada": AdaBoostClassifier(n_estimators=2),
    "bagging": BaggingClassifier(n_estimators=2, max_features=2),
    "voting": VotingClassifier([("a", _forest()), ("b", GaussianNB())]),
    "stacking": StackingClassifier([("a", _forest()), ("b", GaussianNB())], GaussianNB(), cv=2),
    "forest in a pipeline": make_pipeline(StandardScaler(), _forest()),
    "forest behind columns": make_pipeline(COLUMNS, _forest()),
    "grid": GridSearchCV(_forest(), {"max_depth": [1, 2]}, cv=2),
    "random search": RandomizedSearchCV(_forest(), {"max_depth": [1, 2]}, n_iter=1, cv=2),
    "calibrated": CalibratedClassifierCV(_forest(), cv=2),
    "one by one": OneVsRestClassifier(GradientBoostingClassifier(n_estimators=2)),
    "neighbors": KNeighborsClassifier(),
    "ball tree": KNeighborsRegressor(algorithm="ball_tree", metric="manhattan"),
    "minkowski": KNeighborsClassifier(p=3, algorithm="kd_tree"),
}


def _fitted(name: str) -> tuple[Any, Any]:
    """Return a fitted estimator and the data that it predicts."""
    found = ESTIMATORS[name]
    model, data, target = found if isinstance(found, tuple) else (found, X, Y)
    return clone(model).fit(data, target), data


@pytest.mark.parametrize("name", ESTIMATORS)
def test_skops_reads_what_is_written_and_the_other_way_round(tmp_path: Path, name: str) -> None:
    """Both directions give an estimator with equal parameters and predictions.

    What skops does not trust is exactly what is said to be checked here.
    """
    model, data = _fitted(name)
    checked_here = list(plain_skops.write(model, tmp_path / "ours.skops").checked)
    skops.io.dump(model, tmp_path / "theirs.skops")
    assert sorted(skops.io.get_untrusted_types(file=tmp_path / "ours.skops")) == checked_here
    for loaded in (
        skops.io.load(tmp_path / "ours.skops", trusted=checked_here),
        plain_skops.read(tmp_path / "theirs.skops"),
        plain_skops.read(tmp_path / "ours.skops"),
    ):
        assert type(loaded) is type(model)
        assert set(loaded.get_params()) == set(model.get_params())
        np.testing.assert_array_equal(loaded.predict(data), model.predict(data))


def test_parameters_that_json_does_not_have(tmp_path: Path) -> None:
    """Infinity and numbers as keys come back."""
    model = Ridge(alpha=float("inf"))
    model.table = {1: "a", np.int64(2): "b", 0.5: "c"}
    plain_skops.write(model, tmp_path / "m.skops")
    loaded = plain_skops.read(tmp_path / "m.skops")
    assert loaded.alpha == float("inf")
    assert loaded.table == model.table


def test_a_column_transformer_comes_back(tmp_path: Path) -> None:
    """Slices, lists of names and nested transformers survive, or skops is asked."""
    model = make_pipeline(COLUMNS, LogisticRegression(max_iter=1000)).fit(X, Y)
    path = tmp_path / "m.skops"
    try:
        plain_skops.write(model, path)
    except NotPlainError:
        skops.io.dump(model, path)
    loaded = skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))
    np.testing.assert_array_equal(loaded.predict(X), model.predict(X))


class _Own(LogisticRegression):  # type: ignore[misc]  # scikit-learn has no types
    """An estimator that is not scikit-learn's."""


@pytest.mark.parametrize(
    "model",
    [
        _Own(max_iter=1000).fit(X, Y),
        LogisticRegression(random_state=np.random.Generator(np.random.SFC64(1))),
        LogisticRegression(class_weight={None: 1}),
        FunctionTransformer(np.linalg.norm),
        FunctionTransformer(partial(print, "a")),
        LogisticRegression(class_weight={0: 1, "0": 2}),
        {"a": object()},
        3 + 4j,
        pd.DataFrame({"a": [1]}),
        print,
    ],
)
def test_what_is_not_plain_is_left_to_skops(tmp_path: Path, model: Any) -> None:
    """Foreign classes and functions and unknown objects are not written."""
    path = tmp_path / "m.skops"
    with pytest.raises(NotPlainError):
        plain_skops.write(model, path)
    assert not path.exists()


def test_a_model_that_contains_itself_is_not_plain(tmp_path: Path) -> None:
    """A cycle is found instead of running out of stack."""
    model = LogisticRegression()
    model.loop = [model]
    with pytest.raises(NotPlainError):
        plain_skops.write(model, tmp_path / "m.skops")


def test_shared_objects_stay_shared(tmp_path: Path) -> None:
    """An array that two attributes share is one array again."""
    model = LogisticRegression()
    model.one = model.two = np.arange(3)
    plain_skops.write(model, tmp_path / "m.skops")
    loaded = plain_skops.read(tmp_path / "m.skops")
    assert loaded.one is loaded.two


def _rewrite(path: Path, change: Any) -> None:
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    schema = json.loads(files["schema.json"])
    change(schema)
    files["schema.json"] = json.dumps(schema).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("sklearn.base", "BaseEstimator_"),
        ("sklearn.utils", "Bunch"),
        ("sklearn.tests.test_base", "MyEstimator"),
        ("sklearn.linear_model", "LogisticRegression"),
        ("sklearn.linear_model._logistic", "LogisticRegression.fit"),
        ("sklearn.linear_model._logistic", "_log_reg_scoring_path"),
        ("sklearn.no_such_module", "LogisticRegression"),
        ("sklearn..linear_model", "LogisticRegression"),
    ],
)
def test_only_public_estimators_under_their_own_name_are_made(
    tmp_path: Path, module: str, name: str
) -> None:
    """A file that names anything else makes nothing here: functions, tests, private names."""
    path = tmp_path / "m.skops"
    plain_skops.write(LogisticRegression(max_iter=1000).fit(X, Y), path)

    def rename(schema: dict[str, Any]) -> None:
        schema.update({"__module__": module, "__class__": name})

    _rewrite(path, rename)
    with pytest.raises(NotPlainError):
        plain_skops.read(path)


def test_pickles_inside_the_archive_are_refused(tmp_path: Path) -> None:
    """An array file that needs pickle is an error, not code."""
    path = tmp_path / "m.skops"
    plain_skops.write(LogisticRegression(max_iter=1000).fit(X, Y), path)
    np.save(tmp_path / "evil.npy", np.array([print], dtype=object), allow_pickle=True)
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    evil = (tmp_path / "evil.npy").read_bytes()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, evil if name.endswith(".npy") else content)
    with pytest.raises(ValueError, match="objects"):
        plain_skops.read(path)


def test_another_protocol_is_left_to_skops(tmp_path: Path) -> None:
    """A file of a protocol that is not known here goes to skops, which decides."""
    path = tmp_path / "m.skops"
    plain_skops.write(LogisticRegression(max_iter=1000).fit(X, Y), path)
    _rewrite(path, lambda schema: schema.update({"protocol": 1}))
    with pytest.raises(NotPlainError):
        plain_skops.read(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert isinstance(skops.io.load(path), LogisticRegression)
