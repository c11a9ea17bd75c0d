"""Pickled Python models of other implementations, whose pickles hold more than the model.

Upstream puts a function that traces around the methods of agents, and cloudpickle writes it by
value, with the names of what it calls. What of these is not built is a stand-in while the pickle is
read; then the function around the method is taken off.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.lazy import unbuilt

if TYPE_CHECKING:
    from collections.abc import Callable

_MARK: Final = "__mlflow_traced__"  # of such a function, and of those around it
_METHODS: Final = ("predict", "predict_stream")


def find(default: Callable[[str, str], Any], module_name: str, name: str) -> Any:
    """Return what a pickle names, or a stand-in for a name of the interface.

    Args:
        default: What finds other names.
        module_name: The module.
        name: The name in it.
    """
    if (module_name, name) == ("cloudpickle.cloudpickle", "subimport"):
        return _module
    try:
        return default(module_name, name)
    except (AttributeError, ImportError):
        if module_name.partition(".")[0] != "mlflow":
            raise
        return unbuilt(name, module_name)


def _module(name: str) -> ModuleType:
    """Return a module, an empty one for a module of the interface that is not built."""
    try:
        import_module(name)
    except ImportError:
        if name.partition(".")[0] != "mlflow":
            raise
        return ModuleType(name)
    return sys.modules[name]


def without_tracing(python_model: Any) -> Any:
    """Return a model whose methods are the user's own again, where functions that trace were.

    Args:
        python_model: The model; its class is changed, which only a pickle by value holds.
    """
    for owner in type(python_model).__mro__:
        own = {name: getattr(owner.__dict__.get(name), "__dict__", ()) for name in _METHODS}
        traced = [name for name in _METHODS if _MARK in own[name]]
        for name in traced:
            method = owner.__dict__[name]
            while _MARK in method.__dict__ and hasattr(method, "__wrapped__"):
                method = method.__wrapped__
            setattr(owner, name, method)
        if traced:
            parents: Any = super(owner, owner)
            parents.__init_subclass__()  # our own check around them
    return python_model
