"""Entry points of other distributions, read once for each group."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from mlflow._core.distributions import (
    are_all_in_folders,
    iter_metadata_folders,
    read_metadata,
)
from mlflow._core.lazy import resolve

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


@cache
def find_plugins(group: str) -> tuple[EntryPoint, ...]:
    """Return the entry points of a group, one for each name, in the order of their names.

    Args:
        group: Such as ``mlflow.run_context_provider``.
    """
    if not _may_have_plugins(group):
        return ()
    points = resolve("importlib.metadata:entry_points")(group=group)
    found: dict[str, EntryPoint] = {point.name: point for point in points}
    return tuple(found[name] for name in sorted(found))


def _may_have_plugins(group: str) -> bool:
    """Return whether it is worth to import what reads entry points; mostly it is not."""
    return not are_all_in_folders() or any(
        group in read_metadata(folder, "entry_points.txt") for folder in iter_metadata_folders()
    )
