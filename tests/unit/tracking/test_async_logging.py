"""Logging that does not wait: order, errors, what callers see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import MlflowException
from mlflow.tracking import fluent
from mlflow.tracking.async_logging import (
    RunOperations,
    enable_async_logging,
    flush_async_logging,
)
from mlflow.tracking.batches import Batch, split_batch

if TYPE_CHECKING:
    from mlflow.tracking.client import MlflowClient


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
    assert any("refused" in record.getMessage() for record in caplog.records)


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
