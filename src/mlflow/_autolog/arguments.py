"""The arguments of a patched call, as params and by name."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from mlflow._autolog.log import log_params

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence


def get_mlflow_run_params_for_fn_args(
    fn: Callable[..., Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    unlogged: Container[str] | None = None,
) -> dict[str, Any]:
    """Return the arguments of a call by name, with the defaults of those that are not given.

    Args:
        fn: The function.
        args: The positional arguments.
        kwargs: The keyword arguments.
        unlogged: Names to leave out.
    """
    bound = inspect.signature(fn).bind_partial(*args, **kwargs)
    bound.apply_defaults()
    rest = {inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL}
    values: dict[str, Any] = {}
    for name, parameter in bound.signature.parameters.items():
        if parameter.kind not in rest and name in bound.arguments:
            values[name] = bound.arguments[name]
        elif parameter.kind is inspect.Parameter.VAR_KEYWORD:
            values.update(bound.arguments.get(name, {}))
    return {name: value for name, value in values.items() if name not in (unlogged or ())}


def given_arguments(
    fn: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the arguments that a call of a function or method gives, by name, in their order.

    Args:
        fn: The function, bound or not.
        args: The positional arguments, without ``self``.
        kwargs: The keyword arguments.
    """
    names = [name for name in inspect.signature(fn).parameters if name != "self"]
    return {**dict(zip(names, args, strict=False)), **kwargs}


def log_fn_args_as_params(
    fn: Callable[..., Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    unlogged: Container[str] | None = None,
) -> None:
    """Log the arguments of a call, with the defaults of those that are not given.

    Args:
        fn: The function.
        args: The positional arguments.
        kwargs: The keyword arguments.
        unlogged: Names to leave out.
    """
    log_params(get_mlflow_run_params_for_fn_args(fn, args, kwargs, unlogged))


def get_method_call_arg_value(
    arg_index: int,
    arg_name: str,
    default_value: Any,
    call_pos_args: Sequence[Any],
    call_kwargs: Mapping[str, Any],
) -> Any:
    """Return an argument of a call.

    Args:
        arg_index: Its place.
        arg_name: Its name.
        default_value: What it is where the call leaves it out.
        call_pos_args: The positional arguments.
        call_kwargs: The keyword arguments.
    """
    if arg_name in call_kwargs:
        return call_kwargs[arg_name]
    return call_pos_args[arg_index] if arg_index < len(call_pos_args) else default_value


def get_instance_method_first_arg_value(
    method: Callable[..., Any], call_pos_args: Sequence[Any], call_kwargs: Mapping[str, Any]
) -> Any:
    """Return the first argument of a method's call after ``self``.

    Args:
        method: The method.
        call_pos_args: The positional arguments, without ``self``.
        call_kwargs: The keyword arguments.
    """
    if call_pos_args:
        return call_pos_args[0]
    names = [name for name in inspect.signature(method).parameters if name != "self"]
    return call_kwargs.get(names[0])
