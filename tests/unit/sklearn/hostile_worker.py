"""A program that reads damaged models and predicts with them, for the test of node checks.

It reads a line of JSON for each case and answers with one: ``refused``, or ``used``. A case that
crashes the program has no answer.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import sys
import tempfile
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import (
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    IsolationForest,
    RandomForestClassifier,
)
from sklearn.neighbors import KNeighborsClassifier

from mlflow._flavor.estimators import nodes_of
from mlflow.exceptions import MlflowException
from mlflow.sklearn import plain_skops, skops_format

RANDOM = np.random.default_rng(0)
DATA = np.column_stack([RANDOM.normal(size=(60, 3)), RANDOM.integers(0, 4, 60)])
TARGET = RANDOM.integers(0, 3, 60)
MODELS: dict[str, Any] = {
    "forest": RandomForestClassifier(2, max_depth=3),
    "extra trees": ExtraTreesRegressor(2, max_depth=3),
    "boosting": GradientBoostingClassifier(n_estimators=2),
    "histograms": HistGradientBoostingClassifier(
        max_iter=2, min_samples_leaf=2, categorical_features=[3]
    ),
    "isolation": IsolationForest(n_estimators=2, max_features=3),
    "kd tree": KNeighborsClassifier(algorithm="kd_tree", leaf_size=5),
    "ball tree": KNeighborsClassifier(algorithm="ball_tree", leaf_size=5),
}
USES = (
    *("predict", "predict_proba", "decision_function", "score_samples", "apply", "decision_path"),
    *("kneighbors", "staged_predict"),
)


def edit_array(data: bytes, edit: dict[str, int]) -> bytes:
    """Return a .npy file with one number of it replaced, or of another length or type."""
    array = np.load(io.BytesIO(data))
    if edit["kind"] == 1 and array.ndim:
        array = array[: edit["row"] % (len(array) + 1)]
    elif edit["kind"] == 2 and array.ndim:
        array = np.concatenate([array, array[-1:]])
    elif edit["kind"] == 3 and array.dtype.names is None:
        array = array.astype([np.int8, np.int32, np.float32, np.float64][edit["field"] % 4])
    elif array.size:
        array = array.copy()
        part = array
        if array.dtype.names:
            part = array[array.dtype.names[edit["field"] % len(array.dtype.names)]]
        with np.errstate(all="ignore"):
            part.reshape(-1)[edit["row"] % part.size] = np.array(edit["value"]).astype(part.dtype)
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def edit_schema(data: bytes, edit: dict[str, int]) -> bytes:
    """Return a schema with one of its numbers replaced."""
    schema = json.loads(data)
    numbers = [
        node
        for node in nodes_of(schema)
        if node.get("__loader__") == "JsonNode" and node["content"].lstrip("-").isdigit()
    ]
    chosen = numbers[edit["row"] % len(numbers)]
    content, identity = str(edit["value"]), chosen.get("__id__")
    for node in numbers:
        if node is chosen or (edit["kind"] and node.get("__id__") == identity):
            node["content"] = content
            node.pop("__id__", None)
    return json.dumps(schema).encode()


def damaged(path: Path, edits: list[dict[str, int]]) -> Path:
    """Write a copy of a model with all the edits."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    names = sorted(members)
    structured = [name for name in names if b"descr': [" in members[name]]
    for edit in edits:
        group = (structured or names, names, ["schema.json"])[edit["where"]]
        name = group[edit["member"] % len(group)]
        change = edit_schema if name == "schema.json" else edit_array
        members[name] = change(members[name], edit)
    target = path.with_name("damaged.skops")
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target


def use(path: Path) -> str:
    """Load a model and do all that it can; only a crash is a failure."""
    try:
        model = skops_format.load(path)
    except MlflowException:
        return "refused"
    for name in USES:
        with contextlib.suppress(Exception):  # any Python error will do
            result = getattr(model, name)(DATA)
            list(result) if name == "staged_predict" else result
    return "used"


def main() -> None:
    """Answer until there are no more lines."""
    warnings.simplefilter("ignore")
    answers = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # an edit can make a model talk
    resource.setrlimit(resource.RLIMIT_AS, (1 << 33, 1 << 33))
    folder = Path(tempfile.mkdtemp())
    for name, model in MODELS.items():
        plain_skops.write(model.fit(DATA, TARGET), folder / f"{name}.skops")
        assert use(folder / f"{name}.skops") == "used", name
    for line in sys.stdin:
        case = json.loads(line)
        answer = use(damaged(folder / f"{case['model']}.skops", case["edits"]))
        os.write(answers, f"{answer}\n".encode())


if __name__ == "__main__":
    main()
