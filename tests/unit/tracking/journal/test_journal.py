"""The journal of a process: segments, order, bounds, what to do when it is full."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from mlflow.exceptions import MlflowException
from mlflow.tracking.journal.codec import encode
from mlflow.tracking.journal.deliveries import DeliveryLog
from mlflow.tracking.journal.journal import Journal

if TYPE_CHECKING:
    from pathlib import Path

LARGE = "x" * 700_000


def _payload(number: int, filler: str = "") -> bytes:
    return encode((2, "run", f"{number}{filler}"))


def _read_all(journal: Journal) -> list[int]:
    numbers: list[int] = []
    while records := journal.read():
        numbers += [record.number for record in records]
    return numbers


def test_calls_come_out_as_they_went_in(tmp_path: Path) -> None:
    """Calls are read in order over many segments; what is done with gives its files back."""
    journal = Journal(tmp_path)
    for number in range(60):
        assert journal.append(_payload(number, LARGE)) == number
    assert len(list(tmp_path.glob("*.segment"))) > 3
    found = []
    while records := journal.read():
        assert all(r.call[2] == f"{r.number}{LARGE}" for r in records)
        found += [record.number for record in records]
        journal.finish(found[-1] + 1)
    assert found == list(range(60))
    assert journal.pending == 0
    assert len(list(tmp_path.glob("*.segment"))) == 1
    journal.close()


def test_another_process_reads_on_where_this_one_stopped(tmp_path: Path) -> None:
    """Loaded from its folder, a journal begins at the first call that is not done with."""
    journal = Journal(tmp_path)
    for number in range(40):
        journal.append(_payload(number, LARGE[:300_000]))
    found = Journal.load(tmp_path, 17)
    assert found.pending == 23
    assert _read_all(found) == list(range(17, 40))
    found.close()
    journal.close()


def test_a_full_journal_makes_calls_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call blocks while the journal is full and goes on when the store has taken something."""
    monkeypatch.setenv("HEADRACE_JOURNAL_MAX_BYTES", str(9 << 20))
    journal = Journal(tmp_path)
    done = threading.Event()

    def fill() -> None:
        for number in range(24):
            journal.append(_payload(number, LARGE))
        done.set()

    thread = threading.Thread(target=fill)
    thread.start()
    assert not done.wait(0.3)
    found: list[int] = []
    while not done.is_set() or journal.pending:
        for record in journal.read():
            found.append(record.number)
            journal.finish(record.number + 1)
    thread.join()
    assert found == list(range(24))
    journal.close()


def test_a_full_journal_can_raise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told to raise, a call says that the journal is full and by which variables."""
    monkeypatch.setenv("HEADRACE_JOURNAL_MAX_BYTES", str(9 << 20))
    monkeypatch.setenv("HEADRACE_JOURNAL_WHEN_FULL", "raise")
    journal = Journal(tmp_path)
    for number in range(12):
        journal.append(_payload(number, LARGE))
    with pytest.raises(MlflowException, match="HEADRACE_JOURNAL_MAX_BYTES") as caught:
        journal.append(_payload(12, LARGE))
    assert caught.value.error_code == "RESOURCE_EXHAUSTED"
    assert _read_all(journal) == list(range(journal.next_number))
    journal.close()


def test_a_full_journal_can_drop_the_oldest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Told to drop, it gives old calls up, says so, and their waiters hear of it."""
    monkeypatch.setenv("HEADRACE_JOURNAL_MAX_BYTES", str(20 << 20))
    monkeypatch.setenv("HEADRACE_JOURNAL_WHEN_FULL", "drop")
    journal = Journal(tmp_path)
    for number in range(60):
        journal.append(_payload(number, LARGE))
    found = _read_all(journal)
    assert found[-1] == 59
    assert len(found) < 60
    lost = sorted(set(range(60)) - set(found))
    assert all(journal.error_of(number) is not None for number in lost)
    assert journal.error_of(59) is None
    assert "given up" in caplog.text
    journal.close()


def test_without_room_on_the_disk_it_goes_on_in_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """When no file can be made, one warning says so and nothing is lost."""
    journal = Journal(tmp_path / "missing")
    for number in range(30):
        journal.append(_payload(number, LARGE))
    assert caplog.text.count("kept in memory") == 1
    assert _read_all(journal) == list(range(30))
    journal.close()


def test_a_delivery_log_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """A window that was noted is sent again under the same identity, what follows under another."""
    path = tmp_path / "deliveries"
    log = DeliveryLog(path)
    log.begin(0, 10)
    log.complete()
    log.finish(10)
    log.begin(10, 30)
    log.complete()
    log.complete()
    log.cut(17)
    log.close()
    with path.open("ab") as file:
        file.write(b"torn")
    again = DeliveryLog(path)
    assert (again.identity, again.finished, again.window) == (log.identity, 10, (10, 30))
    assert (again.sequence, again.done, again.cuts) == (1, 2, {17})
    again.complete()
    again.finish(30)
    assert again.identity != log.identity
    assert (again.sequence, again.done, again.window) == (4, 0, None)
    again.close()
    fresh = DeliveryLog(path)
    assert fresh.identity not in (log.identity, again.identity)
    assert (fresh.finished, fresh.window) == (30, None)
    fresh.close()
