"""More clients than a server can serve: it says so soon, and clients come back by themselves."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import psycopg
import pytest
from sqlalchemy.engine import make_url

from mlflow.entities import Metric, ViewType
from mlflow.store.tracking.rest_store import RestStore
from tests.contract.databases import own_place
from tests.e2e.servers import Served, serving
from tests.fault.extent import extent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]

_logger: Final = logging.getLogger(__name__)
_NAME: Final = f"headrace-{uuid.uuid4().hex[:12]}"  # of the server's connections
_CLIENTS: Final = 200
_QUEUE: Final = 64
_POOL: Final = 10
_ROUNDS: Final = extent(2, 40)


@pytest.fixture
def database() -> Iterator[str]:
    """The URI of an empty PostgreSQL."""
    with own_place("postgresql") as uri:
        yield uri


@pytest.fixture
def served(tmp_path: Path, database: str) -> Iterator[Served]:
    """A server with a small pool and a short queue."""
    variables = {
        "MLFLOW_SQLALCHEMYSTORE_POOL_SIZE": str(_POOL),
        "HEADRACE_SERVER_QUEUE": str(_QUEUE),
    }
    joiner = "&" if "?" in database else "?"
    labelled = f"{database}{joiner}application_name={_NAME}"
    with serving(tmp_path, "--backend-store-uri", labelled, environment=variables) as server:
        server.api("POST", "/experiments/search", {"max_results": 1})
        yield server


@contextmanager
def stalled(database: str) -> Iterator[None]:
    """Keep every transaction of a database from reading or writing runs."""
    with _connect(database) as connection:
        connection.execute("LOCK TABLE hr_runs IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


@contextmanager
def watched(database: str) -> Iterator[list[int]]:
    """Count the server's connections all the time."""
    counts: list[int] = []
    ended = threading.Event()

    def watch() -> None:
        with _connect(database) as connection:
            connection.autocommit = True
            while not ended.wait(0.005):
                counted = connection.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", (_NAME,)
                ).fetchone()
                counts.append(int(counted[0]) if counted else 0)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield counts
    finally:
        ended.set()
        thread.join()


def test_what_is_too_much_is_refused_within_a_second(served: Served, database: str) -> None:
    """While the database stands still the queue fills, others get 503 at once, nobody a 500."""
    slowest = 0.0
    with watched(database) as connections, ThreadPoolExecutor(_CLIENTS) as pool:
        for _ in range(_ROUNDS):
            with stalled(database):
                asked = [pool.submit(_create, served) for _ in range(_CLIENTS)]
                until = time.monotonic() + 30
                while sum(one.done() for one in asked) < _CLIENTS - _QUEUE:
                    assert time.monotonic() < until, "not enough was refused"
                    time.sleep(0.001)  # a condition
                refused = [one.result() for one in asked if one.done()]
            answers = [one.result() for one in asked]
            slowest = max(slowest, *(seconds for _, _, seconds in refused))
            assert {status for status, _, _ in refused} == {503}
            assert all(float(after) > 0 for _, after, _ in refused)
            statuses = [status for status, _, _ in answers]
            assert set(statuses) == {200, 503}
            assert statuses.count(200) == _CLIENTS - len(refused)
    created = _count(served)
    _logger.info("slowest 503 after %.3f s; %d connections at most", slowest, max(connections))
    assert created == _ROUNDS * _QUEUE
    assert slowest < 1.0
    assert 0 < max(connections) <= _POOL


def test_clients_outlive_an_overload(served: Served, database: str) -> None:
    """200 clients with default settings log whole runs through stalls, and none gets an error."""
    stores = [RestStore(served.url) for _ in range(_CLIENTS)]
    ready = threading.Barrier(_CLIENTS)

    def log(number: int) -> None:
        ready.wait()
        store = stores[number]
        run_id = store.create_run("0", "u", 1, [], f"run {number}").info.run_id
        for step in range(5 * _ROUNDS):
            store.log_metric(run_id, Metric("m", 1.0, step, step))
        store.update_run_info(run_id, 3, 2, None)
        assert len(store.get_metric_history(run_id, "m")) == 5 * _ROUNDS

    with watched(database) as connections, ThreadPoolExecutor(_CLIENTS) as pool:
        asked = [pool.submit(log, number) for number in range(_CLIENTS)]
        while not all(one.done() for one in asked):
            with stalled(database):
                wait(asked, timeout=0.5)
            wait(asked, timeout=0.5)
        for one in asked:
            one.result()
    for store in stores:
        store.close()
    statuses = [line for line in served.log.splitlines() if '"status":' in line]
    refused = sum('"status":503' in line for line in statuses)
    _logger.info("%d answers, %d of them 503", len(statuses), refused)
    assert refused > 0
    assert not [line for line in statuses if '"status":5' in line and '"status":503' not in line]
    assert "Traceback" not in served.log
    assert _count(served) == _CLIENTS
    assert 0 < max(connections) <= _POOL


def _create(served: Served) -> tuple[int, str, float]:
    began = time.monotonic()
    reply = served.ask("POST", "/api/2.0/mlflow/runs/create", {"experiment_id": "0"}, timeout=60)
    return reply.status, reply.headers.get("retry-after", "0"), time.monotonic() - began


def _count(served: Served) -> int:
    store = RestStore(served.url)
    found = store.search_runs(["0"], "", ViewType.ALL, 50_000)
    store.close()
    return len(found)


def _connect(database: str) -> psycopg.Connection[Any]:
    url = make_url(database).set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False))
