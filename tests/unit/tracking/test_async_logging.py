"""Logging that does not wait: order, joining, errors, bounds."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import MlflowException
from mlflow.tracking import fluent
from mlflow.tracking.async_logging import (
    Pending,
    RunOperations,
    Sender,
    enable_async_logging,
    flush_async_logging,
)
from mlflow.tracking.batches import Batch, Joined, split_batch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlflow.tracking.client import MlflowClient


class Recorder:
    """Takes batches, when it is let to."""

    def __init__(self, *, open_gate: bool = True) -> None:
        self.batches: list[tuple[str, int, int, int]] = []
        self.gate = threading.Event()
        if open_gate:
            self.gate.set()

    def log_batch(
        self, run_id: str, metrics: Sequence[Any], params: Sequence[Any], tags: Sequence[Any]
    ) -> None:
        self.gate.wait(30)
        self.batches.append((run_id, len(metrics), len(params), len(tags)))


def _point(step: int) -> Batch:
    return Batch((Metric("m", 1.0, 0, step),))


def test_queued_values_are_written_in_order(client: MlflowClient) -> None:
    """After a flush everything is there, the last value of a tag and the first param included."""
    with fluent.start_run() as run:
        for step in range(2500):
            fluent.log_metric("m", step, step=step, synchronous=False)
            fluent.set_tag("t", step, synchronous=False)
        fluent.log_params({"p": 1}, synchronous=False)
        fluent.flush_async_logging()
        data = client.get_run(run.info.run_id).data
        assert data.metrics == {"m": 2499.0}
        assert data.tags["t"] == "2499"
        assert data.params == {"p": "1"}
        assert len(client.get_metric_history(run.info.run_id, "m")) == 2500


def test_every_call_can_be_waited_for(client: MlflowClient) -> None:
    """Each asynchronous call gives something whose wait() means written."""
    run_id = client.create_run("0").info.run_id
    operations = [
        client.log_metric(run_id, "m", 1, synchronous=False),
        client.log_param(run_id, "p", 1, synchronous=False),
        client.set_tag(run_id, "t", 1, synchronous=False),
        client.log_batch(run_id, [Metric("n", 1, 0, 0)], synchronous=False),
    ]
    for operation in operations:
        assert isinstance(operation, RunOperations)
        operation.wait()
    data = client.get_run(run_id).data
    assert set(data.metrics) == {"m", "n"}
    assert data.params == {"p": "1"}
    assert data.tags["t"] == "1"


def test_a_refused_call_costs_only_itself(
    client: MlflowClient, caplog: pytest.LogCaptureFixture
) -> None:
    """A wrong param among good values is refused at wait(), and the rest is written."""
    with fluent.start_run() as run:
        fluent.log_param("p", 1)
        good = fluent.log_metric("m", 1, synchronous=False)
        bad = fluent.log_param("p", 2, synchronous=False)
        also_good = fluent.set_tag("t", 1, synchronous=False)
        assert good is not None
        assert also_good is not None
        good.wait()
        also_good.wait()
        with pytest.raises(MlflowException, match="The following failures occurred"):
            bad.wait()
    data = client.get_run(run.info.run_id).data
    assert data.metrics == {"m": 1.0}
    assert data.params == {"p": "1"}
    assert data.tags["t"] == "1"
    assert any("is lost" in record.getMessage() for record in caplog.records)


def test_an_unknown_run_is_refused_at_wait(client: MlflowClient) -> None:
    """The call returns; waiting tells."""
    operation = client.log_metric("f" * 32, "m", 1, synchronous=False)
    assert operation is not None
    with pytest.raises(MlflowException, match="not found"):
        operation.wait()


def test_the_environment_can_make_all_calls_asynchronous(client: MlflowClient) -> None:
    """enable_async_logging is the default of ``synchronous``; an argument wins."""
    enable_async_logging()
    with fluent.start_run() as run:
        assert isinstance(fluent.log_metric("m", 1), RunOperations)
        assert isinstance(fluent.log_metrics({"m": 1}), RunOperations)
        assert isinstance(fluent.log_param("p", 1), RunOperations)
        assert fluent.log_metric("m", 1, synchronous=True) is None
    enable_async_logging(False)
    assert client.get_run(run.info.run_id).data.params == {"p": "1"}


def test_the_end_of_a_run_waits_for_its_values(client: MlflowClient) -> None:
    """What was queued before the end is there after it."""
    with fluent.start_run() as run:
        for step in range(1500):
            fluent.log_metric("m", step, step=step, synchronous=False)
    assert len(client.get_metric_history(run.info.run_id, "m")) == 1500


def test_calls_are_joined_by_run_into_full_batches() -> None:
    """Small calls for one run become batches of 1,000 points at most."""
    store = Recorder(open_gate=False)
    sender = Sender(store)  # type: ignore[arg-type]  # what of a store is needed
    for step in range(2500):
        sender.submit(Pending("ab"[step % 2], _point(step)))
    store.gate.set()
    sender.wait()
    points = {run: sum(n for r, n, _, _ in store.batches if r == run) for run in "ab"}
    assert points == {"a": 1250, "b": 1250}
    assert len(store.batches) < 50
    assert max(n for _, n, _, _ in store.batches) <= 1000


def test_a_full_queue_makes_calls_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue is bounded: a call waits until the store has taken enough."""
    monkeypatch.setenv("HEADRACE_ASYNC_QUEUE_SIZE", "10")
    store = Recorder(open_gate=False)
    sender = Sender(store)  # type: ignore[arg-type]  # what of a store is needed
    for step in range(10):
        sender.submit(Pending("a", _point(step)))
    waiting = threading.Thread(target=sender.submit, args=(Pending("a", _point(10)),))
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    assert sender.waiting == 10
    store.gate.set()
    waiting.join(30)
    assert not waiting.is_alive()
    sender.wait()
    assert sum(n for _, n, _, _ in store.batches) == 11


