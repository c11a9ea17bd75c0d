"""What was sent from a journal: enough to send exactly the same again after a crash.

Entries are frames in a file that only grows. Before records are sent, the window that they make is
noted; what is sent again later is then cut into the same deliveries, with the same sequences, and
a store that knows them applies none twice. What was never noted is sent under a new identity.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import msgspec

from mlflow._core.ids import new_uuid
from mlflow.tracking.journal.records import frame, iter_frames

if TYPE_CHECKING:
    from pathlib import Path

_IDENTITY: Final = 0  # identity
_WINDOW: Final = 1  # first number, end
_CUT: Final = 2  # number that begins a delivery
_DONE: Final = 3  # how many deliveries of the window are done with
_FINISHED: Final = 4  # every number below is done with; the next sequence

_LARGE: Final = 1 << 18
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder().decode


class DeliveryLog:
    """The state of delivery of one journal.

    Attributes:
        identity: What stores know the journal by.
        finished: Every record below this number is done with.
        window: First number and end of what is being sent.
        cuts: Numbers of records in the window that begin a delivery.
        done: How many deliveries of the window are done with.
        sequence: What the store knows the window's first delivery by; the others follow it.
    """

    def __init__(self, path: Path | None) -> None:
        """Read the log, begun when there is none.

        Args:
            path: Its file; None keeps it in memory only.

        Raises:
            OSError: the file cannot be used.
        """
        self.identity = new_uuid()
        self.finished = 0
        self.window: tuple[int, int] | None = None
        self.cuts: set[int] = set()
        self.done = 0
        self.sequence = 0
        self._path = path
        self._size = 0
        self._descriptor = -1
        self._inherited = False
        if path is None:
            return
        known = path.read_bytes() if path.exists() else b""
        for payload in iter_frames(known, 0):
            self._replay(*_decode(payload))
        # What was noted is finished under the identity that it had, the rest under a new one.
        self._inherited = self.window is not None
        if known and not self._inherited:
            self.identity = new_uuid()
        self._rewrite()

    def _replay(self, kind: int, *values: Any) -> None:
        if kind == _IDENTITY:
            self.identity = values[0]
        elif kind == _WINDOW:
            self.window = (values[0], values[1])
        elif kind == _CUT:
            self.cuts.add(values[0])
        elif kind == _DONE:
            self.done = values[0]
        elif kind == _FINISHED:
            self._finish(*values)

    def _finish(self, number: int, sequence: int) -> None:
        self.finished, self.window = number, None
        self.sequence, self.done = sequence, 0
        self.cuts.clear()

    def begin(self, first: int, end: int) -> None:
        """Note which records are sent next."""
        self.window = (first, end)
        self._note(_WINDOW, first, end)

    def cut(self, number: int) -> None:
        """Note that a delivery begins at a record, before anything of it is sent."""
        self.cuts.add(number)
        self._note(_CUT, number)
        if self._descriptor >= 0:
            os.fsync(self._descriptor)

    def complete(self) -> None:
        """Note that the next delivery of the window is acknowledged or refused."""
        self.done += 1
        self._note(_DONE, self.done)

    def finish(self, number: int) -> None:
        """Note that every record below a number is done with, and that the window is."""
        self._finish(number, self.sequence + self.done)
        self._note(_FINISHED, number, self.sequence)
        if self._inherited:
            self._inherited, self.identity = False, new_uuid()
            self._note(_IDENTITY, self.identity)
        if self._size > _LARGE:
            self._rewrite()

    def close(self) -> None:
        """Close the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _note(self, *entry: Any) -> None:
        if self._descriptor >= 0:
            self._size += os.write(self._descriptor, frame(_encode(entry)))

    def _rewrite(self) -> None:
        """Replace the file by the shortest one that says the same."""
        if self._path is None:
            return
        entries: list[tuple[Any, ...]] = [
            (_IDENTITY, self.identity),
            (_FINISHED, self.finished, self.sequence),
        ]
        if self.window is not None:
            entries.append((_WINDOW, *self.window))
        entries += [(_CUT, number) for number in sorted(self.cuts)]
        entries.append((_DONE, self.done))
        fresh = self._path.with_suffix(".new")
        self.close()
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        self._descriptor = os.open(fresh, flags, 0o600)
        content = b"".join(frame(_encode(entry)) for entry in entries)
        self._size = os.write(self._descriptor, content)
        fresh.replace(self._path)
