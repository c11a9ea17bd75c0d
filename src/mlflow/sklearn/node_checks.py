"""Evidence that trees of a file are trees: scikit-learn follows their indices without looking.

A child or a feature index out of range reads or writes foreign memory at the first prediction, and
a cycle never ends. So before an estimator is handed out, every node of every tree is looked at, and
that the estimators around it let through only data that have the features which it asks for.
"""

from __future__ import annotations

import re
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from mlflow.sklearn.plain_types import tree_class

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LEAF: Final = -1
_BITSET_WORDS: Final = 8  # of 32 bits: one for each of 256 categories
_MOST: Final = 1 << 31
_LEVELS: Final = 40
_METRICS: Final = ("Distance", "Distance32", "Distance64")


class HostileError(ValueError):
    """The file describes a model that would crash or never end."""


def _require(holds: Any, what: str = "arrays of other kinds") -> None:
    if not holds:
        raise HostileError(what)


def _is_count(value: Any, least: int = 1) -> bool:
    return type(value) is int and least <= value < _MOST


def check_tree(args: Any, state: Any) -> None:
    """Check what scikit-learn's compiled tree is made from; bring older nodes up to date.

    Args:
        args: Of its constructor: the number of features, of classes of each output, of outputs.
        state: Its nodes and values, and how many and how deep they are.

    Raises:
        HostileError: it is no tree, or it asks for features that there are not.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    _require(type(args) is tuple and len(args) == 3, "a tree of other arguments")  # noqa: PLR2004
    n_features, n_classes, n_outputs = args
    _require(_is_count(n_features) and _is_count(n_outputs), "a tree without features or outputs")
    is_array = type(n_classes) is np.ndarray and n_classes.dtype.kind in "iu"
    _require(is_array and n_classes.shape == (n_outputs,), "a tree of other classes")
    _require(n_classes.min() >= 1 and n_classes.max() < _MOST, "a tree of other classes")
    _require(type(state) is dict, "a tree without nodes")
    nodes = state["nodes"] = _up_to_date(state["nodes"])
    left, right, features = (nodes[name] for name in ("left_child", "right_child", "feature"))
    _require(nodes.ndim == 1 and left.dtype.kind == right.dtype.kind == features.dtype.kind == "i")
    count, values, depth = len(nodes), state["values"], state["max_depth"]
    is_same = type(state["node_count"]) is int and state["node_count"] == count
    _require(count and is_same, "a tree of another number of nodes")
    is_array = type(values) is np.ndarray and values.dtype == np.float64
    shape = (count, n_outputs, int(n_classes.max()))
    _require(is_array and values.shape == shape, "values of another shape than the tree's")
    is_leaf = left == _LEAF
    found = _depth(left, right, is_leaf)
    _require(type(depth) is int and found <= depth < _MOST, "a tree deeper than it says")
    _check_features(features[~is_leaf], n_features)


def _up_to_date(nodes: Any) -> Any:
    """Return the nodes of a tree with the fields that the installed scikit-learn has."""
    import numpy as np  # noqa: PLC0415 - optional package

    _require(type(nodes) is np.ndarray and nodes.dtype.names, "a tree without nodes")
    empty = tree_class()(1, np.array([1], dtype=np.intp), 1)
    wanted = empty.__getstate__()["nodes"].dtype
    lacking = set(wanted.names) - set(nodes.dtype.names)
    if lacking - {"missing_go_to_left"} or not lacking:
        return nodes
    newer = np.zeros(nodes.shape, dtype=wanted)
    for name in nodes.dtype.names:
        newer[name] = nodes[name]
    return newer


def _depth(left: Any, right: Any, is_leaf: Any) -> int:
    """Return the depth of a tree whose children all come after their parents.

    Raises:
        HostileError: a child comes before, is out of range, or is one of two parents or of none.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    parents = np.flatnonzero(~is_leaf)
    children = np.concatenate([left[parents], right[parents]]).astype(np.int64)
    is_after = children > np.concatenate([parents, parents])
    _require(
        is_after.all() and (children < len(left)).all(), "a child that there is not, or a cycle"
    )
    is_tree = np.array_equal(np.sort(children), np.arange(1, len(left)))
    _require(is_tree, "a node without a parent, or with two")
    depth, level = 0, parents[:1]
    while len(level):
        depth += 1
        below = np.concatenate([left[level], right[level]])
        level = below[~is_leaf[below]]
    return depth


