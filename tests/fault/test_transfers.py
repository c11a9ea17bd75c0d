"""Artifacts on their way: cut, damaged, killed; and how much memory a large one takes."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest

from mlflow.exceptions import MlflowException
from mlflow.store.artifact.mlflow_artifacts_repo import MlflowArtifactsRepository
from mlflow.store.artifact.upload_ids import UPLOADS
from tests.contract.cutting_proxy import CuttingProxy
from tests.e2e.servers import Served, serving, start_server

if TYPE_CHECKING:
    from collections.abc import Iterator

MIB: Final = 1024 * 1024
_LARGE: Final = 80 * MIB  # goes in parts
_PART: Final = 32 * MIB
_GIGABYTE: Final = 1024  # MiB


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", "0.1")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    (tmp_path / "server").mkdir()
    with serving(tmp_path / "server") as server:
        yield server


@pytest.fixture
def proxy(served: Served) -> Iterator[CuttingProxy]:
    with CuttingProxy(served.url).running() as found:
        yield found


def repository(url: str) -> MlflowArtifactsRepository:
    return MlflowArtifactsRepository("mlflow-artifacts:/0/run/artifacts", url)


def stored(tmp_path: Path) -> Path:
    return tmp_path / "server" / "mlartifacts" / "0" / "run" / "artifacts"


def leftovers(tmp_path: Path) -> list[Path]:
    """Return what lies among the artifacts under names that listings hide."""
    found = (tmp_path / "server" / "mlartifacts").rglob("*")
    return [one for one in found if one.is_file() and ".part" in str(one)]


def content(tmp_path: Path, size: int) -> Path:
    path = tmp_path / "content.bin"
    path.write_bytes(os.urandom(size))
    return path


def digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(MIB):
            found.update(chunk)
    return found.hexdigest()


def test_uploads_that_are_cut(served: Served, tmp_path: Path) -> None:
    """Cut after any number of bytes, an upload shows nothing and leaves what was there before."""
    folder = stored(tmp_path)
    repository(served.url).log_artifact(content(tmp_path, 10))
    before = (folder / "content.bin").read_bytes()
    head = "PUT /api/2.0/mlflow-artifacts/artifacts/0/run/artifacts/{} HTTP/1.1\r\nHost: localhost"
    for sent in (0, 1, 100_000, 3 * MIB - 1):
        for name in ("content.bin", "new.bin"):
            for framing in (f"Content-Length: {3 * MIB}", "Transfer-Encoding: chunked"):
                with socket.create_connection(("127.0.0.1", served.port)) as sock:
                    sock.sendall(f"{head.format(name)}\r\n{framing}\r\n\r\n".encode())
                    if "chunked" in framing:
                        sock.sendall(f"{3 * MIB:x}\r\n".encode())
                    sock.sendall(bytes(sent))
    served.stop()  # all that was begun is over
    assert [one.name for one in folder.iterdir()] == ["content.bin"]
    assert (folder / "content.bin").read_bytes() == before
    assert leftovers(tmp_path) == []


def test_downloads_that_are_cut_go_on(proxy: CuttingProxy, tmp_path: Path) -> None:
    """A download that is cut again and again goes on where it was, and is whole in the end."""
    source = content(tmp_path, 20 * MIB)
    there = repository(proxy.url)
    there.log_artifact(source)
    proxy.cut(times=6, download=3 * MIB)
    target = tmp_path / "target"
    target.mkdir()
    found = Path(there.download_artifacts("content.bin", target))
    assert proxy.cuts == 6
    assert digest(found) == digest(source)
    assert [one.name for one in target.iterdir()] == ["content.bin"]


def test_download_that_never_ends(
    proxy: CuttingProxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A download that cannot be finished raises, and leaves no file, short or hidden."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    there = repository(proxy.url)
    there.log_artifact(content(tmp_path, 2 * MIB))
    target = tmp_path / "target"
    target.mkdir()
    proxy.cut(times=1_000_000, download=100)
    with pytest.raises(MlflowException, match="failed"):
        there.download_artifacts("content.bin", target)
    assert list(target.iterdir()) == []


def test_parts_that_are_cut_go_on(proxy: CuttingProxy, served: Served, tmp_path: Path) -> None:
    """An upload in parts that is cut sends no more than the parts that were cut again."""
    source = content(tmp_path, _LARGE)
    proxy.cut(times=3, upload=20 * MIB)
    there = repository(proxy.url)
    there.log_artifact(source, "m")
    assert proxy.cuts == 3
    assert digest(stored(tmp_path) / "m" / "content.bin") == digest(source)
    served.stop()  # the log is whole then
    lines = [line for line in served.log.splitlines() if "artifacts/parts" in line]
    whole = [line for line in lines if '"status":200' in line]
    assert len(whole) == -(-_LARGE // _PART)
    assert leftovers(tmp_path) == []


def test_server_killed_during_an_upload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is killed in the middle and started again; the upload goes on and is whole."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "1")
    folder = tmp_path / "server"
    folder.mkdir()
    server = start_server(folder)
    source = content(tmp_path, _LARGE)
    thread = Thread(target=repository(server.url).log_artifact, args=(source, "m"))
    thread.start()
    until = time.monotonic() + 60
    while not leftovers_of_parts(tmp_path) and time.monotonic() < until:
        time.sleep(0.001)  # a condition: a part is on its way
    server.kill()
    with serving(folder, port=server.port):
        thread.join(120)
        assert digest(stored(tmp_path) / "m" / "content.bin") == digest(source)


def leftovers_of_parts(tmp_path: Path) -> bool:
    """Return whether a part of an upload is on the server's disk, whole or not."""
    folder = tmp_path / "server" / "mlartifacts" / UPLOADS
    return any(one.is_file() for one in folder.rglob("*")) if folder.is_dir() else False


