"""What every kind of rich artifact needs: checked paths, notes in a run's tags, typed errors."""

from __future__ import annotations

from posixpath import splitext
from typing import TYPE_CHECKING, NamedTuple

from mlflow._core.paths import relative_path
from mlflow.exceptions import INVALID_PARAMETER_VALUE, MlflowException

if TYPE_CHECKING:
    from collections.abc import Callable


class RunTags(NamedTuple):
    """How to read and set one tag of the run that is logged to."""

    get: Callable[[str], str | None]
    set: Callable[[str, str], None]


class WrongTypeError(MlflowException, TypeError):
    """An argument is of a type that cannot be logged."""

    def __init__(self, message: str) -> None:
        """Set the code of a bad argument."""
        super().__init__(message, INVALID_PARAMETER_VALUE)


class WrongValueError(MlflowException, ValueError):
    """An argument has a value that cannot be logged."""

    def __init__(self, message: str) -> None:
        """Set the code of a bad argument."""
        super().__init__(message, INVALID_PARAMETER_VALUE)


def file_path(artifact_file: object) -> str:
    """Return the canonical path of a file to log.

    Args:
        artifact_file: A relative path, text or ``PurePath``.

    Raises:
        MlflowException: the path leaves the root or names no file.
    """
    path = relative_path(artifact_file)
    if not path:
        raise WrongValueError(
            f"Invalid artifact file {artifact_file!r}: give the path of a file, such as 'a.txt'."
        )
    return path


def suffix_of(path: str) -> str:
    """Return a path's suffix with its dot, "" when it has none."""
    return splitext(path)[1]
