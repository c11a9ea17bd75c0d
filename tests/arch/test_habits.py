"""What no file of the package does, each with the one place where it is done, if any."""

from __future__ import annotations

import ast
import re

import pytest

from mlflow._core import tags
from tests.arch.sources import (
    Source,
    calls,
    dotted,
    functions,
    imports,
    is_standard,
    sources,
    strings,
)

EVERY = pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)

# Module-level state: the few objects that hold it, by file.
STATEFUL = {
    "_core/names.py",  # a random generator of its own
    "_core/plugins.py",  # the table of entry points
    "tracking/_fluent/state.py",  # the fluent state object
}
_MUTABLE_CALLS = {
    "collections.defaultdict",
    "collections.deque",
    "defaultdict",
    "deque",
    "dict",
    "list",
    "set",
}
_TAG_KEYS = {
    value
    for name, value in vars(tags).items()
    if name.isupper() and isinstance(value, str) and value.startswith("mlflow.")
}


@EVERY
def test_broad_excepts_are_in_the_guard(source: Source) -> None:
    """``except Exception`` without raising again is in ``_core/guard.py`` only."""
    if source.name == "_core/guard.py":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler):
            broad = node.type is None or dotted(node.type) in {"Exception", "BaseException"}
            raises = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
            assert not broad or raises, source.where(node)


@EVERY
def test_no_shell_and_no_telemetry(source: Source) -> None:
    """No command goes through a shell; no service of statistics is imported."""
    for call, name in calls(source):
        shell = next((word.value for word in call.keywords if word.arg == "shell"), None)
        assert not (isinstance(shell, ast.Constant) and shell.value), source.where(call)
        assert name not in {"os.system", "os.popen", "subprocess.getoutput"}, source.where(call)
    barred = {"posthog", "segment", "sentry_sdk", "analytics"}
    assert not [name for _, name in imports(source) if name.split(".")[0] in barred]


_OF_THE_ENVIRONMENT = {
    "_core/variables.py",
    "_core/own_variables.py",
    "environment_variables.py",
}


@EVERY
def test_the_environment_is_read_in_one_file(source: Source) -> None:
    """Variables are read in one file and are rows of a table in two: nothing else spells them."""
    if source.name in _OF_THE_ENVIRONMENT:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute):
            assert dotted(node) not in {"os.environ", "os.getenv", "os.putenv"}, source.where(node)
    variable = re.compile(r"(MLFLOW|HEADRACE)_[A-Z0-9_]+")
    for text in strings(source):
        assert not variable.fullmatch(str(text.value)) or _is_lazy_row(source), source.where(text)


def _is_lazy_row(source: Source) -> bool:
    return source.name in {"__init__.py", "_compat/aliases.py"}


@EVERY
def test_the_clock_is_read_in_one_file(source: Source) -> None:
    """Time comes from ``_core/clock.py``, so that a test can hold it still."""
    if source.name == "_core/clock.py":
        return
    barred = {"time.time", "time.time_ns", "time.sleep", "datetime.now", "datetime.datetime.now"}
    assert [source.where(call) for call, name in calls(source) if name in barred] == []


@EVERY
def test_tag_keys_are_spelled_once(source: Source) -> None:
    """A tag key with a meaning is a constant of ``_core/tags.py``."""
    if source.name == "_core/tags.py":
        return
    found = [text for text in strings(source) if text.value in _TAG_KEYS]
    assert [source.where(text) for text in found] == []


@EVERY
def test_no_mutable_state_at_module_level(source: Source) -> None:
    """State sits in a few named objects; what else is at module level is a constant by name."""
    if source.name in STATEFUL:
        return
    for node in ast.walk(source.tree):
        assert not isinstance(node, ast.Global), source.where(node)
    for node in source.tree.body:
        if isinstance(node, ast.Assign) and _is_mutable(node.value):
            names = [dotted(target) for target in node.targets]
            assert all(name.isupper() or name == "__all__" for name in names), source.where(node)
        if isinstance(node, ast.AnnAssign) and node.value and _is_mutable(node.value):
            assert dotted(node.target).isupper(), source.where(node)


def _is_mutable(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return dotted(value.func) in _MUTABLE_CALLS
    return isinstance(value, ast.Dict | ast.List | ast.Set | ast.ListComp | ast.DictComp)


@EVERY
def test_imports_inside_functions_are_optional_libraries(source: Source) -> None:
    """Only a third-party package that may be absent is imported where it is used."""
    for function in functions(source):
        for node in ast.walk(function):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            for name in names:
                inside = name.split(".")[0] == "mlflow" or is_standard(name)
                assert not inside, source.where(node)


@EVERY
def test_a_type_ignore_has_a_code_and_a_reason(source: Source) -> None:
    """``type: ignore`` names what it hides and why."""
    good = re.compile(r"# type: ignore\[[a-z-]+(, ?[a-z-]+)*\]  # \S")
    for number, line in enumerate(source.text.splitlines(), 1):
        if "# type: ignore" in line:
            assert good.search(line), f"{source.name}:{number}"


@EVERY
def test_file_names_answer_where(source: Source) -> None:
    """No file is called utils, helpers or common."""
    assert source.path.stem not in {"utils", "helpers", "common", "misc"}


@EVERY
def test_packages_hold_names_only(source: Source) -> None:
    """An ``__init__.py`` imports, lists and assigns; it defines nothing."""
    if source.path.name != "__init__.py":
        return
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.With)
    assert [source.where(node) for node in source.tree.body if isinstance(node, defined)] == []


@EVERY
def test_a_file_opens_with_why_it_exists(source: Source) -> None:
    """Every file with code has a docstring."""
    assert not source.tree.body or ast.get_docstring(source.tree)


@EVERY
def test_nothing_names_where_it_was_made(source: Source) -> None:
    """No path of a developer's machine and no address of a package index is in the sources."""
    barred = re.compile(r"/(home|Users)/\w+|/tmp/\w/|/work/|pypi\.org")
    assert not barred.search(source.text)
