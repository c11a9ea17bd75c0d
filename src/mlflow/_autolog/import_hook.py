"""Runs a function when a library has been imported, without importing it.

A finder at the front of ``sys.meta_path`` lets the others find the library, and has its loader say
when the module was executed. It finds nothing itself and is asked about watched names only.
"""

from __future__ import annotations

import sys
import threading
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.guard import contained

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class _Finder:
    """The finder. Attributes: ``watched`` has what to run by module or ``package.*``, and owner."""

    def __init__(self) -> None:
        self.watched: dict[str, dict[str, Callable[[ModuleType], None]]] = {}
        self._local = threading.local()

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where the library is, with a loader that says when it was executed."""
        keys = (name, name.partition(".")[0] + ".*")
        actions = [action for key in keys for action in self.watched.get(key, {}).values()]
        busy = vars(self._local).setdefault("busy", set())
        if not actions or name in busy:
            return None
        busy.add(name)
        try:
            spec = find_spec(name)
        finally:
            busy.discard(name)
        if spec is not None and hasattr(spec.loader, "exec_module"):
            _announce(spec.loader, actions)
        return spec


def _announce(loader: Any, actions: Iterable[Callable[[ModuleType], None]]) -> None:
    execute = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        vars(loader).pop("exec_module", None)
        execute(module)
        for action in actions:
            with contained(f"Switching on the autologging of {module.__name__}"):
                action(module)

    # A loader that takes no attributes, such as one of modules in C, is left alone.
    if hasattr(loader, "__dict__"):
        loader.exec_module = exec_module


_FINDER: Final = _Finder()


def when_imported(
    name: str, action: Callable[[ModuleType], None], *, owner: str = "mlflow"
) -> None:
    """Run a function once a module has been imported; at once if it has been.

    Args:
        name: The module; ``package.*`` for all modules of a package that are imported later.
        action: What to run; its failure is a warning. A later one of its owner takes its place.
        owner: Who asks.
    """
    _FINDER.watched[name] = {**_FINDER.watched.get(name, {}), owner: action}
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)
    module = sys.modules.get(name)
    if module is not None:
        with contained(f"Switching on the autologging of {name}"):
            action(module)


def forget(name: str, *, owner: str = "mlflow") -> None:
    """Run nothing of an owner's when a module is imported."""
    _FINDER.watched.get(name, {}).pop(owner, None)
