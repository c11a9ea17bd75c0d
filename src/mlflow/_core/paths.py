"""Relative artifact paths: one parser, one canonical form.

A path of an artifact is text in POSIX form below a root. It comes from users, from listings of
other stores and, on a server, from anyone; so what could leave the root on any operating system
is refused here on every operating system. What is left names one place below the root as long as
no link on the way leads out, which is checked when the file is opened
(``mlflow.store.artifact.local_files``).
"""

import re
from pathlib import PurePath
from typing import Final
from urllib.parse import unquote

from mlflow.exceptions import MlflowException

_DRIVE: Final = re.compile(r"^[A-Za-z]:")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_MAX_LENGTH: Final = 4096
_MAX_DECODES: Final = 8


def _refused(path: object, why: str) -> MlflowException:
    shown = repr(path)
    if len(shown) > 200:  # noqa: PLR2004 - a message is read by a person
        shown = shown[:200] + "…"
    return MlflowException.invalid_parameter_value(
        f"Invalid artifact path {shown}: {why}. Use a relative path with forward slashes, such as "
        "'plots/loss.png'."
    )


def _fault(path: str) -> str | None:
    """Return why a text can leave the root, None when it cannot."""
    if _CONTROL.search(path):
        return "it contains a control character"
    if "\\" in path:
        return "it contains a backslash"
    if path.startswith("/"):
        return "it is absolute"
    if ".." in path.split("/"):
        return "it contains '..'"
    if _DRIVE.match(_canonical(path)):
        return "it begins with a drive letter"
    return None


def _canonical(path: str) -> str:
    return "/".join(part for part in path.split("/") if part not in ("", "."))


def relative_path(path: object) -> str:
    """Return the canonical form of a relative artifact path, "" for the root.

    Empty segments, ``.`` segments and a trailing slash are dropped. ``?``, ``#``, spaces and ``%``
    are ordinary characters, unless percent-decoding (once or again and again) would give a path
    that leaves the root.

    Args:
        path: Text or a ``PurePath``.

    Raises:
        MlflowException: the path is absolute, holds ``..``, a backslash, a drive letter or a
            control character, plainly or percent-encoded, or is too long.
    """
    if isinstance(path, PurePath):
        path = path.as_posix()
    if not isinstance(path, str):
        raise _refused(path, f"it is of type {type(path).__name__}, not text")
    if len(path) > _MAX_LENGTH:
        raise _refused(path, f"it is longer than {_MAX_LENGTH} characters")
    fault = _fault(path)
    if fault is not None:
        raise _refused(path, fault)
    canonical = _canonical(path)
    if "%" in canonical:
        _check_decoded(canonical)
    return canonical


def _check_decoded(path: str) -> None:
    decoded = path
    for _ in range(_MAX_DECODES):
        following = unquote(decoded)
        if following == decoded:
            return
        decoded = following
        fault = _fault(decoded)
        if fault is not None:
            raise _refused(path, f"percent-decoded, {fault}")
    raise _refused(path, "it is percent-encoded again and again")


def canonical_path(path: object) -> str:
    """Return a relative artifact path that is already in its canonical form.

    Args:
        path: Text or a ``PurePath``; not empty.

    Raises:
        MlflowException: the path is refused by ``relative_path``, or is another spelling of a
            path (``./a``, ``a//b``, ``a/``), or names the root.
    """
    found = relative_path(path)
    given = path.as_posix() if isinstance(path, PurePath) else path
    if found != given or not found:
        raise _refused(path, f"it would be read as {found or '.'!r}")
    return found


def split_path(path: str) -> tuple[str, str]:
    """Return the folder and the name of a canonical path: ``a/b/c`` gives ``a/b`` and ``c``."""
    folder, _, name = path.rpartition("/")
    return folder, name


def join_path(folder: str | None, name: str) -> str:
    """Return a canonical path below a folder; "" or None is the root."""
    return f"{folder}/{name}" if folder else name
