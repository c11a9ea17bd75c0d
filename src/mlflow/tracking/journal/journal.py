"""The journal of one process for one store: calls go in at one end and are read at the other.

Appending costs microseconds and never waits for the store, unless the journal is full. Any thread
may append; one thread reads. Where no file can be made the journal is in memory, with one warning.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from typing import TYPE_CHECKING, Final

from mlflow.environment_variables import HEADRACE_JOURNAL_MAX_BYTES, HEADRACE_JOURNAL_WHEN_FULL
from mlflow.exceptions import INTERNAL_ERROR, RESOURCE_EXHAUSTED, MlflowException
from mlflow.tracking.journal.calls import Record
from mlflow.tracking.journal.codec import decode
from mlflow.tracking.journal.records import OVERHEAD, frame, read_frame
from mlflow.tracking.journal.segment import START, Segment

if TYPE_CHECKING:
    from pathlib import Path

_logger: Final = logging.getLogger("mlflow.tracking.journal")

_FIRST_SIZE: Final = 1 << 20
_SIZE: Final = 8 << 20
# What a journal without files may hold.
_MEMORY: Final = 64 << 20
# What one window of deliveries holds at most.
_WINDOW_RECORDS: Final = 5000
_WINDOW_BYTES: Final = 8 << 20

BLOCK: Final = "block"
DROP: Final = "drop"


class Journal:
    """Numbered calls, from the oldest that is not done with to the newest.

    Attributes:
        next_number: The number of the next call.
        finished: Every call below this number is done with.
    """

    def __init__(self, folder: Path | None) -> None:
        """Begin an empty journal.

        Args:
            folder: Where its segments go; None keeps it in memory only.
        """
        self.next_number = 0
        self.finished = 0
        self._dropped: list[tuple[int, int]] = []
        self._folder = folder
        self._limit = HEADRACE_JOURNAL_MAX_BYTES.get()
        if folder is None:
            self._limit = min(self._limit, _MEMORY)
        self._lock = threading.Lock()
        # Guards the segments and the position; taken after the other lock.
        self._changed = threading.Condition(threading.Lock())
        self._segments: deque[Segment] = deque()
        self._segment: Segment | None = None
        self._position = (0, START)  # index of the segment that is read, and where in it
        self._read_number = 0

    @classmethod
    def load(cls, folder: Path, finished: int) -> Journal:
        """Open what another process left, for reading only.

        Args:
            folder: Where its segments are.
            finished: Calls below this number are done with.
        """
        journal = cls(folder)
        for path in sorted(folder.glob("*.segment")):
            segment = Segment.load(path)
            if segment is None or segment.is_damaged:
                _logger.warning("%s is damaged: what follows the damage cannot be read.", path)
            if segment is not None:
                journal._segments.append(segment)
                journal.next_number = max(journal.next_number, segment.first + segment.count)
        journal.finished = finished
        journal.seek(finished)
        return journal

    def append(self, payload: bytes) -> int:
        """Add an encoded call and return its number.

        Raises:
            MlflowException: the journal is full and is told to raise.
        """
        framed = frame(payload)
        with self._lock:
            segment = self._segment
            if segment is None or not segment.write(framed):
                self._roll(len(framed)).write(framed)
            number = self.next_number
            self.next_number = number + 1
            return number

    @property
    def pending(self) -> int:
        """How many calls are not done with."""
        return self.next_number - self.finished

    @property
    def unread(self) -> int:
        """How many calls were not read yet."""
        return self.next_number - self._read_number

    @property
    def size(self) -> int:
        """How many bytes the calls take that are in its segments."""
        return sum(segment.end - START for segment in tuple(self._segments))

    def _roll(self, needed: int) -> Segment:
        """Begin another segment; the lock is held."""
        needed += START
        with self._changed:
            while self._segments and self._allocated() + max(_SIZE, needed) > self._limit:
                self._make_room()
            size = max(needed, _SIZE if self._segments else _FIRST_SIZE)
            path = None
            if self._folder is not None:
                path = self._folder / f"{self.next_number:016x}.segment"
            try:
                segment = Segment.create(path, self.next_number, size)
            except OSError as error:
                _logger.warning(
                    "The journal cannot grow at %s (%s): what is logged from now on is kept in "
                    "memory until it is delivered, and is lost if the process is killed.",
                    self._folder,
                    error,
                )
                self._folder, self._limit = None, self._allocated() + _MEMORY
                segment = Segment.create(None, self.next_number, size)
            self._segments.append(segment)
        self._segment = segment
        return segment

    def _allocated(self) -> int:
        return sum(segment.size for segment in self._segments)

    def _make_room(self) -> None:
        """Do what the policy says about a full journal; both locks are held.

        Raises:
            MlflowException: it says to raise.
        """
        policy = HEADRACE_JOURNAL_WHEN_FULL.get()
        if policy == DROP and self._drop_oldest():
            return
        if policy not in (BLOCK, DROP):
            raise MlflowException(
                f"The journal holds {self._allocated()} bytes that the store has not taken, which "
                "is all it may: see HEADRACE_JOURNAL_MAX_BYTES and HEADRACE_JOURNAL_WHEN_FULL.",
                RESOURCE_EXHAUSTED,
            )
        before = len(self._segments)
        self._changed.wait_for(lambda: len(self._segments) < before or not self.pending)
        if not self.pending:
            while self._segments:
                self._segments.popleft().remove()
            self._position = 0, START

    def _drop_oldest(self) -> bool:
        """Give up the oldest segment that is not being read; both locks are held."""
        index = self._position[0] + 1
        if len(self._segments) <= index:
            return False
        segment = self._segments[index]
        del self._segments[index]
        self._dropped.append((segment.first, segment.first + segment.count))
        _logger.error(
            "The journal is full: %d calls that the store has not taken are given up.",
            segment.count,
        )
        segment.remove()
        return True

    def error_of(self, number: int) -> MlflowException | None:
        """Return an error for a call that was given up."""
        if any(first <= number < end for first, end in self._dropped):
            return MlflowException(
                "The journal was full and gave this call up before the store could take it.",
                INTERNAL_ERROR,
            )
        return None

    def read(self, end: int | None = None) -> list[Record]:
        """Return the next calls, as many as fit into a window.

        Args:
            end: Stop before this number.
        """
        found: list[Record] = []
        size = 0
        with self._changed:
            while len(found) < _WINDOW_RECORDS and size < _WINDOW_BYTES:
                following = self._peek()
                if following is None or (end is not None and following[0] >= end):
                    break
                number, payload, self._position = following
                self._read_number = number + 1
                size += len(payload)
                found.append(Record(number, decode(payload), len(payload)))
        return found

    def _peek(self) -> tuple[int, bytes, tuple[int, int]] | None:
        """Return the next call's number and content, and the position after it."""
        index, start = self._position
        while index < len(self._segments):
            segment = self._segments[index]
            if start < segment.end:
                payload = read_frame(segment.content, start)
                if payload is not None:
                    number = segment.first if start == START else self._read_number
                    return number, payload, (index, start + OVERHEAD + len(payload))
            index, start = index + 1, START
        return None

    def seek(self, number: int) -> None:
        """Stand before a call."""
        with self._changed:
            self._position = 0, START
            while (following := self._peek()) is not None and following[0] < number:
                self._read_number, self._position = following[0] + 1, following[2]

    def finish(self, number: int) -> None:
        """Note that every call below a number is done with, and give its segments back."""
        with self._changed:
            self.finished = max(self.finished, number)
            while self._position[0] > 0:
                oldest = self._segments[0]
                if oldest.first + oldest.count > self.finished:
                    break
                self._position = self._position[0] - 1, self._position[1]
                self._segments.popleft().remove()
            self._changed.notify_all()

    def wait(self, number: int, seconds: float) -> bool:
        """Wait until a call and all before it are done with.

        Args:
            number: The call's number.
            seconds: How long at most.

        Returns:
            Whether they are.
        """
        if self.finished > number:
            return True
        with self._changed:
            return self._changed.wait_for(lambda: self.finished > number, seconds)

    @property
    def is_synced(self) -> bool:
        """Whether everything is on the disk."""
        segment = self._segment
        return segment is None or segment.is_synced

    def sync(self) -> None:
        """Bring what was written to the disk.

        Raises:
            OSError: the disk fails.
        """
        segment = self._segment
        if segment is not None:
            segment.sync()

    def close(self) -> None:
        """Give the maps and files back; nothing is appended any more."""
        while self._segments:
            self._segments.popleft().close()
        self._segment = None
