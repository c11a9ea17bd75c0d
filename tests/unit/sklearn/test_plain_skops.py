"""The skops format for plain estimators: skops reads what we write, and we what skops writes."""

from __future__ import annotations

import json
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC

from mlflow.sklearn import plain_skops
from mlflow.sklearn.plain_skops import NotPlainError

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
MODELS = {
    "logistic": LogisticRegression(max_iter=1000).fit(X, Y),
    "text classes": LogisticRegression(max_iter=1000, class_weight={"setosa": 2}).fit(X, NAMES),
    "numbers as keys": LogisticRegression(max_iter=1000, class_weight={0: 2.0}).fit(X, Y),
    "linear": LinearRegression().fit(X.to_numpy(), Y),
    "ridge": Ridge(alpha=float("inf")),
    "bayes": GaussianNB().fit(X, Y),
    "svc": SVC().fit(X, Y),
    "pipeline": make_pipeline(StandardScaler(), PCA(2), LogisticRegression(max_iter=1000)).fit(
        X, Y
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_skops_reads_what_is_written_and_the_other_way_round(tmp_path: Path, name: str) -> None:
    """Both directions give an estimator with equal parameters and predictions, all trusted."""
    model = MODELS[name]
    plain_skops.write(model, tmp_path / "ours.skops")
    skops.io.dump(model, tmp_path / "theirs.skops")
    assert skops.io.get_untrusted_types(file=tmp_path / "ours.skops") == []
    for loaded in (
        skops.io.load(tmp_path / "ours.skops"),
        plain_skops.read(tmp_path / "theirs.skops"),
        plain_skops.read(tmp_path / "ours.skops"),
    ):
        assert type(loaded) is type(model)
        assert repr(loaded.get_params()) == repr(model.get_params())
        if hasattr(model, "n_features_in_"):
            data = X if hasattr(model, "feature_names_in_") else X.to_numpy()
            np.testing.assert_array_equal(loaded.predict(data), model.predict(data))


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
        RandomForestClassifier(2).fit(X, Y),
        _Own(max_iter=1000).fit(X, Y),
        LogisticRegression(random_state=np.random.RandomState(0)),
        LogisticRegression(class_weight={0.5: 1}),
        LogisticRegression(class_weight={0: 1, "0": 2}),
        {"a": object()},
        3 + 4j,
        pd.DataFrame({"a": [1]}),
        print,
    ],
)
def test_what_is_not_plain_is_left_to_skops(tmp_path: Path, model: Any) -> None:
    """Trees, foreign classes, random states and unknown objects are not written."""
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
    plain_skops.write(MODELS["logistic"], path)

    def rename(schema: dict[str, Any]) -> None:
        schema.update({"__module__": module, "__class__": name})

    _rewrite(path, rename)
    with pytest.raises(NotPlainError):
        plain_skops.read(path)


def test_pickles_inside_the_archive_are_refused(tmp_path: Path) -> None:
    """An array file that needs pickle is an error, not code."""
    path = tmp_path / "m.skops"
    plain_skops.write(MODELS["logistic"], path)
    np.save(tmp_path / "evil.npy", np.array([print], dtype=object), allow_pickle=True)
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    evil = (tmp_path / "evil.npy").read_bytes()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, evil if name.endswith(".npy") else content)
    with pytest.raises(ValueError, match="allow_pickle"):
        plain_skops.read(path)


def test_another_protocol_is_left_to_skops(tmp_path: Path) -> None:
    """A file of a protocol that is not known here goes to skops, which decides."""
    path = tmp_path / "m.skops"
    plain_skops.write(MODELS["logistic"], path)
    _rewrite(path, lambda schema: schema.update({"protocol": 1}))
    with pytest.raises(NotPlainError):
        plain_skops.read(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert isinstance(skops.io.load(path), LogisticRegression)
