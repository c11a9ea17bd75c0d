"""Logging metrics, params and tags to the active run."""

from __future__ import annotations

import logging
import math
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from mlflow.exceptions import MlflowException
from mlflow.tracking import fluent

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.tracking.client import MlflowClient


class _Tensor:
    """A 0-dimensional tensor, as frameworks have them."""

    def item(self) -> float:
        return 2.5


def test_logging_starts_a_run(client: MlflowClient) -> None:
    """The first call starts a run when none is active."""
    assert fluent.log_param("p", 1) == 1
    run = fluent.active_run()
    assert run is not None
    assert client.get_run(run.info.run_id).data.params == {"p": "1"}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (1, 1.0),
        (True, 1.0),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3.0),
        (np.array(0.25), 0.25),
        (np.array([0.25]), 0.25),
        (_Tensor(), 2.5),
        (math.inf, math.inf),
    ],
)
def test_numbers_of_all_kinds_are_metrics(client: MlflowClient, value: float, kept: float) -> None:
    """Python numbers, numpy scalars and arrays or tensors of one element."""
    with fluent.start_run() as run:
        fluent.log_metric("one", value)
        fluent.log_metrics({"many": value})
    assert client.get_run(run.info.run_id).data.metrics == {"one": kept, "many": kept}


@pytest.mark.parametrize("value", ["1.0", "x", b"1", None, [1], {}, np.array([1, 2]), object()])
def test_what_is_no_number_is_refused(client: MlflowClient, value: Any) -> None:
    """Text, None and collections are errors that name the metric, and nothing is logged."""
    with fluent.start_run() as run:
        calls: list[Callable[[], object]] = [
            lambda: fluent.log_metric("bad", value),
            lambda: fluent.log_metrics({"ok": 1, "bad": value}),
            lambda: fluent.log_metric("bad", value, synchronous=False),
        ]
        for log in calls:
            with pytest.raises(MlflowException) as caught:
                log()
            assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    assert client.get_run(run.info.run_id).data.metrics == {}


@pytest.mark.parametrize("step", ["x", "1", [1], math.nan, math.inf])
def test_a_step_must_be_a_number(client: MlflowClient, step: object) -> None:
    """A step that is no integer is refused."""
    with fluent.start_run(), pytest.raises(MlflowException, match="'step'"):
        fluent.log_metric("m", 1.0, step=step)  # type: ignore[arg-type]  # what is tested
    assert client.tracking_uri


def test_steps_and_times_are_kept(client: MlflowClient) -> None:
    """Each point has the step and time that was given, 0 and now by default."""
    with fluent.start_run() as run:
        numpy_step: Any = np.int64(4)
        fluent.log_metric("m", 1, step=3, timestamp=77)
        fluent.log_metric("m", 2, step=numpy_step, timestamp=78)
        fluent.log_metric("default", 1)
    points = client.get_metric_history(run.info.run_id, "m")
    assert [(point.value, point.step, point.timestamp) for point in points] == [
        (1.0, 3, 77),
        (2.0, 4, 78),
    ]
    only = client.get_metric_history(run.info.run_id, "default")[0]
    assert only.step == 0
    assert run.info.start_time <= only.timestamp


def test_any_number_of_values_is_split_into_batches(client: MlflowClient) -> None:
    """More values than one batch may carry are all logged; keys may hold slashes."""
    with fluent.start_run() as run:
        fluent.log_params({f"group/p{i}": i for i in range(250)})
        fluent.set_tags({f"t{i}": [i] for i in range(250)})
        fluent.log_metrics({f"m/{i}": i for i in range(2500)}, step=1)
        fluent.log_metrics({})
        fluent.set_tags({})
    data = client.get_run(run.info.run_id).data
    assert len(data.params) == 250
    assert data.params["group/p7"] == "7"
    assert data.tags["t249"] == "[249]"
    assert len(data.metrics) == 2500


def test_a_param_keeps_its_first_value(client: MlflowClient) -> None:
    """The same value again is fine, another one an error that names both."""
    with fluent.start_run() as run:
        fluent.log_param("p", 1)
        fluent.log_params({"p": "1"})
        for log in (lambda: fluent.log_param("p", 2), lambda: fluent.log_params({"p": 2})):
            with pytest.raises(MlflowException, match=r"1.*2") as caught:
                log()
            assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    assert client.get_run(run.info.run_id).data.params == {"p": "1"}


def test_tags_are_set_and_removed(client: MlflowClient) -> None:
    """A tag's value is text; removing a missing one is an error."""
    with fluent.start_run() as run:
        fluent.set_tag("a", [1, 2])
        fluent.set_tag("b", None)
        fluent.delete_tag("b")
        with pytest.raises(MlflowException, match="b"):
            fluent.delete_tag("b")
    tags = client.get_run(run.info.run_id).data.tags
    assert tags["a"] == "[1, 2]"
    assert "b" not in tags


@pytest.mark.parametrize(
    ("call", "what"),
    [("log_params", "params"), ("log_metrics", "metrics"), ("set_tags", "tags")],
)
def test_collections_must_be_dictionaries(client: MlflowClient, call: str, what: str) -> None:
    """A list or a text instead of a dictionary is an error that says so."""
    with fluent.start_run(), pytest.raises(MlflowException, match=f"`{what}` must be a dictionary"):
        getattr(fluent, call)([1])
    assert client.tracking_uri


def test_another_run_can_be_named(client: MlflowClient) -> None:
    """run_id logs to that run and starts none."""
    run_id = client.create_run("0").info.run_id
    fluent.log_metric("m", 1, run_id=run_id)
    fluent.log_metrics({"n": 2}, run_id=run_id)
    fluent.log_params({"p": 3}, run_id=run_id)
    fluent.log_text("x", "a.txt", run_id=run_id)
    fluent.log_dict({"a": 1}, "a.json", run_id=run_id)
    assert fluent.active_run() is None
    data = client.get_run(run_id).data
    assert data.metrics == {"m": 1.0, "n": 2.0}
    assert data.params == {"p": "3"}
    assert [info.path for info in client.list_artifacts(run_id)] == ["a.json", "a.txt"]


def test_long_values_are_cut_with_one_warning(
    client: MlflowClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over-long params are truncated with a warning, or refused when that is switched off."""
    with fluent.start_run() as run:
        with caplog.at_level(logging.WARNING):
            fluent.log_param("p", "x" * 7000)
        assert sum("truncated" in record.getMessage() for record in caplog.records) == 1
        monkeypatch.setenv("MLFLOW_TRUNCATE_LONG_VALUES", "false")
        with pytest.raises(MlflowException, match="6000"):
            fluent.log_param("q", "x" * 7000)
    assert {
        key: len(value) for key, value in client.get_run(run.info.run_id).data.params.items()
    } == {"p": 6000}


def test_a_call_costs_little_more_than_the_store(client: MlflowClient) -> None:
    """The fluent part of log_metric takes microseconds: no store, no file, no lock."""

    class Nothing:
        calls = 0

        def log_metric(self, run_id: str, metric: object) -> None:
            self.calls += 1

    with fluent.start_run() as run:
        kept, counting = run.store, Nothing()
        run.store = counting  # type: ignore[assignment]  # a store that only counts
        best = math.inf
        for _ in range(5):
            start = perf_counter()
            for step in range(500):
                fluent.log_metric("m", 1.0, step=step)
            best = min(best, (perf_counter() - start) / 500)
        run.store = kept
    assert counting.calls == 2500
    assert best < 50e-6  # 7 µs on an idle machine
    assert client.tracking_uri