def _check_features(features: Any, count: int) -> None:
    _require(((features >= 0) & (features < count)).all(), "a feature that there is not")


def check_state(kind: type, state: Any) -> None:
    """Check what an object is made from, by its class.

    Args:
        kind: The class.
        state: The state that the file gives.

    Raises:
        HostileError: an attribute takes a method's place, or what is compiled would get indices
            out of range.
    """
    special = _CHECKS.get(re.sub(r"(32|64)?$", "", kind.__name__))
    special = _check_metric if kind.__name__.endswith(_METRICS) else special
    if special is not None:
        special(state)
        return
    if state is None:
        return
    _require(type(state) is dict, f"{kind.__name__} with a state of its own")
    for name in state:
        is_method = type(name) is str and callable(getattr(kind, name, None))
        _require(not is_method, f"an attribute in the place of the method {name!r}")
    if "tree_" in state:
        tree = state["tree_"]
        _require(type(tree) is tree_class(), "a tree of another class")
        _require(_features(state) == tree.n_features, "a tree of other features")
    if "_fit_X" in state:
        _require(_features(state) == state["_fit_X"].shape[1], "points of other features")


def _features(state: Mapping[str, Any]) -> int:
    count = state["n_features_in_"]
    _require(_is_count(count), "a number of features that is none")
    return int(count)


def _check_predictor(state: Any) -> None:
    """Check one tree of histogram gradient boosting, but for how many features there are."""
    import numpy as np  # noqa: PLC0415 - optional package

    nodes = state["nodes"]
    _require(type(nodes) is np.ndarray and nodes.ndim == 1 and len(nodes), "a tree without nodes")
    _depth(nodes["left"], nodes["right"], nodes["is_leaf"] != 0)
    chosen = nodes["bitset_idx"][(nodes["is_leaf"] == 0) & (nodes["is_categorical"] != 0)]
    for name in ("raw_left_cat_bitsets", "binned_left_cat_bitsets"):
        bitsets = state[name]
        is_right = type(bitsets) is np.ndarray and bitsets.shape[1:] == (_BITSET_WORDS,)
        _require(is_right and bitsets.ndim == 2 and (chosen < len(bitsets)).all(), "other bitsets")  # noqa: PLR2004


