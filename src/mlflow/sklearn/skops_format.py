"""The skops format: estimators as JSON and arrays, their types checked against a list.

What is plain is read without skops, in a fraction of its time, and its trees are looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow._flavor.estimators import DAMAGE, SkopsFile, dump_skops, load_skops, unreadable_skops
from mlflow.exceptions import MlflowException
from mlflow.sklearn import plain_skops
from mlflow.sklearn.node_checks import HostileError
from mlflow.sklearn.plain_types import NotPlainError

if TYPE_CHECKING:
    from pathlib import Path


def dump(model: Any, path: Path) -> SkopsFile:
    """Write an estimator.

    Args:
        model: The estimator.
        path: The file; it is not written if skops cannot hold the model.
    """
    if plain_skops.is_usable():
        try:
            return plain_skops.write(model, path)
        except NotPlainError:
            pass
    return dump_skops(model, path)


def load(path: Path) -> Any:
    """Return the estimator in a file; see ``load_skops``.

    Args:
        path: The file.

    Raises:
        MlflowException: the file is damaged, its trees are none, or the policy refuses it.
    """
    try:
        try:
            return plain_skops.read(path)
        except NotPlainError:
            return load_skops(path, check=plain_skops.check_trees)
    except HostileError as error:
        raise MlflowException(
            f"{path.name} describes a model that cannot be: {error}. Predicting with it could"
            " crash the process, or never end; it is not loaded."
        ) from error
    except DAMAGE as error:
        raise unreadable_skops(path, error) from error
