"""A server that is killed and comes back under a client: calls wait, none is lost or doubled."""

import signal
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from mlflow.entities import Metric
from mlflow.store.tracking.rest_store import RestStore
from tests.e2e.servers import start_server

_KILLS = 4
_THREADS = 3


def test_calls_outlive_kills_of_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a server is killed and started again, every call returns, and each point is there."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", "0.3")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1000")
    served = start_server(tmp_path)
    store = RestStore(served.url)
    stop = threading.Event()
    logged: dict[str, int] = {}
    failures: list[Exception] = []

    def work() -> None:
        try:
            while not stop.is_set():
                run_id = store.create_run("0", "u", 1, [], "n").info.run_id
                logged[run_id] = 0
                for step in range(20):
                    store.log_metric(run_id, Metric("m", 1.0, step, step))
                    logged[run_id] += 1
        except Exception as error:  # noqa: BLE001 - whatever it is fails the test
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(_THREADS)]
    for thread in threads:
        thread.start()
    try:
        for kill in range(_KILLS):
            _wait_until(partial(_has_logged, logged, failures, 30 * (kill + 1)))
            served.process.send_signal(signal.SIGKILL)
            served.process.wait(10)
            served = start_server(tmp_path, port=served.port)
        stop.set()
        for thread in threads:
            thread.join(60)
        _check(store, logged, failures)
    finally:
        stop.set()
        store.close()
        served.stop()


def _check(store: RestStore, logged: dict[str, int], failures: list[Exception]) -> None:
    assert failures == []
    runs = store.search_runs(["0"], None, 3, 10_000)
    assert {run.info.run_id for run in runs} == set(logged)
    for run_id, count in logged.items():
        assert [point.step for point in store.get_metric_history(run_id, "m")] == list(range(count))


def _has_logged(logged: dict[str, int], failures: list[Exception], count: int) -> bool:
    return bool(failures) or sum(list(logged.values())) >= count


def _wait_until(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(600):
        if condition():
            return
        pause.wait(0.05)
    raise AssertionError("nothing more was logged")
