"""Entry points of other distributions, read once for each group."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from mlflow._core.distributions import (
    are_all_in_folders,
    iter_metadata_folders,
    read_metadata,
)
from mlflow._core.guard import contained
from mlflow._core.lazy import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.metadata import EntryPoint

T = TypeVar("T")


class ProviderRegistry(Generic[T]):
    """Providers in the order in which they are asked; what later ones say wins."""

    def __init__(self, group: str, what: str) -> None:
        """Begin without providers.

        Args:
            group: The entry points of other distributions' classes.
            what: What a provider is called in messages.
        """
        self._group: Final = group
        self._what: Final = what
        self._providers: list[T] = []
        self._plugins_loaded = False

    def register(self, provider: type[T]) -> None:
        """Add a provider.

        Args:
            provider: Its class; called without arguments.
        """
        self._providers.append(provider())

    def register_entrypoints(self) -> None:
        """Add the providers of other distributions, once; one that fails is left out."""
        if self._plugins_loaded:
            return
        self._plugins_loaded = True
        for point in find_plugins(self._group):
            with contained(f"Loading the {self._what} {point.name!r}"):
                self.register(point.load())

    def __iter__(self) -> Iterator[T]:
        return iter(tuple(self._providers))


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
