"""The second line behind the choke point: an audit hook while untrusted models are read.

It refuses to unpickle, to run Python code, to load native libraries and to start programs. A hook
cannot be taken away again, so it is installed with the first untrusted model only, and then looks
at nothing outside of such a block. It is no sandbox: imports of installed packages, which do all
these things, are let through; so is compiling, which ``ast.literal_eval`` does and runs nothing.
"""

from __future__ import annotations

import sys
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Token
    from types import FrameType

_REFUSED: Final = {
    "pickle.find_class": "a pickle, which",
    "marshal.loads": "compiled Python code, which",
    "exec": "Python code, which",
    "ctypes.dlopen": "a native library, which",
    "os.exec": "a program, which",
    "os.posix_spawn": "a program, which",
    "os.system": "a shell command, which",
    "subprocess.Popen": "a program, which",
}
_IMPORT: Final = "<frozen importlib._bootstrap>"
_watch: Final[ContextVar[Watch | None]] = ContextVar("mlflow_audit", default=None)


class Watch:
    """A stretch of one thread's work in which no code of a model's may run."""

    def __init__(self, complaint: Callable[[str], Exception]) -> None:
        """Make a watch.

        Args:
            complaint: Makes the error of what was tried.
        """
        self.complaint = complaint
        self._began: FrameType | None = None
        self._token: Token[Watch | None] | None = None

    def start(self) -> None:
        """Begin, in the block of the caller's caller."""
        _install()
        self._began = sys._getframe(2)  # noqa: SLF001 - documented, for tools
        self._token = _watch.set(self)

    def stop(self) -> None:
        """End."""
        if self._token is not None:
            _watch.reset(self._token)
        self._began = None

    def is_importing(self) -> bool:
        """Return whether an import that began within the watch is going on."""
        frame: FrameType | None = sys._getframe(2)  # noqa: SLF001 - documented, for tools
        while frame is not None and frame is not self._began:
            if frame.f_code.co_filename == _IMPORT:
                return True
            frame = frame.f_back
        return False


@cache
def _install() -> None:
    sys.addaudithook(_hook)


def _hook(event: str, args: tuple[Any, ...]) -> None:  # noqa: ARG001 - the interpreter's call
    what = _REFUSED.get(event)
    if what is None:
        return
    watch = _watch.get()
    if watch is not None and not watch.is_importing():
        raise watch.complaint(f"The model has {what}")
