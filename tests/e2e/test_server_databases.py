"""Servers on PostgreSQL and MariaDB: several processes, no more connections than the pool."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.contract.databases import own_place
from tests.e2e.servers import Served, serving, start_server

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "headrace-e2e"


@pytest.fixture(params=["postgresql", "mysql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    with own_place(request.param) as uri:
        yield uri


def _children(server: Served) -> list[int]:
    path = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return [int(one) for one in path.read_text("ascii").split()]


def _log_run(server: Served, number: int) -> str:
    run = server.api("POST", "/runs/create", {"experiment_id": "0", "run_name": f"r{number}"})
    run_id = str(run["run"]["info"]["run_id"])
    point = {"run_id": run_id, "key": "loss", "value": 0.5, "timestamp": 1, "step": 0}
    server.api("POST", "/runs/log-metric", point)
    server.api("POST", "/runs/update", {"run_id": run_id, "status": "FINISHED"})
    return run_id


def test_several_workers_share_a_socket(tmp_path: Path, database: str) -> None:
    """Two processes serve one port; what one writes the other reads; both stop on SIGTERM."""
    options = ("--backend-store-uri", database, "--workers", "2")
    with serving(tmp_path, *options) as server:
        assert len(_children(server)) == 2
        with ThreadPoolExecutor(8) as pool:
            run_ids = list(pool.map(lambda number: _log_run(server, number), range(40)))
        found = server.api("POST", "/runs/search", {"experiment_ids": ["0"], "max_results": 100})[
            "runs"
        ]
        assert {one["info"]["run_id"] for one in found} == set(run_ids)
        assert {one["info"]["status"] for one in found} == {"FINISHED"}
    assert "Traceback" not in server.log


def test_a_dead_worker_is_replaced(tmp_path: Path, database: str) -> None:
    """A worker that is killed leaves the others serving, and another takes its place."""
    options = ("--backend-store-uri", database, "--workers", "2")
    with serving(tmp_path, *options) as server:
        first, second = _children(server)
        os.kill(first, signal.SIGKILL)
        until = time.monotonic() + 20
        while len(set(_children(server)) - {first}) < 2 and time.monotonic() < until:
            _log_run(server, 1)
        now = _children(server)
        assert second in now
        assert first not in now
        assert len(now) == 2
        _log_run(server, 2)


def test_workers_that_cannot_start_end_the_server(tmp_path: Path) -> None:
    """A database that is not there is one message and exit code 1, not an endless loop."""
    options = ("--backend-store-uri", "postgresql://nobody@127.0.0.1:9/none", "--workers", "2")
    server = start_server(tmp_path, *options, wait=False)
    assert server.process.wait(120) == 1
    assert "Traceback" not in server.log


def test_connections_never_exceed_the_pool(tmp_path: Path) -> None:
    """200 clients on a pool of 10: no 500, no refused connection, 503 at worst (F4, G20)."""
    with own_place("postgresql") as uri:
        labelled = (
            f"{uri}&application_name={NAME}" if "?" in uri else f"{uri}?application_name={NAME}"
        )
        environment = {
            "MLFLOW_SQLALCHEMYSTORE_POOL_SIZE": "10",
            "MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW": "0",
            "HEADRACE_SERVER_QUEUE": "64",
        }
        options = ("--backend-store-uri", labelled)
        with serving(tmp_path, *options, environment=environment) as server:
            most = 0
            with (
                psycopg.connect(uri, autocommit=True) as watcher,
                ThreadPoolExecutor(200) as pool,
            ):
                waiting = [pool.submit(_search, server) for _ in range(1000)]
                while not all(one.done() for one in waiting):
                    most = max(most, _connections(watcher))
                found = [one.result() for one in waiting]
    assert {status for status, _ in found} <= {200, 503}
    assert sum(status == 200 for status, _ in found) > 100
    assert 0 < most <= 10


def _search(server: Served) -> tuple[int, str]:
    body = {"experiment_ids": ["0"], "max_results": 10}
    reply = server.ask("POST", "/api/2.0/mlflow/runs/search", body, timeout=60)
    return reply.status, reply.headers.get("retry-after", "")


def _connections(watcher: psycopg.Connection[Any]) -> int:
    counted = watcher.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", (NAME,)
    ).fetchone()
    return int(counted[0]) if counted else 0
