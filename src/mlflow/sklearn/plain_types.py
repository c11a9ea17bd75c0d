"""The types of plain models: which classes may be made from a file, and who vouches for them.

Estimators of the installed scikit-learn, and what estimators are made of inside, each found
under the very name that the file gives. skops vouches for some of the inner classes; for the
others a check of ours does (``mlflow.sklearn.node_checks``), or that they are plain Python objects
whose methods only use their attributes.
"""

from __future__ import annotations

import importlib
import inspect
from typing import Any, Final

_ALL: Final = ""  # a prefix of every name
_TREE: Final = ("sklearn.tree._tree", "Tree")
_BUNCH: Final = ("sklearn.utils._bunch", "Bunch")
# Prefixes of names by module; skops vouches for the first ones too.
_INNER: Final[dict[str, tuple[str, ...]]] = {
    "sklearn._loss.link": (_ALL,),
    "sklearn._loss.loss": (_ALL,),
    "sklearn.ensemble._hist_gradient_boosting.binning": ("_BinMapper",),
}
_OURS: Final[dict[str, tuple[str, ...]]] = {
    "sklearn.calibration": ("_CalibratedClassifier",),
    "sklearn.ensemble._hist_gradient_boosting.predictor": ("TreePredictor",),
    "sklearn.gaussian_process.kernels": (_ALL,),
    "sklearn.metrics._dist_metrics": (
        *("EuclideanDistance", "ManhattanDistance", "ChebyshevDistance", "MinkowskiDistance"),
    ),
    "sklearn.metrics._scorer": ("_PassthroughScorer",),
    "sklearn.model_selection._split": (_ALL,),
    "sklearn.neighbors._ball_tree": ("BallTree",),
    "sklearn.neighbors._kd_tree": ("KDTree",),
    "sklearn.neural_network._stochastic_optimizers": ("AdamOptimizer", "SGDOptimizer"),
}
_LOSSES: Final[dict[str, tuple[str, ...]]] = {
    "sklearn._loss._loss": ("Cy",),
    "sklearn.linear_model._sgd_fast": (
        *("Hinge", "SquaredHinge", "ModifiedHuber", "EpsilonInsensitive"),
        *("SquaredEpsilonInsensitive", "Huber", "Log", "SquaredLoss"),
    ),
}
_CHECK_ARRAY: Final = ("sklearn.utils.validation", "check_array")
_FUNCTIONS: Final[dict[str, tuple[str, ...]]] = {
    _CHECK_ARRAY[0]: (_CHECK_ARRAY[1],),
    "sklearn.feature_selection._mutual_info": ("mutual_info_",),
    "sklearn.feature_selection._univariate_selection": (
        *("f_classif", "f_regression", "f_oneway", "chi2", "r_regression"),
    ),
}
# Parts of module names where scikit-learn's own list of estimators does not look either.
_NOT_PUBLIC: Final = frozenset(
    {"tests", "externals", "setup", "conftest", "experimental", "estimator_checks"}
)


class NotPlainError(Exception):
    """The model is made of more than is known here."""


def _find(module: str, name: str) -> type:
    try:
        found = getattr(importlib.import_module(module), name, None)
    except ImportError as error:
        raise NotPlainError(module) from error
    if not isinstance(found, type) or (found.__module__, found.__qualname__) != (module, name):
        raise NotPlainError(f"{module}.{name}")
    return found


def _is_in(table: dict[str, tuple[str, ...]], module: str, name: str) -> bool:
    return name.startswith(table[module]) if module in table else False


def object_class(module: str, name: str) -> Any:
    """Return a class whose objects are made from their state.

    Args:
        module: The class's module.
        name: Its name.

    Raises:
        NotPlainError: there is none of this name, or nobody vouches for it.
    """
    parts = module.split(".")
    if _is_in(_INNER, module, name) or _is_in(_OURS, module, name):
        return _find(module, name)
    if parts[0] != "sklearn" or _NOT_PUBLIC.intersection(parts):
        raise NotPlainError(f"{module}.{name}")
    from sklearn.base import BaseEstimator  # noqa: PLC0415 - optional package

    found = _find(module, name)
    if not issubclass(found, BaseEstimator) or inspect.isabstract(found):
        raise NotPlainError(f"{module}.{name}")
    return found


def loss_class(module: str, name: str) -> Any:
    """Return a class of compiled loss functions, which are made from numbers.

    Args:
        module: The class's module.
        name: Its name.

    Raises:
        NotPlainError: there is none of this name.
    """
    if not is_loss(module, name):
        raise NotPlainError(f"{module}.{name}")
    return _find(module, name)


def is_loss(module: str, name: str) -> bool:
    """Return whether a name is that of a compiled loss function."""
    return _is_in(_LOSSES, module, name)


def is_tree(module: str, name: str) -> bool:
    """Return whether a name is that of scikit-learn's compiled tree."""
    return (module, name) == _TREE


def tree_class() -> Any:
    """Return scikit-learn's compiled tree."""
    return _find(*_TREE)


def mapping_class(module: str, name: str) -> Any:
    """Return a class of dictionaries.

    Args:
        module: The class's module.
        name: Its name.

    Raises:
        NotPlainError: it is none of those that are known.
    """
    if (module, name) == ("builtins", "dict"):
        return dict
    if (module, name) == _BUNCH:
        return _find(module, name)
    raise NotPlainError(f"{module}.{name}")


def function(module: str, name: str) -> Any:
    """Return a function that models call: a pure one of scikit-learn, or numpy's on elements.

    Args:
        module: Its module.
        name: Its name.

    Raises:
        NotPlainError: it is none of those that are known.
    """
    if module == "numpy":
        import numpy as np  # noqa: PLC0415 - optional package

        found = getattr(np, name, None)
        if type(found) is np.ufunc and found.__name__ == name:
            return found
    elif _is_in(_FUNCTIONS, module, name):
        found = getattr(importlib.import_module(module), name, None)
        if inspect.isfunction(found) and (found.__module__, found.__name__) == (module, name):
            return found
    raise NotPlainError(f"{module}.{name}")


def vouched_here_only(module: str, name: str) -> bool:
    """Return whether skops, unlike this package, does not vouch for a class."""
    is_ours = (module, name) in (_TREE, _BUNCH, ("functools", "partial"))
    is_private = name.startswith("_") and module.startswith("sklearn.")
    is_ours = is_ours or (is_private and not _is_in(_INNER, module, name))
    return is_ours or _is_in(_OURS, module, name) or _is_in(_FUNCTIONS, module, name)
