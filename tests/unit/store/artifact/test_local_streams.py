"""Streams of local artifacts: what only a directory of this machine can show."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlflow._core.clock import now_ms
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.local_files import LocalFiles


def write(files: LocalFiles, path: str, content: bytes) -> Path:
    """Write a file, and return where it lies."""
    with files.create(path) as writer:
        writer.write(content)
    return files.root / path


def test_a_bit_that_flips_at_rest_is_seen(tmp_path: Path) -> None:
    """Whole reads end with an error; a file that was changed on purpose has no digest."""
    files = LocalFiles(tmp_path)
    path = write(files, "f", b"a" * 1000)
    if files.stat("f").sha256 is None:
        pytest.skip("this file system keeps no attributes")
    times = path.stat()
    path.write_bytes(b"a" * 999 + b"b")
    assert files.stat("f").sha256 is None
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    with files.read("f") as reader, pytest.raises(MlflowException, match="damaged") as error:
        list(reader)
    assert error.value.error_code == "DATA_LOSS"
    with files.read("f", start=1) as reader:
        assert b"".join(reader) == b"a" * 998 + b"b"


_KILLED = """
import os, signal, sys
from pathlib import Path
from mlflow.store.artifact.local_files import LocalFiles
files = LocalFiles(Path(sys.argv[1]))
upload = files.multipart.begin("big")
files.multipart.write_part("big", upload, 1, [b"1"], size=1)
writer = files.create("folder/f")
writer.write(b"x" * 10_000_000)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_writer_leaves_nothing_visible_and_is_cleaned_up(tmp_path: Path) -> None:
    """Neither under its name nor in listings; cleaning takes what is older than it is told."""
    files = LocalFiles(tmp_path)
    write(files, "folder/kept", b"1")
    subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False)
    assert [info.path for info in files.list("folder")] == ["folder/kept"]
    assert [info.path for info in files.list("")] == ["folder"]
    assert len(list((tmp_path / "folder").iterdir())) == 2
    assert files.clean(before_ms=now_ms() - 60_000) == 0
    assert files.clean(before_ms=now_ms() + 60_000) == 2
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["kept"]


def test_links_out_of_the_root_are_not_followed(tmp_path: Path) -> None:
    """Neither read, written through nor listed, wherever on the way they are."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "canary").write_bytes(b"secret")
    files = LocalFiles(tmp_path / "root")
    write(files, "kept", b"1")
    (files.root / "link").symlink_to(outside)
    (files.root / "file").symlink_to(outside / "canary")
    for path in ("link/canary", "file"):
        for call in (files.read, files.stat):
            with pytest.raises(MlflowException):
                call(path)
    with pytest.raises(MlflowException):
        files.create("link/new")
    upload = files.multipart.begin("link/new")
    part = files.multipart.write_part("link/new", upload, 1, [b"1"], size=1)
    with pytest.raises(MlflowException):
        files.multipart.complete("link/new", upload, [part])
    assert [info.path for info in files.list("")] == ["kept"]
    assert [path.name for path in outside.iterdir()] == ["canary"]


def test_a_digest_is_checked_over_the_parts(tmp_path: Path) -> None:
    """Parts that are whole make no file that is another one than was announced."""
    files = LocalFiles(tmp_path)
    upload = files.multipart.begin("f")
    part = files.multipart.write_part("f", upload, 1, [b"one"], size=3)
    with pytest.raises(MlflowException) as error:
        files.multipart.complete("f", upload, [part], sha256=hashlib.sha256(b"two").hexdigest())
    assert error.value.error_code == "DATA_LOSS"
    assert files.find("f") is None
    files.multipart.complete("f", upload, [part], sha256=hashlib.sha256(b"one").hexdigest())
    assert files.stat("f").size == 3
