"""The public base class of run context providers."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any


class RunContextProvider(ABC):
    """Gives the tags that every new run gets in some environment.

    A distribution registers its own by an entry point of the group ``mlflow.run_context_provider``
    that names a class; it is called without arguments.
    """

    @abstractmethod
    def in_context(self) -> bool:
        """Return whether this program runs in the provider's environment."""

    @abstractmethod
    def tags(self) -> Mapping[str, Any]:
        """Return the tags; called only when ``in_context()`` is true."""
