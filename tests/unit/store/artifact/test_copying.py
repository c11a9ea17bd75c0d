"""Bytes are copied whole by whatever way the system offers; long copies show their progress."""

from __future__ import annotations

import errno
import io
import os
from typing import TYPE_CHECKING, Any

import pytest

from mlflow.store.artifact import copying, progress
from mlflow.store.artifact.copying import copy_descriptor, copy_stream
from mlflow.store.artifact.progress import Progress

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = bytes(range(256)) * 9000


def copy(tmp_path: Path) -> list[int]:
    """Copy a file of more than two megabytes and check what arrived."""
    (tmp_path / "a").write_bytes(CONTENT)
    steps: list[int] = []
    with (tmp_path / "a").open("rb") as source, (tmp_path / "b").open("w+b") as target:
        assert copy_descriptor(source.fileno(), target.fileno(), progress=steps.append) == len(
            CONTENT
        )
    assert (tmp_path / "b").read_bytes() == CONTENT
    assert sum(steps) == len(CONTENT)
    return steps


@pytest.mark.parametrize("missing", [(), ("copy_file_range",), ("copy_file_range", "sendfile")])
def test_every_way_copies_every_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...]
) -> None:
    """Where the kernel does not copy, a buffer does."""
    for name in missing:
        monkeypatch.delattr(os, name)
    copy(tmp_path)


def test_a_way_that_stops_working_is_continued_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call that fails in the middle costs no byte and doubles none."""
    real = os.copy_file_range
    calls: list[int] = []

    def once(source: int, target: int, count: int) -> int:
        if calls:
            raise OSError(errno.EXDEV, "other file system")
        calls.append(count)
        return real(source, target, 1000)

    monkeypatch.setattr(os, "copy_file_range", once)
    assert copy(tmp_path)[0] in (1000, len(CONTENT))


def test_a_refusal_is_not_swallowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is an error, not a reason to try another way."""

    def full(*_args: object) -> Any:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(copying, "_reflinked", lambda *_args: False)
    monkeypatch.setattr(os, "copy_file_range", full)
    with pytest.raises(OSError, match="full"):
        copy(tmp_path)


def test_streams_that_write_little_at_a_time_are_copied_whole() -> None:
    """A target that takes a part of each buffer gets the rest too."""

    class Narrow(io.BytesIO):
        def write(self, data: Any) -> int:
            return super().write(bytes(data[:1000]))

    target = Narrow()
    assert copy_stream(io.BytesIO(CONTENT), target) == len(CONTENT)
    assert target.getvalue() == CONTENT


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_is_drawn_for_long_transfers_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing appears for short transfers, in files, or when it is switched off."""
    now = [0.0]
    monkeypatch.setattr(progress, "monotonic", lambda: now[0])

    def run(stream: io.StringIO, seconds: float) -> str:
        now[0] = 0.0
        with Progress("Downloading", 4000, stream=stream) as bar:
            for _ in range(4):
                now[0] += seconds / 4
                bar.add(1000)
        return stream.getvalue()

    assert run(Terminal(), 1.0) == ""
    assert run(io.StringIO(), 100.0) == ""
    drawn = run(Terminal(), 100.0)
    assert "100% of 4.0 kB" in drawn
    assert drawn.endswith("\n")
    monkeypatch.setenv("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    assert run(Terminal(), 100.0) == ""
