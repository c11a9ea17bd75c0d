"""All context providers, and the tags that they give together."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from mlflow._core.guard import contained
from mlflow._core.plugins import ProviderRegistry
from mlflow.tracking.context.abstract_context import RunContextProvider
from mlflow.tracking.context.default_context import DefaultRunContext
from mlflow.tracking.context.git_context import GitRunContext
from mlflow.tracking.context.notebook_context import JupyterNotebookRunContext
from mlflow.tracking.context.system_environment_context import SystemEnvironmentContext

ENTRY_POINT_GROUP: Final = "mlflow.run_context_provider"


class RunContextProviderRegistry(ProviderRegistry[RunContextProvider]):
    """The run context providers, in the order in which they are asked."""

    def __init__(self) -> None:
        super().__init__(ENTRY_POINT_GROUP, "run context provider")


_run_context_provider_registry: Final = RunContextProviderRegistry()
for _provider in (
    DefaultRunContext,
    GitRunContext,
    JupyterNotebookRunContext,
    SystemEnvironmentContext,
):
    _run_context_provider_registry.register(_provider)


def resolve_tags(
    tags: Mapping[str, Any] | None = None,
    ignore: Iterable[type[RunContextProvider] | RunContextProvider] | None = None,
) -> dict[str, Any]:
    """Return the tags of a new run: those of the context, then the given ones, which win.

    Args:
        tags: Tags that the user gave.
        ignore: Providers to leave out, as classes or instances.

    Returns:
        A new dictionary. A provider that fails gives no tags and one warning.
    """
    _run_context_provider_registry.register_entrypoints()
    left_out = tuple(one if isinstance(one, type) else type(one) for one in ignore or ())
    found: dict[str, Any] = {}
    for provider in _run_context_provider_registry:
        if type(provider) in left_out:
            continue
        with contained(f"Reading the run context of {type(provider).__name__}"):
            if provider.in_context():
                found.update(provider.tags())
    if tags is not None:
        found.update(tags)
    return found
