"""Frames: what was written comes back, and damage is never read as something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from mlflow.tracking.journal.records import frame, iter_frames
from mlflow.tracking.journal.segment import START, Segment

if TYPE_CHECKING:
    from pathlib import Path

PAYLOADS = st.lists(st.binary(min_size=1, max_size=60), min_size=1, max_size=8)


def _is_prefix(found: list[bytes], written: list[bytes]) -> bool:
    return found == written[: len(found)]


@given(PAYLOADS)
def test_what_is_written_is_read(payloads: list[bytes]) -> None:
    """Every payload comes back, in order."""
    content = b"".join(map(frame, payloads)) + bytes(64)
    assert list(iter_frames(content, 0)) == payloads


@given(PAYLOADS, st.data())
def test_a_torn_tail_is_cut(payloads: list[bytes], data: st.DataObject) -> None:
    """However much of the end is missing, what is read is what was written before it."""
    content = b"".join(map(frame, payloads))
    kept = data.draw(st.integers(0, len(content)))
    for rest in (b"", bytes(len(content) - kept)):
        assert _is_prefix(list(iter_frames(content[:kept] + rest, 0)), payloads)


@given(PAYLOADS, st.data())
def test_flipped_bits_are_never_misread(payloads: list[bytes], data: st.DataObject) -> None:
    """A byte that changed ends the reading at its frame; the frames before it are read."""
    content = bytearray(b"".join(map(frame, payloads)))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    found = list(iter_frames(bytes(content), 0))
    assert _is_prefix(found, payloads)
    assert len(found) < len(payloads)
    starts = [0]
    for payload in payloads:
        starts.append(starts[-1] + len(frame(payload)))
    assert len(found) == max(i for i, start in enumerate(starts) if start <= place)


def test_a_segment_is_read_by_another_process(tmp_path: Path) -> None:
    """What was written to the map is in the file without a sync, up to a damaged byte."""
    path = tmp_path / "0.segment"
    segment = Segment.create(path, 7, 4096)
    for text in (b"one", b"two", b"three"):
        assert segment.write(frame(text))
    found = Segment.load(path)
    assert found is not None
    assert (found.first, found.count, found.end) == (7, 3, segment.end)
    assert not found.is_damaged
    found.close()
    segment.content[segment.end - 1] ^= 1
    found = Segment.load(path)
    assert found is not None
    assert found.count == 2
    assert found.is_damaged
    found.close()
    segment.close()


def test_what_is_no_segment_is_not_read(tmp_path: Path) -> None:
    """A file of another kind, a short one or one with a damaged head gives nothing."""
    path = tmp_path / "0.segment"
    for content in (b"", b"x" * 10, b"x" * 4096, bytes(4096)):
        path.write_bytes(content)
        assert Segment.load(path) is None
    segment = Segment.create(tmp_path / "1.segment", 1, 4096)
    segment.content[9] ^= 1
    segment.close()
    assert Segment.load(tmp_path / "1.segment") is None


def test_a_segment_takes_no_more_than_fits(tmp_path: Path) -> None:
    """A frame that does not fit is refused and changes nothing."""
    segment = Segment.create(tmp_path / "0.segment", 0, START + 20)
    assert segment.write(frame(b"x" * 12))
    assert not segment.write(frame(b"x"))
    assert segment.count == 1
    segment.remove()
    assert not list(tmp_path.iterdir())
