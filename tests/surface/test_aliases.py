"""Old import paths lead to the real things; patching through them patches what runs."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from unittest import mock

import pytest

from mlflow._compat.aliases import ALIASES
from mlflow._compat.finder import AliasFinder, AliasModule
from mlflow._core import clock, limits, tags
from mlflow._core.lazy import resolve

MODULES = sorted(path for path, row in ALIASES.items() if isinstance(row, str))
NAMES = sorted(
    (path, name) for path, row in ALIASES.items() if not isinstance(row, str) for name in row
)


@pytest.mark.parametrize("path", MODULES)
def test_an_aliased_module_is_the_real_one(path: str) -> None:
    """Both paths give one object, which keeps its own identity."""
    row = ALIASES[path]
    assert isinstance(row, str)
    module = import_module(path)
    assert module is import_module(row)
    assert module.__spec__ is not None
    assert module.__spec__.name == module.__name__ == row


@pytest.mark.parametrize(("path", "name"), NAMES)
def test_an_aliased_name_is_the_real_one(path: str, name: str) -> None:
    """Each single name resolves, and appears in ``dir``."""
    row = ALIASES[path]
    assert not isinstance(row, str)
    module = import_module(path)
    if name == "*":
        assert set(vars(import_module(row["*"]))) <= set(dir(module))
    else:
        assert getattr(module, name) is resolve(row[name])
        assert name in dir(module)


def test_patching_through_an_old_path_patches_the_real_name() -> None:
    """A test suite that patches where upstream has a function changes what runs here."""
    real = clock.now_ms
    with mock.patch("mlflow.utils.time.get_current_time_millis", return_value=7) as patched:
        assert clock.now_ms is patched
    assert clock.now_ms is real


def test_patching_a_constant_of_an_aliased_module() -> None:
    """The limits that libraries shrink in their tests are ours."""
    real = limits.MAX_PARAM_VAL_LENGTH
    with mock.patch("mlflow.utils.validation.MAX_PARAM_VAL_LENGTH", 5):
        assert vars(limits)["MAX_PARAM_VAL_LENGTH"] == 5
    assert real == limits.MAX_PARAM_VAL_LENGTH


def test_patching_a_function_of_an_aliased_module() -> None:
    """Its deletion and return, which patching does, happen in the real module."""
    real = limits.validate_key
    with mock.patch("mlflow.utils.validation.validate_key") as patched:
        assert limits.validate_key is patched
    assert limits.validate_key is real


def test_other_attributes_of_an_alias_stay_its_own() -> None:
    """Setting a name that is not in the table does not reach the real module."""
    module = import_module("mlflow.utils.time")
    with mock.patch.object(module, "own_mark", 1, create=True):
        assert not hasattr(clock, "own_mark")


@pytest.mark.parametrize("path", ["mlflow.utils.no_such", "mlflow.tracking.no_such", "mlflow.no"])
def test_an_unknown_path_names_the_list(path: str) -> None:
    """The import error says where to look."""
    with pytest.raises(ModuleNotFoundError, match="COMPATIBILITY.md") as caught:
        import_module(path)
    assert caught.value.name == path


def test_an_unknown_name_of_an_alias_names_the_list() -> None:
    """So does the attribute error."""
    with pytest.raises(AttributeError, match="COMPATIBILITY.md"):
        _ = import_module("mlflow.utils.uri").no_such_name


def test_an_alias_parent_gives_its_children() -> None:
    """``mlflow.utils`` is no package of ours, yet its children read as attributes."""
    utils = import_module("mlflow.utils")
    assert isinstance(utils, AliasModule)
    assert utils.mlflow_tags is tags


def test_the_finder_is_last_and_once() -> None:
    """It sees a path only when nobody else knows it."""
    code = (
        "import sys, mlflow; from mlflow._compat.finder import AliasFinder, install; install();"
        "assert sys.meta_path.count(AliasFinder) == 1; assert sys.meta_path[-1] is AliasFinder"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert AliasFinder.find_spec("json") is None
