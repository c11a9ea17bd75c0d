"""What real programs print is with their runs, in the database and through a server."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Final

import pytest

from mlflow.entities.view_type import ViewType
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from tests.e2e.live_client import Stream, server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PROGRAM: Final = """
import logging, os, subprocess, sys
logging.basicConfig(format="%(message)s")
import mlflow
print("before")
with mlflow.start_run():
    print("\\x1b[32mhello\\x1b[0m", "token=abcdefgh1234")
    logging.warning("from logging")
    for percent in range(0, 101):
        sys.stderr.write(f"\\r {percent}%")
    sys.stderr.write("\\n")
    raise RuntimeError("the end")
"""

BAR: Final = """
import sys
import mlflow
run = mlflow.start_run()
print("begin")
for percent in sys.stdin:
    sys.stdout.write(f"\\r{percent.strip()}%")
"""

WORKERS: Final = """
import multiprocessing, sys
import mlflow

def work(number):
    print("worker", number, flush=True)
    return number

if __name__ == "__main__":
    with mlflow.start_run():
        for method in ("fork", "spawn"):
            with multiprocessing.get_context(method).Pool(2) as pool:
                print(method, sum(pool.map(work, range(4))))
"""


@pytest.fixture
def uri(tmp_path: Path) -> Iterator[str]:
    """The URI of a fresh SQLite database."""
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    yield uri
    SqlAlchemyStore.forget(uri)


def _start(program: str, uri: str, folder: Path, **variables: str) -> subprocess.Popen[str]:
    left_out = ("MLFLOW_", "HEADRACE_", "COV_")
    own = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    script = folder / "program.py"
    script.write_text(program)
    return subprocess.Popen(
        [sys.executable, str(script)],
        cwd=folder,
        env={**own, "MLFLOW_TRACKING_URI": uri, **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _text(store: SqlAlchemyStore, stream: str, run_id: str | None = None) -> str:
    if run_id is None:
        [run] = store.search_runs(["0"], None, ViewType.ALL)
        run_id = run.info.run_id
    found = [one for one in store.get_console(run_id).chunks if one.stream == stream]
    return "".join(one.text for one in sorted(found, key=lambda one: one.sequence))


def _until(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(2000):
        if condition():
            return
        pause.wait(0.01)
    raise AssertionError("it never became true")


@pytest.mark.parametrize("through_server", [False, True])
def test_a_program_leaves_what_it_printed(uri: str, tmp_path: Path, through_server: bool) -> None:
    """Both streams, logging, the last state of a bar and the error are there; the token is not."""
    with contextlib.ExitStack() as stack:
        where = uri
        if through_server:
            served = stack.enter_context(server(uri, tmp_path))
            where = f"http://127.0.0.1:{served.port}"
        process = _start(PROGRAM, where, tmp_path)
        out, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "before\n\x1b[32mhello\x1b[0m token=abcdefgh1234\n" in out
    assert " 99%\n 100%\n" in errors  # read with universal line ends
    store = SqlAlchemyStore(uri, str(tmp_path))
    kept = _text(store, "stdout")
    assert kept.startswith("\x1b[32mhello\x1b[0m token=[secret]\n")
    kept = _text(store, "stderr")
    assert kept.startswith("from logging\n 100%\nTraceback")
    assert kept.endswith("RuntimeError: the end\n")


def test_a_bar_moves_live_and_is_kept_once(uri: str, tmp_path: Path) -> None:
    """A follower hears of each state within moments; one row remains, also after kill -9."""
    with server(uri, tmp_path) as served:
        stream = Stream(served, "0")
        stream.of_kind("cursor")
        process = _start(BAR, uri, tmp_path)
        assert process.stdin is not None
        run_id = stream.of_kind("console").data["run_id"]
        store = SqlAlchemyStore(uri, str(tmp_path))
        position = 0
        for percent in ("10", "20"):
            process.stdin.write(f"{percent}\n")
            process.stdin.flush()
            _until(lambda percent=percent: _text(store, "stdout") == f"begin\n{percent}%")  # type: ignore[misc]
            event = stream.wait(
                lambda event, position=position: event.data.get("position", 0) > position  # type: ignore[misc]
            )
            position = event.data["position"]
        stream.close()
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert _text(store, "stdout", run_id) == "begin\n20%"
    assert len(store.get_console(run_id).chunks) == 1


def test_workers_print_as_ever(uri: str, tmp_path: Path) -> None:
    """Pools that fork or spawn work, and print to the terminal, not to their parent's run."""
    process = _start(WORKERS, uri, tmp_path)
    out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert out.count("worker") == 8
    assert _text(SqlAlchemyStore(uri, str(tmp_path)), "stdout") == "fork 6\nspawn 6\n"


def test_switched_off_nothing_is_kept(uri: str, tmp_path: Path) -> None:
    """HEADRACE_CONSOLE=false keeps the database free of what was printed."""
    _start(PROGRAM, uri, tmp_path, HEADRACE_CONSOLE="false").communicate(timeout=120)
    store = SqlAlchemyStore(uri, str(tmp_path))
    assert _text(store, "stdout") == _text(store, "stderr") == ""


def test_a_killed_program_was_heard_of(uri: str, tmp_path: Path) -> None:
    """Heartbeats come while a run is active; after kill -9 they stop and its status stays."""
    process = _start(BAR, uri, tmp_path, HEADRACE_HEARTBEAT_SECONDS="0.05")
    store = SqlAlchemyStore(uri, str(tmp_path))
    _until(lambda: bool(store.search_runs(["0"], None, ViewType.ALL)))
    [run] = store.search_runs(["0"], None, ViewType.ALL)

    def heard() -> int:
        return store.get_liveness([run.info.run_id])[0].last_heartbeat or 0

    _until(lambda: heard() > 0)
    first = heard()
    _until(lambda: heard() > first)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert store.get_run(run.info.run_id).info.status == "RUNNING"
