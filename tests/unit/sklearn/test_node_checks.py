"""Trees of a file: whatever is done to their nodes, they are refused or predict."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest
import skops.io
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from mlflow.exceptions import MlflowException
from mlflow.sklearn import skops_format
from mlflow.sklearn.node_checks import HostileError, check_tree
from tests.waiting import readable

if TYPE_CHECKING:
    from collections.abc import Callable

WORKER: Final = Path(__file__).with_name("hostile_worker.py")
SECONDS: Final = 60
MODELS: Final = (
    *("forest", "extra trees", "boosting", "histograms", "isolation", "kd tree", "ball tree"),
)
NUMBERS: Final = st.one_of(
    st.integers(-3, 20), st.sampled_from([-(2**31), 2**31 - 1, 2**31, 2**40, 10**6, 255, 256])
)
EDIT: Final = st.fixed_dictionaries(
    {
        "where": st.integers(0, 2),
        "member": st.integers(0, 400),
        "kind": st.integers(0, 6),
        "field": st.integers(0, 20),
        "row": st.integers(0, 400),
        "value": NUMBERS,
    }
)


def _set(**fields: Any) -> Callable[[Any], None]:
    """Return an edit of a tree's nodes: each field at the row of its value."""

    def edit(state: dict[str, Any]) -> None:
        for name, (row, value) in fields.items():
            state["nodes"][name][row] = value

    return edit


def _deeper(state: dict[str, Any]) -> None:
    state["max_depth"] -= 1


def _more(state: dict[str, Any]) -> None:
    state["node_count"] += 1


def _fewer_values(state: dict[str, Any]) -> None:
    state["values"] = state["values"][:-1].copy()


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (_set(left_child=(0, 99)), "a child that there is not"),
        (_set(left_child=(0, 0)), "a cycle"),
        (_set(right_child=(0, -5)), "a child that there is not"),
        (_set(right_child=(0, 2)), "a node without a parent"),
        (_set(feature=(0, 2)), "a feature that there is not"),
        (_set(feature=(0, -2)), "a feature that there is not"),
        (_deeper, "a tree deeper than it says"),
        (_more, "another number of nodes"),
        (_fewer_values, "values of another shape"),
    ],
)
def test_a_bad_tree_is_a_clear_error(edit: Callable[[Any], None], message: str) -> None:
    """What is wrong with a tree's nodes is said."""
    data = np.random.default_rng(0).normal(size=(40, 2))
    model = DecisionTreeClassifier(max_depth=3).fit(data, data[:, 0] * data[:, 1] > 0)
    state = model.tree_.__getstate__()
    edit(state)
    with pytest.raises(HostileError, match=message):
        check_tree((2, np.array([2]), 1), state)


def test_nodes_of_an_older_release_get_the_field_that_they_lack() -> None:
    """Nodes from before missing values were known are read as trees that send them right."""
    model = DecisionTreeClassifier().fit([[0.0], [1.0], [2.0]], [0, 1, 0])
    state = model.tree_.__getstate__()
    names = [name for name in state["nodes"].dtype.names if name != "missing_go_to_left"]
    state["nodes"] = np.array(
        state["nodes"][names].tolist(),
        dtype=[(name, state["nodes"].dtype[name]) for name in names],
    )
    check_tree((1, np.array([2]), 1), state)
    assert state["nodes"].dtype == model.tree_.__getstate__()["nodes"].dtype


def _fitted(kind: Any, **options: Any) -> Any:
    data = np.random.default_rng(0).normal(size=(40, 3))
    return kind(**options).fit(data, data[:, 0] > 0)


def _wrong_width(model: Any) -> None:
    model.n_features_in_ = 2


def _method(model: Any) -> None:
    model._validate_X_predict = np.float32


def _outputs(model: Any) -> None:
    model.estimators_ = np.column_stack([model.estimators_, model.estimators_])


def _category(model: Any) -> None:
    model._predictors[0][0].nodes["is_categorical"][0] = 1


def _one_feature_more(model: Any) -> None:
    model._predictors[0][0].nodes["feature_idx"][0] = 3


def _wrong_points(model: Any) -> None:
    model._fit_X = model._fit_X[:, :2].copy()


@pytest.mark.parametrize(
    ("model", "edit", "message"),
    [
        (_fitted(DecisionTreeClassifier), _wrong_width, "a tree of other features"),
        (_fitted(DecisionTreeClassifier), _method, "the place of the method"),
        (_fitted(GradientBoostingClassifier, n_estimators=1), _wrong_width, "features"),
        (_fitted(GradientBoostingClassifier, n_estimators=1), _outputs, "number of outputs"),
        (_fitted(HistGradientBoostingClassifier, max_iter=1), _category, "other bitsets"),
        (_fitted(HistGradientBoostingClassifier, max_iter=1), _one_feature_more, "a feature that"),
        (_fitted(KNeighborsClassifier), _wrong_points, "points of other features"),
    ],
)
def test_estimators_that_let_foreign_data_through_are_a_clear_error(
    tmp_path: Path,
    model: Any,
    edit: Callable[[Any], None],
    message: str,
) -> None:
    """An estimator whose own attributes would give its trees other data is not loaded."""
    edit(model)
    skops.io.dump(model, tmp_path / "m.skops")
    with pytest.raises(MlflowException, match=message):
        skops_format.load(tmp_path / "m.skops")


class _Worker:
    """A process that tries models, started again after a crash so that cases can be narrowed."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None

    def ask(self, case: dict[str, Any]) -> str:
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, str(WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(case) + "\n")
        self.process.stdin.flush()
        ready = readable(self.process.stdout, SECONDS)
        answer = self.process.stdout.readline().strip() if ready else "no end"
        if answer not in ("used", "refused"):
            self.stop()
        return answer or "crash"

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


@pytest.fixture(scope="module")
def worker() -> Any:
    """Give a worker to all tests of the module."""
    made = _Worker()
    yield made
    made.stop()


@given(model=st.sampled_from(MODELS), edits=st.lists(EDIT, min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_no_edit_of_a_tree_crashes(
    worker: _Worker, model: str, edits: list[dict[str, int]]
) -> None:
    """Numbers, lengths and types at random: an error, or predictions."""
    assert worker.ask({"model": model, "edits": edits}) in ("used", "refused")
