"""Lazy public names: a table ``name -> "module:attribute"`` instead of imports (PEP 562).

A package that offers many names costs nothing until one is used. A name that is not built yet is
in the table as ``UNBUILT``: reading it always works, so that ``hasattr`` and code that copies
``dir(module)`` work; only calling it says that it is missing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

UNBUILT: Final = ""  # what a table holds for a name that exists only to say that it is not built


def attach(
    module_name: str, table: Mapping[str, str], extra: Iterable[str] = ()
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return ``__getattr__``, ``__dir__`` and ``__all__`` of a package with lazy names.

    Each name is resolved once and then kept in the module.

    Args:
        module_name: The package, ``__name__``.
        table: For each public name, ``"module:attribute"``, or ``"module:"`` for the module
            itself, or ``UNBUILT``.
        extra: Further names for ``__all__`` that the package defines itself.
    """

    def __getattr__(name: str) -> Any:  # noqa: N807 - the name that PEP 562 asks for
        target = table.get(name)
        if target is None:
            raise AttributeError(
                f"module {module_name!r} has no attribute {name!r}; "
                "COMPATIBILITY.md lists what is built",
                name=name,
                obj=sys.modules[module_name],
            )
        value = resolve(target) if target else unbuilt(name, module_name)
        setattr(sys.modules[module_name], name, value)
        return value

    def __dir__() -> list[str]:  # noqa: N807 - the name that PEP 562 asks for
        own = {
            name
            for name, value in vars(sys.modules[module_name]).items()
            if name.startswith("__") or isinstance(value, ModuleType)
        }
        return sorted({*own, *table, *extra})

    return __getattr__, __dir__, sorted({*table, *extra})


def grouped(groups: Mapping[str, str], **renamed: str) -> dict[str, str]:
    """Return the table of a package's lazy names, of which each is spelled once.

    Args:
        groups: For each module, or ``"module:object"``, the names that are taken from it, with
            blanks between; for a package with a dot at its end, the names of its modules; for
            ``UNBUILT`` the names that are not built.
        **renamed: The target of each name that is another one where it is defined.
    """
    found = dict(renamed)
    for source, names in groups.items():
        for name in names.split():
            inside = f"{source}{'.' if ':' in source else ':'}{name}"
            whole = f"{source}{name}:" if source.endswith(".") else inside
            found[name] = whole if source else UNBUILT
    return dict(sorted(found.items()))


def resolve(target: str) -> Any:
    """Return what ``"module:attribute"`` names; ``"module:"`` is the module itself."""
    module_name, _, attribute = target.partition(":")
    value: Any = import_module(module_name)
    for part in attribute.split(".") if attribute else ():
        value = getattr(value, part)
    return value


class Unbuilt(type):
    """The class of stand-ins: a public name that exists and cannot do its work yet."""

    def __call__(cls, *_args: object, **_kwargs: object) -> NoReturn:
        raise not_built(f"{cls.__module__}.{cls.__name__}")

    def __getattr__(cls, name: str) -> NoReturn:
        what = f"{cls.__module__}.{cls.__name__}"
        raise AttributeError(
            f"{what} is not built yet, so it has no {name!r}; COMPATIBILITY.md lists what is built"
        )


def unbuilt(name: str, module_name: str = "mlflow") -> Any:
    """Return a stand-in for a public function or class that is not built yet.

    It can be read, copied, compared, used in annotations and ``isinstance``; calling it raises
    ``NotImplementedError``.

    Args:
        name: The public name.
        module_name: The public module that it belongs to.
    """
    doc = f"{module_name}.{name} is not built yet; COMPATIBILITY.md lists what is."
    return Unbuilt(name, (), {"__module__": module_name, "__doc__": doc})


def not_built(what: str) -> NotImplementedError:
    """Return the error for something of the public interface that is not built yet."""
    return NotImplementedError(
        f"{what} is not built yet in Headrace; COMPATIBILITY.md lists what is."
    )
