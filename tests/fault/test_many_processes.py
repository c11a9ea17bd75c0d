"""Many processes on one database: one schema, one id, no lock error, nothing lost."""

import sqlite3
from pathlib import Path

import pytest

from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from tests.fault.processes import run_together

OPEN = """
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
store = SqlAlchemyStore(arguments["uri"], "/artifacts")
"""
FIRST_START = f"{OPEN}\nreturn [e.name for e in [store.get_experiment('0')]]"
RACE = f"""
{OPEN}
from mlflow.exceptions import MlflowException
found = store.get_or_create_experiment("set").experiment_id
try:
    created = store.create_experiment("create")
except MlflowException as error:
    created = error.error_code
return [found, created]
"""
WRITE = f"""
{OPEN}
import time
from mlflow.entities import Metric, Param, RunTag
run_id = store.create_run("0", "u", 1, [], f"writer {{index}}").info.run_id
end, step = time.monotonic() + arguments["seconds"], 0
while time.monotonic() < end:
    store.log_metric(run_id, Metric("loss", 1.0, step, step))
    store.log_batch(run_id, [Metric("a", 1.0, step, step)], [], [RunTag("t", str(step))])
    if step % 16 == 0:
        store.log_param(run_id, Param(f"p{{step}}", "v"))
        assert len(store.get_metric_history(run_id, "loss")) == step + 1
    step += 1
return [run_id, step]
"""


def test_32_first_starts(fresh_uri: str) -> None:
    """32 processes that start on an empty database make one schema and no error."""
    assert run_together(32, FIRST_START, uri=fresh_uri) == [["Default"]] * 32
    assert SqlAlchemyStore(fresh_uri, "/artifacts").create_experiment("next") == "1"


def test_64_processes_create_one_experiment(fresh_uri: str) -> None:
    """64 processes that create one experiment at once agree on its id."""
    answers = run_together(64, RACE, uri=fresh_uri)
    assert len({found for found, _ in answers}) == 1
    created = [answer for _, answer in answers]
    assert created.count("RESOURCE_ALREADY_EXISTS") == 63


def _check_writers(uri: str, seconds: float) -> None:
    answers = run_together(16, WRITE, uri=uri, seconds=seconds)
    store = SqlAlchemyStore(uri, "/artifacts")
    for run_id, steps in answers:
        assert steps > 0
        for key in ("loss", "a"):
            history = store.get_metric_history(run_id, key)
            assert [m.step for m in history] == list(range(steps))
        assert store.get_run(run_id).data.tags["t"] == str(steps - 1)
    counts = sorted(steps for _, steps in answers)
    # The lock is a queue: nobody starves.
    assert counts[0] * 5 >= counts[-1]


def test_16_writers(fresh_uri: str) -> None:
    """16 processes that write at once for a while all succeed, and nothing is lost."""
    _check_writers(fresh_uri, 3)


@pytest.mark.soak
def test_16_writers_for_a_minute(tmp_path: Path) -> None:
    """16 processes on one SQLite file for 60 seconds: no error, an intact file."""
    path = tmp_path / "store.db"
    _check_writers(f"sqlite:///{path}", 60)
    SqlAlchemyStore.forget(f"sqlite:///{path}")
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
