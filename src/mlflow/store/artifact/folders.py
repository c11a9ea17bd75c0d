"""Open directories: names are reached from a descriptor, and no symbolic link is followed.

A path that was checked as text can still lead out of its root through a link that someone plants
on the way, even between the check and the use. So each segment is opened below the descriptor of
the one before it, with ``O_NOFOLLOW``. Where the system has no such calls (Windows), each segment
is looked at before it is used.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BY_DESCRIPTOR: Final = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
_COMMON: Final = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_DIRECTORY: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _COMMON
# O_NONBLOCK: opening a named pipe must not wait for its other end.
_READ: Final = os.O_RDONLY | _NO_FOLLOW | getattr(os, "O_NONBLOCK", 0) | _COMMON
_CREATE: Final = os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _COMMON

_TEMPORARY_PREFIX: Final = ".headrace-"
_TEMPORARY_SUFFIX: Final = ".part"


def is_temporary(name: str) -> bool:
    """Return whether a name is one that a write in progress (or a killed one) uses."""
    return name.startswith(_TEMPORARY_PREFIX) and name.endswith(_TEMPORARY_SUFFIX)


class Folder:
    """An open directory and what can be done with the names in it."""

    __slots__ = ("_descriptor", "path")

    def __init__(self, path: str, descriptor: int | None) -> None:
        self.path = path
        self._descriptor = descriptor

    def _at(self, name: str) -> str:
        return name if self._descriptor is not None else f"{self.path}{os.sep}{name}"

    def stat(self, name: str) -> os.stat_result:
        """Return what a name is, a link as itself."""
        return os.stat(self._at(name), dir_fd=self._descriptor, follow_symlinks=False)

    def _refuse_link(self, name: str) -> None:
        if stat.S_ISLNK(self.stat(name).st_mode):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), name)

    @contextmanager
    def enter(self, name: str, *, create: bool = False) -> Iterator[Folder]:
        """Open a directory of this one.

        Args:
            name: One segment.
            create: Make the directory if it is missing.

        Yields:
            The directory; it is closed at the end of the block.
        """
        if create:
            with suppress(FileExistsError):
                os.mkdir(self._at(name), dir_fd=self._descriptor)
                self.sync()
        self._refuse_link(name)
        if self._descriptor is None:
            if not stat.S_ISDIR(self.stat(name).st_mode):
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), name)
            yield Folder(self._at(name), None)
            return
        descriptor = os.open(name, _DIRECTORY | _NO_FOLLOW, dir_fd=self._descriptor)
        try:
            yield Folder(f"{self.path}{os.sep}{name}", descriptor)
        finally:
            os.close(descriptor)

    def open(self, name: str) -> BinaryIO:
        """Open a regular file for reading.

        Raises:
            OSError: it is missing, a link, a directory or a special file.
        """
        self._refuse_link(name)
        descriptor = os.open(self._at(name), _READ, dir_fd=self._descriptor)
        try:
            _require_file(os.fstat(descriptor).st_mode, name)
            return os.fdopen(descriptor, "rb")
        except BaseException:
            os.close(descriptor)
            raise

    def entries(self) -> list[os.DirEntry[str]]:
        """Return the directory's entries, without the temporary files of writes in progress."""
        where = self._descriptor if self._descriptor is not None else self.path
        with os.scandir(where) as found:
            return [entry for entry in found if not is_temporary(entry.name)]

    def stage(self, name: str, *, executable: bool = False) -> Staged:
        """Begin a file that will appear under its name only when it is complete.

        Args:
            name: The file's name; a file of that name is replaced, a directory is not.
            executable: Whether to set the execute bits that the umask leaves.
        """
        temporary = f"{_TEMPORARY_PREFIX}{secrets.token_hex(8)}{_TEMPORARY_SUFFIX}"
        mode = 0o777 if executable else 0o666
        descriptor = os.open(self._at(temporary), _CREATE, mode, dir_fd=self._descriptor)
        return Staged(self, os.fdopen(descriptor, "w+b"), temporary, name)

    def rename(self, old: str, new: str) -> None:
        """Give a file another name; a file of the new name is replaced."""
        os.replace(
            self._at(old),
            self._at(new),
            src_dir_fd=self._descriptor,
            dst_dir_fd=self._descriptor,
        )

    def discard(self, name: str) -> None:
        """Delete a file if it is there."""
        with suppress(FileNotFoundError):
            os.unlink(self._at(name), dir_fd=self._descriptor)

    def discard_temporary(self, before_ms: int) -> int:
        """Delete what killed writes left here and below, if older than a time; return how many."""
        where = self._descriptor if self._descriptor is not None else self.path
        with os.scandir(where) as found:
            entries = list(found)
        count = 0
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                with suppress(FileNotFoundError), self.enter(entry.name) as folder:
                    count += folder.discard_temporary(before_ms)
            elif is_temporary(entry.name):
                with suppress(FileNotFoundError):
                    if self.stat(entry.name).st_mtime_ns < before_ms * 1_000_000:
                        self.discard(entry.name)
                        count += 1
        return count

    def sync(self) -> None:
        """Bring the directory's names to the disk."""
        if self._descriptor is not None:
            os.fsync(self._descriptor)

    def remove(self, name: str) -> None:
        """Delete a file, a link (not what it points to) or a directory with all it holds."""
        if not stat.S_ISDIR(self.stat(name).st_mode):
            os.unlink(self._at(name), dir_fd=self._descriptor)
            return
        with self.enter(name) as folder:
            where = folder._descriptor if folder._descriptor is not None else folder.path  # noqa: SLF001 - the same class
            with os.scandir(where) as found:
                names = [os.fsdecode(entry.name) for entry in found]
            for inner in names:
                folder.remove(inner)
        os.rmdir(self._at(name), dir_fd=self._descriptor)


