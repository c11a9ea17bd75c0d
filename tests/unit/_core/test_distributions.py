"""Installed distributions and their plugins, found without importlib.metadata."""

import os
import subprocess
import sys
from importlib.machinery import PathFinder
from importlib.metadata import DistributionFinder, distributions
from pathlib import Path

import pytest

from mlflow._core.distributions import are_all_in_folders, iter_metadata_folders, read_metadata
from mlflow._core.plugins import find_plugins
from mlflow.tracking.context.environment import packages


@pytest.fixture(autouse=True)
def only_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no finder of distributions but the usual one."""
    kept = [one for one in sys.meta_path if not hasattr(one, "find_distributions")]
    monkeypatch.setattr(sys, "meta_path", [*kept, PathFinder])
    monkeypatch.setattr(sys, "path", [name for name in sys.path if not Path(name).is_file()])


def add_distribution(folder: Path, name: str, kind: str, points: str) -> None:
    """Install a distribution that holds metadata only."""
    metadata = folder / f"{name}-1.0.{kind}"
    metadata.mkdir(parents=True)
    text = "METADATA" if kind == "dist-info" else "PKG-INFO"
    (metadata / text).write_text(f"Name: {name}\nVersion: 1.0\n", "utf-8")
    (metadata / "entry_points.txt").write_text(points, "utf-8")


def test_packages_are_those_of_the_standard_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same names and versions come out, of old and new metadata folders."""
    add_distribution(tmp_path, "old-kind", "egg-info", "")
    add_distribution(tmp_path, "new-kind", "dist-info", "")
    monkeypatch.syspath_prepend(str(tmp_path))
    expected: dict[str, tuple[str, str]] = {}
    for one in distributions():
        expected.setdefault(one.metadata["Name"].lower(), (one.metadata["Name"], one.version))
    assert are_all_in_folders()
    assert dict(packages())["old-kind"] == "1.0"
    assert packages() == tuple(expected[name] for name in sorted(expected))


@pytest.mark.parametrize("kind", ["dist-info", "egg-info"])
def test_plugins_of_folders_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """An entry point of a group is found, one of another group is not."""
    group, other = f"mlflow.{tmp_path.name}_{kind}", f"mlflow.{tmp_path.name}_{kind}_other"
    add_distribution(tmp_path, "plugged", kind, f"[{group}]\nours = plugged:Thing\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert [point.value for point in find_plugins(group)] == ["plugged:Thing"]
    assert find_plugins(other) == ()


def test_other_finders_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where distributions come from elsewhere too, folders alone are not enough."""

    class Finder:
        find_distributions = DistributionFinder.find_distributions

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder])
    assert not are_all_in_folders()


def test_archives_on_the_path_are_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file on the module path may hold distributions."""
    (tmp_path / "all.zip").write_bytes(b"")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "all.zip")])
    assert not are_all_in_folders()


def test_unreadable_places_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is not there and a metadata file that is not there give nothing."""
    monkeypatch.setattr(sys, "path", [str(tmp_path / "absent"), str(tmp_path)])
    assert list(iter_metadata_folders()) == []
    assert read_metadata(tmp_path, "METADATA") == ""


def test_a_first_run_does_not_load_importlib_metadata(tmp_path: Path) -> None:
    """Finding no plugins and listing the packages does without the slow import."""
    code = (
        "import sys\n"
        "from mlflow._core.plugins import find_plugins\n"
        "from mlflow.tracking.context.environment import describe_environment\n"
        f"find_plugins({str(tmp_path)!r}), describe_environment()\n"
        "print('importlib.metadata' in sys.modules, 'email' in sys.modules)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment
    )
    assert done.stdout.split() == ["False", "False"]
