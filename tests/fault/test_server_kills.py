"""A server that is killed again and again under four writers keeps what it acknowledged, whole."""

from __future__ import annotations

import http.client
import logging
import random
import sqlite3
import statistics
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pytest

from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.store.entities.request_key import JournalKey
from mlflow.store.tracking.rest_store import RestStore
from tests.e2e.servers import Served, start_server
from tests.fault.extent import extent

if TYPE_CHECKING:
    from pathlib import Path

    from mlflow.entities import Run

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]

_logger: Final = logging.getLogger(__name__)

_CYCLES: Final = extent(6, 200)
_POINTS: Final = 10  # of a batch
_BATCHES: Final = 25  # of a run
_RESTART_SECONDS: Final = 3.0


@dataclass
class _Logged:
    """What one writer did to one run.

    Attributes:
        acknowledged: Batches that were answered with success.
        doubtful: Batches that were sent and never answered: whole, or not there at all.
    """

    run_id: str
    acknowledged: set[int] = field(default_factory=set)
    doubtful: set[int] = field(default_factory=set)


class _Writer(threading.Thread):
    """Logs batch after batch, a run for every few, until it is told to stop."""

    def __init__(self, url: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.url = url
        self.stop = stop
        self.runs: list[_Logged] = []
        self.error: Exception | None = None
        self.count = 0

    def run(self) -> None:
        """Write."""
        try:
            while not self.stop.is_set():
                logged = _Logged(self.create())
                self.runs.append(logged)
                for batch in range(_BATCHES):
                    if self.stop.is_set():
                        break
                    self.log(logged, batch)
        except Exception as error:  # noqa: BLE001 - whatever it is fails the test
            self.error = error

    def note(self, logged: _Logged, batch: int) -> None:
        """Note that a batch was acknowledged."""
        logged.acknowledged.add(batch)
        self.count += 1

    def create(self) -> str:
        """Create a run and return its id."""
        raise NotImplementedError

    def log(self, logged: _Logged, batch: int) -> None:
        """Log a batch once."""
        raise NotImplementedError


class _KeyedWriter(_Writer):
    """A client's store: each batch has a key and is repeated until it is answered."""

    def __init__(self, url: str, stop: threading.Event) -> None:
        super().__init__(url, stop)
        self._store = RestStore(url)
        self._journal = uuid.uuid4().hex
        self._sequence = 0

    def run(self) -> None:
        """Write, and let go of the connections."""
        super().run()
        self._store.close()

    def create(self) -> str:
        """Create a run and return its id."""
        return str(self._store.create_run("0", "u", 1, [], "keyed").info.run_id)

    def log(self, logged: _Logged, batch: int) -> None:
        """Log a batch, however often the server dies meanwhile."""
        self._sequence += 1
        key = JournalKey(self._journal, self._sequence, self._sequence)
        points = [Metric("m", 1.0, step, step) for step in _steps(batch)]
        params, tags = [Param(f"p{batch}", "v")], [RunTag(f"t{batch}", "v")]

        def call() -> bytes:
            self._store.log_batch(logged.run_id, points, params, tags)
            return b""

        self._store.once(key, call)
        self.note(logged, batch)


class _PlainWriter(_Writer):
    """Plain HTTP without keys: what is not answered is not sent again."""

    def __init__(self, url: str, stop: threading.Event) -> None:
        super().__init__(url, stop)
        self._port = int(url.rpartition(":")[2])
        self._connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        """Write, and let go of the connection."""
        super().run()
        if self._connection is not None:
            self._connection.close()

    def create(self) -> str:
        """Create a run and return its id; one that was not answered is nobody's."""
        while True:
            found = self._post("/runs/create", {"experiment_id": "0", "run_name": "plain"})
            if found is not None:
                return str(found["run"]["info"]["run_id"])

    def log(self, logged: _Logged, batch: int) -> None:
        """Log a batch once, with or without an answer."""
        points = [{"key": "m", "value": 1.0, "timestamp": s, "step": s} for s in _steps(batch)]
        body = {
            "run_id": logged.run_id,
            "metrics": points,
            "params": [{"key": f"p{batch}", "value": "v"}],
            "tags": [{"key": f"t{batch}", "value": "v"}],
        }
        logged.doubtful.add(batch)
        if self._post("/runs/log-batch", body) is not None:
            logged.doubtful.remove(batch)
            self.note(logged, batch)

    def _post(self, path: str, body: object) -> Any:
        """Return the answer; None when the server went away."""
        connection = self._connect()
        headers = {"Content-Type": "application/json"}
        try:
            connection.request("POST", f"/api/2.0/mlflow{path}", msgspec.json.encode(body), headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            self._connection = None
            return None
        assert answer.status == 200, content
        return msgspec.json.decode(content)

    def _connect(self) -> http.client.HTTPConnection:
        while self._connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            try:
                connection.connect()
            except OSError:
                time.sleep(0.01)  # a condition: nobody listens yet
                continue
            self._connection = connection
        return self._connection


def test_a_server_that_is_killed_keeps_what_it_acknowledged(
    fresh_uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each acknowledged batch is there once and whole, and the server is soon back."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", "0.3")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1000")
    chance = random.Random()  # noqa: S311 - no secret
    options = ("--backend-store-uri", fresh_uri)
    served = start_server(tmp_path, *options)
    stop = threading.Event()
    kinds = (_KeyedWriter, _KeyedWriter, _PlainWriter, _PlainWriter)
    writers = [kind(served.url, stop) for kind in kinds]
    for writer in writers:
        writer.start()
    seconds = []
    try:
        for cycle in range(_CYCLES):
            _wait_for_more(writers, chance.randint(1, 40))
            threading.Event().wait(chance.uniform(0, 0.05))  # at any moment
            served.kill()
            before = _acknowledged(writers[cycle % len(writers)])
            began = time.monotonic()
            served = start_server(tmp_path, *options, port=served.port)
            seconds.append(time.monotonic() - began)
            _check_last_run(served, *before)
        stop.set()
        for writer in writers:
            writer.join(120)
        assert [writer.error for writer in writers] == [None] * len(writers)
        _check(served, writers)
    finally:
        stop.set()
        served.stop()
    assert "Traceback" not in served.log
    count = sum(writer.count for writer in writers)
    _logger.info("%d kills, %d batches, %s", _CYCLES, count, _spread(seconds))
    assert statistics.median(seconds) < _RESTART_SECONDS
    if fresh_uri.startswith("sqlite"):
        connection = sqlite3.connect(fresh_uri.removeprefix("sqlite:///"))
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()


def _steps(batch: int) -> range:
    return range(batch * _POINTS, (batch + 1) * _POINTS)


def _spread(seconds: list[float]) -> str:
    return f"restarts of {statistics.median(seconds):.2f} s, at most {max(seconds):.2f} s"


def _wait_for_more(writers: list[_KeyedWriter | _PlainWriter], count: int) -> None:
    target = sum(writer.count for writer in writers) + count
    until = time.monotonic() + 60
    while sum(writer.count for writer in writers) < target:
        assert time.monotonic() < until, "nothing more is acknowledged"
        assert not any(writer.error for writer in writers)
        time.sleep(0.001)  # a condition: writers say nothing by themselves


def _acknowledged(writer: _Writer) -> tuple[str, set[int]]:
    """Return the run that a writer is at, and its batches that were acknowledged."""
    last = writer.runs[-1]
    return last.run_id, set(last.acknowledged)


def _check_last_run(served: Served, run_id: str, acknowledged: set[int]) -> None:
    """Whatever is there at once after the start is whole batches, the acknowledged ones too."""
    store = RestStore(served.url)
    _batches_of(store.get_run(run_id), _steps_of(store, run_id), acknowledged)
    store.close()


def _check(served: Served, writers: list[_KeyedWriter | _PlainWriter]) -> None:
    store = RestStore(served.url)
    runs: dict[str, Run] = {}
    token = None
    while True:
        page = store.search_runs(["0"], "", ViewType.ALL, 1000, page_token=token)
        runs |= {run.info.run_id: run for run in page}
        token = page.token
        if not token:
            break
    for writer in writers:
        for logged in writer.runs:
            steps = _steps_of(store, logged.run_id)
            data = runs[logged.run_id].data
            found = _batches_of(runs[logged.run_id], steps, logged.acknowledged)
            assert found <= logged.acknowledged | logged.doubtful
            assert {int(key[1:]) for key in data.params} == found
            assert {int(key[1:]) for key in data.tags if key[1:].isdigit()} == found
    store.close()
    keyed = {run_id for run_id, run in runs.items() if run.info.run_name == "keyed"}
    known = {one.run_id for writer in writers[:2] for one in writer.runs}
    assert keyed == known


def _steps_of(store: RestStore, run_id: str) -> list[int]:
    return sorted(point.step for point in store.get_metric_history(run_id, "m"))


def _batches_of(run: Run, steps: list[int], acknowledged: set[int]) -> set[int]:
    """Return the batches that are there, each of which must be whole and there once."""
    found = {step // _POINTS for step in steps}
    assert steps == [step for batch in sorted(found) for step in _steps(batch)]
    assert acknowledged <= found
    assert {int(key[1:]) for key in run.data.params} >= acknowledged
    return found
