"""A writer that is killed loses nothing that it was told is logged, and leaves no half batch."""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

WRITER: Final = """
import sys
from mlflow.entities import Metric
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
store = SqlAlchemyStore(sys.argv[1], "/artifacts")
run_id = store.create_run("0", "u", 1, [], "killed").info.run_id
print(run_id, flush=True)
for batch in range(10**9):
    steps = range(batch * 50, batch * 50 + 50)
    store.log_batch(run_id, [Metric("m", 1.0, step, step) for step in steps], [], [])
    print(batch, flush=True)
"""


@pytest.mark.parametrize("batches", [1, 3, 10, 40])
def test_kill_9(tmp_path: Path, batches: int) -> None:
    """After kill -9 every acknowledged batch is there, whole, and the next process goes on."""
    path = tmp_path / "store.db"
    uri = f"sqlite:///{path}"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, uri], stdout=subprocess.PIPE, text=True
    )
    with writer:
        assert writer.stdout is not None
        run_id = writer.stdout.readline().strip()
        for _ in range(batches):
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().split()
    acknowledged = batches + len(rest)
    store = SqlAlchemyStore(uri, "/artifacts")
    steps = [m.step for m in store.get_metric_history(run_id, "m")]
    assert len(steps) >= acknowledged * 50
    assert steps == list(range(len(steps)))
    assert len(steps) % 50 == 0
    assert store.create_run("0", "u", 1, [], "next").info.run_name == "next"
    SqlAlchemyStore.forget(uri)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