def test_a_store_that_breaks_does_not_stop_the_sender(caplog: pytest.LogCaptureFixture) -> None:
    """An error of any class is reported at wait(), and later calls are still written."""

    class Broken(Recorder):
        def log_batch(self, run_id: str, *rest: Any) -> None:
            if run_id == "bad":
                raise KeyError(run_id)
            super().log_batch(run_id, *rest)

    store = Broken()
    sender = Sender(store)  # type: ignore[arg-type]  # what of a store is needed
    failed = sender.submit(Pending("bad", _point(0)))
    with pytest.raises(MlflowException, match="failed to log"):
        failed.wait()
    sender.submit(Pending("good", _point(1))).wait()
    assert store.batches == [("good", 1, 0, 0)]
    assert "KeyError" in caplog.text


def test_a_flush_without_anything_queued_returns(client: MlflowClient) -> None:
    """There is nothing to wait for."""
    flush_async_logging()
    assert client.tracking_uri


def test_a_batch_is_split_within_all_limits() -> None:
    """Params and tags come first, and no part is over a limit."""
    batch = Batch(
        [Metric("m", 1.0, 0, step) for step in range(2100)],
        [Param(str(i), "1") for i in range(150)],
        [RunTag(str(i), "1") for i in range(250)],
    )
    parts = list(split_batch(batch))
    assert all(part.fits() for part in parts)
    assert [len(part.metrics) for part in parts] == [0, 0, 0, 1000, 1000, 100]
    assert [point.step for part in parts for point in part.metrics] == list(range(2100))
    assert sum(len(part.params) for part in parts) == 150
    assert sum(len(part.tags) for part in parts) == 250


def test_joining_keeps_the_store_able_to_refuse_one_call() -> None:
    """A param with another value does not join; a tag's later value replaces the earlier."""
    joined = Joined()
    assert joined.add(Batch((), [Param("p", "1")], [RunTag("t", "a")]))
    assert joined.add(Batch((), [Param("p", "1")], [RunTag("t", "b")]))
    assert not joined.add(Batch((), [Param("p", "2")]))
    assert [(tag.key, tag.value) for tag in joined.batch().tags] == [("t", "b")]
    assert len(joined) == 2
