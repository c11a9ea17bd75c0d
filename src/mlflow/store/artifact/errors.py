"""What the operating system refused, in words a user can act on."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from mlflow.exceptions import (
    INVALID_PARAMETER_VALUE,
    IO_ERROR,
    PERMISSION_DENIED,
    RESOURCE_DOES_NOT_EXIST,
    RESOURCE_EXHAUSTED,
    MlflowException,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# errno -> the error's code and what to say; the first word of each sentence is the path.
_REASONS: Final[dict[int, tuple[int, str]]] = {
    errno.ENOENT: (RESOURCE_DOES_NOT_EXIST, "it does not exist"),
    errno.EACCES: (PERMISSION_DENIED, "this user may not; check the folder's permissions"),
    errno.EPERM: (PERMISSION_DENIED, "this user may not; check the folder's permissions"),
    errno.EROFS: (PERMISSION_DENIED, "the file system is read-only"),
    errno.ENOSPC: (RESOURCE_EXHAUSTED, "the disk is full; free some space and try again"),
    errno.EDQUOT: (RESOURCE_EXHAUSTED, "the disk quota is used up; free some space and try again"),
    errno.EFBIG: (RESOURCE_EXHAUSTED, "the file is larger than the file system allows"),
    errno.ENAMETOOLONG: (INVALID_PARAMETER_VALUE, "the name is too long for the file system"),
    errno.EISDIR: (INVALID_PARAMETER_VALUE, "a folder of that name is in the way"),
    errno.ENOTDIR: (INVALID_PARAMETER_VALUE, "a file is where a folder is needed"),
    errno.EEXIST: (INVALID_PARAMETER_VALUE, "a file is where a folder is needed"),
    errno.ENOTEMPTY: (INVALID_PARAMETER_VALUE, "a folder of that name is in the way"),
    errno.ELOOP: (INVALID_PARAMETER_VALUE, "it is a symbolic link, which is never followed here"),
}
# The only ones that can come from the bytes' destination while the caller's own code runs.
_WHILE_WRITING: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG})


def refused(action: str, path: str, error: OSError) -> MlflowException:
    """Return the error for something that the operating system refused.

    Args:
        action: What was tried, such as "write artifact".
        path: The path it was tried on, as the user knows it.
        error: The refusal.
    """
    code, reason = _REASONS.get(error.errno or 0, (IO_ERROR, error.strerror or str(error)))
    return MlflowException(f"Cannot {action} {path!r}: {reason} ({error}).", code)


@contextmanager
def explained(action: str, path: str) -> Iterator[None]:
    """Turn an ``OSError`` of the block into an ``MlflowException``."""
    try:
        yield
    except OSError as error:
        raise refused(action, path, error) from error


@contextmanager
def explained_while_writing(path: str) -> Iterator[None]:
    """Turn a full or read-only disk into an ``MlflowException``; other errors are the caller's."""
    try:
        yield
    except OSError as error:
        if error.errno in _WHILE_WRITING:
            raise refused("write artifact", path, error) from error
        raise
