"""Models that either implementation writes load and predict in the other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.parity.upstream import our_python, run_script, upstream_python

if TYPE_CHECKING:
    from pathlib import Path

# Everything that depends on when or where the folder was written.
_OWN_TO_THE_FOLDER = {"model_uuid", "utc_time_created", "model_size_bytes"}

_WRITE = """
import logging, warnings
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import numpy as np, pandas as pd
import mlflow
from mlflow.models import infer_signature
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

X, y = load_iris(return_X_y=True, as_frame=True)
logistic = LogisticRegression(max_iter=1000).fit(X, y)

def main(folder):
    # Upstream infers requirements in a second interpreter, seconds for each: two cases show it.
    infer = mlflow.sklearn.save_model
    def save(*args, **options):
        infer(*args, **{"pip_requirements": ["scikit-learn", "skops"], **options})
    infer(logistic, folder + "/plain")
    save(logistic, folder + "/frame", input_example=X.head(2), metadata={"k": 1})
    save(logistic, folder + "/text", input_example={name: 1.5 for name in X.columns})
    save(logistic, folder + "/given", signature=infer_signature(X, y, {"p": 1}))
    save(logistic, folder + "/pickle", serialization_format="pickle")
    infer(logistic, folder + "/cloudpickle", serialization_format="cloudpickle")
    save(LogisticRegression(max_iter=1000).fit(X.values, y), folder + "/array",
         input_example=X.values[:2])
    save(LinearRegression().fit(X, X), folder + "/outputs", input_example=X.head(2))
    save(make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(X, y),
         folder + "/pipeline", input_example=X.head(2))
    save(RandomForestClassifier(3, random_state=0).fit(X, y), folder + "/forest",
         skops_trusted_types=["sklearn.tree._tree.Tree"])
"""

_READ = """
import logging, os, warnings
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import mlflow
from mlflow.models import Model
from sklearn.datasets import load_iris

X, y = load_iris(return_X_y=True, as_frame=True)

def main(folder):
    answers = {}
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        data = X.values if name == "array" else X
        function, model = mlflow.pyfunc.load_model(path), mlflow.sklearn.load_model(path)
        meta = Model.load(path)
        answers[name] = {
            "function": function.predict(data).tolist(),
            "model": model.predict(data).tolist(),
            "signature": meta.signature.to_dict() if meta.signature else None,
            "example": str(meta.load_input_example(path)),
            "serving": meta.get_serving_input(path),
        }
    return answers
"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Let each implementation write the same models."""
    written = {}
    for name, python in (("upstream", upstream_python()), ("ours", our_python())):
        written[name] = tmp_path_factory.mktemp(name)
        run_script(python, _WRITE, str(written[name]))
    return written


@pytest.mark.parametrize("writer", ["upstream", "ours"])
def test_both_read_alike_what_either_writes(folders: dict[str, Path], writer: str) -> None:
    """Predictions, signatures and examples are the same in both, whoever wrote the folder."""
    folder = str(folders[writer])
    theirs = run_script(upstream_python(), _READ, folder)
    ours = run_script(our_python(), _READ, folder)
    assert ours == theirs
    assert len(ours) == 10
    for name, answer in ours.items():
        assert answer["function"] == answer["model"], name


def test_the_files_are_the_same(folders: dict[str, Path]) -> None:
    """MLmodel has the same keys in the same order and the same values; so do the others."""
    for theirs in sorted(folders["upstream"].iterdir()):
        ours = folders["ours"] / theirs.name
        assert _names(ours) == _names(theirs), theirs.name
        mine, other = _mlmodel(ours), _mlmodel(theirs)
        assert list(mine) == list(other), theirs.name
        for key in mine.keys() - _OWN_TO_THE_FOLDER:
            assert mine[key] == other[key], (theirs.name, key)
        for name in ("input_example.json", "serving_input_example.json", "python_env.yaml"):
            if (theirs / name).exists():
                assert _unpinned(ours / name) == _unpinned(theirs / name), name


_WRITE_TREES = """
import logging, sys, warnings
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import mlflow
from sklearn.datasets import load_iris
from sklearn.ensemble import *
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

X, y = load_iris(return_X_y=True, as_frame=True)
SKLEARN = "sklearn."
TREE = [SKLEARN + "tree._tree.Tree"]
MODELS = {
    "tree": (DecisionTreeClassifier(), TREE),
    "forest": (RandomForestClassifier(3), TREE),
    "extra": (ExtraTreesRegressor(3), TREE),
    "boosting": (GradientBoostingClassifier(n_estimators=3), TREE),
    "isolation": (IsolationForest(n_estimators=3), TREE),
    "histograms": (
        HistGradientBoostingClassifier(max_iter=3),
        [SKLEARN + "ensemble._hist_gradient_boosting.predictor.TreePredictor"],
    ),
    "bagging": (BaggingClassifier(n_estimators=2), TREE),
    "ada": (AdaBoostClassifier(n_estimators=2), TREE),
    "stacking": (
        StackingClassifier([("a", RandomForestClassifier(2))], cv=2),
        [*TREE, SKLEARN + "utils._bunch.Bunch"],
    ),
    "pipeline": (make_pipeline(StandardScaler(), RandomForestClassifier(2)), TREE),
    "grid": (
        GridSearchCV(RandomForestClassifier(2), {"max_depth": [1, 2]}, cv=2),
        [SKLEARN + "metrics._scorer._PassthroughScorer",
         SKLEARN + "model_selection._split.StratifiedKFold", *TREE],
    ),
    "neighbors": (
        KNeighborsClassifier(),
        [SKLEARN + "metrics._dist_metrics.EuclideanDistance64",
         SKLEARN + "neighbors._kd_tree.KDTree"],
    ),
}

def main(folder):
    for name, (model, trusted) in MODELS.items():
        options = {} if "/ours" in folder else {"skops_trusted_types": trusted}
        mlflow.sklearn.save_model(model.fit(X, y), folder + "/" + name,
                                  pip_requirements=["scikit-learn", "skops"], **options)
    return {name: trusted for name, (_, trusted) in MODELS.items()}
"""


