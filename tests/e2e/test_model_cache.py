"""The cache of downloaded models: fetched once, verified, private, bounded, shared by processes."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.models.cache import cached
from mlflow.store.entities.model_manifest import ManifestFile, ModelManifest
from tests.e2e.servers import Served, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CONTENT = {"MLmodel": b"flavors: {}", "data/a.bin": b"abc"}


def _manifest(content: dict[str, bytes]) -> ModelManifest:
    return ModelManifest(
        {
            name: ManifestFile(len(data), hashlib.sha256(data).hexdigest())
            for name, data in content.items()
        }
    )


def _writer(content: dict[str, bytes], calls: list[Path] | None = None) -> Callable[[Path], None]:
    def download(folder: Path) -> None:
        if calls is not None:
            calls.append(folder)
        for name, data in content.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)

    return download


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a cache of its own, which does not exist yet."""
    monkeypatch.setenv("HEADRACE_MODEL_CACHE_DIR", str(tmp_path / "cache" / "models"))
    return tmp_path / "cache" / "models"


def test_a_model_is_fetched_once(root: Path) -> None:
    """The second use finds the files of the first, whatever the umask they are private."""
    calls: list[Path] = []
    before = os.umask(0)
    try:
        first = cached(_manifest(CONTENT), _writer(CONTENT, calls))
    finally:
        os.umask(before)
    assert first is not None
    assert first == cached(_manifest(CONTENT), _writer(CONTENT, calls))
    assert len(calls) == 1
    assert (first / "data" / "a.bin").read_bytes() == b"abc"
    for path in (root, *root.rglob("*")):
        assert not path.stat().st_mode & 0o077, path
    assert not list(root.glob(".new-*"))


def test_what_is_not_as_logged_is_refused(root: Path) -> None:
    """Files that differ from the manifest, lack, or are too many never appear."""
    for content in ({**CONTENT, "data/a.bin": b"abd"}, {"MLmodel": CONTENT["MLmodel"]}):
        with pytest.raises(MlflowException, match=r"a\.bin") as caught:
            cached(_manifest(CONTENT), _writer(content))
        assert caught.value.error_code == "DATA_LOSS"
    with pytest.raises(MlflowException, match="more"):
        cached(_manifest(CONTENT), _writer({**CONTENT, "more": b""}))
    assert list(root.iterdir()) == []


@pytest.mark.parametrize("change", ["content", "file more", "file less", "link"])
def test_a_changed_entry_is_fetched_again(tmp_path: Path, change: str) -> None:
    """Whoever changes the files of an entry makes it be filled anew."""
    first = cached(_manifest(CONTENT), _writer(CONTENT))
    assert first is not None
    file = first / "data" / "a.bin"
    if change == "file more":
        (first / "b").touch()
    else:
        file.unlink()
        if change == "content":
            file.write_bytes(b"xyz")
        elif change == "link":
            (tmp_path / "other").write_bytes(b"abc")
            file.symlink_to(tmp_path / "other")
    again = cached(_manifest(CONTENT), _writer(CONTENT))
    assert again is not None
    assert (again / "data" / "a.bin").read_bytes() == b"abc"
    assert sorted(path.name for path in again.iterdir()) == ["MLmodel", "data"]


def test_a_folder_that_others_can_reach_is_refused(root: Path) -> None:
    """A cache with open modes is no place to load code from."""
    root.mkdir(parents=True)
    root.chmod(0o777)
    with pytest.raises(MlflowException, match="0700"):
        cached(_manifest(CONTENT), _writer(CONTENT))
    root.chmod(0o700)
    target = root.rename(root.with_name("real"))
    root.symlink_to(target)
    with pytest.raises(MlflowException, match="0700"):
        cached(_manifest(CONTENT), _writer(CONTENT))


def test_the_cache_can_be_off(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no bytes, for models beyond the limit, and without a manifest nothing is kept."""
    assert cached(ModelManifest(), _writer({})) is None
    for limit in ("0", "3"):
        monkeypatch.setenv("HEADRACE_MODEL_CACHE_BYTES", limit)
        assert cached(_manifest(CONTENT), _writer(CONTENT)) is None
    assert not root.exists()


def test_the_cache_is_bounded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries that no process holds go, those of longest ago first; what is held stays."""
    monkeypatch.setenv("HEADRACE_MODEL_CACHE_BYTES", "250")
    program = (
        "import sys; from tests.e2e.test_model_cache import _manifest, _writer, cached\n"
        "content = {'a': sys.argv[1].encode() * 100}\n"
        "assert cached(_manifest(content), _writer(content))"
    )
    for letter in "pq":
        subprocess.run([sys.executable, "-c", program, letter], check=True)
    held = cached(_manifest({"a": b"r" * 100}), _writer({"a": b"r" * 100}))
    names = {path.name for path in root.iterdir()}
    assert len(names) == 2
    assert _manifest({"a": b"p" * 100}).digest not in names
    cached(_manifest({"a": b"s" * 200}), _writer({"a": b"s" * 200}))
    assert held is not None
    assert held.exists()
    assert _manifest({"a": b"q" * 100}).digest not in {path.name for path in root.iterdir()}


def test_processes_share_it(root: Path) -> None:
    """Many processes that want one model at once all get it, and nothing else is left."""
    program = (
        "from tests.e2e.test_model_cache import CONTENT, _manifest, _writer, cached\n"
        "for _ in range(20):\n"
        "    folder = cached(_manifest(CONTENT), _writer(CONTENT))\n"
        "    assert (folder / 'data' / 'a.bin').read_bytes() == b'abc'"
    )
    running = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(6)]
    assert [process.wait() for process in running] == [0] * 6
    assert [path.name for path in root.iterdir()] == [_manifest(CONTENT).digest]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Run a server."""
    with serving(tmp_path_factory.mktemp("served")) as server:
        yield server


def _double(model_input: list[int]) -> list[int]:
    return model_input * 2


def test_models_of_a_server_are_kept(
    served: Served, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A logged model is downloaded by the first load only; rows 30 to 32: nobody else writes."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", served.url)
    info = mlflow.pyfunc.log_model(name="m", python_model=_double)
    uri = f"models:/{info.model_id}"
    assert mlflow.pyfunc.load_model(uri).predict([1]) == [1, 1]
    (entry,) = root.iterdir()
    used = entry.stat().st_mtime_ns
    assert mlflow.pyfunc.load_model(uri).predict([1]) == [1, 1]
    assert [entry] == list(root.iterdir())
    assert entry.stat().st_mtime_ns > used
    model = next((served.log_path.parent).rglob("python_model.pkl"))
    model.unlink()  # nothing of it is asked for again
    assert mlflow.pyfunc.load_model(uri).predict([1]) == [1, 1]
    writable = stat.S_IWGRP | stat.S_IWOTH
    assert not [path for path in root.rglob("*") if path.stat().st_mode & writable]
