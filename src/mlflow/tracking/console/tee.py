"""Hears what is written to a text stream without changing the stream.

The stream object stays the same, only its ``write`` is replaced on the object itself: ``isatty``,
``encoding``, ``buffer`` and ``fileno`` answer as before, and whoever took the stream earlier (a
handler of ``logging``, a progress bar) is heard too. File descriptors are left alone: a pipe in
front of the terminal would lose its last words in a crash and be inherited by every child. So what
C code and child processes print is not heard.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable


class _Guard(threading.local):
    """Whether this thread is within a hooked ``write``, or is the one that ships."""

    busy = False


guard: Final = _Guard()


class Tee:
    """Tells a listener what is written to one stream, until it is removed."""

    def __init__(self, stream: Any, listen: Callable[[str], None]) -> None:
        """Begin to listen.

        Args:
            stream: Any object with ``write(text)``.
            listen: Called after each write that worked, in the writing thread; must not raise.

        Raises:
            AttributeError: the stream has no ``write``, or does not let it be replaced.
            TypeError: the same, said by other classes.
        """
        self.stream = stream
        self._replaced = vars(stream).get("write")
        self._hook: Final = _hook(stream.write, listen)
        stream.write = self._hook

    @property
    def on_top(self) -> bool:
        """Whether nobody has replaced ``write`` since."""
        return vars(self.stream).get("write") is self._hook

    def remove(self) -> None:
        """Give the stream its ``write`` back, unless someone else has replaced ours."""
        if not self.on_top:
            return
        if self._replaced is None:
            del self.stream.write
        else:
            self.stream.write = self._replaced


def _hook(write: Callable[[str], Any], listen: Callable[[str], None]) -> Callable[[str], Any]:
    state = guard  # a local name: this runs at every print

    def hooked(text: str, /) -> Any:
        if state.busy:
            return write(text)
        state.busy = True
        try:
            answer = write(text)
        finally:
            state.busy = False
        listen(text)
        return answer

    return hooked