class Flipper:
    """Passes bytes to a server and back, and flips one bit of those that go one way."""

    def __init__(self, url: str, *, upload: bool, at: int) -> None:
        self._target = urlsplit(url)
        self._upload = upload
        self._at = at
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @contextmanager
    def running(self) -> Iterator[Flipper]:
        thread = Thread(target=self._accept)
        thread.start()
        try:
            yield self
        finally:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                break
            server = socket.create_connection(("127.0.0.1", self._target.port or 80))
            for source, sink, flips in (
                (client, server, self._upload),
                (server, client, not self._upload),
            ):
                thread = Thread(target=self._pass, args=(source, sink, flips), daemon=True)
                thread.start()

    def _pass(self, source: socket.socket, sink: socket.socket, flips: bool) -> None:
        passed = 0
        with suppress(OSError):
            while piece := bytearray(source.recv(65536)):
                if flips and passed <= self._at < passed + len(piece):
                    piece[self._at - passed] ^= 1
                passed += len(piece)
                sink.sendall(piece)
        for one in (source, sink):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@pytest.mark.parametrize("size", [2 * MIB, _LARGE], ids=["whole", "in parts"])
def test_flipped_bits_of_uploads(served: Served, tmp_path: Path, size: int) -> None:
    """A bit that flips on the way up is noticed: the file appears as it is, or not at all."""
    source = content(tmp_path, size)
    with Flipper(served.url, upload=True, at=MIB).running() as bad, suppress(MlflowException):
        repository(bad.url).log_artifact(source, "m")
    found = stored(tmp_path) / "m" / "content.bin"
    assert not found.exists() or digest(found) == digest(source)
    assert leftovers(tmp_path) == []


def test_flipped_bits_of_downloads(served: Served, tmp_path: Path) -> None:
    """A bit that flips on the way down is noticed, and the file is fetched once more."""
    source = content(tmp_path, 2 * MIB)
    repository(served.url).log_artifact(source)
    target = tmp_path / "target"
    target.mkdir()
    with Flipper(served.url, upload=False, at=MIB).running() as bad:
        found = Path(repository(bad.url).download_artifacts("content.bin", target))
    assert digest(found) == digest(source)


def test_flipped_bits_at_rest(served: Served, tmp_path: Path) -> None:
    """A bit that flips on the server's disk is noticed by whoever downloads the file."""
    source = content(tmp_path, 2 * MIB)
    there = repository(served.url)
    there.log_artifact(source)
    found = stored(tmp_path) / "content.bin"
    before = found.stat()
    with found.open("r+b") as file:
        file.seek(MIB)
        file.write(bytes([source.read_bytes()[MIB] ^ 1]))
    os.utime(found, ns=(before.st_atime_ns, before.st_mtime_ns))
    target = tmp_path / "target"
    target.mkdir()
    with pytest.raises(MlflowException, match="damaged"):
        there.download_artifacts("content.bin", target)
    assert list(target.iterdir()) == []


_MEMORY: Final = """
import sys
from pathlib import Path
from mlflow.store.artifact.mlflow_artifacts_repo import MlflowArtifactsRepository
there = MlflowArtifactsRepository("mlflow-artifacts:/0/run/artifacts", sys.argv[1])
small = Path(sys.argv[2]).with_name("small")
small.write_bytes(b"x")
there.log_artifact(small)
def peak():  # the one of getrusage is inherited from whoever started this
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
before = peak()
there.log_artifact(sys.argv[2], "m")
there.download_artifacts("m/" + Path(sys.argv[2]).name, sys.argv[3])
print(peak() - before)
"""


def test_memory_of_a_large_file(served: Served, tmp_path: Path) -> None:
    """A gigabyte up and down takes less than 100 MiB on either side."""
    source = tmp_path / "large"
    with source.open("wb") as file:
        file.truncate(_GIGABYTE * MIB)
    target = tmp_path / "target"
    target.mkdir()
    peak = _peak_kilobytes(served.process.pid)
    done = subprocess.run(
        [sys.executable, "-c", _MEMORY, served.url, str(source), str(target)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
    )
    assert int(done.stdout) < 100 * 1024
    assert _peak_kilobytes(served.process.pid) - peak < 100 * 1024
    assert (target / "m" / "large").stat().st_size == _GIGABYTE * MIB


def _peak_kilobytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
