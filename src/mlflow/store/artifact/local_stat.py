"""What the file system knows of an artifact, and the digest that is kept beside its bytes.

The digest is an extended attribute, where the system has them, together with size and time of the
file that it was taken from: a file that something else has changed since has no digest.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Final

from mlflow.store.artifact.contract import FileStat

_ATTRIBUTE: Final = "user.headrace.sha256"


def file_stat(path: str, descriptor: int) -> FileStat:
    """Return what is known of an open file.

    Args:
        path: The artifact.
        descriptor: The file.
    """
    found = os.fstat(descriptor)
    return FileStat(
        path,
        found.st_size,
        found.st_mtime_ns // 1_000_000,
        f"{found.st_ino:x}-{found.st_mtime_ns:x}-{found.st_size:x}",
        _digest(descriptor, found),
    )


def record_digest(descriptor: int, sha256: str) -> None:
    """Keep a file's digest with it, as long as its bytes stay as they are.

    Args:
        descriptor: The file, complete.
        sha256: The digest in hex.
    """
    if hasattr(os, "setxattr"):
        with suppress(OSError):  # many file systems have no attributes
            os.setxattr(descriptor, _ATTRIBUTE, _value(os.fstat(descriptor), sha256))


def _digest(descriptor: int, found: os.stat_result) -> str | None:
    if not hasattr(os, "getxattr"):
        return None
    try:
        value = os.getxattr(descriptor, _ATTRIBUTE)
    except OSError:
        return None
    digest = value.decode("ascii", "replace").partition(" ")[0]
    return digest if value == _value(found, digest) else None


def _value(found: os.stat_result, sha256: str) -> bytes:
    return f"{sha256} {found.st_size} {found.st_mtime_ns}".encode()
