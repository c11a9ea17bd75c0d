"""A client that is killed, forked, or left without its server loses nothing and raises nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Final

import pytest

from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from tests.e2e.servers import free_port, serving, start_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HEAD: Final = "import os, signal, sys, threading, time\nimport mlflow\n"


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a client with journals of its own."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("MLFLOW_")}
    return {
        **kept,
        "HEADRACE_JOURNAL_DIR": str(tmp_path / "journals"),
        "HEADRACE_RUN_DOCUMENTS": "false",
        "HEADRACE_SERVER_PATIENCE_SECONDS": "0.5",
    }


def _run(code: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _HEAD + code],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def _sync(variables: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    return _run(f"from mlflow.cli.main import cli; cli(['sync', *{list(options)!r}])", variables)


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[SqlAlchemyStore]:
    """Return a store in a file that programs write to as well."""
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    yield SqlAlchemyStore(uri, str(tmp_path / "artifacts"))
    SqlAlchemyStore.forget(uri)


_WRITER: Final = """
mlflow.set_tracking_uri(sys.argv[1])
run = mlflow.start_run()
print(run.info.run_id, flush=True)
for step in range(10**9):
    mlflow.log_metric("m", step, step=step, synchronous=False)
    mlflow.set_tag("last", step, synchronous=False)
    if step % 100 == 0:
        print(step, flush=True)
"""


@pytest.mark.parametrize("lines", [1, 2, 5, 17, 40, 90])
def test_a_killed_client_loses_no_call_that_returned(
    tmp_path: Path, variables: dict[str, str], sqlite: SqlAlchemyStore, lines: int
) -> None:
    """After kill -9 and a sync every call that returned is there, once, and nothing else."""
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    writer = subprocess.Popen(
        [sys.executable, "-c", _HEAD + _WRITER, uri],
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with writer:
        assert writer.stdout is not None
        run_id = writer.stdout.readline().strip()
        for _ in range(lines):
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().split()
    returned = int(rest[-1]) if rest else (lines - 1) * 100
    assert _sync(variables).returncode == 0
    assert "Nothing to deliver" in _sync(variables).stdout
    steps = [point.step for point in sqlite.get_metric_history(run_id, "m")]
    assert steps == list(range(len(steps)))
    assert len(steps) > returned
    assert int(sqlite.get_run(run_id).data.tags["last"]) in (len(steps) - 1, len(steps) - 2)


def test_the_next_process_delivers_what_a_killed_one_left(
    tmp_path: Path, variables: dict[str, str], sqlite: SqlAlchemyStore
) -> None:
    """A process that opens the same store finds the journal of the dead one."""
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    variables["MLFLOW_TRACKING_URI"] = uri
    killed = _run(
        "run = mlflow.start_run()\n"
        "for step in range(500): mlflow.log_metric('m', 1, step=step, synchronous=False)\n"
        "print(run.info.run_id, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)",
        variables,
    )
    run_id = killed.stdout.strip()
    following = _run(
        "client = mlflow.MlflowClient()\n"
        f"while len(client.get_metric_history({run_id!r}, 'm')) < 500: time.sleep(0.02)",
        variables,
    )
    assert following.returncode == 0, following.stderr
    assert len(sqlite.get_metric_history(run_id, "m")) == 500


def test_a_server_that_is_away_stops_nothing(tmp_path: Path, variables: dict[str, str]) -> None:
    """Calls of both interfaces go on without the server; it gets everything when it is back."""
    port = free_port()
    server = start_server(tmp_path, port=port)
    variables["MLFLOW_TRACKING_URI"] = server.url
    code = """
client = mlflow.MlflowClient()
run = mlflow.start_run()
run_id = run.info.run_id
mlflow.log_param("before", 1)
print(run_id, flush=True)
sys.stdin.readline()
for step in range(2000):
    mlflow.log_metric("m", step, step=step)
client.log_metric(run_id, "n", 1.0)
client.set_tag(run_id, "t", "away")
client.log_param(run_id, "p", "1")
mlflow.log_metrics({"a": 1.0, "b": 2.0}, step=1)
mlflow.log_text("kept", "folder/note.txt")
mlflow.log_input(mlflow.data.from_numpy(__import__("numpy").zeros(3), name="d"))
client.delete_tag(run_id, "t")
try:
    client.get_run(run_id)
except mlflow.MlflowException as error:
    print("read", error.error_code, flush=True)
