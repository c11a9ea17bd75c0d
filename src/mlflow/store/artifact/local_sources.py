"""Files of this machine that are about to be logged."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from mlflow._core.paths import canonical_path, join_path
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.errors import explained

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NONBLOCK", 0)  # opening a named pipe must not wait for its other end
)


class OpenSource(NamedTuple):
    """An open source file: its descriptor and what was true when it was opened."""

    descriptor: int
    size: int
    mode: int


class SourceFile(NamedTuple):
    """A local file and the artifact path it goes to; ``file`` is None for an empty folder."""

    path: str
    file: Path | None
    size: int

    @contextmanager
    def open(self) -> Iterator[OpenSource]:
        """Open the file.

        Raises:
            MlflowException: the file cannot be read.
        """
        if self.file is None:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), self.path)
        with explained("read", str(self.file)):
            descriptor = os.open(self.file, _FLAGS)
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise MlflowException.invalid_parameter_value(
                    f"Cannot log {str(self.file)!r}: it is not a regular file."
                )
            yield OpenSource(descriptor, found.st_size, found.st_mode)
        finally:
            os.close(descriptor)


def source_files(local: Path, path: str) -> list[SourceFile]:
    """Return a file, or every file and empty folder below a directory, with artifact paths.

    Links are followed, since the files are the user's own; a link that leads back to a folder
    above itself is an error.

    Args:
        local: A file or a directory.
        path: The artifact path it goes to; "" puts a directory's content at the root.

    Raises:
        FileNotFoundError: there is no such file or directory, or a link in it leads nowhere.
        MlflowException: a name below the directory cannot be an artifact's name.
    """
    found = local.stat()
    if not stat.S_ISDIR(found.st_mode):
        return [SourceFile(path, local, found.st_size)]
    return list(_walk(local, path, ((found.st_dev, found.st_ino),)))


def _walk(folder: Path, path: str, above: tuple[tuple[int, int], ...]) -> Iterator[SourceFile]:
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries)
    if not names and path:
        yield SourceFile(path, None, 0)
    for name in names:
        local = folder / name
        inner = canonical_path(join_path(path, name))
        found = local.stat()
        if not stat.S_ISDIR(found.st_mode):
            yield SourceFile(inner, local, found.st_size)
            continue
        identity = (found.st_dev, found.st_ino)
        if identity in above:
            raise MlflowException.invalid_parameter_value(
                f"Cannot log {str(local)!r}: the link leads back to a folder above itself."
            )
        yield from _walk(local, inner, (*above, identity))
