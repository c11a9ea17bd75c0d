"""A directory that stands for a store: the database in it, unless upstream keeps files there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from mlflow._core.uri import local_path
from mlflow.exceptions import INVALID_STATE, MlflowException

# The database of a store that was named by its folder.
FOLDER_DATABASE: Final = "headrace.db"
# In every experiment's folder of a file store that upstream wrote.
_FOREIGN_FILE: Final = "meta.yaml"


def folder_database(uri: str) -> Path:
    """Return the path of the database in a directory, which is made if need be.

    Args:
        uri: A path or a ``file:`` URI.

    Raises:
        MlflowException: the directory holds a file store of upstream's, or cannot be made.
    """
    folder = Path(os.path.abspath(local_path(uri).expanduser()))  # noqa: PTH100 - ".." resolves
    if is_foreign_folder(folder):
        raise MlflowException(
            f"The directory {str(folder)!r} holds a file store that MLflow wrote (its experiments' "
            f"folders hold {_FOREIGN_FILE}). Headrace does not read such stores and has not "
            "touched it. Choose another place, for example "
            "mlflow.set_tracking_uri('sqlite:///headrace.db') or MLFLOW_TRACKING_URI=./runs, "
            "or run from another directory.",
            INVALID_STATE,
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MlflowException.invalid_parameter_value(
            f"The tracking URI {uri!r} names the directory {str(folder)!r}, which cannot be made: "
            f"{error}. Choose a directory that can be written to."
        ) from error
    return folder / FOLDER_DATABASE


def is_foreign_folder(folder: Path) -> bool:
    """Return whether upstream keeps experiments in a directory as files."""
    return next(folder.glob(f"*/{_FOREIGN_FILE}"), None) is not None
