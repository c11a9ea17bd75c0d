"""The choke point: every format that can run code when it is read is read here, nowhere else.

Three rules, in this order. A format that can run code is refused everywhere when
``MLFLOW_ALLOW_PICKLE_DESERIALIZATION`` is false. It is refused from a remote location that no
store of ours named. What a model's own files say about trust is never asked: an attacker writes
them too.
"""

from __future__ import annotations

import logging
import pickle
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from mlflow.environment_variables import MLFLOW_ALLOW_PICKLE_DESERIALIZATION
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_logger = logging.getLogger(__name__)


class Origin(Enum):
    """Where a model's files come from."""

    LOCAL = "local"  # a path on this machine
    STORE = "store"  # a location that the tracking or registry store gave for an id
    REMOTE = "remote"  # a remote location that the caller named


_origin: Final[ContextVar[Origin]] = ContextVar("mlflow_model_origin", default=Origin.LOCAL)


@contextmanager
def reading_from(origin: Origin) -> Iterator[None]:
    """Say where the files come from that the block reads."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


def admit_code(format_name: str, path: Path) -> None:
    """Refuse a file in a format that can run code, where the policy says so.

    Args:
        format_name: What to call the format.
        path: The file that is about to be read.

    Raises:
        MlflowException: INTERNAL_ERROR, saying how to load the model all the same.
    """
    if not MLFLOW_ALLOW_PICKLE_DESERIALIZATION.get():
        raise MlflowException(
            f"{path.name} is in the {format_name} format, which can run any code when it is read,"
            " and the environment variable MLFLOW_ALLOW_PICKLE_DESERIALIZATION is false. Save the"
            " model in a format without code ('skops' for scikit-learn), or set the variable to"
            " true if you trust whoever wrote it."
        )
    if _origin.get() is Origin.REMOTE:
        raise MlflowException(
            f"{path.name} is in the {format_name} format, which can run any code when it is read,"
            " and it comes from a remote location that is not this tracking store's. If you trust"
            " it, download it first (mlflow.artifacts.download_artifacts) and load the local"
            " copy."
        )


def load_pickle(path: Path, *, format_name: str = "pickle") -> Any:
    """Return the object in a file that pickle or cloudpickle wrote, if the policy admits it.

    Args:
        path: The file.
        format_name: What to call the format in an error.
    """
    admit_code(format_name, path)
    with path.open("rb") as file:
        return pickle.load(file)  # noqa: S301 - the one place, after the policy


def dump_pickle(value: Any, path: Path, *, format_name: str = "cloudpickle") -> None:
    """Write an object with pickle or cloudpickle.

    Args:
        value: The object.
        path: The file.
        format_name: ``pickle`` or ``cloudpickle``.
    """
    dump: Any = pickle.dump
    if format_name != "pickle":
        import cloudpickle  # noqa: PLC0415 - 20 ms that models in skops do not need

        dump = cloudpickle.dump
    with path.open("wb") as file:
        dump(value, file, protocol=pickle.DEFAULT_PROTOCOL)