@pytest.mark.parametrize("writer", ["upstream", "ours"])
def test_trees_are_read_alike(tmp_path: Path, writer: str) -> None:
    """Upstream loads the trees that we save without an argument; we load those that it saves."""
    folder = tmp_path / writer
    folder.mkdir()
    python = upstream_python() if writer == "upstream" else our_python()
    trusted = run_script(python, _WRITE_TREES, str(folder))
    for name, types in trusted.items():
        assert _mlmodel(folder / name)["flavors"]["sklearn"]["skops_trusted_types"] == types, name
    ours = run_script(our_python(), _READ, str(folder))
    assert ours == run_script(upstream_python(), _READ, str(folder))
    assert ours.keys() == trusted.keys()


def _unpinned(path: Path) -> str:
    """Return a file without the versions of the build tools, which two environments differ in."""
    return re.sub(r"- (pip|setuptools|wheel)==\S+", r"- \1", path.read_text())


def test_requirements_name_what_upstream_names(folders: dict[str, Path]) -> None:
    """Ours are upstream's, but for what only its own second interpreter loads."""
    for theirs in sorted(folders["upstream"].iterdir()):
        ours = folders["ours"] / theirs.name
        mine = _lines(ours / "requirements.txt")
        other = [
            line
            for line in _lines(theirs / "requirements.txt")
            if not line.startswith(("polars", "psutil"))
        ]
        assert [line.partition("==")[0] for line in mine] == [
            line.partition("==")[0] for line in other
        ], theirs.name
        conda = yaml.safe_load((ours / "conda.yaml").read_text())
        assert conda["dependencies"][-1] == {"pip": mine}
        assert conda.keys() == yaml.safe_load((theirs / "conda.yaml").read_text()).keys()


def _names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def _mlmodel(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((folder / "MLmodel").read_text())
    return content


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines()


_SCHEMAS = """
import datetime, decimal, json, logging, warnings
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import numpy as np, pandas as pd
from mlflow.models import Model, ModelSignature, infer_signature
from mlflow.pyfunc import PyFuncModel
from mlflow.types.schema import ColSpec, Schema

DATA = {
    "frame": pd.DataFrame({
        "a": [1, 2], "b": [1.0, None], "c": ["x", None], "d": [True, False],
        "e": pd.to_datetime(["2024-01-01", None]), "f": [b"x", b"y"],
        "g": pd.Series([1, 2], dtype="int8"), "h": pd.Series([1, 2], dtype="float32"),
        "i": [[1, 2], [3]], "j": [{"k": 1}, {"k": 2, "z": "x"}], "l": [None, None],
    }),
    "unnamed": pd.DataFrame([[1, 2.0]]),
    "series": pd.Series([1, 2], name="s"),
    "array": np.zeros((3, 2), "f4"), "texts": np.array(["a", "bcd"]),
    "arrays": {"a": np.zeros(2), "b": np.zeros((2, 2), "i4")},
    "dict": {"a": 1, "b": "x", "c": [1.5], "d": {"e": True}, "f": None},
    "dicts": [{"a": 1}, {"a": 2, "b": "x"}], "list": ["a", "b"], "lists": [[1], [2, 3]],
    "scalar": 1.5, "mixed": [1, "x"], "decimal": pd.DataFrame({"a": [decimal.Decimal(1)]}),
}
COLUMNS = {
    name: pd.Series([0, 1]).astype(name)
    for name in ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
                 "float16", "float32", "float64", "Int64", "Float64", "object", "category",
                 "string", "datetime64[s]")
}
COLUMNS |= {
    "large": pd.Series([1, 2]), "missing": pd.Series([1, None]),
    "objects": pd.Series([1, None], dtype=object), "fraction": pd.Series([1.5, 2], dtype=object),
    "words": pd.Series(["a", None], dtype=object), "bytes": pd.Series([b"a", b"b"]),
    "dates": pd.Series([datetime.date(2024, 1, 1)] * 2), "none": pd.Series([None, None]),
    "spans": pd.to_timedelta(pd.Series([1, 2]), unit="s"),
}
TYPES = ("boolean", "integer", "long", "float", "double", "string", "datetime")

class Echo:
    def predict(self, data):
        return data

def enforced(kind, column):
    model = Model(signature=ModelSignature(inputs=Schema([ColSpec(kind, "a")])))
    model.add_flavor("python_function", loader_module="x")
    try:
        frame = PyFuncModel(model, Echo()).predict(pd.DataFrame({"a": column}))
    except Exception as error:
        return type(error).__name__, getattr(error, "error_code", None)
    return str(frame["a"].dtype), [str(value) for value in frame["a"]]

def main(_):
    return {
        "inferred": {name: infer_signature(data).to_dict() for name, data in DATA.items()},
        "enforced": {
            f"{name} as {kind}": enforced(kind, column)
            for kind in TYPES for name, column in COLUMNS.items()
        },
    }
"""


def test_schemas_and_coercion_are_upstreams() -> None:
    """Every kind of data has the same schema, and every column is converted or refused alike."""
    theirs = run_script(upstream_python(), _SCHEMAS, None)
    ours = run_script(our_python(), _SCHEMAS, None)
    assert ours["inferred"] == theirs["inferred"]
    different = {
        case: (ours["enforced"][case], answer)
        for case, answer in theirs["enforced"].items()
        if ours["enforced"][case] != answer
    }
    assert different == {}
