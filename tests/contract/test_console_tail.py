"""The end of a stream may be sent again as it grows; what is old makes place for what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mlflow.store.entities.console import ConsoleChunk
from mlflow.store.sql import console

if TYPE_CHECKING:
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore


@pytest.fixture
def run_id(store: SqlAlchemyStore) -> str:
    """A run."""
    return store.create_run("0", "u", 1, [], None).info.run_id


def _chunk(sequence: int, text: str) -> ConsoleChunk:
    return ConsoleChunk("stdout", sequence, 5, text)


def test_a_chunk_with_another_text_moves_to_the_end(store: SqlAlchemyStore, run_id: str) -> None:
    """Readers who go on from a position meet the newer text; the same text again is nothing new."""
    store.log_console(run_id, [_chunk(1, "a\n"), _chunk(2, "10%")])
    seen = store.get_console(run_id)
    store.log_console(run_id, [_chunk(1, "a\n"), _chunk(2, "20%")])
    page = store.get_console(run_id, after=seen.next_position)
    assert [chunk.text for chunk in page.chunks] == ["20%"]
    assert [chunk.text for chunk in store.get_console(run_id).chunks] == ["a\n", "20%"]
    store.log_console(run_id, [_chunk(2, "20%")])
    assert store.get_console(run_id, after=page.next_position).chunks == []


def test_a_tail_that_is_rewritten_drops_nothing(
    store: SqlAlchemyStore, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often the end is replaced, the beginning stays and nothing counts as dropped."""
    monkeypatch.setattr(console, "KEPT_CHUNKS", 10)
    monkeypatch.setattr(console, "KEPT_CHARACTERS", 100)
    store.log_console(run_id, [_chunk(1, "begin\n")])
    for number in range(40):
        store.log_console(run_id, [_chunk(2, f"{number:>20}%")])
    page = store.get_console(run_id)
    assert [chunk.text for chunk in page.chunks] == ["begin\n", f"{39:>20}%"]
    assert page.dropped == 0


@pytest.mark.parametrize("size", [1, 30])
def test_the_oldest_are_dropped_and_counted(
    store: SqlAlchemyStore, run_id: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many chunks, or of much text, the newest are kept; what was dropped does not come back."""
    monkeypatch.setattr(console, "KEPT_CHUNKS", 10)
    monkeypatch.setattr(console, "KEPT_CHARACTERS", 150)
    for number in range(1, 41):
        store.log_console(run_id, [_chunk(number, "x" * size)])
    page = store.get_console(run_id)
    kept = len(page.chunks)
    assert (4 if size > 1 else 10) <= kept <= 13
    assert page.dropped == 40 - kept
    store.log_console(run_id, [_chunk(1, "old")])
    assert store.get_console(run_id).chunks == page.chunks


def test_the_end_comes_first_when_one_asks_backwards(store: SqlAlchemyStore, run_id: str) -> None:
    """Pages from the end to the beginning hold every chunk once, each page in order of writing."""
    store.log_console(run_id, [_chunk(number, f"{number}\n") for number in range(1, 8)])
    page = store.get_console(run_id, before=0, max_results=3)
    assert [chunk.sequence for chunk in page.chunks] == [5, 6, 7]
    assert store.get_console(run_id, after=page.next_position).chunks == []
    page = store.get_console(run_id, before=page.first_position, max_results=3)
    assert [chunk.sequence for chunk in page.chunks] == [2, 3, 4]
    page = store.get_console(run_id, before=page.first_position, max_results=3)
    assert [chunk.sequence for chunk in page.chunks] == [1]
    assert page.first_position == 0
    found = store.get_console(run_id, before=0, max_results=1, contains="3")
    assert [chunk.text for chunk in found.chunks] == ["3\n"]


def test_an_empty_console_has_an_end(store: SqlAlchemyStore, run_id: str) -> None:
    """Asked backwards it is empty, and what comes then is found from where it ended."""
    page = store.get_console(run_id, before=0)
    assert (page.chunks, page.first_position) == ([], 0)
    store.log_console(run_id, [_chunk(1, "a")])
    assert [one.text for one in store.get_console(run_id, after=page.next_position).chunks] == ["a"]
