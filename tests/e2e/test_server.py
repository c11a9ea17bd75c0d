"""The server as a process: what it answers, says and does when it is told to stop."""

from __future__ import annotations

import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mlflow.version import HEADRACE_VERSION, VERSION
from tests.e2e.servers import Served, free_port, receive_all, serving, start_server

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNS = "/api/2.0/mlflow/runs"
EXPERIMENTS = "/api/2.0/mlflow/experiments"
SERVER_INFO = "/api/3.0/mlflow/server-info"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("server")) as server:
        yield server


def test_health_and_version_are_as_recorded(served: Served) -> None:
    """Probes and clients find what they look for."""
    health = served.ask("GET", "/health")
    version = served.ask("GET", "/version")
    assert (health.status, health.body) == (200, b"OK")
    assert health.headers["content-type"] == "text/plain; charset=utf-8"
    assert (version.status, version.body.decode()) == (200, VERSION)


@pytest.mark.parametrize("prefix", ["/api", "/ajax-api"])
def test_server_info_has_the_recorded_fields(served: Served, prefix: str) -> None:
    """A client learns what the server can do, under both prefixes."""
    reply = served.ask("GET", f"{prefix}/3.0/mlflow/server-info")
    assert reply.status == 200
    assert reply.json["store_type"] == "SqlStore"
    assert set(reply.json) == {
        "store_type",
        "workspaces_enabled",
        "trace_archival_enabled",
        "multipart_uploads_enabled",
        "multipart_downloads_enabled",
        "presigned_upload_run_id_supported",
        "presigned_upload_model_id_supported",
        "features_enabled",
    }


def test_a_run_is_logged_and_read(served: Served) -> None:
    """What one request writes, the next one reads."""
    name = "test_a_run_is_logged_and_read"
    experiment_id = served.api("POST", "/experiments/create", {"name": name})["experiment_id"]
    run = served.api("POST", "/runs/create", {"experiment_id": experiment_id})["run"]
    run_id = run["info"]["run_id"]
    point = {"run_id": run_id, "key": "loss", "value": 0.5, "timestamp": 1, "step": 3}
    assert served.api("POST", "/runs/log-metric", point) == {}
    found = served.api("GET", f"/runs/get?run_id={run_id}")["run"]
    assert found["data"]["metrics"] == [{"key": "loss", "value": 0.5, "timestamp": 1, "step": 3}]


def test_unknown_paths_are_answered_in_json(served: Served) -> None:
    """A wrong path is a JSON error that repeats nothing dangerous of it."""
    for path in ("/nope", "/api/2.0/mlflow/nope", "/api/2.0", "//", "/%3Cscript%3E", "/a<b>"):
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        head, _, body = served.raw(request.encode()).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 404"), path
        assert b"content-type: application/json" in head
        assert json.loads(body)["error_code"] == "ENDPOINT_NOT_FOUND"
        assert b"<" not in body


def test_wrong_verbs_are_told_the_right_ones(served: Served) -> None:
    """405 with ``Allow``, in JSON."""
    reply = served.ask("GET", f"{RUNS}/create")
    assert reply.status == 405
    assert reply.headers["allow"] == "OPTIONS, POST"
    assert reply.json["error_code"] == "ENDPOINT_NOT_FOUND"
    assert served.ask("BREW", f"{RUNS}/create").status in (400, 405)


