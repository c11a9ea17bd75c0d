"""Locks that queue: one between threads, one between processes.

SQLite's own locks poll, so a busy writer can starve the others; and SQLite before 3.51.3 can
corrupt a database in WAL mode when a write of one connection meets a checkpoint of another (the
WAL-reset bug). One advisory lock file, held for every write and every checkpoint, ends both.
"""

import os
import sys
import threading
from collections import deque
from typing import Final

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# Where the two kinds of advisory locks know nothing of each other, one makes the queue.
_HAS_TURNSTILE: Final = sys.platform == "linux"


class FairMutex:
    """A lock that goes to whoever waits longest; ``threading.Lock`` lets its releaser barge in."""

    __slots__ = ("_guard", "_held", "_waiting")

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Lock] = deque()

    def acquire(self) -> None:
        """Wait for the lock."""
        with self._guard:
            if not self._held:
                self._held = True
                return
            ticket = threading.Lock()
            ticket.acquire()
            self._waiting.append(ticket)
        try:
            ticket.acquire()
        except BaseException:  # a signal's handler raised while we waited: leave the queue
            self._leave(ticket)
            raise

    def _leave(self, ticket: threading.Lock) -> None:
        with self._guard:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
                return
        self.release()

    def release(self) -> None:
        """Hand the lock to the next in the queue."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False


class FileLock:
    """An exclusive lock between processes on one file; threads must exclude each other before.

    The file stays when the lock is released. A process that dies releases it.
    """

    __slots__ = ("_descriptor", "_inode", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self._descriptor = -1
        self._inode = -1

    def acquire(self) -> None:
        """Wait for the lock.

        Raises:
            OSError: the file cannot be opened.
        """
        while True:
            if self._descriptor < 0:
                self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
                self._inode = os.fstat(self._descriptor).st_ino
            self._lock()
            try:
                if os.stat(self.path).st_ino == self._inode:  # noqa: PTH116 - on the hot path
                    return
            except FileNotFoundError:
                pass
            # Somebody removed the file: those who come now would lock another one.
            self.close()

    def release(self) -> None:
        """Let the next process in."""
        if sys.platform == "win32":
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            msvcrt.locking(self._descriptor, msvcrt.LK_UNLCK, 1)
        else:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file, which also releases the lock."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _lock(self) -> None:
        if sys.platform == "win32":
            while True:
                try:
                    os.lseek(self._descriptor, 0, os.SEEK_SET)
                    msvcrt.locking(self._descriptor, msvcrt.LK_LOCK, 1)
                except OSError:  # ten seconds went by
                    continue
                return
        elif _HAS_TURNSTILE:
            # Whoever released the lock waits at the turnstile behind the one who passed it.
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX)
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            finally:
                fcntl.lockf(self._descriptor, fcntl.LOCK_UN)
        else:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
