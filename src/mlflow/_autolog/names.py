"""What the caller's program calls a value: the names of variables, as in ``score(X=X_test)``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.arguments import given_arguments

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

_OURS: Final = str(Path(__file__).parent.parent)


def name_of(value: Any) -> str | None:
    """Return the name of a variable that holds a value, None where there is none.

    The outermost function that has one counts: a program's ``X_test`` rather than the ``X`` of a
    function that it is handed to.
    """
    frames: list[FrameType] = []
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - as inspect.currentframe() does
    while frame is not None:
        if not frame.f_code.co_filename.startswith(_OURS):
            frames.append(frame)
        frame = frame.f_back
    spaces = [one.f_locals for one in reversed(frames)]
    spaces += [frames[0].f_globals] if frames else []
    for names in spaces:
        for name, held in list(names.items()):
            if held is value and not name.startswith("_"):
                return name
    return None


def call_text(
    function: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> str:
    """Return a call as the caller's program may have written it.

    Args:
        function: What is called; it tells the names of arguments.
        name: How it is called.
        args: The positional arguments, without ``self``.
        kwargs: The keyword arguments.
    """
    texts = [
        f"{key}={_text(value)}" for key, value in given_arguments(function, args, kwargs).items()
    ]
    return f"{name}({', '.join(texts)})"


def _text(value: Any) -> str:
    if value is None or isinstance(value, (bool, int, float, str)):
        return repr(value)
    return name_of(value) or f"<{type(value).__name__}>"