def test_head_and_options_are_answered(served: Served) -> None:
    """HEAD is GET without its body; OPTIONS says what a path has."""
    got = served.ask("GET", SERVER_INFO)
    head = served.ask("HEAD", SERVER_INFO)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]
    options = served.ask("OPTIONS", SERVER_INFO)
    assert (options.status, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")


def test_unbuilt_operations_are_named(served: Served) -> None:
    """A recorded operation outside the scope is 501, with where to read more."""
    reply = served.ask("POST", "/api/3.0/mlflow/traces/search", {})
    assert reply.status == 501
    assert reply.json["error_code"] == "NOT_IMPLEMENTED"
    assert "COMPATIBILITY.md" in reply.json["message"]


def test_requests_have_ids(served: Served) -> None:
    """A good id comes back; a bad one and none are replaced by one of ours."""
    given = served.ask("GET", "/version", headers={"X-Request-Id": "job-17.a_b"})
    bad = served.ask("GET", "/version", headers={"X-Request-Id": "a b<script>"})
    none = served.ask("GET", "/version")
    assert given.headers["x-request-id"] == "job-17.a_b"
    assert "<" not in bad.headers["x-request-id"]
    assert none.headers["x-request-id"] not in ("", bad.headers["x-request-id"])
    assert none.headers["headrace-version"] == HEADRACE_VERSION


def test_the_page_has_no_scripts_in_it(served: Served) -> None:
    """Scripts are files of the server; where the pages were not built there are none."""
    page = served.ask("GET", "/")
    assert page.status == 200
    assert page.headers["content-type"].startswith("text/html")
    assert b"<title>Headrace</title>" in page.body
    scripts = re.findall(rb"<script([^>]*)>([^<]*)<", page.body)
    assert all(b'src="./assets/' in words and not inside for words, inside in scripts)


def test_everything_is_below_the_static_prefix(tmp_path: Path) -> None:
    """With a prefix nothing answers without it, and the bare prefix leads to the page."""
    with serving(tmp_path, "--static-prefix", "/team/ml", prefix="/team/ml") as server:
        assert server.ask("GET", "/team/ml/health").status == 200
        assert server.api("POST", "/experiments/create", {"name": "x"})["experiment_id"] == "1"
        assert server.ask("GET", f"/team/ml{SERVER_INFO}").status == 200
        for path in ("/health", "/version", "/", SERVER_INFO, "/team/mlx/health"):
            assert server.ask("GET", path).status == 404, path
        bare = server.ask("GET", "/team/ml")
        assert (bare.status, bare.headers["location"]) == (308, "/team/ml/")


def test_the_variable_of_clients_names_no_database(tmp_path: Path) -> None:
    """Where MLFLOW_TRACKING_URI is a server, perhaps this one, its database is the usual file."""
    environment = {"MLFLOW_TRACKING_URI": "http://127.0.0.1:5000"}
    with serving(tmp_path, environment=environment) as server:
        server.api("POST", "/experiments/create", {"name": "x"})
    assert (tmp_path / "mlflow.db").exists()
    refused = start_server(tmp_path, "--backend-store-uri", "http://127.0.0.1:5000", wait=False)
    assert refused.process.wait(30) == 1
    assert "needs a database" in refused.log


def test_a_server_of_artifacts_knows_no_runs(tmp_path: Path) -> None:
    """``--artifacts-only`` opens no database; operations on runs say why they are not there."""
    with serving(tmp_path, "--artifacts-only") as server:
        path = "/api/2.0/mlflow-artifacts/artifacts/a/b.txt"
        assert server.ask("PUT", path, b"content").status == 200
        assert server.ask("GET", path).body == b"content"
        reply = server.ask("POST", f"{RUNS}/create", {"experiment_id": "0"})
        assert reply.status == 501
        assert "--artifacts-only" in reply.json["message"]
    assert not (tmp_path / "mlflow.db").exists()


def test_the_access_log_is_json_without_secrets(tmp_path: Path) -> None:
    """One line a request: id, verb, operation, status, bytes, time; no query."""
    with serving(tmp_path) as server:
        server.ask(
            "GET",
            f"{EXPERIMENTS}/get-by-name?experiment_name=sesame",
            headers={"X-Request-Id": "seen"},
        )
    lines = [json.loads(line) for line in server.log.splitlines() if line.startswith("{")]
    (line,) = [line for line in lines if line["id"] == "seen"]
    assert (line["method"], line["route"]) == ("GET", "get_experiment_by_name")
    assert line["status"] == 404
    assert line["ms"] > 0
    assert line["sent_bytes"] > 0
    assert "sesame" not in server.log


def test_figures_are_on_a_port_of_their_own(tmp_path: Path) -> None:
    """``--metrics-port`` serves Prometheus, and nothing else; the main port does not have them."""
    port = free_port()
    with serving(tmp_path, "--metrics-port", str(port)) as server:
        server.api("POST", "/experiments/create", {"name": "x"})
        beside = Served(server.process, port, server.log_path)
        text = beside.ask("GET", "/metrics").body.decode()
        assert beside.ask("GET", "/health").status == 404
        assert server.ask("GET", "/metrics").status == 404
    assert (
        'headrace_http_requests_total{method="POST",route="create_experiment",status="200"} 1'
        in (text)
    )
    assert "headrace_http_request_seconds_bucket" in text


def test_figures_are_a_route_when_asked_for(tmp_path: Path) -> None:
    """``--expose-prometheus`` makes ``/metrics`` a route."""
    with serving(tmp_path, "--expose-prometheus", str(tmp_path / "unused")) as server:
        assert b"headrace_info" in server.ask("GET", "/metrics").body


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_server_stops_at_once(tmp_path: Path, number: signal.Signals) -> None:
    """Open but idle connections do not hold it up; the exit code is zero."""
    server = start_server(tmp_path)
    with socket.create_connection(("127.0.0.1", server.port)):
        server.api("POST", "/experiments/create", {"name": "x"})
        assert server.stop(number) < 5
    assert not (tmp_path / "mlflow.db-wal").exists()  # the database is closed, and one file


def test_stopping_finishes_what_was_asked(tmp_path: Path) -> None:
    """A request on its way is answered, a new one told to come again, and then the process ends."""
    server = start_server(tmp_path)
    body = b'{"name": "begun before"}'
    head = (
        f"POST {EXPERIMENTS}/create HTTP/1.1\r\nHost: localhost\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as begun:
        begun.sendall(head.encode() + body[:5])
        while b"begun" not in _state_of(server):  # it has read the head
            pass
        server.process.send_signal(signal.SIGTERM)
        refused = _until_refused(server)
        begun.sendall(body[5:])
        answer = receive_all(begun)
    assert answer.startswith(b"HTTP/1.1 200"), answer
    assert b"connection: close" in answer.partition(b"\r\n\r\n")[0]
    assert b"retry-after: 1" in refused
    assert b"connection: close" in refused
    assert b"TEMPORARILY_UNAVAILABLE" in refused
    server.stop()


def _state_of(server: Served) -> bytes:
    """Return "begun" once the kernel holds nothing that the server has not read."""
    text = Path(f"/proc/{server.process.pid}/net/tcp").read_text("ascii")
    port = f"0100007F:{server.port:04X}"
    waiting = [
        line.split()[4].partition(":")[2]
        for line in text.splitlines()[1:]
        if line.split()[1] == port and line.split()[3] == "01"
    ]
    return b"begun" if waiting and all(int(one, 16) == 0 for one in waiting) else b""


def _until_refused(server: Served) -> bytes:
    until = time.monotonic() + 8
    while time.monotonic() < until:
        answer = server.raw(
            b"GET /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        if answer.startswith(b"HTTP/1.1 503"):
            return answer
    raise AssertionError("it goes on answering")


def test_stopping_under_load_loses_nothing(tmp_path: Path) -> None:
    """Every write that was answered before or during the stop is there after the next start."""
    server = start_server(tmp_path)
    run = server.api("POST", "/runs/create", {"experiment_id": "0"})["run"]["info"]["run_id"]
    done: list[int] = []

    def log(first: int) -> set[int]:
        statuses: set[int] = set()
        for step in range(first, first + 10_000):
            point = {"run_id": run, "key": f"k{first}", "value": 1.0, "timestamp": 1, "step": step}
            try:
                status = server.ask("POST", f"{RUNS}/log-metric", point).status
            except OSError:
                return statuses  # it is gone
            statuses.add(status)
            if status == 200:
                done.append(step)
        return statuses

    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(log, first) for first in (0, 10_000, 20_000, 30_000)]
        while len(done) < 200:
            time.sleep(0.01)  # a condition: the writers tell nobody else
        assert server.stop() < 11
        assert set().union(*(writer.result() for writer in writers)) <= {200, 503}
    with serving(tmp_path) as again:
        kept = set()
        for first in (0, 10_000, 20_000, 30_000):
            path = f"/metrics/get-history?run_id={run}&metric_key=k{first}"
            kept |= {point["step"] for point in again.api("GET", path).get("metrics", [])}
    assert set(done) <= kept


def test_a_taken_port_is_a_clear_error(tmp_path: Path) -> None:
    """Who uses the port is not disturbed; the message says what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = start_server(tmp_path, port=port, wait=False)
        assert server.process.wait(30) == 1
    assert f"port {port}" in server.log
    assert "--port" in server.log
    assert "Traceback" not in server.log


def test_it_says_where_it_is(tmp_path: Path) -> None:
    """The first line holds the address, also when any free port was asked for."""
    server = start_server(tmp_path, port=0, wait=False)
    try:
        until = time.monotonic() + 30
        while "http://127.0.0.1:" not in server.log and time.monotonic() < until:
            assert server.process.poll() is None, server.log
        port = int(server.log.partition("http://127.0.0.1:")[2].split()[0])
        assert Served(server.process, port, server.log_path).ask("GET", "/health").status == 200
    finally:
        server.stop()


def test_workers_on_sqlite_are_one(tmp_path: Path) -> None:
    """SQLite takes one writer: several workers become one, and it says so."""
    with serving(tmp_path, "--workers", "4") as server:
        assert "one process serves" in server.log
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
        assert children.read_text("ascii").split() == []


def test_the_serving_process_is_lean(tmp_path: Path) -> None:
    """It loads neither arrays, migrations, frameworks nor model code, and stays under 110 MB."""
    program = (
        "import sys; from mlflow.server.app import create_app;"
        "from mlflow.server.run import run_server; from mlflow.server.settings import *;"
        f"create_app(ServerSettings(backend_store_uri='sqlite:///{tmp_path / 'a.db'}'));"
        "print(*sorted(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    loaded = set(done.stdout.split())
    heavy = {
        "numpy",
        "pandas",
        "alembic",
        "sqlalchemy",
        "starlette",
        "mlflow.tracking",
        "obstore",
        "urllib3",
    }
    assert loaded & (heavy | {"mlflow.models", "mlflow.pyfunc", "requests", "cloudpickle"}) == set()
    with serving(tmp_path) as server:
        server.api("POST", "/experiments/create", {"name": "x"})
        assert server.resident_kilobytes() < 110 * 1024


def test_what_fails_inside_stays_inside(tmp_path: Path) -> None:
    """A database that breaks is 500 with a code and the id of the request; the log has more."""
    with serving(tmp_path) as server:
        server.api("POST", "/experiments/search", {"max_results": 1})
        with sqlite3.connect(tmp_path / "mlflow.db") as other:
            other.execute("DROP TABLE hr_experiment_tags")
            other.execute(
                "CREATE TRIGGER a BEFORE INSERT ON hr_experiments"
                " BEGIN SELECT RAISE(ABORT, 'no more of them'); END"
            )
        other.close()
        refused = server.ask("POST", f"{EXPERIMENTS}/create", {"name": "one more"})
        assert refused.status == 400
        assert str(tmp_path) not in refused.json["message"]
        assert "no more of them" not in refused.json["message"]
        path = "/api/2.0/mlflow/experiments/get?experiment_id=0"
        reply = server.ask("GET", path, headers={"X-Request-Id": "the-one"})
        assert reply.status == 500
        assert reply.json["error_code"] == "INTERNAL_ERROR"
        assert str(tmp_path) not in reply.json["message"]
        assert "hr_experiment_tags" not in reply.json["message"]
    assert "hr_experiment_tags" in server.log
    assert "no more of them" in server.log
    assert "the-one" in server.log
