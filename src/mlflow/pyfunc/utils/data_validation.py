"""The check of data against the type hint of a model's function, put around that function.

cloudpickle writes the function around ``predict`` by value, and what it calls by name. So the names
here, their arguments and results are a format: every implementation's pickles hold them.
"""

from __future__ import annotations

import functools
import inspect
import typing
from typing import TYPE_CHECKING, Any, NamedTuple

from mlflow.exceptions import MlflowException
from mlflow.types.type_hints import element_schema, from_frame, has_no_schema, validate

if TYPE_CHECKING:
    from collections.abc import Callable


class FuncInfo(NamedTuple):
    """The hint that a function's input is checked against, and that parameter's name."""

    input_type_hint: Any
    input_param_name: str


def _validate_model_input(
    args: Any,
    kwargs: Any,
    model_input_index_in_sig: int,
    type_hint: Any,
    model_input_param_name: str,
) -> tuple[Any, Any]:
    if model_input_param_name in kwargs:
        value = validate(from_frame(kwargs[model_input_param_name], type_hint), type_hint)
        return args, {**kwargs, model_input_param_name: value}
    if len(args) <= model_input_index_in_sig:
        return args, kwargs
    value = validate(from_frame(args[model_input_index_in_sig], type_hint), type_hint)
    before, after = args[:model_input_index_in_sig], args[model_input_index_in_sig + 1 :]
    return (*before, value, *after), kwargs


def input_position(function: Callable[..., Any]) -> int:
    """Return the place of the model's input among a function's parameters.

    It is the first one, behind ``self`` and the context.
    """
    names = list(inspect.signature(function).parameters)
    first = 1 if names[:1] == ["self"] else 0
    return first + takes_context(names[first:])


def takes_context(names: list[str]) -> bool:
    """Return whether a function of these parameters wants the context before the input."""
    return "context" in names or (len(names) == 2 and "params" not in names)  # noqa: PLR2004 - a pair


def hints_of(function: Callable[..., Any]) -> tuple[Any, Any]:
    """Return the type hints of a function's input and output, None for one that is missing."""
    target = function if hasattr(function, "__annotations__") else function.__call__  # type: ignore[operator]  # an object that is called
    try:
        hints = typing.get_type_hints(target)
    except (NameError, TypeError):
        hints = {
            name: hint
            for name, hint in getattr(target, "__annotations__", {}).items()
            if not isinstance(hint, str)
        }
    names, place = list(inspect.signature(function).parameters), input_position(function)
    return hints.get(names[place]) if place < len(names) else None, hints.get("return")


def checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that checks its input against its type hint, if that has a schema.

    Args:
        function: ``predict`` of a class, or a function that is a model.
    """
    hint, _ = hints_of(function)
    if getattr(function, "_is_pyfunc", False) or has_no_schema(hint):
        return function
    try:
        element_schema(hint)
    except MlflowException:
        return function
    index = input_position(function)
    info = FuncInfo(hint, list(inspect.signature(function).parameters)[index])

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        args, kwargs = _validate_model_input(
            args, kwargs, index, info.input_type_hint, info.input_param_name
        )
        return function(*args, **kwargs)

    call._is_pyfunc = True  # type: ignore[attr-defined]  # noqa: SLF001 - the mark in pickles
    return call


def pyfunc(func: Callable[..., Any]) -> Callable[..., Any]:
    """Check what a function is given against its type hint; a decorator for models.

    Args:
        func: A function of one parameter with a ``list[...]`` hint.
    """
    return checked(func)
