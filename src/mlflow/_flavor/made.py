"""Public functions that are made of a table of arguments: signature, documentation, defaults."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mlflow._flavor.spec import Argument

T = TypeVar("T")


def made_function(
    name: str,
    module: str,
    rows: Mapping[str, Argument],
    body: Callable[[dict[str, Any]], T],
    *,
    sentence: str,
    returns: Any = None,
    rest: str = "",
    closing: str = "",
) -> Callable[..., T]:
    """Return a function that gives its arguments, with their defaults, to ``body``.

    Args:
        name: Its name.
        module: The public module in which it stands.
        rows: Its arguments, in order.
        body: What it does.
        sentence: What that is, for its documentation.
        returns: The annotation of what it returns.
        rest: What ``**kwargs`` are; without it there are none.
        closing: The rest of its documentation.
    """
    signature = _signature(rows, returns, has_rest=bool(rest))

    def function(*args: Any, **kwargs: Any) -> T:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{name}() {error}") from None
        bound.apply_defaults()
        given = dict(bound.arguments)
        given.update(given.pop("kwargs", {}))
        return body(given)

    function.__name__ = function.__qualname__ = name
    function.__module__ = module
    lines = [f"    {key}: {row.doc}" for key, row in rows.items()]
    lines += [f"    **kwargs: {rest}"] if rest else []
    listed = "\n".join(["", "Args:", *lines, ""]) if lines else ""
    function.__doc__ = f"{sentence}\n{listed}\n{closing}\n"
    function.__annotations__ = {
        one.name: one.annotation for one in signature.parameters.values()
    } | {"return": returns}
    vars(function)["__signature__"] = signature
    return function


def _signature(rows: Mapping[str, Argument], returns: Any, *, has_rest: bool) -> inspect.Signature:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    found = [
        inspect.Parameter(name, kind, default=row.default, annotation=row.type)
        for name, row in rows.items()
    ]
    if has_rest:
        rest = inspect.Parameter.VAR_KEYWORD
        found.append(inspect.Parameter("kwargs", rest, annotation=Any))
    return inspect.Signature(found, return_annotation=returns)


def is_made_here(value: Any) -> bool:
    """Return whether a public function was made from a table."""
    return inspect.isfunction(value) and "__signature__" in vars(value)
