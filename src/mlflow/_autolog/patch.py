"""Patches: where they stand, how they are put on and taken off."""

from __future__ import annotations

import functools
import inspect
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.run import with_managed_run
from mlflow._autolog.session import is_training, run_patched
from mlflow._autolog.state import AUTOLOGGING_INTEGRATIONS, SWITCH, THREAD
from mlflow.tracking import fluent

if TYPE_CHECKING:
    from collections.abc import Callable

_ABSENT: Final = object()


class _Patch:
    """A patched attribute of a class or module."""

    def __init__(self, flavor: str, destination: Any, name: str) -> None:
        self.flavor = flavor
        self.destination = destination
        self.name = name
        self.active = True
        self.before = vars(destination).get(name, _ABSENT)
        self.installed: Any = None

    def install(self, replacement: Any) -> None:
        """Put the replacement in place."""
        setattr(self.destination, self.name, replacement)
        self.installed = vars(self.destination)[self.name]

    def revert(self) -> None:
        """Put back the very object that stood there; what others put on top of it stays.

        A patch below another one is left in its chain and only passes calls on.
        """
        self.active = False
        if vars(self.destination).get(self.name) is not self.installed:
            return
        if self.before is _ABSENT:
            delattr(self.destination, self.name)
        else:
            setattr(self.destination, self.name, self.before)


# Integration -> its patches, in the order in which they were put on.
_PATCHES: Final[dict[str, list[_Patch]]] = {}


class _Delegate:
    """Stands for a descriptor that is no plain function, such as one that may be unavailable."""

    def __init__(self, descriptor: Any, wrap: Callable[..., Any]) -> None:
        self._descriptor = descriptor
        self._wrap = wrap
        self.__doc__ = descriptor.__doc__

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        bound = self._descriptor.__get__(instance, owner)
        if instance is None or not callable(bound):
            return bound

        @functools.wraps(bound)
        def unbound(_self: Any, *args: Any, **kwargs: Any) -> Any:
            return bound(*args, **kwargs)

        return functools.wraps(bound)(functools.partial(self._wrap(unbound), instance))


def update_wrapper_extended(wrapper: Any, wrapped: Any) -> Any:
    """Give a wrapper the name, documentation and signature of what it wraps; return it."""
    functools.update_wrapper(wrapper, wrapped)
    with suppress(TypeError, ValueError):
        wrapper.__signature__ = inspect.signature(wrapped)
    return wrapper


def safe_patch(
    autologging_integration: str,
    destination: Any,
    function_name: str,
    patch_function: Callable[..., Any],
    manage_run: bool = False,
    extra_tags: dict[str, str] | None = None,
) -> None:
    """Patch a function so that a failure of the patch never shows.

    A patch that the integration has there already is replaced.

    Args:
        autologging_integration: The integration; it must be on for the patch to run.
        destination: The class or module that has the function.
        function_name: The function, method, property or other descriptor.
        patch_function: Called with the original and the caller's arguments; it should call the
            original once. The caller gets what the original returned or raised.
        manage_run: Run it in the active run, or in a new one that ends with the call. Then
            what the original calls logs no run of its own.
        extra_tags: Tags of such a new run.

    Raises:
        AttributeError: there is no such function.
    """
    if manage_run:
        patch_function = with_managed_run(autologging_integration, patch_function, extra_tags)
    put_on(autologging_integration, destination, function_name, patch_function, trains=manage_run)


def put_on(
    flavor: str,
    destination: Any,
    name: str,
    patch_function: Callable[..., Any],
    *,
    trains: bool = False,
    wants: Callable[[tuple[Any, ...], dict[str, Any]], bool] | None = None,
) -> None:
    """Patch a function; ``safe_patch`` says what that means.

    Args:
        flavor: The integration.
        destination: The class or module that has the function.
        name: The function.
        patch_function: The patch.
        trains: Whether what the original calls logs no run of its own.
        wants: Whether a call with these arguments is to go through the patch at all; it is asked
            before anything else is done, so it must be cheap.
    """
    for known in _PATCHES.get(flavor, ()):
        if (known.destination, known.name, known.active) == (destination, name, True):
            known.revert()
    raw = inspect.getattr_static(destination, name)
    made = _Patch(flavor, destination, name)

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def patched(*args: Any, **kwargs: Any) -> Any:
            if (wants is not None and not wants(args, kwargs)) or not made.active:
                return function(*args, **kwargs)
            if not _is_on(flavor, trains=trains):
                return function(*args, **kwargs)
            return run_patched(flavor, patch_function, function, args, kwargs, trains=trains)

        return patched

    made.install(_replacement(raw, wrap))
    _PATCHES.setdefault(flavor, []).append(made)


def _replacement(raw: Any, wrap: Callable[..., Any]) -> Any:
    if isinstance(raw, (staticmethod, classmethod)):
        return type(raw)(wrap(raw.__func__))
    if callable(raw):
        return wrap(raw)
    delegate = _Delegate(raw, wrap)
    return property(delegate.__get__) if isinstance(raw, property) else delegate


def _is_on(flavor: str, *, trains: bool) -> bool:
    """Return whether a call is to be logged."""
    config = AUTOLOGGING_INTEGRATIONS.get(flavor)
    if not config or config.get("disable") or SWITCH.blocks or THREAD.logging:
        return False
    if trains and is_training():
        return False
    return not (config.get("exclusive") and not THREAD.training and fluent.active_run())


def revert_patches(autologging_integration: str) -> None:
    """Take an integration's patches off; what stood there is what stands there again.

    Args:
        autologging_integration: The integration.
    """
    for patch in reversed(_PATCHES.pop(autologging_integration, [])):
        patch.revert()
