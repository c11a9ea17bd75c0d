"""A writer that was stopped in the middle of a transaction does not hang all others for ever."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mlflow._core.clock import monotonic
from mlflow.entities.metric import Metric
from mlflow.exceptions import MlflowException
from mlflow.store.sql import lock
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no process is stopped here")

_HOLD = """
import sys
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

def wait(session):
    print("inside", flush=True)
    sys.stdin.readline()

SqlAlchemyStore(sys.argv[1])._database.write(wait)
print("done", flush=True)
"""


@pytest.fixture
def uri(tmp_path: Path) -> Iterator[str]:
    """The URI of a database in a file."""
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    yield uri
    SqlAlchemyStore.forget(uri)


@pytest.fixture
def stopped(uri: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that was stopped in its transaction."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, uri], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "inside\n"
        os.kill(holder.pid, signal.SIGSTOP)
        yield holder
        if holder.poll() is None:
            holder.kill()


def test_writers_are_told_who_holds_the_lock(
    uri: str,
    tmp_path: Path,
    stopped: "subprocess.Popen[str]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each of several threads gets the error in time; reading goes on, and so does all later."""
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.5)
    store = SqlAlchemyStore(uri)
    started = monotonic()

    def fails(number: int) -> str:
        with pytest.raises(MlflowException) as caught:
            store.create_experiment(f"e{number}")
        assert caught.value.error_code == "TEMPORARILY_UNAVAILABLE"
        return str(caught.value)

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(fails, range(8)))
    # The first waits for all.
    assert monotonic() - started < 2.5
    for text in said:
        assert f"{tmp_path / 'store.db'}-lock" in text
        if sys.platform == "linux":
            assert f"process {stopped.pid}," in text
    assert store.get_experiment("0").name == "Default"

    os.kill(stopped.pid, signal.SIGCONT)
    assert stopped.stdin is not None
    assert stopped.stdout is not None
    stopped.stdin.write("\n")
    stopped.stdin.flush()
    assert stopped.stdout.readline() == "done\n"
    assert stopped.wait() == 0
    monkeypatch.undo()
    run_id = store.create_run("0", "u", 1, [], None).info.run_id
    store.log_metric(run_id, Metric("m", 1.0, 1, 1))
    assert SqlAlchemyStore(uri).get_run(run_id).data.metrics == {"m": 1.0}


def test_a_wait_that_was_given_up_keeps_nobody_out(tmp_path: Path) -> None:
    """What an abandoned wait gets at last it lets go of, whether the lock was closed or not."""
    for closes in (False, True):
        path = str(tmp_path / f"lock{closes}")
        holder, impatient, third = (lock.FileLock(path) for _ in range(3))
        holder.acquire()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(lock, "PATIENCE_SECONDS", 0.05)
            for _ in range(2):
                with pytest.raises(MlflowException, match="has been held for"):
                    impatient.acquire()
        if closes:
            impatient.close()
        holder.release()
        third.acquire()
        third.release()
        impatient.acquire()
        impatient.release()
        for one in (holder, impatient, third):
            one.close()
