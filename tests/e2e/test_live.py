"""Whoever follows an experiment hears what happens in it, whoever did it and by which way."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

import pytest

from mlflow.entities.model_registry import RegisteredModelTag
from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore as SqlAlchemyRegistry
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from tests.contract import databases
from tests.e2e.live_client import Server, Stream, server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DIRECT: Final = """
import sys
from mlflow.entities import Metric, RunStatus
from mlflow.store.entities.console import ConsoleChunk
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
store = SqlAlchemyStore(sys.argv[1], "artifacts")
run_id = store.create_run("0", "u", 1, [], "direct").info.run_id
store.log_metric(run_id, Metric("loss", float("nan"), 5, 3))
store.log_console(run_id, [ConsoleChunk("stdout", 1, 5, "hello")])
print(run_id, flush=True)
sys.stdin.readline()
store.update_run_info(run_id, RunStatus.FINISHED, 9, None)
"""


@pytest.fixture
def uri(tmp_path: Path) -> Iterator[str]:
    """The URI of a fresh SQLite database."""
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    yield uri
    SqlAlchemyStore.forget(uri)


@contextmanager
def following(
    served: Server, *experiments: str, topics: tuple[str, ...] = (), last_id: str = ""
) -> Iterator[Stream]:
    """Follow experiments until the block ends."""
    stream = Stream(served, *experiments, topics=topics, last_id=last_id)
    yield stream
    stream.close()


def _create_run(served: Server) -> str:
    status, answer = served.call("POST", "/api/2.0/mlflow/runs/create", {"experiment_id": "0"})
    assert status == 200, answer
    run_id: str = answer["run"]["info"]["run_id"]
    return run_id


def _log(served: Server, run_id: str, value: float) -> None:
    point = {"run_id": run_id, "key": "m", "value": value, "timestamp": 1, "step": 0}
    assert served.call("POST", "/api/2.0/mlflow/runs/log-metric", point)[0] == 200


def test_what_another_process_writes_to_the_database_arrives(uri: str, tmp_path: Path) -> None:
    """Run, metric, console and status come as events although the server saw no request."""
    with server(uri, tmp_path) as served, following(served, "0") as stream:
        stream.of_kind("cursor")
        writer = subprocess.Popen(
            [sys.executable, "-c", DIRECT, uri],
            cwd=tmp_path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        run_id = writer.stdout.readline().strip()
        assert stream.of_kind("run", run_id).data["info"]["run_name"] == "direct"
        metric = stream.of_kind("metric", run_id).data
        assert metric["metrics"] == [{"key": "loss", "value": "NaN", "timestamp": 5, "step": 3}]
        assert (metric["points"], metric["experiment_id"]) == (1, "0")
        assert stream.of_kind("console", run_id).data["position"] == 1
        writer.communicate("\n", timeout=60)
        assert stream.of_kind("status", run_id).data["info"]["status"] == "FINISHED"


def test_only_followed_experiments_are_told(uri: str, tmp_path: Path) -> None:
    """Two streams of one worker hear each of its own experiment."""
    with server(uri, tmp_path) as served:
        made = served.call("POST", "/api/2.0/mlflow/experiments/create", {"name": "other"})[1]
        other = made["experiment_id"]
        with following(served, "0") as one, following(served, other, "0") as both:
            one.of_kind("cursor")
            both.of_kind("cursor")
            served.call("POST", "/api/2.0/mlflow/runs/create", {"experiment_id": other})
            both.wait(lambda event: event.data.get("experiment_id") == other)
            run_id = _create_run(served)
            assert one.wait(lambda event: event.kind == "run").data["run_id"] == run_id


def test_a_stream_goes_on_where_it_broke_off(uri: str, tmp_path: Path) -> None:
    """With its last id a client hears what happened meanwhile, with an unknown one of a reset."""
    with server(uri, tmp_path) as served:
        with following(served, "0") as stream:
            stream.of_kind("cursor")
            last_id = stream.last_id
        assert last_id
        run_id = _create_run(served)
        _log(served, run_id, 7)
        with following(served, "0", last_id=last_id) as stream:
            assert stream.of_kind("run", run_id)
            assert stream.of_kind("metric", run_id).data["metrics"][0]["value"] == 7
        with following(served, "0", last_id="nonsense") as stream:
            assert stream.of_kind("reset")


def test_topics_are_told_by_name(uri: str, tmp_path: Path) -> None:
    """What a stream without experiments names is told once: by the server and past it, no more."""
    topics = ("experiments", "activity", "models", "logged_models")
    with (
        server(uri, tmp_path) as served,
        following(served, topics=topics) as stream,
        following(served, topics=("models",)) as other,
        following(served, "0") as silent,
    ):
        stream.of_kind("cursor")
        other.of_kind("cursor")
        silent.of_kind("cursor")
        made = served.call("POST", "/api/2.0/mlflow/experiments/create", {"name": "new"})[1]
        stream.of_topic("experiments", made["experiment_id"])
        run_id = _create_run(served)
        stream.of_topic("activity", "0")
        served.call("POST", "/api/2.0/mlflow/registered-models/create", {"name": "churn"})
        stream.of_topic("models", "churn")
        assert other.wait(lambda event: event.kind != "cursor")[:2] == (
            "models",
            {"changed": ["churn"]},
        )
        assert silent.wait(lambda event: event.kind != "cursor").data["run_id"] == run_id
        store = SqlAlchemyStore(uri, str(tmp_path))
        store.create_logged_model("0")
        stream.of_topic("logged_models", "0")
        registry = SqlAlchemyRegistry(uri, tracking=store)
        registry.set_registered_model_tag("churn", RegisteredModelTag("k", "v"))
        stream.of_topic("models", "churn")


def test_very_many_names_are_said_to_be_all(uri: str, tmp_path: Path) -> None:
    """An event does not grow with what changed: above some hundred names it says null."""
    with server(uri, tmp_path) as served:
        store = SqlAlchemyStore(uri, str(tmp_path))
        store.run_together(
            [partial(store.create_experiment, f"experiment {number}") for number in range(300)]
        )
        with following(served, topics=("experiments",)) as stream:
            assert stream.of_kind("experiments").data == {"changed": None}


def test_malformed_requests_are_refused(uri: str, tmp_path: Path) -> None:
    """No experiment, too many, or a name that cannot be one: 400 and no stream."""
    many = "&".join(f"experiment_id={number}" for number in range(101))
    with server(uri, tmp_path) as served:
        for query in ("", many, "experiment_id=" + "x" * 100, "topic=weather"):
            status, answer = served.call("GET", f"/api/headrace/live?{query}")
            assert (status, answer["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_streams_end_cleanly_with_the_server(uri: str, tmp_path: Path) -> None:
    """SIGTERM ends a stream with its last chunk, and the server with it."""
    with server(uri, tmp_path) as served, following(served, "0") as stream:
        stream.of_kind("cursor")
        served.process.terminate()
        assert stream.ended.wait(10)
        assert not stream.broken
        assert served.process.wait(10) is not None


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
def test_workers_tell_topics_to_all(kind: str, tmp_path: Path) -> None:
    """A follower of either worker hears what changed through the other and past both."""
    with databases.own_place(kind) as uri, server(uri, tmp_path, workers=2) as served:
        topics = ("experiments", "activity", "models")
        streams = [Stream(served, topics=topics) for _ in range(6)]
        for stream in streams:
            stream.of_kind("cursor")
        ids = [
            served.call("POST", "/api/2.0/mlflow/experiments/create", {"name": f"e{number}"})[1]
            for number in range(4)
        ]
        names = [f"model {number}" for number in range(4)]
        for name in names:
            served.call("POST", "/api/2.0/mlflow/registered-models/create", {"name": name})
        _create_run(served)
        store = SqlAlchemyStore(uri, str(tmp_path))
        SqlAlchemyRegistry(uri, tracking=store).create_registered_model("direct")
        SqlAlchemyStore.forget(uri)
        for stream in streams:
            missing = {
                *(("experiments", one["experiment_id"]) for one in ids),
                *(("models", name) for name in (*names, "direct")),
                ("activity", "0"),
            }
            while missing:
                event = stream.wait(lambda event: event.kind in topics)
                missing.difference_update((event.kind, one) for one in event.data["changed"])
            stream.close()


def test_workers_on_postgresql_tell_what_others_did(tmp_path: Path) -> None:
    """Of two workers each tells what went through the other and past both."""
    with databases.own_place("postgresql") as uri, server(uri, tmp_path, workers=2) as served:
        streams = [Stream(served, "0") for _ in range(6)]
        for stream in streams:
            stream.of_kind("cursor")
        runs = [_create_run(served) for _ in range(6)]
        for run_id in runs:
            _log(served, run_id, 3)
        store = SqlAlchemyStore(uri, str(tmp_path))
        runs.append(store.create_run("0", "u", 1, [], None).info.run_id)
        SqlAlchemyStore.forget(uri)
        for stream in streams:
            missing = set(runs)
            while missing:
                missing.discard(stream.wait(lambda event: event.kind == "run").data["run_id"])
            stream.close()
