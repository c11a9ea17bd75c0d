"""Which files of the user's own a model imports, told by reading them, not by running them."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mlflow.models.requirements import distribution_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def imported_by(path: Path) -> set[str]:
    """Return the modules that a Python file imports, by their absolute names.

    Args:
        path: The file; one that does not parse imports nothing.
    """
    try:
        tree = ast.parse(path.read_text("utf-8"))
    except (SyntaxError, ValueError):
        return set()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def local_code(modules: Iterable[str]) -> list[Path]:
    """Return the user's own top-level modules and packages among those, and what they import.

    Args:
        modules: Names of modules.
    """
    queue = {name.partition(".")[0] for name in modules}
    seen: set[str] = set()
    paths: list[Path] = []
    while queue:
        name = queue.pop()
        seen.add(name)
        path = _own_path(name)
        if path is None:
            continue
        paths.append(path)
        files = path.rglob("*.py") if path.is_dir() else [path]
        for file in files:
            queue |= {found.partition(".")[0] for found in imported_by(file)} - seen
    return sorted(paths)


def _own_path(name: str) -> Path | None:
    """Return a module's file or a package's folder, None for those that are installed."""
    if name in sys.stdlib_module_names or name in ("mlflow", "__main__") or distribution_of(name):
        return None
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.origin or spec.origin in ("built-in", "frozen"):
        return None
    if any(part in ("site-packages", "dist-packages") for part in Path(spec.origin).parts):
        return None
    locations = list(spec.submodule_search_locations or ())
    return Path(locations[0]) if locations else Path(spec.origin)
