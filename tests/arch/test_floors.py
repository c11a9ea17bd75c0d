"""Who may import whom, beyond what the import linter sees."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from mlflow._compat.aliases import ALIASES
from tests.arch.sources import FLOORS, PACKAGE, ROOT, Source, floor, imports, sources

# Public packages whose tables of names offer what stands on a floor above them.
FACADES = {"mlflow.models": ("mlflow._evaluate.", "mlflow.pyfunc.")}
LAZY = [source for source in sources() if "attach(__name__, NAMES" in source.text]


def test_the_import_linter_is_content() -> None:
    """Layers, forbidden, independence and cycles: .importlinter holds the contracts."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_every_part_has_a_floor() -> None:
    """A new package or module at the top says where it belongs."""
    known = {name for names in FLOORS for name in names} | {"_compat"}
    parts = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert parts - known - {"__init__", "__pycache__", "py"} == set()


@pytest.mark.parametrize("source", LAZY, ids=lambda source: source.module)
def test_lazy_names_obey_the_floors(source: Source) -> None:
    """A table of names may point to its own floor or below, as an import may."""
    own = floor(source.module)
    if own < 0:
        return  # the root may name everything
    offered = FACADES.get(source.module, ())
    for target in import_module(source.module).NAMES.values():
        if target and not target.startswith(offered):
            assert floor(target.partition(":")[0]) <= own


def test_aliases_lead_into_the_house() -> None:
    """An old path never leads to another old path, and never to the root."""
    for row in ALIASES.values():
        for target in [row] if isinstance(row, str) else row.values():
            assert floor(target.partition(":")[0]) >= 0 or target.startswith("mlflow._compat.")
            assert target.partition(":")[0] not in ALIASES


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_nobody_inside_imports_the_root(source: Source) -> None:
    """``from mlflow import x`` inside would run the table of names, and make cycles."""
    if source.module == "mlflow":
        return
    found = [source.where(node) for node, name in imports(source) if name == "mlflow"]
    assert found == []


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_only_the_root_and_the_doctor_touch_the_coat(source: Source) -> None:
    """The core is written as if old paths did not exist."""
    if source.module == "mlflow" or source.module.startswith(("mlflow._compat", "mlflow.cli")):
        return
    found = [node for node, name in imports(source) if name.startswith("mlflow._compat")]
    assert [source.where(node) for node in found] == []


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_heavy_libraries_stay_where_they_belong(source: Source) -> None:
    """SQL under store/sql, the web framework under its three homes, arrays off the low floors."""
    homes = {
        "sqlalchemy": ("store/sql/",),
        "alembic": ("store/sql/",),
        "starlette": ("_asgi/", "server/", "pyfunc/scoring_server/"),
        "uvicorn": ("_asgi/", "server/", "pyfunc/scoring_server/"),
    }
    for node, name in imports(source):
        home = homes.get(name.split(".")[0])
        assert home is None or source.name.startswith(home), source.where(node)
        if source.name.startswith("entities/"):
            assert name.split(".")[0] not in {"msgspec", "numpy", "pandas", "urllib3"}


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_the_server_never_runs_models(source: Source) -> None:
    """To the server an MLmodel is data: it imports neither client, models nor flavors."""
    if not source.name.startswith("server/"):
        return
    barred = ("mlflow.tracking", "mlflow.models", "mlflow.pyfunc", "mlflow._flavor")
    found = [source.where(node) for node, name in imports(source) if name.startswith(barred)]
    assert found == []


def test_no_flavor_imports_another() -> None:
    """Flavors are independent of one another."""
    flavors = next(names for names in FLOORS if "sklearn" in names)
    for source in sources():
        own = source.module.split(".")[1] if "." in source.module else ""
        others = tuple(f"mlflow.{name}" for name in flavors if name != own)
        if own in flavors and others:
            assert not [name for _, name in imports(source) if name.startswith(others)]
