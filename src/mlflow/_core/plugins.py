"""Entry points of other distributions, read once for each group."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points


@cache
def find_plugins(group: str) -> tuple[EntryPoint, ...]:
    """Return the entry points of a group, one for each name, in the order of their names.

    Args:
        group: Such as ``mlflow.run_context_provider``.
    """
    found = {point.name: point for point in entry_points(group=group)}
    return tuple(found[name] for name in sorted(found))
