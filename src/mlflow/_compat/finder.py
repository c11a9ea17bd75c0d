"""Resolves old import paths by the table of aliases, at the end of the import system's search.

An old path that names a whole module gives the real module itself. One that names single
attributes gives a small module whose reads, writes and deletions go to the real ones, so that
patching a name through an old path patches what runs.
"""

from __future__ import annotations

import os.path
import sys
import warnings
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from mlflow._compat.aliases import ALIASES
from mlflow._core.lazy import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PREFIX: Final = "mlflow."
_REST: Final = "*"  # the row for every name that a table does not have
# Stand-ins for packages that exist only as the parents of aliases, such as mlflow.utils.
_PARENTS: Final = frozenset(
    path.rsplit(".", depth)[0] for path in ALIASES for depth in range(1, path.count("."))
)
# The frame of the import system that fails when no finder knows a name; importlib.util.find_spec
# comes from elsewhere and gets None, as for any absent module.
_IMPORT_FRAME: Final = "_find_and_load_unlocked"

FOREIGN_FILE: Final = "utils/__init__.py"  # upstream ships it; here that path is an alias
ADVICE: Final = (
    "Remove both and install one of them again: "
    "pip uninstall mlflow mlflow-skinny mlflow-tracing headrace && pip install headrace"
)


class AliasModule(ModuleType):
    """A module that stands at an old path and forwards to the real attributes."""

    _rows: Mapping[str, str]

    def __init__(self, name: str, rows: Mapping[str, str]) -> None:
        super().__init__(name, "Names at an old path; each forwards to where it lives now.")
        ModuleType.__setattr__(self, "_rows", rows)

    def __getattr__(self, name: str) -> Any:
        target = self._target(name)
        if target is not None and hasattr(*_owner(target)):
            return resolve(target)
        path = f"{self.__name__}.{name}"
        if path in ALIASES or path in _PARENTS:
            return import_module(path)
        raise AttributeError(
            f"module {self.__name__!r} has no attribute {name!r}; COMPATIBILITY.md lists the "
            "undocumented names that exist",
            name=name,
            obj=self,
        )

    def __setattr__(self, name: str, value: object) -> None:
        target = self._target(name)
        if target is None:
            ModuleType.__setattr__(self, name, value)
        else:
            setattr(*_owner(target), value)

    def __delattr__(self, name: str) -> None:
        target = self._target(name)
        if target is None:
            ModuleType.__delattr__(self, name)
        else:
            delattr(*_owner(target))

    def __dir__(self) -> list[str]:
        whole = self._rows.get(_REST)
        rest = vars(import_module(whole)) if whole else ()
        return sorted({*vars(self), *self._rows, *rest} - {_REST})

    def _target(self, name: str) -> str | None:
        whole = self._rows.get(_REST)
        if name not in self._rows and whole and not name.startswith("__"):
            return f"{whole}:{name}"
        return self._rows.get(name)


def _owner(target: str) -> tuple[Any, str]:
    owner, _, name = target.replace(":", ".").rpartition(".")
    module = target.partition(":")[0]
    return resolve(f"{module}:{owner[len(module) + 1 :]}"), name


class _Loader:
    """Gives the module for one alias; never runs code of its own."""

    def __init__(self, row: str | Mapping[str, str]) -> None:
        self._row = row
        self._real_spec: ModuleSpec | None = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        if not isinstance(self._row, str):
            return AliasModule(spec.name, self._row)
        module = import_module(self._row)
        self._real_spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        if isinstance(self._row, str):
            module.__spec__ = self._real_spec  # the import system has just put the alias's there


class AliasFinder:
    """A meta path finder for the paths of the table."""

    @staticmethod
    def find_spec(
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG004 - the finder protocol
        target: ModuleType | None = None,  # noqa: ARG004 - the finder protocol
    ) -> ModuleSpec | None:
        """Return the spec of an alias; explain the absence of any other path below the root."""
        if not fullname.startswith(_PREFIX):
            return None
        row = ALIASES.get(fullname)
        if row is not None or fullname in _PARENTS:
            loader: Any = _Loader({} if row is None else row)
            return ModuleSpec(fullname, loader, origin="alias", is_package=fullname in _PARENTS)
        if sys._getframe(2).f_code.co_name == _IMPORT_FRAME:  # noqa: SLF001 - see _IMPORT_FRAME
            raise ModuleNotFoundError(
                f"No module named {fullname!r} in Headrace: COMPATIBILITY.md lists the modules "
                "that are built and the undocumented paths that exist.",
                name=fullname,
            )
        return None


def install() -> None:
    """Put the finder at the end of the search, once, and warn of a broken installation."""
    if AliasFinder in sys.meta_path:
        return
    sys.meta_path.append(AliasFinder)
    package = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120 - pathlib costs 3 ms here
    if os.path.exists(os.path.join(package, FOREIGN_FILE)):  # noqa: PTH110, PTH118 - as above
        warnings.warn(
            f"{package} holds files of another distribution beside Headrace's. {ADVICE}",
            RuntimeWarning,
            stacklevel=2,
        )
