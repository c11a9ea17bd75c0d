"""State dictionaries: the weights of a PyTorch module by themselves."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.load import model_file
from mlflow.models.choke import load_torch, reading_from
from mlflow.models.location import fetch_model
from mlflow.tracking.fluent import log_artifacts

if TYPE_CHECKING:
    import os

_STATE_FILE: Final = "state_dict.pth"


def save_state_dict(
    state_dict: dict[str, Any], path: str | os.PathLike[str], **kwargs: Any
) -> None:
    """Save a state dictionary into a folder.

    Args:
        state_dict: What ``state_dict()`` of a module or an optimizer returns.
        path: The folder.
        **kwargs: Passed to ``torch.save``.

    Raises:
        TypeError: it is no dictionary.
    """
    import torch  # noqa: PLC0415 - optional package

    if not isinstance(state_dict, dict):
        raise TypeError(
            f"Invalid object type for `state_dict`: {type(state_dict)}. Must be an instance of"
            " `dict`"
        )
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(state_dict, folder / _STATE_FILE, **kwargs)


def log_state_dict(state_dict: dict[str, Any], artifact_path: str, **kwargs: Any) -> None:
    """Log a state dictionary as an artifact of the active run.

    Args:
        state_dict: See ``save_state_dict``.
        artifact_path: The folder in the run's artifacts.
        **kwargs: Passed to ``torch.save``.
    """
    with tempfile.TemporaryDirectory() as folder:
        save_state_dict(state_dict, folder, **kwargs)
        log_artifacts(folder, artifact_path)


def load_state_dict(state_dict_uri: str, **kwargs: Any) -> dict[str, Any]:
    """Return a state dictionary; one of tensors alone runs no code.

    Args:
        state_dict_uri: The folder, as a path or a URI.
        **kwargs: Passed to ``torch.load``.
    """
    folder = fetch_model(state_dict_uri)
    with reading_from(folder.origin):
        found: dict[str, Any] = load_torch(model_file(folder.path, _STATE_FILE), **kwargs)
    return found
