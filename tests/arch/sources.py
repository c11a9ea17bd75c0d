"""The package's source files as syntax trees, for the tests of its rules."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "src" / "mlflow"

# From the ground up; a name that is missing here fails a test of its own.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("exceptions", "environment_variables", "_core", "version"),
    ("entities", "types"),
    ("_wire", "_search"),
    ("store", "_http", "_asgi"),
    ("tracking", "data", "tracing", "system_metrics"),
    ("client", "artifacts", "config", "webhooks"),
    ("models",),
    ("pyfunc",),
    ("_flavor", "_evaluate"),
    ("metrics",),
    ("_autolog",),
    (
        "catboost",
        "h2o",
        "keras",
        "lightgbm",
        "onnx",
        "paddle",
        "pmdarima",
        "prophet",
        "pytorch",
        "sentence_transformers",
        "shap",
        "sklearn",
        "spacy",
        "spark",
        "statsmodels",
        "tensorflow",
        "transformers",
        "xgboost",
    ),
    ("server",),
    ("cli",),
    ("__main__",),
)


@dataclass(frozen=True)
class Source:
    """One file of the package."""

    path: Path
    module: str
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The path below the package, with slashes."""
        return self.path.relative_to(PACKAGE).as_posix()

    def where(self, node: ast.AST) -> str:
        """The place of a node, as a message shows it."""
        return f"{self.name}:{getattr(node, 'lineno', 0)}"


@cache
def sources() -> tuple[Source, ...]:
    """Return every file of the package."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        text = path.read_text("utf-8")
        found.append(Source(path, ".".join(("mlflow", *parts)), text, ast.parse(text)))
    return tuple(found)


def imports(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Yield each import of a file and the dotted name that it asks for."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node, node.module
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method of a file."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def calls(source: Source) -> Iterator[tuple[ast.Call, str]]:
    """Yield each call of a file with the dotted name of what is called."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def dotted(node: ast.expr) -> str:
    """Return the dotted name that an expression spells, or the empty text."""
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return node.id if isinstance(node, ast.Name) else ""


def strings(source: Source) -> Iterator[ast.Constant]:
    """Yield every text of a file but docstrings."""
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Constant) or id(node) in documentation:
            continue
        if isinstance(node.value, str):
            yield node


def floor(module: str) -> int:
    """Return the floor of a module; those of the coat and the root have none."""
    name = module.split(".")[1] if "." in module else ""
    return next((level for level, names in enumerate(FLOORS) if name in names), -1)


def is_standard(module: str) -> bool:
    """Return whether a module is in the standard library."""
    return module.split(".", maxsplit=1)[0] in sys.stdlib_module_names