def _check_neighbors(state: Any, bounds_of_each: int) -> None:
    """Check a KDTree or BallTree: a complete binary tree in an array, over slices of points."""
    import numpy as np  # noqa: PLC0415 - optional package

    points, order, nodes, bounds, _, n_levels, n_nodes, *_, metric, weights = state
    _require(type(points) is np.ndarray and points.ndim == 2, "points that are no table")  # noqa: PLR2004
    count, dimensions = points.shape
    _require(count and dimensions and points.flags.c_contiguous, "no points")
    _require(type(order) is np.ndarray and order.shape == (count,), "another number of points")
    _require(np.array_equal(np.sort(order), np.arange(count)), "a point that there is not")
    is_complete = _is_count(n_levels) and n_levels < _LEVELS and n_nodes == 2**n_levels - 1
    _require(is_complete, "another number of nodes")
    _require(type(nodes) is np.ndarray and nodes.shape == (n_nodes,), "another number of nodes")
    begin, end = nodes["idx_start"], nodes["idx_end"]
    _require(((begin >= 0) & (begin <= end) & (end <= count)).all(), "a node outside of the points")
    is_inner = nodes["is_leaf"] == 0
    _require(not is_inner[n_nodes // 2 :].any(), "a node without children")
    shape = (bounds_of_each, n_nodes, dimensions)
    _require(type(bounds) is np.ndarray and bounds.shape == shape, "other bounds of nodes")
    _require(weights is None or np.shape(weights) == (count,), "other weights")
    size = len(metric.__getstate__()[1])
    _require(size in (0, dimensions) or "Minkowski" not in type(metric).__name__, "other weights")


def check_made(made: Any) -> None:
    """Check an estimator whose trees get data that no tree has looked at.

    Args:
        made: The estimator.

    Raises:
        HostileError: its trees ask for features, or give outputs, that it does not have.
    """
    kinds = {kind.__name__ for kind in type(made).__mro__}
    state = vars(made) if hasattr(made, "__dict__") else {}
    if "BaseGradientBoosting" in kinds and "estimators_" in state:
        _check_boosting(made, state)
    if "BaseHistGradientBoosting" in kinds and "_predictors" in state:
        _check_histograms(state)


def _check_boosting(made: Any, state: Mapping[str, Any]) -> None:
    import numpy as np  # noqa: PLC0415 - optional package

    count, stages = _features(state), state["estimators_"]
    _require(type(stages) is np.ndarray and stages.ndim == 2 and stages.size, "other stages")  # noqa: PLR2004
    for tree in stages.flat:
        is_same = _features(vars(tree)) == tree.tree_.n_features == count
        _require(is_same and type(tree).__name__ == "DecisionTreeRegressor", "other features")
    try:
        start = made._raw_predict_init(np.zeros((1, count), dtype=np.float32))  # noqa: SLF001
    except Exception as error:
        raise HostileError(f"a start that fails: {error}") from error
    _require(np.shape(start) == (1, stages.shape[1]), "another number of outputs")


def _check_histograms(state: Mapping[str, Any]) -> None:
    import numpy as np  # noqa: PLC0415 - optional package

    count, mapper = _features(state), state["_bin_mapper"]
    if state["_preprocessor"] is not None:
        _check_columns(state["_preprocessor"], count)
    is_categorical = mapper.is_categorical_
    is_array = type(is_categorical) is np.ndarray and is_categorical.dtype.itemsize == 1
    _require(is_array and is_categorical.shape == (count,), "another number of features")
    for predictor in (one for stage in state["_predictors"] for one in stage):
        _require(type(predictor).__name__ == "TreePredictor", "trees of another class")
        inner = predictor.nodes[predictor.nodes["is_leaf"] == 0]
        _check_features(inner["feature_idx"], count)
        chosen = inner["feature_idx"][inner["is_categorical"] != 0]
        _require((is_categorical[chosen] != 0).all(), "categories of a number")


def _check_metric(state: Any) -> None:
    import numpy as np  # noqa: PLC0415 - optional package

    _require(type(state) is tuple and len(state) == 3, "a distance of other arguments")  # noqa: PLR2004
    kinds = tuple(type(item) for item in state)
    _require(kinds == (float, np.ndarray, np.ndarray), "a distance of other arguments")


def _check_columns(made: Any, count: int) -> None:
    """Check that what comes before the trees gives them a column for each feature."""
    import numpy as np  # noqa: PLC0415 - optional package

    _require(type(made).__name__ == "ColumnTransformer", "columns that are made in another way")
    for _, step, _ in made.transformers_:
        is_known = type(step).__name__ in ("OrdinalEncoder", "FunctionTransformer")
        _require(is_known or step == "drop", "columns that are made in another way")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the names that this row lacks
        try:
            row = made.transform(np.zeros((1, count), dtype=object))
        except Exception as error:
            raise HostileError(f"columns that cannot be made: {error}") from error
    _require(np.shape(row) == (1, count), "another number of columns")


_CHECKS: Final[Mapping[str, Callable[[Any], None]]] = {
    "TreePredictor": _check_predictor,
    "KDTree": partial(_check_neighbors, bounds_of_each=2),
    "BallTree": partial(_check_neighbors, bounds_of_each=1),
}
