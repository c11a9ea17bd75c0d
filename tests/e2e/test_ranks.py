"""Several processes log into one run: nothing is lost, and one of them says how it ended."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from mlflow.entities.view_type import ViewType
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from tests.contract import databases
from tests.e2e.live_client import server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from mlflow.entities import Run

RANKS: Final = 8

TRAIN: Final = """
import os, sys
import mlflow
rank = int(os.environ["RANK"])
with mlflow.start_run(log_system_metrics=True) as run:
    mlflow.log_params({"lr": 0.1, "seed": 7})
    for step in range(20):
        mlflow.log_metric(f"loss_{rank}", step / 10, step=step)
        mlflow.log_metric("shared", rank, step=step)
    print("ready", flush=True)
    sys.stdin.readline()
    mlflow.log_metric(f"last_{rank}", rank)
    if os.environ.get("FAILS") == str(rank):
        raise ValueError("out of memory")
"""

LAUNCH: Final = """
import os, subprocess, sys
import mlflow
with mlflow.start_run() as run:
    variables = {**os.environ, "MLFLOW_RUN_ID": run.info.run_id}
    child = "import mlflow\\nwith mlflow.start_run() as run: mlflow.log_metric('child', 1)"
    subprocess.run([sys.executable, "-c", child], env=variables, check=True)
    print(mlflow.get_run(run.info.run_id).info.status)
again = mlflow.MlflowClient().create_run("0").info.run_id
variables["MLFLOW_RUN_ID"] = again
subprocess.run([sys.executable, "-c", child], env=variables, check=True)
print(mlflow.get_run(again).info.status)
"""


@pytest.fixture(params=("sqlite", "postgresql", "server"))
def uris(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """An empty database of each kind in turn, and the URI by which ranks reach it."""
    if request.param == "postgresql":
        with databases.own_place("postgresql") as place:
            yield place, place
            SqlAlchemyStore.forget(place)
        return
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    if request.param == "server":
        with server(uri, tmp_path) as served:
            yield uri, f"http://127.0.0.1:{served.port}"
    else:
        yield uri, uri
    SqlAlchemyStore.forget(uri)


class Ranks:
    """Processes as a launcher starts them, each with its number, all with one run."""

    def __init__(self, uri: str, folder: Path, run_id: str) -> None:
        self.folder = folder
        self.variables = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("MLFLOW_", "HEADRACE_", "COV_"))
        }
        self.variables |= {"MLFLOW_TRACKING_URI": uri, "MLFLOW_RUN_ID": run_id}
        self.processes: list[subprocess.Popen[str]] = []

    def start(self, rank: int, extra: Mapping[str, str]) -> None:
        """Start one of them."""
        node = rank // 4
        own = {
            "RANK": str(rank),
            "WORLD_SIZE": str(RANKS),
            "LOCAL_RANK": str(rank % 4),
            "MLFLOW_SYSTEM_METRICS_NODE_ID": f"node{node}",
        }
        self.processes.append(
            subprocess.Popen(
                [sys.executable, "-c", TRAIN],
                cwd=self.folder,
                env={**self.variables, **own, **extra},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )

    def wait_ready(self) -> None:
        """Wait until all are in the middle of their run."""
        for process in self.processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", process.communicate()[1]

    def finish(self, rank: int) -> tuple[int, str]:
        """Let one of them end; return its code and what it wrote to stderr."""
        process = self.processes[rank]
        _, errors = process.communicate("\n", timeout=120)
        return process.returncode, errors


def _new_run(uri: str, folder: Path) -> tuple[SqlAlchemyStore, Run]:
    store = SqlAlchemyStore(uri, str(folder / "artifacts"))
    return store, store.create_run("0", "u", 1, [], None)


def test_the_first_rank_ends_a_run_that_all_log_into(uris: tuple[str, str], tmp_path: Path) -> None:
    """Others that end earlier or later leave it as it is; there is one run with all values."""
    store, run = _new_run(uris[0], tmp_path)
    run_id = run.info.run_id
    ranks = Ranks(uris[1], tmp_path, run_id)
    for rank in range(RANKS):
        ranks.start(rank, {})
    ranks.wait_ready()
    for rank in (3, 1, 2):
        assert ranks.finish(rank)[0] == 0
        assert store.get_run(run_id).info.status == "RUNNING"
    assert ranks.finish(0)[0] == 0
    ended = store.get_run(run_id).info
    assert ended.status == "FINISHED"
    for rank in range(4, RANKS):
        assert ranks.finish(rank)[0] == 0

    last = store.get_run(run_id)
    assert (last.info.status, last.info.end_time) == ("FINISHED", ended.end_time)
    assert last.data.params == {"lr": "0.1", "seed": "7"}
    for rank in range(RANKS):
        assert last.data.metrics[f"last_{rank}"] == rank
        assert len(store.get_metric_history(run_id, f"loss_{rank}")) == 20
    assert len(store.get_metric_history(run_id, "shared")) == 20 * RANKS
    nodes = {key.split("/")[1] for key in last.data.metrics if key.startswith("system/")}
    assert nodes == {"node0", "node1"}
    assert len(store.search_runs(["0"], None, ViewType.ALL)) == 1
    printed = "".join(chunk.text for chunk in store.get_console(run_id).chunks)
    assert sorted(printed.split("\n")[:RANKS]) == [f"[rank {rank}] ready" for rank in range(RANKS)]


def test_a_rank_that_fails_makes_the_run_fail(tmp_path: Path) -> None:
    """The first rank does not cover a failure up, and the failed rank's error is raised."""
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    store, run = _new_run(uri, tmp_path)
    ranks = Ranks(uri, tmp_path, run.info.run_id)
    for rank in range(2):
        ranks.start(rank, {"FAILS": "1"})
    ranks.wait_ready()
    code, errors = ranks.finish(1)
    assert code == 1
    assert "out of memory" in errors
    assert store.get_run(run.info.run_id).info.status == "FAILED"
    assert ranks.finish(0)[0] == 0
    assert store.get_run(run.info.run_id).info.status == "FAILED"
    SqlAlchemyStore.forget(uri)


def test_a_rank_that_starts_late_does_not_wake_an_ended_run(tmp_path: Path) -> None:
    """The run stays FINISHED, and what the late rank logs is kept."""
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    store, run = _new_run(uri, tmp_path)
    ranks = Ranks(uri, tmp_path, run.info.run_id)
    ranks.start(0, {})
    ranks.wait_ready()
    assert ranks.finish(0)[0] == 0
    ranks.start(1, {})
    process = ranks.processes[1]
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    assert store.get_run(run.info.run_id).info.status == "FINISHED"
    assert ranks.finish(1)[0] == 0
    ended = store.get_run(run.info.run_id)
    assert ended.info.status == "FINISHED"
    assert ended.data.metrics["last_1"] == 1
    SqlAlchemyStore.forget(uri)


def test_a_program_ends_the_run_that_its_children_share(tmp_path: Path) -> None:
    """Without ranks the starter ends its run; a run that nobody has open is the child's to end."""
    variables = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MLFLOW_", "HEADRACE_", "COV_"))
    }
    done = subprocess.run(
        [sys.executable, "-c", LAUNCH],
        cwd=tmp_path,
        env={**variables, "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path / 'store.db'}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["RUNNING", "FINISHED"]
