"""The table of schemes, and repositories that plugins write."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from mlflow.entities.file_info import FileInfo
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repo import ArtifactRepository
from mlflow.store.artifact.artifact_repository_registry import (
    ArtifactRepositoryRegistry,
    get_artifact_repository,
    get_registered_artifact_repositories,
)
from mlflow.store.artifact.local_artifact_repo import LocalArtifactRepository


def test_paths_and_file_uris_are_local(tmp_path: Path) -> None:
    """A plain path and a file URI give the same directory."""
    for uri in (str(tmp_path), tmp_path.as_uri()):
        found = get_artifact_repository(uri)
        assert isinstance(found, LocalArtifactRepository)
        assert found.artifact_dir == str(tmp_path)
    assert {"", "file"} <= get_registered_artifact_repositories().keys()
    assert repr(get_artifact_repository("x")) == (
        "LocalArtifactRepository(artifact_uri='x', tracking_uri=None, registry_uri=None)"
    )


def test_a_known_scheme_that_is_not_built_says_so() -> None:
    """The error names the scheme, hides a password and says where to look."""
    with pytest.raises(MlflowException, match="does not serve the scheme 'ftp:' yet") as caught:
        get_artifact_repository("ftp://user:secret@host/x")
    assert caught.value.error_code == "NOT_IMPLEMENTED"
    assert "COMPATIBILITY.md" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_an_unknown_scheme_lists_the_schemes() -> None:
    """The error is upstream's and names what there is."""
    with pytest.raises(MlflowException, match="Currently registered schemes are:.*'file'.*'s3'"):
        get_artifact_repository("nothing://x/y")


def test_rows_can_be_registered() -> None:
    """A scheme added to a table is served by what was added."""
    registry = ArtifactRepositoryRegistry()
    registry.register("mem", Plugin)
    found = registry.get_artifact_repository("mem://x", "t", "r")
    assert isinstance(found, Plugin)
    assert (found.tracking_uri, found.registry_uri) == ("t", "r")


class Plugin(ArtifactRepository):
    """A repository as third parties write them: four methods over a directory."""

    folder: Path
    extra: tuple[FileInfo, ...] = ()

    def log_artifact(self, local_file: Any, artifact_path: str | None = None) -> None:
        """Log one file."""
        target = self.folder / (artifact_path or "")
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(local_file, target)

    def log_artifacts(self, local_dir: Any, artifact_path: str | None = None) -> None:
        """Log a directory."""
        shutil.copytree(local_dir, self.folder / (artifact_path or ""), dirs_exist_ok=True)

    def list_artifacts(self, path: str | None = None) -> list[FileInfo]:
        """List a directory."""
        folder = self.folder / (path or "")
        if not folder.is_dir():
            return []
        found = [
            FileInfo(str(p.relative_to(self.folder)), p.is_dir(), p.stat().st_size)
            for p in sorted(folder.iterdir())
        ]
        return [*found, *(self.extra if path == "d" else ())]

    def _download_file(self, remote_file_path: str, local_path: str) -> None:
        shutil.copy(self.folder / remote_file_path, local_path)


@pytest.fixture
def plugin(tmp_path: Path) -> Plugin:
    """A plugin's repository with two files."""
    found = Plugin("mem://x")
    found.folder = tmp_path / "plugin"
    for name in ("d/a.txt", "d/e/b.txt"):
        with found.writer(name) as file:
            file.write(name.encode())
    return found


def test_everything_is_derived_from_a_plugins_four_methods(plugin: Plugin, tmp_path: Path) -> None:
    """Writing, reading and downloading work on a repository that has none of them."""
    assert plugin.read_artifact("d/e/b.txt") == b"d/e/b.txt"
    (tmp_path / "to").mkdir()
    assert plugin.download_artifacts("d", str(tmp_path / "to")) == str(tmp_path / "to" / "d")
    assert (tmp_path / "to" / "d" / "e" / "b.txt").read_bytes() == b"d/e/b.txt"
    single = plugin.download_artifacts("d/a.txt")
    assert single.endswith("/d/a.txt")
    assert Path(single).read_bytes() == b"d/a.txt"
    assert plugin.get_local_path("d") is None


def test_a_failed_write_reaches_no_plugin(plugin: Plugin) -> None:
    """When the block fails the plugin is not called."""

    def fail() -> None:
        with plugin.writer("new.txt") as file:
            file.write(b"x")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert [info.path for info in plugin.list_artifacts()] == ["d"]


@pytest.mark.parametrize("path", ["../escape", "/etc/passwd", "elsewhere/x", "d/../../x"])
def test_a_hostile_listing_writes_nothing_outside(
    plugin: Plugin, tmp_path: Path, path: str
) -> None:
    """Names that a remote listing invents cannot leave the download's directory."""
    plugin.extra = (FileInfo(path, is_dir=False, file_size=1),)
    (tmp_path / "to").mkdir()
    with pytest.raises(MlflowException):
        plugin.download_artifacts("d", tmp_path / "to")
    assert not any((tmp_path / "to").rglob("*"))


def test_what_a_repository_cannot_do_is_an_error() -> None:
    """The base class refuses by name."""
    base = ArtifactRepository("x://y")
    with pytest.raises(MlflowException, match="cannot delete artifacts") as caught:
        base.delete_artifacts()
    assert caught.value.error_code == "NOT_IMPLEMENTED"
