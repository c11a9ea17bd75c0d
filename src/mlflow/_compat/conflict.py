"""Finds another distribution's files in our package directory, for the doctor command.

``pip`` lets two distributions write into one directory. What is left is neither: modules of one
import modules of the other.
"""

from __future__ import annotations

from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Final

from mlflow._compat.finder import ADVICE, FOREIGN_FILE

_PACKAGE: Final = Path(__file__).parent.parent
_FOREIGN: Final = (FOREIGN_FILE, "protos/__init__.py", "server/handlers.py")
_RIVALS: Final = ("mlflow", "mlflow-skinny", "mlflow-tracing")
_OURS: Final = "Headrace"  # in the summary of the metadata that our wheel lays down


def foreign_files(package: Path = _PACKAGE) -> list[str]:
    """Return which known files of upstream lie in a package directory, relative to it."""
    return [name for name in _FOREIGN if (package / name).exists()]


def rival_distributions() -> list[str]:
    """Return the installed distributions, other than ours, that own the import name."""
    return sorted(
        f"{name} {found.version}"
        for found in distributions()
        for name in (_field(found, "Name").lower(),)
        if name in _RIVALS and _OURS not in _field(found, "Summary")
    )


def _field(found: Distribution, name: str) -> str:
    """Return a field of a distribution's metadata; empty in a broken one."""
    return found.metadata[name] if name in found.metadata else ""  # noqa: SIM401 - no mapping


def describe_mix() -> str:
    """Return what is wrong with the installation and what to do, or the empty text."""
    files, rivals = foreign_files(), rival_distributions()
    if not files and not rivals:
        return ""
    found = [*(f"the distribution {rival}" for rival in rivals), *files]
    return f"Headrace's package directory is shared with {', '.join(found)}. {ADVICE}"
