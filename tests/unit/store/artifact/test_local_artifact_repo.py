"""Local artifacts: whole or absent, inside the root, listed in order."""

from __future__ import annotations

import errno
import io
import os
import signal
import stat
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlflow.entities.file_info import FileInfo
from mlflow.exceptions import MlflowException
from mlflow.store.artifact import folders
from mlflow.store.artifact.local_artifact_repo import LocalArtifactRepository, artifact_directory
from mlflow.store.artifact.local_files import LocalFiles

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(params=["descriptors", "paths"])
def repository(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> LocalArtifactRepository:
    """A repository in an empty place, by descriptors and as on systems that have none."""
    if request.param == "paths":
        monkeypatch.setattr(folders, "_BY_DESCRIPTOR", False)
    return LocalArtifactRepository(str(tmp_path / "root"))


def tree(root: Path) -> dict[str, bytes | None]:
    """Return what lies below a directory: files with their bytes, directories as None."""
    return {
        str(path.relative_to(root)): None if path.is_dir() else path.read_bytes()
        for path in sorted(root.rglob("*"))
    }


def source(tmp_path: Path) -> Path:
    """Make a small directory to log."""
    folder = tmp_path / "src"
    (folder / "sub" / "empty").mkdir(parents=True)
    (folder / "a.txt").write_bytes(b"a")
    (folder / ".hidden").write_bytes(b"h")
    (folder / "sub" / "b.bin").write_bytes(bytes(range(256)) * 5000)
    (folder / "link.txt").symlink_to("a.txt")
    return folder


def test_files_and_directories_are_logged_whole(
    repository: LocalArtifactRepository, tmp_path: Path
) -> None:
    """A file keeps its name, a directory its tree, empty folders and hidden files included."""
    folder = source(tmp_path)
    repository.log_artifact(folder / "a.txt")
    repository.log_artifact(folder, "p/q")
    repository.log_artifacts(str(folder), "all")
    expected: dict[str, bytes | None] = {
        ".hidden": b"h",
        "a.txt": b"a",
        "link.txt": b"a",
        "sub": None,
        "sub/b.bin": bytes(range(256)) * 5000,
        "sub/empty": None,
    }
    root = tmp_path / "root"
    assert tree(root / "all") == expected
    assert tree(root / "p" / "q" / "src") == expected
    assert (root / "a.txt").read_bytes() == b"a"


def test_a_directory_named_by_dots_is_logged_under_its_name(
    repository: LocalArtifactRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``log_artifact(".")`` logs the working directory under its own name."""
    monkeypatch.chdir(source(tmp_path) / "sub")
    repository.log_artifact(".")
    assert (tmp_path / "root" / "sub" / "b.bin").is_file()


def test_a_listing_is_sorted_and_has_sizes(
    repository: LocalArtifactRepository, tmp_path: Path
) -> None:
    """Entries come in the order of their paths; files and missing folders hold nothing."""
    for name in ("b", "a", "z/x", "B", "a0/y", ".part", ".headrace-old"):
        with repository.writer(name) as file:
            file.write(name.encode())
    (tmp_path / "root" / ".headrace-00.part").write_bytes(b"half")
    listed = repository.list_artifacts()
    assert [info.path for info in listed] == [".headrace-old", ".part", "B", "a", "a0", "b", "z"]
    assert listed[3] == FileInfo("a", is_dir=False, file_size=1)
    assert listed[4] == FileInfo("a0", is_dir=True, file_size=None)
    assert repository.list_artifacts("z") == [FileInfo("z/x", is_dir=False, file_size=3)]
    assert repository.list_artifacts("z/") == repository.list_artifacts("./z")
    assert repository.list_artifacts("a") == []
    assert repository.list_artifacts("missing/deep") == []


def test_a_failed_write_leaves_nothing_and_replaces_nothing(
    repository: LocalArtifactRepository, tmp_path: Path
) -> None:
    """An error in the block leaves the file that was there, and no temporary file."""
    with repository.writer("d/a.txt") as file:
        file.write(b"old")

    def fail() -> None:
        with repository.writer("d/a.txt") as file:
            file.write(b"new" * 100_000)
            raise KeyError("the caller's own error")

    with pytest.raises(KeyError):
        fail()
    assert tree(tmp_path / "root") == {"d": None, "d/a.txt": b"old"}


KILLED = """
    import os, sys
    from mlflow.store.artifact.local_artifact_repo import LocalArtifactRepository
    repository = LocalArtifactRepository(sys.argv[1])
    with repository.writer("d/a.bin") as file:
        file.write(b"x" * 5_000_000)
        file.flush()
        print("writing", flush=True)
        sys.stdin.read()
"""


def test_a_killed_writer_leaves_nothing_under_the_final_name(tmp_path: Path) -> None:
    """After SIGKILL in the middle of a write, the artifact is absent from disk and listing."""
    root = tmp_path / "root"
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
        process.send_signal(signal.SIGKILL)
    repository = LocalArtifactRepository(str(root))
    assert not (root / "d" / "a.bin").exists()
    assert repository.list_artifacts("d") == []
    with repository.writer("d/a.bin") as file:
        file.write(b"whole")
    assert repository.read_artifact("d/a.bin") == b"whole"


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_a_refused_call_is_explained_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    """A full or broken disk, at any call, is an error with advice and leaves no file."""
    repository = LocalArtifactRepository(str(tmp_path / "root"))
    (tmp_path / "root").mkdir()
    (tmp_path / "a.txt").write_bytes(b"a")

    def refuse(*_args: object, **_options: object) -> Any:
        raise OSError(number, os.strerror(number))

    if call == "write":  # no byte of the copy arrives, whichever way it is made
        for name in ("copy_file_range", "sendfile", "write"):
            monkeypatch.setattr(os, name, refuse, raising=False)
    else:
        monkeypatch.setattr(os, call, refuse)
    with pytest.raises(MlflowException, match="Cannot write artifacts? ") as caught:
        repository.log_artifact(tmp_path / "a.txt")
    monkeypatch.undo()
    assert tree(tmp_path / "root") == {}
    expected = "IO_ERROR" if number == errno.EIO else "RESOURCE_EXHAUSTED"
    assert caught.value.error_code == expected


def test_of_two_writers_the_last_one_wins_whole(
    repository: LocalArtifactRepository, tmp_path: Path
) -> None:
    """Threads that write one artifact leave the bytes of one of them."""
    contents = [bytes([number]) * 300_000 for number in range(8)]

    def write(content: bytes) -> None:
        for _ in range(5):
            with repository.writer("d/a.bin") as file:
                file.write(content)

    threads = [threading.Thread(target=write, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "root" / "d" / "a.bin").read_bytes() in contents
    assert [info.path for info in repository.list_artifacts("d")] == ["d/a.bin"]


def write(repository: LocalArtifactRepository, path: str) -> None:
    """Write an artifact of no bytes."""
    with repository.writer(path):
        pass


ESCAPES = ["..", "../x", "/etc/passwd", "a/../../x", "..\\x", "C:/x", "%2e%2e/x", "%252e%252e/x"]


@pytest.mark.parametrize("path", ESCAPES)
def test_no_operation_leaves_the_root(
    repository: LocalArtifactRepository, tmp_path: Path, path: str
) -> None:
    """Reading, writing, listing, downloading and deleting refuse every path that leads out."""
    (tmp_path / "root").mkdir()
    (tmp_path / "x").write_bytes(b"canary")
    operations: list[Callable[[], object]] = [
        lambda: repository.log_artifact(tmp_path / "x", path),
        lambda: repository.log_artifacts(tmp_path / "root", path),
        lambda: write(repository, path),
        lambda: repository.list_artifacts(path),
        lambda: repository.read_artifact(path),
        lambda: repository.download_artifacts(path, tmp_path),
        lambda: repository.delete_artifacts(path),
        lambda: repository.get_local_path(path),
    ]
    for operation in operations:
        with pytest.raises(MlflowException) as caught:
            operation()
        assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    assert tree(tmp_path) == {"root": None, "x": b"canary"}


def test_links_in_the_root_are_not_followed(
    repository: LocalArtifactRepository, tmp_path: Path
) -> None:
    """A planted link is neither listed, read, downloaded, written through nor entered."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"secret")
    root = tmp_path / "root"
    root.mkdir()
    (root / "folder").symlink_to(outside)
    (root / "file").symlink_to(outside / "secret")
    assert repository.list_artifacts() == []
    for path in ("file", "folder/secret"):
        with pytest.raises(MlflowException):
            repository.read_artifact(path)
        with pytest.raises(MlflowException):
            repository.download_artifacts(path, tmp_path)
    with pytest.raises(MlflowException, match="symbolic link"):
        repository.list_artifacts("folder")
    with pytest.raises(MlflowException, match="symbolic link"), repository.writer("folder/new"):
        pass
    with repository.writer("file") as file:
        file.write(b"new")
    repository.delete_artifacts("folder")
    assert tree(outside) == {"secret": b"secret"}
    assert tree(root) == {"file": b"new"}


def test_deleting_a_folder_does_not_follow_links(
    repository: LocalArtifactRepository, tmp_path: Path
) -> None:
    """Links in a deleted folder go, what they point to stays."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_bytes(b"kept")
    with repository.writer("d/e/f.txt") as file:
        file.write(b"f")
    (tmp_path / "root" / "d" / "e" / "link").symlink_to(outside)
    repository.delete_artifacts("d")
    repository.delete_artifacts("missing")
    assert repository.list_artifacts() == []
    repository.delete_artifacts()
    assert not (tmp_path / "root").exists()
    assert tree(outside) == {"kept": b"kept"}


def test_a_local_artifact_is_its_own_download(
    repository: LocalArtifactRepository, tmp_path: Path
) -> None:
    """Without a target the path itself is returned, with one a copy below the same path."""
    with repository.writer("p/q/a.txt") as file:
        file.write(b"a")
    (tmp_path / "to").mkdir()
    assert repository.download_artifacts("p/q/a.txt") == str(tmp_path / "root/p/q/a.txt")
    assert repository.download_artifacts("") == str(tmp_path / "root")
    assert repository.download_artifacts("p/q/a.txt", tmp_path / "to") == str(
        tmp_path / "to/p/q/a.txt"
    )
    assert repository.download_artifacts("p", str(tmp_path / "to")) == str(tmp_path / "to/p")
    assert tree(tmp_path / "to") == {"p": None, "p/q": None, "p/q/a.txt": b"a"}
    with pytest.raises(MlflowException, match="No such artifact") as caught:
        repository.download_artifacts("nope")
    assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    with pytest.raises(MlflowException, match="destination path"):
        repository.download_artifacts("p", tmp_path / "missing")


def test_a_folder_is_never_replaced_by_a_file_nor_a_file_by_a_folder(
    repository: LocalArtifactRepository, tmp_path: Path
) -> None:
    """A name that is taken by the other kind is an error that says so."""
    with repository.writer("d/a.txt") as file:
        file.write(b"a")
    (tmp_path / "d").write_bytes(b"file")
    with pytest.raises(MlflowException, match="folder of that name") as caught:
        repository.log_artifact(tmp_path / "d")
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    with pytest.raises(MlflowException, match="a file is where a folder is needed"):
        repository.log_artifact(tmp_path / "d", "d/a.txt/z")
    assert tree(tmp_path / "root") == {"d": None, "d/a.txt": b"a"}


def test_sources_that_cannot_be_logged_write_nothing(
    repository: LocalArtifactRepository, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Missing files, pipes, looping links and impossible names are found before the first byte."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a").write_bytes(b"a")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop" / "b").mkdir(parents=True)
    (tmp_path / "loop" / "b" / "c").symlink_to(tmp_path / "loop")
    (tmp_path / "names").mkdir()
    (tmp_path / "names" / "a\\b").write_bytes(b"")
    with pytest.raises(FileNotFoundError):
        repository.log_artifact(tmp_path / "missing")
    with pytest.raises(MlflowException, match="not a regular file"):
        repository.log_artifact(tmp_path / "pipe")
    with pytest.raises(MlflowException, match="leads back"):
        repository.log_artifacts(tmp_path / "loop")
    with pytest.raises(MlflowException, match="backslash"):
        repository.log_artifacts(tmp_path / "names")
    repository.log_artifacts(tmp_path / "missing")
    assert "No artifacts were logged" in caplog.text
    assert repository.list_artifacts() == []


def test_reserved_names_are_refused(repository: LocalArtifactRepository) -> None:
    """An artifact cannot take the form of a temporary name, which no listing shows."""
    with (
        pytest.raises(MlflowException, match="while files are being written"),
        repository.writer(".headrace-x.part"),
    ):
        pass


def test_an_unwritable_place_is_explained(tmp_path: Path) -> None:
    """A root that cannot be made names the path and the reason."""
    (tmp_path / "file").write_bytes(b"")
    repository = LocalArtifactRepository(str(tmp_path / "file" / "root"))
    with pytest.raises(MlflowException, match=r"Cannot write artifact 'a\.txt'"):
        repository.log_artifact_from_stream(io.BytesIO(b"a"), "a.txt")


def test_many_files_of_several_folders_are_logged(
    repository: LocalArtifactRepository, tmp_path: Path
) -> None:
    """More files than one batch holds all arrive, with their bytes and execute bits."""
    for number in range(150):
        path = tmp_path / "src" / f"d{number % 3}" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(str(number).encode() * number)
    path.chmod(0o755)
    repository.log_artifacts(tmp_path / "src", "many")
    root = tmp_path / "root" / "many"
    assert tree(root) == tree(tmp_path / "src")
    assert (root / path.relative_to(tmp_path / "src")).stat().st_mode & stat.S_IXUSR
    assert not (root / "d0" / "0.txt").stat().st_mode & stat.S_IXUSR


PLACES = {
    "/a/b": "/a/b",
    "file:///a/b": "/a/b",
    "file:/a/b": "/a/b",
    "FILE:///a": "/a",
    "file://localhost/a": "/a",
    "file:///a%20b": "/a b",
    "file:///a%2520b": "/a%20b",
    "/a%20b": "/a%20b",
    "/a#b?c": "/a#b?c",
}


@pytest.mark.parametrize(("uri", "expected"), PLACES.items())
def test_a_location_names_one_directory(uri: str, expected: str) -> None:
    """A path is literal, a URI is percent-decoded exactly once."""
    assert artifact_directory(uri) == Path(expected)


@pytest.mark.parametrize(
    "uri",
    ["file:///a?b", "file:///a#b", "file:///a;b", "file://host/a", "//host/a", "s3://b", "/a\x00b"],
)
def test_other_locations_are_refused(uri: str) -> None:
    """Hosts, queries, fragments and parameters are refused, never dropped."""
    with pytest.raises(MlflowException, match="Invalid artifact location") as caught:
        artifact_directory(uri)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_a_big_file_is_copied_in_constant_memory(tmp_path: Path) -> None:
    """Copying 64 MB takes less than 8 MB of Python's memory and keeps every byte."""
    import tracemalloc  # noqa: PLC0415 - only here

    block = os.urandom(1 << 20)
    with (tmp_path / "big").open("wb") as file:
        for _ in range(64):
            file.write(block)
    repository = LocalArtifactRepository(str(tmp_path / "root"))
    tracemalloc.start()
    repository.log_artifact(tmp_path / "big")
    with (tmp_path / "big").open("rb") as stream:
        repository.log_artifact_from_stream(stream, "streamed")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20
    for name in ("big", "streamed"):
        assert (tmp_path / "root" / name).read_bytes() == block * 64


def test_the_store_is_a_contract_of_streams(tmp_path: Path) -> None:
    """Find, open and delete answer for files, folders, the root and nothing."""
    files = LocalFiles(tmp_path / "root")
    assert files.find("") is None
    assert files.list("") == []
    files.delete("a")
    with files.writer("d/a") as file:
        file.write(b"abc")
    assert files.find("") == FileInfo("", is_dir=True, file_size=None)
    assert files.find("d") == FileInfo("d", is_dir=True, file_size=None)
    assert files.find("d/a") == FileInfo("d/a", is_dir=False, file_size=3)
    assert files.find("d/a/b") is None
    with files.open("d/a") as stream:
        assert stream.read() == b"abc"
    with pytest.raises(MlflowException) as caught:
        files.open("d")
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    with pytest.raises(MlflowException) as caught:
        files.open("nope")
    assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"
