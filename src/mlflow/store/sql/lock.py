"""Locks that queue: one between threads, one between processes.

SQLite's own locks poll, so a busy writer can starve the others; and SQLite before 3.51.3 can
corrupt a database in WAL mode when a write of one connection meets a checkpoint of another (the
WAL-reset bug). One advisory lock file, held for every write and every checkpoint, ends both.
"""

import _thread
import os
import sys
import threading
from collections import deque
from pathlib import Path
from typing import Final

from mlflow._core.clock import monotonic
from mlflow.exceptions import TEMPORARILY_UNAVAILABLE, MlflowException

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# Where the two kinds of advisory locks know nothing of each other, one makes the queue.
_HAS_TURNSTILE: Final = sys.platform == "linux"
# How long one process waits for another; a write takes a second at the very most.
PATIENCE_SECONDS: Final = 60.0


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


class FairSlots:
    """So many may hold it at once; a free place goes to whoever waits longest."""

    __slots__ = ("_free", "_guard", "_waiting")

    def __init__(self, count: int) -> None:
        self._guard = threading.Lock()
        self._free = count
        self._waiting: deque[threading.Lock] = deque()

    def acquire(self, *, timeout: float = -1) -> bool:
        """Wait for a place; return whether there is one.

        Args:
            timeout: How many seconds to wait at most; below zero for ever.
        """
        with self._guard:
            if self._free:
                self._free -= 1
                return True
            ticket = threading.Lock()
            ticket.acquire()
            self._waiting.append(ticket)
        try:
            granted = ticket.acquire(timeout=-1 if timeout < 0 else timeout)
        except BaseException:  # a signal's handler raised while we waited
            if not self._leave(ticket):
                self.release()
            raise
        # The place may have come while we were leaving.
        return granted or not self._leave(ticket)

    def _leave(self, ticket: threading.Lock) -> bool:
        """Leave the queue; return whether the ticket was in it still."""
        with self._guard:
            if ticket not in self._waiting:
                return False
            self._waiting.remove(ticket)
            return True

    def release(self) -> None:
        """Hand the place to the next in the queue."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1


class FileLock:
    """An exclusive lock between processes on one file; threads must exclude each other before.

    The file stays when the lock is released. A process that dies releases it; one that was stopped
    does not, so a wait has an end.
    """

    __slots__ = ("_descriptor", "_inode", "_wait", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self._descriptor = -1
        self._inode = -1
        self._wait: _Wait | None = None

    def acquire(self) -> None:
        """Wait for the lock.

        Raises:
            OSError: the file cannot be opened.
            MlflowException: another process has held the lock for ``PATIENCE_SECONDS``.
        """
        while True:
            if self._descriptor < 0:
                self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
                self._inode = os.fstat(self._descriptor).st_ino
            if self._wait is not None or not _take_now(self._descriptor):
                self._queue()
            try:
                if os.stat(self.path).st_ino == self._inode:  # noqa: PTH116 - on the hot path
                    return
            except FileNotFoundError:
                pass
            # Somebody removed the file: those who come now would lock another one.
            self.close()

    def release(self) -> None:
        """Let the next process in."""
        _release(self._descriptor)

    def close(self) -> None:
        """Close the file, which also releases the lock."""
        wait, self._wait = self._wait, None
        if self._descriptor >= 0 and (wait is None or not wait.close_later()):
            os.close(self._descriptor)
        self._descriptor = -1

    def _queue(self) -> None:
        """Wait behind others; who comes after a wait that was given up joins it."""
        wait, self._wait = self._wait, None
        if wait is None or not wait.join():
            wait = _Wait(self._descriptor)
            wait.start()
        try:
            granted = wait.granted(PATIENCE_SECONDS)
        except BaseException:  # a signal's handler raised
            self._wait = wait.leave()
            raise
        if not granted:
            self._wait = wait.leave()
            raise MlflowException(
                f"The lock file {self.path} has been held for {wait.seconds():.0f} seconds by"
                f" {_holder(self._inode)}, which may be stopped or stuck. Let it go on, or end it,"
                " and try again: nothing was written.",
                TEMPORARILY_UNAVAILABLE,
            )


class _Wait:
    """A wait in a thread of its own, for the system's calls know no time limit.

    It can be left. Then it goes on, so that somebody can join it, and lets go of what it gets.
    """

    __slots__ = (
        "_closes",
        "_descriptor",
        "_error",
        "_guard",
        "_left",
        "_over",
        "_started",
        "_wake",
    )

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._guard = threading.Lock()
        self._wake = threading.Lock()
        self._wake.acquire()
        self._started = monotonic()
        self._left = self._over = self._closes = False
        self._error: OSError | None = None

    def start(self) -> None:
        try:
            _thread.start_new_thread(self._run, ())
        except RuntimeError:  # the interpreter is ending, or no thread is to be had
            self._run()

    def granted(self, patience: float) -> bool:
        """Wait, and return whether the lock is there."""
        # Who joins late is told soon.
        rest = max(patience / 60, patience - self.seconds())
        if not self._wake.acquire(timeout=rest):
            return False
        if self._error is not None:
            raise self._error
        return True

    def seconds(self) -> float:
        """Return how long this has waited."""
        return monotonic() - self._started

    def leave(self) -> "_Wait | None":
        """Stop waiting; return what to join later, None when it is over."""
        with self._guard:
            self._left = True
            if self._over and self._error is None:
                _release(self._descriptor)
            return None if self._over else self

    def join(self) -> bool:
        """Wait again, unless it is over."""
        with self._guard:
            self._left = self._over
            return not self._over

    def close_later(self) -> bool:
        """Leave the descriptor to a wait that uses it; return whether there is one."""
        with self._guard:
            self._closes = not self._over
            return self._closes

    def _run(self) -> None:
        try:
            _take(self._descriptor)
        except OSError as error:
            self._error = error
        with self._guard:
            self._over = True
            if self._left and self._error is None:
                _release(self._descriptor)
            if self._closes:
                os.close(self._descriptor)
        self._wake.release()


if sys.platform == "win32":

    def _take_now(descriptor: int) -> bool:
        os.lseek(descriptor, 0, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _take(descriptor: int) -> None:
        while True:
            try:
                os.lseek(descriptor, 0, os.SEEK_SET)
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
            except OSError:  # ten seconds went by
                continue
            return

    def _release(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:

    def _take_now(descriptor: int) -> bool:
        """Take the lock if nobody holds it and nobody waits."""
        try:
            if not _HAS_TURNSTILE:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            finally:
                fcntl.lockf(descriptor, fcntl.LOCK_UN)
        except (BlockingIOError, PermissionError):
            return False
        return True

    def _take(descriptor: int) -> None:
        if not _HAS_TURNSTILE:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            return
        # Whoever released the lock waits at the turnstile behind the one who passed it.
        fcntl.lockf(descriptor, fcntl.LOCK_EX)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        finally:
            fcntl.lockf(descriptor, fcntl.LOCK_UN)

    def _release(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _holder(inode: int) -> str:
    """Return who holds the lock, as the system knows it: nobody has to write it down."""
    try:
        lines = Path("/proc/locks").read_text("ascii").splitlines()
    except OSError:
        return "another process"
    for line in lines:
        # 1: FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF, with -> after the number of who waits
        fields = line.split()
        if fields[1] == "FLOCK" and fields[5].endswith(f":{inode}"):
            return f"process {fields[4]}"
    return "a process on another machine or in another container"
