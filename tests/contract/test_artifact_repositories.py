"""The client's repositories over real servers: what is logged, downloaded, and cut in between."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from mlflow.store.artifact.destinations import open_destination
from tests.contract.cutting_proxy import CuttingProxy
from tests.contract.object_servers import ObjectServer, azure_server, s3_server

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def s3() -> Iterator[ObjectServer]:
    """A server with S3's protocol."""
    with s3_server() as server:
        yield server


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectServer]:
    """Azure's emulator."""
    with azure_server(tmp_path_factory.mktemp("azure")) as server:
        yield server


@pytest.fixture(scope="module")
def gcs(s3: ObjectServer) -> ObjectServer:
    """A server with the protocol of Google's."""
    return s3.as_gcs()


@pytest.fixture(params=["s3", "azure", "gcs"])
def server(request: pytest.FixtureRequest) -> ObjectServer:
    """Each server in turn."""
    found: ObjectServer = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def uri(server: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty place, this process being set up to reach it."""
    return prepared(server, monkeypatch)


def prepared(server: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """Set this process up to reach a server, and return an empty place there."""
    for name, text in server.variables.items():
        monkeypatch.setenv(name, text)
    return f"{server.uri}/exp/{uuid4().hex}/artifacts"


@pytest.fixture
def proxy(
    server: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[CuttingProxy, str]]:
    """A proxy before each server, and an empty place behind it."""
    with CuttingProxy(server.url).running() as proxy:
        yield proxy, prepared(server.behind(proxy.url), monkeypatch)


def make_tree(folder: Path) -> dict[str, bytes]:
    """Make files to log, and return them."""
    contents = {f"many/{number:03}.txt": str(number).encode() for number in range(40)}
    contents |= {"empty": b"", "deep/er/ü b.bin": bytes(range(256)) * 50, "zz": b"z" * (20 * MIB)}
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return contents


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_folder_comes_back_as_it_was_logged(uri: str, tmp_path: Path) -> None:
    """Whole, in part, and one file; a repository of another process lists the same."""
    (tmp_path / "source").mkdir()
    (tmp_path / "target").mkdir()
    contents = make_tree(tmp_path / "source")
    get_artifact_repository(uri).log_artifacts(tmp_path / "source", "model")
    repository = get_artifact_repository(uri)
    assert [(info.path, info.is_dir) for info in repository.list_artifacts("model")] == [
        ("model/deep", True),
        ("model/empty", False),
        ("model/many", True),
        ("model/zz", False),
    ]
    target = repository.download_artifacts("model", tmp_path / "target")
    assert read_tree(Path(target)) == contents
    assert Path(repository.download_artifacts("model/empty")).read_bytes() == b""
    assert repository.read_artifact("model/many/007.txt") == b"7"
    repository.delete_artifacts("model/many")
    assert repository.list_artifacts("model/many") == []
    with pytest.raises(MlflowException, match="No such artifact") as error:
        repository.download_artifacts("model/many/007.txt")
    assert error.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_artifacts_lie_below_the_location_under_their_own_names(uri: str, tmp_path: Path) -> None:
    """As keys of the bucket, so that any other tool finds them."""
    (tmp_path / "a b%20.txt").write_bytes(b"1")
    get_artifact_repository(uri).log_artifact(tmp_path / "a b%20.txt", "folder")
    bucket, _, prefix = uri.partition("/exp/")
    files = open_destination(bucket)
    with files.read(f"exp/{prefix}/folder/a b%20.txt") as reader:
        assert b"".join(reader) == b"1"


def test_cut_uploads_are_sent_again(proxy: tuple[CuttingProxy, str], tmp_path: Path) -> None:
    """Connections that are cut in the middle of parts cost these parts, not the upload."""
    cutter, uri = proxy
    content = hashlib.shake_128(b"up").digest(30 * MIB)
    (tmp_path / "file").write_bytes(content)
    cutter.cut(times=3, upload=4 * MIB)
    get_artifact_repository(uri).log_artifact(tmp_path / "file")
    assert cutter.cuts == 3
    assert get_artifact_repository(uri).read_artifact("file") == content


def test_cut_downloads_go_on(proxy: tuple[CuttingProxy, str], tmp_path: Path) -> None:
    """Connections that are cut in the middle of a range cost this range, not the download."""
    cutter, uri = proxy
    content = hashlib.shake_128(b"down").digest(30 * MIB)
    (tmp_path / "file").write_bytes(content)
    (tmp_path / "target").mkdir()
    repository = get_artifact_repository(uri)
    repository.log_artifact(tmp_path / "file")
    cutter.cut(times=3, download=3 * MIB)
    target = repository.download_artifacts("file", tmp_path / "target")
    assert cutter.cuts == 3
    assert Path(target).read_bytes() == content


@pytest.mark.parametrize("server", ["s3", "azure"], indirect=True)
@pytest.mark.parametrize("size", [MIB, 20 * MIB])
def test_a_bit_that_flips_on_the_way_is_seen(
    proxy: tuple[CuttingProxy, str], size: int, tmp_path: Path
) -> None:
    """The digest that was recorded at the upload differs: an error and no file."""
    cutter, uri = proxy
    (tmp_path / "file").write_bytes(b"x" * size)
    (tmp_path / "target").mkdir()
    repository = get_artifact_repository(uri)
    repository.log_artifact(tmp_path / "file")
    cutter.flips = True
    with pytest.raises(MlflowException, match="incomplete or damaged: sha256") as error:
        repository.download_artifacts("file", tmp_path / "target")
    assert error.value.error_code == "DATA_LOSS"
    assert list((tmp_path / "target").iterdir()) == []


def test_a_download_that_cannot_end_leaves_nothing(
    proxy: tuple[CuttingProxy, str], tmp_path: Path
) -> None:
    """Neither a short file nor a temporary one."""
    cutter, uri = proxy
    (tmp_path / "file").write_bytes(b"x" * (30 * MIB))
    (tmp_path / "target").mkdir()
    repository = get_artifact_repository(uri)
    repository.log_artifact(tmp_path / "file")
    cutter.cut(times=10_000, download=MIB)
    with pytest.raises(MlflowException):
        repository.download_artifacts("file", tmp_path / "target")
    assert list((tmp_path / "target").iterdir()) == []


def test_an_upload_that_cannot_end_leaves_nothing(
    proxy: tuple[CuttingProxy, str], server: ObjectServer, tmp_path: Path
) -> None:
    """Neither a short object nor a replaced one."""
    cutter, uri = proxy
    (tmp_path / "file").write_bytes(b"x" * (30 * MIB))
    repository = get_artifact_repository(uri)
    cutter.cut(times=10_000, upload=MIB)
    with pytest.raises(MlflowException):
        repository.log_artifact(tmp_path / "file")
    cutter.cut(times=0)
    assert repository.list_artifacts() == []


_FORKED = """
import os, sys
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
def write():
    with get_artifact_repository(sys.argv[1]).writer("file") as file:
        file.write(b"1")
def read():
    return get_artifact_repository(sys.argv[1]).read_artifact("file")
def forked(work):
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        work()
    except Exception as error:
        print(error, flush=True)
        os._exit(1)
    os._exit(0)
assert forked(write) == 0
assert read() == b"1"
assert forked(write) == forked(read) == 1
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_works_or_says_why_not(uri: str) -> None:
    """One forked before the first use works; one forked after it is told, and never waits."""
    command = [sys.executable, "-W", "ignore", "-c", _FORKED, uri]
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    assert output.count("This process was forked") == 2


_LARGE = """
import re, sys
from pathlib import Path
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
repository = get_artifact_repository(sys.argv[1])
repository.log_artifact(sys.argv[2])
print(Path(repository.download_artifacts("large", sys.argv[3])).stat().st_size)
print(int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("server", ["s3", "azure"], indirect=True)
def test_large_files_need_little_memory(uri: str, tmp_path: Path) -> None:
    """200 MB go up and down in a process that never holds 120 MiB, all libraries included."""
    (tmp_path / "target").mkdir()
    with (tmp_path / "large").open("wb") as file:
        for _ in range(200):
            file.write(b"0123456789" * 100_000)
    output = subprocess.run(
        [sys.executable, "-c", _LARGE, uri, str(tmp_path / "large"), str(tmp_path / "target")],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    size, mebibytes = map(int, output.split())
    assert size == 200_000_000
    assert mebibytes < 120
