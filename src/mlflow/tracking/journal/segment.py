"""One file of a journal: made at its full size, mapped into memory, written from front to back.

What is written to the map survives the death of the process; ``sync`` makes it survive that of the
machine. The blocks are allocated when the file is made, because writing to a hole of a full disk
would kill the process.
"""

from __future__ import annotations

import mmap
import os
from struct import Struct
from typing import TYPE_CHECKING, Final
from zlib import crc32

from mlflow.tracking.journal.records import OVERHEAD, read_frame

if TYPE_CHECKING:
    from pathlib import Path

_MAGIC: Final = b"headrace"
_HEAD: Final = Struct("<8sQI")  # magic, number of the first record, checksum of both
START: Final = _HEAD.size


class Segment:
    """Records with consecutive numbers.

    Attributes:
        first: The number of the first record.
        end: Where the next frame goes; everything before it is whole.
        count: How many records it holds.
    """

    def __init__(self, first: int, content: mmap.mmap, path: Path | None, descriptor: int) -> None:
        """Take over a map; see ``create`` and ``load``."""
        self.first: Final = first
        self.path: Final = path
        self.content: Final = content
        self.size: Final = len(content)
        self.end = START
        self.count = 0
        self._descriptor = descriptor
        self._synced = START

    @classmethod
    def create(cls, path: Path | None, first: int, size: int) -> Segment:
        """Make a segment.

        Args:
            path: The new file; None keeps it in memory only.
            first: The number of its first record.
            size: Bytes that it may hold.

        Raises:
            OSError: there is no room for it.
        """
        if path is None:
            return cls(first, mmap.mmap(-1, size), None, -1)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _CLOSE_ON_EXEC, 0o600)
        try:
            _allocate(descriptor, size)
            content = mmap.mmap(descriptor, size)
        except OSError:
            os.close(descriptor)
            path.unlink()
            raise
        head = _MAGIC + first.to_bytes(8, "little")
        content[:START] = head + crc32(head).to_bytes(4, "little")
        return cls(first, content, path, descriptor)

    @classmethod
    def load(cls, path: Path) -> Segment | None:
        """Open what another process left, up to its last whole record; None for no segment."""
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size < START:
                return None
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        magic, first, checksum = _HEAD.unpack_from(content)
        if magic != _MAGIC or crc32(content[: START - 4]) != checksum:
            content.close()
            return None
        segment = cls(first, content, path, -1)
        while (payload := read_frame(content, segment.end)) is not None:
            segment.end += OVERHEAD + len(payload)
            segment.count += 1
        return segment

    @property
    def is_damaged(self) -> bool:
        """Whether something that is no record follows the last one."""
        return any(self.content[self.end : self.end + OVERHEAD])

    def write(self, frame: bytes) -> bool:
        """Add a frame; return False when there is no room for it."""
        end = self.end + len(frame)
        if end > self.size:
            return False
        self.content[self.end : end] = frame
        self.count += 1
        self.end = end  # last: what lies before it may be read
        return True

    @property
    def is_synced(self) -> bool:
        """Whether everything is on the disk, or there is no file."""
        return self._descriptor < 0 or self._synced == self.end

    def sync(self) -> None:
        """Bring what was written to the disk.

        Raises:
            OSError: the disk fails.
        """
        end = self.end
        if end != self._synced and self._descriptor >= 0:
            _sync(self._descriptor)
            self._synced = end

    def close(self) -> None:
        """Give the map and the file back."""
        self.content.close()
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def remove(self) -> None:
        """Close the segment and delete its file."""
        self.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)


_CLOSE_ON_EXEC: Final = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_sync: Final = getattr(os, "fdatasync", os.fsync)


def _allocate(descriptor: int, size: int) -> None:
    """Give a file all the blocks that it will need.

    Raises:
        OSError: the disk is full.
    """
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
        return
    zeros = bytes(1 << 16)
    for start in range(0, size, len(zeros)):
        os.write(descriptor, zeros[: size - start])
    os.lseek(descriptor, 0, os.SEEK_SET)