print("logged", flush=True)
sys.stdin.readline()
mlflow.end_run()
print("ended", flush=True)
"""
    client = subprocess.Popen(
        [sys.executable, "-c", _HEAD + code],
        env=variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with client:
        assert client.stdin is not None
        assert client.stdout is not None
        assert client.stderr is not None
        run_id = client.stdout.readline().strip()
        server.kill()
        client.stdin.write("go\n")
        client.stdin.flush()
        assert client.stdout.readline().split() == ["read", "TEMPORARILY_UNAVAILABLE"]
        assert client.stdout.readline().strip() == "logged"
        with serving(tmp_path, port=port) as again:
            client.stdin.write("go\n")
            client.stdin.flush()
            assert client.stdout.readline().strip() == "ended"
            errors = client.stderr.read()
            assert client.wait(60) == 0, errors
            run = again.api("GET", f"/runs/get?run_id={run_id}")["run"]
            history = again.api("GET", f"/metrics/get-history?run_id={run_id}&metric_key=m")
            files = again.api("GET", f"/artifacts/list?run_id={run_id}&path=folder")["files"]
    assert errors.count("cannot be reached") == 1
    assert "Traceback" not in errors
    assert [point["step"] for point in history["metrics"]] == list(range(2000))
    assert run["info"]["status"] == "FINISHED"
    assert {one["key"] for one in run["data"]["metrics"]} == {"m", "n", "a", "b"}
    assert {one["key"] for one in run["data"]["params"]} == {"before", "p"}
    assert "t" not in {one["key"] for one in run["data"]["tags"]}
    assert [one["path"] for one in files] == ["folder/note.txt"]
    assert len(run["inputs"]["dataset_inputs"]) == 1
    assert not [path for path in (tmp_path / "journals").iterdir() if path.name != "rejects"]


def test_the_exit_does_not_wait_for_a_server_that_never_answers(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    """With full queues and a black hole the exit takes 5 s at most and says how to go on."""
    port = free_port()
    server = start_server(tmp_path, port=port)
    variables["MLFLOW_TRACKING_URI"] = server.url
    variables["HEADRACE_ASYNC_EXIT_TIMEOUT_SECONDS"] = "2"
    code = """
run = mlflow.start_run()
print(run.info.run_id, flush=True)
sys.stdin.readline()
for step in range(20000):
    mlflow.log_metric("m", step, step=step, synchronous=False)
print("bye", flush=True)
"""
    client = subprocess.Popen(
        [sys.executable, "-c", _HEAD + code],
        env=variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with client, socket.socket() as hole:
        assert client.stdin is not None
        assert client.stdout is not None
        assert client.stderr is not None
        run_id = client.stdout.readline().strip()
        server.kill()
        hole.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        hole.bind(("127.0.0.1", port))
        hole.listen(100)
        client.stdin.write("go\n")
        client.stdin.flush()
        assert client.stdout.readline().strip() == "bye"
        began = time.monotonic()
        errors = client.stderr.read()
        assert client.wait(60) == 0
        seconds = time.monotonic() - began
    assert seconds < 4, errors
    command = next(line for line in errors.splitlines() if "mlflow sync" in line)
    assert str(tmp_path / "journals") in command
    with serving(tmp_path, port=port) as again:
        done = _sync(variables, command.rpartition("mlflow sync ")[2].strip())
        assert done.returncode == 0, done.stderr
        history = again.api("GET", f"/metrics/get-history?run_id={run_id}&metric_key=m")
        run = again.api("GET", f"/runs/get?run_id={run_id}")["run"]
    assert [point["step"] for point in history["metrics"]] == list(range(20000))
    assert run["info"]["status"] == "FINISHED"


def test_a_child_of_a_fork_has_a_journal_of_its_own(
    tmp_path: Path, variables: dict[str, str], sqlite: SqlAlchemyStore
) -> None:
    """Parent and children log at once; each call is delivered once."""
    variables["MLFLOW_TRACKING_URI"] = f"sqlite:///{tmp_path / 'store.db'}"
    code = """
run_id = mlflow.start_run().info.run_id
client = mlflow.MlflowClient()
for step in range(200):
    client.log_metric(run_id, "parent", 1, step=step, synchronous=False)
children = []
for child in range(3):
    pid = os.fork()
    if pid == 0:
        for step in range(200):
            client.log_metric(run_id, f"child{child}", 1, step=step, synchronous=False)
        mlflow.flush_async_logging()
        os._exit(0)
    children.append(pid)
for step in range(200, 400):
    client.log_metric(run_id, "parent", 1, step=step, synchronous=False)
