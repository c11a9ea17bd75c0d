"""The signatures of what is built equal the recorded ones."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

import pytest

from mlflow._core.lazy import Unbuilt
from tests.surface.recorded import interface, normal_parameters, our_parameters

_BUILTIN = (str, list, dict, Exception, object)

# Signatures that differ on purpose; COMPATIBILITY.md says why.
# With a keyword of ours after the recorded parameters.
DIFFERENCES: frozenset[str] = frozenset(
    f"{module}.MlflowClient.get_model_version_by_alias"
    for module in ("mlflow", "mlflow.client", "mlflow.sklearn", "mlflow.tracking")
)


def _value(module_name: str, name: str) -> Any:
    try:
        value = getattr(import_module(module_name), name)
    except (ImportError, AttributeError):
        return None
    return None if isinstance(value, Unbuilt) else value


def _functions() -> list[tuple[str, str]]:
    return [
        (module_name, name)
        for module_name, names in interface().items()
        for name, recorded in names.items()
        if isinstance(recorded, str) and recorded.startswith("(")
    ]


def _members() -> list[tuple[str, str]]:
    return [
        (module_name, name)
        for module_name, names in interface().items()
        for name, recorded in names.items()
        if isinstance(recorded, dict)
    ]


@pytest.mark.parametrize(("module_name", "name"), _functions())
def test_a_built_function_has_the_recorded_parameters(module_name: str, name: str) -> None:
    """Names, order, kinds and defaults are those that programs were written against."""
    value = _value(module_name, name)
    if value is None or f"{module_name}.{name}" in DIFFERENCES:
        return
    assert our_parameters(value) == normal_parameters(interface()[module_name][name])


@pytest.mark.parametrize(("module_name", "name"), _members())
def test_a_built_class_has_the_recorded_members(module_name: str, name: str) -> None:
    """Constructors and methods take the recorded parameters; properties are properties."""
    owner = _value(module_name, name)
    if not inspect.isclass(owner):
        return
    wrong = []
    for member, recorded in interface()[module_name][name]["class"].items():
        ours = inspect.getattr_static(owner, member, None)
        label = f"{module_name}.{name}.{member}"
        if ours is None or label in DIFFERENCES or isinstance(ours, Unbuilt):
            continue
        if any(inspect.getattr_static(base, member, None) is ours for base in _BUILTIN):
            continue
        if recorded == "property":
            if not isinstance(ours, property):
                wrong.append(f"{label} is no property")
        elif isinstance(recorded, str) and recorded.startswith("("):
            found = our_parameters(getattr(owner, member))
            if found != normal_parameters(recorded):
                wrong.append(f"{label}: {found} instead of {recorded}")
    assert not wrong
