"""PEFT adapters: a few weights of their own on top of a model's."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOLDER: Final = "peft"
# Modules that an adapter stands around, and those that it has a trained copy of.
_ORIGINALS: Final = re.compile(r"\.(base_layer|original_module)\.")
_COPIES: Final = ".modules_to_save."


def is_adapted(model: Any) -> bool:
    """Return whether a model is one of PEFT's, with an adapter."""
    if find_spec("peft") is None:
        return False
    import peft  # noqa: PLC0415 - optional package

    return isinstance(model, peft.PeftModel)


def base_of(model: Any) -> Any:
    """Return the model that is below an adapter, or the model itself if it has none."""
    return model.get_base_model() if is_adapted(model) else model


def base_weights(model: Any) -> Mapping[str, Any]:
    """Return the weights of the model below an adapter under the names that they had without it.

    Args:
        model: A model with an adapter.
    """
    prefix = getattr(model.base_model, "prefix", None)  # of the adapter's own weights
    return {
        _ORIGINALS.sub(".", name): value
        for name, value in model.get_base_model().state_dict().items()
        if not (prefix and prefix in name) and _COPIES not in name
    }


def read_adapted(base: Any, folder: Path) -> Any:
    """Return a model with the adapter of a folder on top of it.

    Args:
        base: The model.
        folder: The adapter's folder.

    Raises:
        MlflowException: PEFT is not installed.
    """
    if find_spec("peft") is None:
        raise MlflowException("The model has an adapter, which needs the package peft")
    import peft  # noqa: PLC0415 - optional package

    return peft.PeftModel.from_pretrained(base, folder).eval()
