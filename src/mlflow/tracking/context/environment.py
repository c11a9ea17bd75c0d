"""The interpreter, the packages and the command line of this program."""

import platform
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from mlflow._core.distributions import (
    are_all_in_folders,
    iter_metadata_folders,
    read_metadata,
)
from mlflow._core.lazy import resolve
from mlflow._core.uri import mask_password

_MASK: Final = "***"
_HEADER: Final = re.compile(r"^(Name|Version): *(.+?) *$", re.MULTILINE)
_HEAD_CHARACTERS: Final = 4096  # name and version are among the first lines of a METADATA file
_SECRET_OPTION: Final = re.compile(
    r"^(--?[\w.\-]*(?:passw|secret|token|api[-_.]?key|access[-_.]?key|credential|private[-_.]?key)"
    r"[\w.\-]*)(?:(=)(.*))?$",
    re.IGNORECASE | re.DOTALL,
)
_SECRET_ASSIGNMENT: Final = re.compile(
    r"^([\w.\-+]*(?:passw|secret|token|api_?key|access_?key|credential|private_?key)[\w.\-]*=)(.+)$",
    re.IGNORECASE | re.DOTALL,
)


def _metadata_texts() -> Iterator[str]:
    if are_all_in_folders():
        for folder in iter_metadata_folders():
            yield (
                read_metadata(folder, "METADATA", _HEAD_CHARACTERS)
                or read_metadata(folder, "PKG-INFO", _HEAD_CHARACTERS)
            )
        return
    for distribution in resolve("importlib.metadata:distributions")():
        yield distribution.read_text("METADATA") or distribution.read_text("PKG-INFO") or ""


def _name_and_version(text: str) -> tuple[str, str] | None:
    """Return them without parsing the whole text, which takes ten times as long."""
    found = dict(_HEADER.findall(text[:_HEAD_CHARACTERS].split("\n\n", 1)[0]))
    if "Name" in found and "Version" in found:
        return found["Name"], found["Version"]
    return None


@lru_cache(maxsize=4)
def _packages(_state: tuple[tuple[str, int], ...]) -> tuple[tuple[str, str], ...]:
    found: dict[str, tuple[str, str]] = {}
    for text in _metadata_texts():
        pair = _name_and_version(text)
        if pair is not None:
            found.setdefault(pair[0].lower(), pair)  # the first on the path is what is imported
    return tuple(found[name] for name in sorted(found))


def _folder_time(name: str) -> int:
    try:
        return Path(name).stat().st_mtime_ns
    except OSError:
        return 0


def packages() -> tuple[tuple[str, str], ...]:
    """Return name and version of every installed distribution, in order of the names.

    Read again only when a folder on the module path has changed.
    """
    return _packages(tuple((name, _folder_time(name)) for name in sys.path))


def command_line() -> list[str]:
    """Return how this program was called, with the values of secret options masked."""
    found: list[str] = []
    mask_next = False
    for argument in getattr(sys, "orig_argv", sys.argv):
        option = _SECRET_OPTION.match(argument)
        if mask_next and not argument.startswith("-"):
            found.append(_MASK)
        elif option and option[2]:
            found.append(f"{option[1]}={_MASK}")
        elif option is None:
            found.append(_SECRET_ASSIGNMENT.sub(rf"\g<1>{_MASK}", mask_password(argument)))
        else:
            found.append(argument)
        mask_next = option is not None and not option[2]
    return found


def describe_environment() -> dict[str, object]:
    """Return the interpreter, the platform, the command line and the packages, for JSON."""
    return {
        "python": {
            "version": platform.python_version(),
            "implementation": platform.python_implementation(),
            "executable": sys.executable,
        },
        "platform": {
            "system": platform.system(),
            "release": platform.release(),
            "machine": platform.machine(),
        },
        "command": command_line(),
        "packages": [f"{name}=={version}" for name, version in packages()],
    }
