"""Predictions from a DataFrame of doubles at the price of an array: a fifth for one row.

scikit-learn compares a DataFrame's columns with those it was fitted with, then makes an array of
it, column by column. When the columns are the same and the table is one block of doubles, the array
is there already, and a twin of the estimator that knows no names takes it without a word.
"""

from __future__ import annotations

import copy
import sys
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES: Final = "feature_names_in_"
FUNCTIONS: Final = frozenset({"predict", "predict_proba", "predict_log_proba", "decision_function"})
# Their parts are given columns by name, or whatever the caller's function wants.
_BY_NAME: Final = ("sklearn.compose", "sklearn.pipeline")


def array_call(estimator: Any, name: str) -> Callable[..., Any] | None:
    """Return a function of an estimator that takes tables as arrays, None where it may not.

    Args:
        estimator: Fitted.
        name: The function's name.
    """
    call: Callable[..., Any] = getattr(estimator, name)
    module = type(estimator).__module__
    if name not in FUNCTIONS or not module.startswith("sklearn.") or module.startswith(_BY_NAME):
        return None
    if NAMES not in vars(estimator) or any(map(_knows_names, vars(estimator).values())):
        return None
    twin = copy.copy(estimator)
    delattr(twin, NAMES)
    quick: Callable[..., Any] = getattr(twin, name)
    names = vars(estimator)[NAMES].tolist()

    def from_array(data: Any, *args: Any, **kwargs: Any) -> Any:
        pandas = sys.modules.get("pandas")
        if pandas is not None and type(data) is pandas.DataFrame and data.columns.tolist() == names:
            array = data.to_numpy()
            if array.dtype == float:
                return quick(array, *args, **kwargs)
        return call(data, *args, **kwargs)

    return from_array


def _knows_names(part: Any) -> bool:
    """Return whether a part of an estimator was fitted with names: it would miss them."""
    if isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, (list, tuple)):
        return any(map(_knows_names, part))
    return hasattr(part, NAMES)