assert all(os.waitpid(pid, 0)[1] == 0 for pid in children)
mlflow.end_run()
print(run_id)
"""
    done = _run(code, variables)
    assert done.returncode == 0, done.stderr
    run_id = done.stdout.strip()
    assert len(sqlite.get_metric_history(run_id, "parent")) == 400
    for child in range(3):
        assert len(sqlite.get_metric_history(run_id, f"child{child}")) == 200


@pytest.mark.parametrize("ending", ["multiprocessing", "os._exit"])
def test_children_need_not_flush(
    tmp_path: Path, variables: dict[str, str], sqlite: SqlAlchemyStore, ending: str
) -> None:
    """What a child logs and leaves is delivered: by itself, or by its parent's exit."""
    variables["MLFLOW_TRACKING_URI"] = f"sqlite:///{tmp_path / 'store.db'}"
    code = """
import multiprocessing
run_id = mlflow.start_run().info.run_id
client = mlflow.MlflowClient()
def child():
    for step in range(200):
        client.log_metric(run_id, "child", 1, step=step, synchronous=False)
if ENDING == "os._exit":
    pid = os.fork()
    if pid == 0:
        child()
        os._exit(0)
    os.waitpid(pid, 0)
else:
    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join()
print(run_id)
"""
    done = _run(f"ENDING = {ending!r}\n{code}", variables)
    assert done.returncode == 0, done.stderr
    assert len(sqlite.get_metric_history(done.stdout.strip(), "child")) == 200
    assert not list((tmp_path / "journals").glob("*/journal.json"))


def test_a_full_disk_is_survived(
    tmp_path: Path, variables: dict[str, str], sqlite: SqlAlchemyStore
) -> None:
    """Where no file can grow to a segment's size, one warning says so and nothing is lost."""
    variables["MLFLOW_TRACKING_URI"] = f"sqlite:///{tmp_path / 'store.db'}"
    code = """
import resource
run_id = mlflow.start_run().info.run_id
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
for step in range(500):
    mlflow.log_metric("m", 1, step=step, synchronous=False)
mlflow.end_run()
print(run_id)
"""
    done = _run(code, variables)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("is kept in memory") == 1
    assert len(sqlite.get_metric_history(done.stdout.strip(), "m")) == 500


def test_a_folder_that_cannot_be_written_is_said_once(
    tmp_path: Path, variables: dict[str, str], sqlite: SqlAlchemyStore
) -> None:
    """Without a place for its journal a client warns once and works from memory."""
    (tmp_path / "file").write_text("")
    variables["HEADRACE_JOURNAL_DIR"] = str(tmp_path / "file" / "journals")
    variables["MLFLOW_TRACKING_URI"] = f"sqlite:///{tmp_path / 'store.db'}"
    code = """
run_id = mlflow.start_run().info.run_id
for step in range(100):
    mlflow.log_metric("m", 1, step=step, synchronous=False)
mlflow.end_run()
print(run_id)
"""
    done = _run(code, variables)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("No journal can be kept on disk") == 1
    assert len(sqlite.get_metric_history(done.stdout.strip(), "m")) == 100


def test_what_the_store_refuses_is_raised_at_the_end_and_kept(
    tmp_path: Path, variables: dict[str, str], sqlite: SqlAlchemyStore
) -> None:
    """One bad call among many costs itself; the end of the run names it, a file keeps it."""
    variables["MLFLOW_TRACKING_URI"] = f"sqlite:///{tmp_path / 'store.db'}"
    code = """
run_id = mlflow.start_run().info.run_id
print(run_id, flush=True)
mlflow.log_param("p", 1)
for step in range(3000):
    mlflow.log_metric("m", 1, step=step, synchronous=False)
    if step == 1234:
        mlflow.log_param("p", 2, synchronous=False)
mlflow.end_run()
"""
    done = _run(code, variables)
    assert done.returncode == 1
    assert "The store refused 1 calls" in done.stderr
    run_id = done.stdout.strip()
    assert len(sqlite.get_metric_history(run_id, "m")) == 3000
    run = sqlite.get_run(run_id)
    assert (run.data.params, run.info.status) == ({"p": "1"}, "FINISHED")
    (kept,) = (tmp_path / "journals" / "rejects").iterdir()
    assert '"p", "2"' in kept.read_text()
    quiet = _run(code, {**variables, "HEADRACE_RAISE_REJECTED": "false"})
    assert quiet.returncode == 0
