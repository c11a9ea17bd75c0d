"""The store with a journal: order, what raises, what waits."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import pytest

from mlflow._http.errors import TransportError
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import MlflowException
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from mlflow.tracking.async_logging import flush_async_logging, log_later
from mlflow.tracking.journal.calls import values_call
from mlflow.tracking.journal.place import Place
from mlflow.tracking.journal.store import JournalledStore, new_journalled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


class GatedStore(SqlAlchemyStore):
    """A database behind a way that can be cut."""

    def __init__(self, *args: str) -> None:
        super().__init__(*args)
        self.away = False
        self.sizes: list[int] = []
        self.held = threading.Event()
        self.held.set()

    def log_batch(
        self,
        run_id: str,
        metrics: Sequence[Metric],
        params: Sequence[Param],
        tags: Sequence[RunTag],
    ) -> None:
        self.held.wait(30)
        self._check()
        super().log_batch(run_id, metrics, params, tags)
        self.sizes.append(len(metrics) + len(params) + len(tags))

    def get_run(self, run_id: str) -> Any:
        self._check()
        return super().get_run(run_id)

    def log_metric(self, run_id: str, metric: Metric) -> None:
        self.log_batch(run_id, [metric], [], [])

    def set_tag(self, run_id: str, tag: RunTag) -> None:
        self.log_batch(run_id, [], [], [tag])

    def _check(self) -> None:
        if self.away:
            raise TransportError("nobody is there")


@pytest.fixture
def gated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[JournalledStore, GatedStore, str]]:
    """Return a store with a journal, the store behind it, and a run."""
    monkeypatch.setenv("HEADRACE_JOURNAL_DIR", str(tmp_path / "journals"))
    monkeypatch.setenv("HEADRACE_SERVER_PATIENCE_SECONDS", "0.2")
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    inner = GatedStore(uri, str(tmp_path / "artifacts"))
    store = new_journalled(inner, uri)
    yield store, inner, store.create_run("0", "user", 1, [], None).info.run_id
    inner.away = False
    inner.held.set()
    if store.has_sender:
        store.sender.wait()
    store.close_journal()
    SqlAlchemyStore.forget(uri)


Gated = tuple[JournalledStore, GatedStore, str]


def _metric(step: int) -> Metric:
    return Metric("m", float(step), step, step)


def test_calls_go_on_while_the_store_is_away(
    gated: Gated, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One warning, no exception; reads and creates raise; then everything is there, in order."""
    store, inner, run_id = gated
    store.log_metric(run_id, _metric(0))
    assert not store.has_sender
    inner.away = True
    for step in range(1, 100):
        store.log_metric(run_id, _metric(step))
        store.set_tag(run_id, RunTag("t", str(step)))
    store.update_run_info(run_id, 3, 99, None)
    for read in (lambda: store.get_run(run_id), lambda: store.search_runs(["0"], "", 3)):
        with pytest.raises(MlflowException, match="not acknowledged") as caught:
            read()
        assert caught.value.error_code == "TEMPORARILY_UNAVAILABLE"
    assert caplog.text.count("The store cannot be reached") == 1
    inner.away = False
    monkeypatch.setenv("HEADRACE_SERVER_PATIENCE_SECONDS", "30")  # a busy machine delivers late
    store.log_metric(run_id, _metric(100))
    run = store.get_run(run_id)
    assert (run.data.tags["t"], run.info.status, run.info.end_time) == ("99", "FINISHED", 99)
    steps = [point.step for point in store.get_metric_history(run_id, "m")]
    assert steps == list(range(101))
    assert store.sender.fault is None


def test_upstreams_behaviour_can_be_had(gated: Gated, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told to raise, a call raises what the store raises, and nothing is kept."""
    store, inner, run_id = gated
    monkeypatch.setenv("HEADRACE_ON_SERVER_FAULT", "raise")
    inner.away = True
    with pytest.raises(TransportError, match="nobody is there"):
        store.log_metric(run_id, _metric(0))
    assert not store.has_sender


def test_a_synchronous_call_waits_behind_queued_ones(gated: Gated) -> None:
    """It returns when the store has it, after the earlier calls of its run, and raises at once."""
    store, inner, run_id = gated
    inner.held.clear()
    operation = log_later(store, values_call(run_id, [], [], [RunTag("t", "queued")]))
    threading.Timer(0.2, inner.held.set).start()
    store.set_tag(run_id, RunTag("t", "later"))
    assert store.inner.get_run(run_id).data.tags["t"] == "later"
    operation.wait()
    log_later(store, values_call(run_id, [], [Param("p", "1")], []))
    with pytest.raises(MlflowException, match="Changing param values"):
        store.log_param(run_id, Param("p", "2"))


def test_reads_see_what_was_queued(gated: Gated) -> None:
    """A read waits for the calls of its run; many calls are few batches."""
    store, inner, run_id = gated
    for step in range(2500):
        log_later(store, values_call(run_id, [_metric(step)], [], []))
    assert len(store.get_metric_history(run_id, "m")) == 2500
    assert max(inner.sizes) <= 1000
    assert len(inner.sizes) < 100


def test_a_flush_gives_up_when_nobody_is_there(
    gated: Gated, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A flush warns, a future raises, and with ``raise`` a flush does too."""
    store, inner, run_id = gated
    inner.away = True
    operation = log_later(store, values_call(run_id, [_metric(1)], [], []))
    flush_async_logging()
    assert "1 calls that were logged are not acknowledged" in caplog.text
    with pytest.raises(MlflowException, match="not acknowledged"):
        operation.wait()
    monkeypatch.setenv("HEADRACE_ON_SERVER_FAULT", "raise")
    with pytest.raises(MlflowException, match="not acknowledged"):
        flush_async_logging()


def test_every_method_of_the_contract_is_served(gated: Gated) -> None:
    """What the journal has nothing to do with goes on to the store."""
    store, inner, run_id = gated
    assert store.get_experiment("0").name == "Default"
    assert store.list_run_documents(run_id) == []
    store.log_run_document(run_id, "n", b"x", "text/plain")
    assert inner.get_run_document(run_id, "n").content == b"x"
    store.delete_run(run_id)
    assert store.get_run(run_id).info.lifecycle_stage == "deleted"


def test_a_refused_file_is_kept(gated: Gated, tmp_path: Path) -> None:
    """An artifact that cannot be uploaded for another reason than the way there is not lost."""
    store, _, _ = gated
    (tmp_path / "a.txt").write_text("content")
    sender = store.sender
    sender.submit_file("f" * 32, sender.spool.copy(tmp_path / "a.txt"), "")
    assert sender.wait()
    assert sender.rejects.path is not None
    (kept,) = sender.rejects.path.with_suffix("").glob("*/a.txt")
    assert kept.read_text() == "content"
    assert '"log_artifact"' in sender.rejects.path.read_text()


def test_journals_of_others_are_left_alone(
    gated: Gated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A journal whose owner lives, of another user or of another store is not taken."""
    store, _, _ = gated
    folder = store.sender.folder
    assert folder is not None
    assert Place.take(folder, store.uri) is None
    left = Place.create("sqlite:///other.db")
    left.release()
    assert Place.take(left.path, store.uri) is None
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert Place.take(left.path) is None
    monkeypatch.undo()
    taken = Place.take(left.path, "sqlite:///other.db")
    assert taken is not None
    taken.remove()
    assert not left.path.exists()
    assert (folder.stat().st_mode & 0o777, (folder / "journal.json").stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )
