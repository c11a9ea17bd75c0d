"""``set_experiment`` of one new name from everywhere at once: one id, no error."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

import mlflow
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from mlflow.tracking._fluent.state import state
from mlflow.tracking.stores import set_tracking_uri
from tests.fault.processes import run_together

COUNT = 64
_FORKED = """
import mlflow
mlflow.set_tracking_uri(arguments["uri"])
chosen = mlflow.set_experiment("one").experiment_id
with mlflow.start_run() as run:
    mlflow.log_metric("a", index)
return [chosen, run.info.experiment_id]
"""
_STARTED = """
import sys, mlflow
mlflow.set_tracking_uri(sys.argv[1])
sys.stdin.read()
print(mlflow.set_experiment("one").experiment_id)
"""


@pytest.fixture
def tracking(fresh_uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URI of an empty database, which is the tracking URI."""
    monkeypatch.chdir(tmp_path)
    for name in ("MLFLOW_EXPERIMENT_ID", "MLFLOW_EXPERIMENT_NAME"):
        monkeypatch.setenv(name, "")  # so that what the test sets is undone
        monkeypatch.delenv(name)
    monkeypatch.setattr(state, "experiment_id", None)
    set_tracking_uri("")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", fresh_uri)
    return fresh_uri


def test_64_threads(tracking: str) -> None:
    """64 threads of one process agree, and their runs are in the experiment."""
    barrier = Barrier(COUNT)

    def choose(name: str) -> tuple[str, str]:
        barrier.wait()
        return name, mlflow.set_experiment(name).experiment_id

    for name in ("one", "two"):
        with ThreadPoolExecutor(COUNT) as pool:
            found = set(pool.map(choose, [name] * COUNT))
        assert len(found) == 1
        experiment = mlflow.get_experiment_by_name(name)
        assert experiment is not None
        assert found == {(name, experiment.experiment_id)}
    names = [one.name for one in SqlAlchemyStore(tracking).search_experiments()]
    assert sorted(names) == ["Default", "one", "two"]


def test_64_processes(tmp_path: Path) -> None:
    """64 forked processes agree on a missing file, and log to the experiment."""
    uri = f"sqlite:///{tmp_path}/store.db"
    answers = run_together(COUNT, _FORKED, uri=uri)
    assert {tuple(answer) for answer in answers} == {("1", "1")}
    store = SqlAlchemyStore(uri)
    assert len(store.search_experiments()) == 2
    assert len(store.search_runs(["1"], "", 1)) == COUNT
    SqlAlchemyStore.forget(uri)


def test_processes_of_their_own(tmp_path: Path) -> None:
    """Programs that start by themselves on a missing file agree too."""
    uri = f"sqlite:///{tmp_path}/store.db"
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", _STARTED, uri],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
        for _ in range(8)
    ]
    for program in programs:
        assert program.stdin is not None
        program.stdin.close()
        program.stdin = None
    said = [program.communicate() for program in programs]
    assert [out for out, _ in said] == ["1\n"] * len(programs), said
    assert len(SqlAlchemyStore(uri).search_experiments()) == 2
    SqlAlchemyStore.forget(uri)