class Staged:
    """A file under a temporary name in the directory where it will appear.

    As a context manager it appears at the end of the block, its bytes on the disk, and is gone
    when the block fails. The directory's names reach the disk with ``Folder.sync``, once for many
    files.
    """

    __slots__ = ("_folder", "_name", "_temporary", "file")

    def __init__(self, folder: Folder, file: BinaryIO, temporary: str, name: str) -> None:
        self._folder = folder
        self.file = file
        self._temporary = temporary
        self._name = name

    def __enter__(self) -> BinaryIO:
        return self.file

    def __exit__(self, kind: type[BaseException] | None, *_exc: object) -> None:
        if kind is not None:
            self.discard()
            return
        try:
            self.sync()
            self.publish()
        except BaseException:
            self.discard()
            raise

    def sync(self) -> None:
        """Bring the bytes to the disk."""
        self.file.flush()
        os.fsync(self.file.fileno())

    def publish(self, *, name: str | None = None) -> None:
        """Let the file appear under its name, or under one that its content gave."""
        self.file.close()
        self._folder.rename(self._temporary, name or self._name)

    def discard(self) -> None:
        """Delete the file; nothing happens to one that has appeared."""
        with suppress(OSError):  # what the buffer holds may have no room
            self.file.close()
        self._folder.discard(self._temporary)


def _require_file(mode: int, name: str) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), name)
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "not a regular file", name)


@contextmanager
def opened(path: Path, *, create: bool = False) -> Iterator[Folder]:
    """Open a directory by its path; links in this path are followed, since the caller chose it.

    Args:
        path: The directory.
        create: Make it and the directories above it if they are missing.

    Yields:
        The directory; it is closed at the end of the block.
    """
    if create:
        _make(path)
    if not _BY_DESCRIPTOR:
        next(path.iterdir(), None)  # raises what is wrong with it
        yield Folder(str(path), None)
        return
    descriptor = os.open(path, _DIRECTORY)
    try:
        yield Folder(str(path), descriptor)
    finally:
        os.close(descriptor)


def _make(path: Path) -> None:
    """Make a directory and those above it, each on the disk before the next."""
    if path.is_dir():
        return
    if path.parent != path:
        _make(path.parent)
    with suppress(FileExistsError):
        path.mkdir()
    with opened(path.parent) as parent:
        parent.sync()
