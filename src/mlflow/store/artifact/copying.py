"""Copying a file's bytes by the cheapest way that the system offers.

In order: a reflink (no bytes move), ``copy_file_range`` and ``sendfile`` (bytes never enter this
process), then a loop with one buffer. Memory use does not grow with the file.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

try:
    import fcntl
except ImportError:  # Windows has no ioctl
    fcntl = None  # type: ignore[assignment]  # the module or nothing

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Buffer

    Progress = Callable[[int], None]


class Readable(Protocol):
    """What can be read in pieces."""

    def read(self, size: int, /) -> bytes | None:
        """Return at most so many bytes, none at the end."""
        ...


_FICLONE: Final = 0x40049409  # <linux/fs.h>
_STEP: Final = 64 * 1024 * 1024  # between two progress reports
_BUFFER: Final = 1024 * 1024
_NOT_HERE: Final = frozenset(
    {
        errno.EINVAL,
        errno.ENOSYS,
        errno.EXDEV,
        errno.EOPNOTSUPP,
        errno.ENOTSUP,
        errno.EBADF,
        errno.EPERM,
        errno.ETXTBSY,
        errno.ENOTTY,
        errno.ENOTSOCK,  # macOS sends to sockets only
    }
)


def copy_descriptor(source: int, target: int, *, progress: Progress | None = None) -> int:
    """Copy what is left of one open file to another, from both files' positions.

    Args:
        source: Descriptor of a regular file, open for reading.
        target: Descriptor of a regular file, open for writing.
        progress: Called with the bytes that each step copied.

    Returns:
        The number of bytes copied.
    """
    size = os.fstat(source).st_size
    if size and _reflinked(source, target):
        if progress:
            progress(size)
        return size
    copied = _in_kernel(source, target, progress)
    # Files of /proc and some network file systems claim to be empty until they are read.
    return copied + _with_buffer(source, target, progress)


def copy_stream(source: Readable, target: BinaryIO, *, progress: Progress | None = None) -> int:
    """Copy a stream's rest to another with one buffer, and return the number of bytes.

    Raises:
        TypeError: the source gives text.
    """
    copied = 0
    while chunk := source.read(_BUFFER):
        _write_all(target, chunk)
        copied += len(chunk)
        if progress:
            progress(len(chunk))
    return copied


def _write_all(target: BinaryIO, chunk: Buffer) -> None:
    view = memoryview(chunk)
    while view:
        view = view[target.write(view) :]


def _reflinked(source: int, target: int) -> bool:
    if fcntl is None or os.lseek(source, 0, os.SEEK_CUR) or os.lseek(target, 0, os.SEEK_CUR):
        return False
    try:
        fcntl.ioctl(target, _FICLONE, source)
    except OSError as error:
        if error.errno in _NOT_HERE:
            return False
        raise
    return True


def _in_kernel(source: int, target: int, progress: Progress | None) -> int:
    """Copy without bringing bytes into this process, as far as the system can."""
    copied = 0
    for step in (_copy_file_range, _sendfile):
        while moved := _tried(step, source, target):
            copied += moved
            if progress:
                progress(moved)
        if moved == 0:
            return copied
    return copied


def _tried(step: Callable[[int, int], int], source: int, target: int) -> int | None:
    """Return how many bytes a step moved, None when it does not work for these files."""
    try:
        return step(source, target)
    except OSError as error:
        if error.errno in _NOT_HERE:
            return None
        raise


def _copy_file_range(source: int, target: int) -> int:
    if not hasattr(os, "copy_file_range"):
        raise OSError(errno.ENOSYS, "no copy_file_range")
    return os.copy_file_range(source, target, _STEP)


def _sendfile(source: int, target: int) -> int:
    if not hasattr(os, "sendfile"):
        raise OSError(errno.ENOSYS, "no sendfile")
    offset = os.lseek(source, 0, os.SEEK_CUR)
    sent = os.sendfile(target, source, offset, _STEP)
    os.lseek(source, offset + sent, os.SEEK_SET)
    return sent


def _with_buffer(source: int, target: int, progress: Progress | None) -> int:
    copied = 0
    while chunk := os.read(source, _BUFFER):
        view = memoryview(chunk)
        while view:
            view = view[os.write(target, view) :]
        copied += len(chunk)
        if progress:
            progress(len(chunk))
    return copied
