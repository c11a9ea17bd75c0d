"""Libraries that only some kinds of data need."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def require(module: str, what: str) -> Any:
    """Return a module of an optional library.

    Args:
        module: Its name.
        what: What needs it, as the error says it.

    Raises:
        ModuleNotFoundError: the library is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        library = module.partition(".")[0]
        raise ModuleNotFoundError(
            f"{what} needs the library {library!r}, which is not installed: pip install {library}",
            name=library,
        ) from error
