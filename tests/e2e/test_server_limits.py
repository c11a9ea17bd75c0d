"""The oversized, the slow, the malformed and the many, on the real socket."""

from __future__ import annotations

import json
import socket
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.e2e.servers import Served, receive_all, serving, statuses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CREATE = "/api/2.0/mlflow/experiments/create"
SEARCH = "/api/2.0/mlflow/experiments/search"
JSON_HEAD = f"POST {CREATE} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
MEBIBYTE = 1024 * 1024


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("limits")) as server:
        server.ask("GET", f"{SEARCH}?max_results=1")
        yield server


def _status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def _error(answer: bytes) -> str:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/json" in head
    return str(json.loads(body)["error_code"])


def test_a_declared_length_over_the_limit_is_refused_at_once(served: Served) -> None:
    """413 before a byte of the body was sent."""
    began = time.monotonic()
    answer = served.raw(f"{JSON_HEAD}Content-Length: {1 << 40}\r\n\r\n".encode())
    assert _status(answer) == 413
    assert _error(answer) == "INVALID_PARAMETER_VALUE"
    assert time.monotonic() - began < 2


def test_a_body_without_length_is_counted(served: Served) -> None:
    """Chunks are counted as they come; memory stays flat, nothing is kept (row 113)."""
    before = served.resident_kilobytes()
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    sent = 0
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as sock:
        sock.sendall(f"{JSON_HEAD}Transfer-Encoding: chunked\r\n\r\n".encode())
        try:
            while sent < 1024 * MEBIBYTE:
                sock.sendall(chunk)
                sent += 65536
        except OSError:
            pass  # it hung up, as it should
        answer = receive_all(sock)
    assert not answer or _status(answer) == 413
    assert sent < 128 * MEBIBYTE
    assert served.resident_kilobytes() - before < 64 * 1024


def test_a_name_of_ten_megabytes_is_refused(served: Served) -> None:
    """400 in no time, nothing stored (row 111)."""
    name = "n" * (10 * MEBIBYTE)
    began = time.monotonic()
    reply = served.ask("POST", CREATE, {"name": name})
    assert reply.status == 400
    assert time.monotonic() - began < 5  # 50 ms of the server; the rest is this machine's
    assert len(reply.body) < 2000
    found = served.ask("GET", f"{SEARCH}?max_results=100").json["experiments"]
    assert all(len(one["name"]) < 1000 for one in found)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"name":' * 50_000,
        b'{"unknown":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"name": "\xff"}',
        b'{"name": "x"',
        b'{"name": 3}',
        b"null",
        b"[]",
        b'{"name": "\\ud800"}',
    ],
    ids=["deep", "deep objects", "deep unknown", "utf-8", "cut", "type", "null", "list", "half"],
)
def test_broken_json_is_the_senders_fault(served: Served, body: bytes) -> None:
    """Nested, cut, mistyped or undecodable bodies are 400 with a code."""
    reply = served.ask("POST", CREATE, body, headers={"Content-Type": "application/json"})
    assert reply.status == 400
    assert reply.json["error_code"] in ("INVALID_PARAMETER_VALUE", "BAD_REQUEST")


@pytest.mark.parametrize("path", ["/api/3.0/mlflow/traces", "/nowhere", CREATE])
def test_an_answer_before_the_whole_body_ends_the_connection(served: Served, path: str) -> None:
    """Who is answered while it still sends learns that no other request may follow."""
    head = JSON_HEAD.replace(CREATE, path)
    if path == CREATE:
        head = head.replace("application/json", "text/plain")  # refused before it is read
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as sock:
        sock.sendall(f"{head}Content-Length: 300000\r\n\r\n".encode() + b" " * 1000)
        answer = sock.recv(65536)
        assert _status(answer) in (400, 404, 501)
        assert b"connection: close" in answer.partition(b"\r\n\r\n")[0]
        sock.sendall(b" " * 299_000)  # what is still sent resets nothing
        receive_all(sock)


def test_heads_are_bounded(served: Served) -> None:
    """A long line, a long sum and many headers are 431, well before memory grows."""
    head = b"GET /version HTTP/1.1\r\nHost: localhost\r\n"
    long = head + b"X-A: " + b"a" * 100_000 + b"\r\n\r\n"
    many = head + b"".join(b"X-%d: 1\r\n" % number for number in range(200)) + b"\r\n"
    endless = b"GET /" + b"a" * 200_000
    assert statuses(served, [long, many, endless]) == [431, 431, 431]


@pytest.mark.parametrize(
    "request_",
    [
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET http://localhost/version HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET version HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /version#x HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /x HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_what_is_no_request_is_told_so(served: Served, request_: bytes) -> None:
    """400 in JSON and the end of the connection, whatever it was; the server goes on."""
    answer = served.raw(request_)
    assert _status(answer) == 400, answer
    assert _error(answer) == "INVALID_PARAMETER_VALUE"
    assert served.ask("GET", "/health").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/2.0/mlflow-artifacts/artifacts/../../canary",
        "/api/2.0/mlflow-artifacts/artifacts/%2e%2e/%2e%2e/canary",
        "/api/2.0/mlflow-artifacts/artifacts/%252e%252e/canary",
        "/api/2.0/mlflow-artifacts/artifacts/a%5c..%5c..%5cx",
        "/api/2.0/mlflow-artifacts/artifacts/a\\..\\x",
        "/api/2.0/mlflow-artifacts/artifacts//etc/passwd",
        "/api/2.0/mlflow-artifacts/artifacts/C:/x",
        "/api/2.0/mlflow-artifacts/artifacts/a%00b",
        "/api/2.0/mlflow-artifacts/artifacts/%ff",
        "/api/2.0/mlflow-artifacts/artifacts/a/./b",
        "/api/2.0/mlflow-artifacts/artifacts/%2fetc/passwd",
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_artifact_paths_stay_below_their_root(served: Served, method: str, path: str) -> None:
    """Every spelling that could leave the root is 400, whatever the verb (rows 6-14, 18)."""
    request = (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
        "Connection: close\r\n\r\nx"
    )
    assert _status(served.raw(request.encode())) == 400


def test_paths_are_decoded_once(served: Served) -> None:
    """An encoded letter is that letter; an encoded slash is no separator; twice is not once."""
    version = "/%76ersion"
    request = "GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    paths = [version, "/%2576ersion", "/api%2F3.0/mlflow/server-info", "/version/", "//version"]
    found = statuses(served, [request.format(path).encode() for path in paths])
    assert found == [200, 404, 404, 404, 404]


def test_old_and_curious_clients_are_served(served: Served) -> None:
    """HTTP/1.0, upgrades, pipelines, a body after ``100 Continue``, a body byte by byte."""
    old = served.raw(b"GET /version HTTP/1.0\r\nHost: localhost\r\n\r\n")
    assert _status(old) == 200
    assert b"transfer-encoding" not in old
    upgrade = (
        b"GET /version HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"
    )
    assert _status(served.raw(upgrade)) == 200
    one = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert served.raw(one * 50 + last).count(b"HTTP/1.1 200 OK") == 51
    body = b'{"name": "waits for 100"}'
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as sock:
        sock.sendall(
            f"{JSON_HEAD}Content-Length: {len(body)}\r\nExpect: 100-continue\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        assert sock.recv(100).startswith(b"HTTP/1.1 100")
        for byte in body:
            sock.sendall(bytes([byte]))
        assert _status(receive_all(sock)) == 200


def test_slow_clients_harm_nobody(served: Served) -> None:
    """With 200 half-sent requests open, others are answered as fast as before (row G10)."""

    def latency() -> float:
        began = time.monotonic()
        assert served.ask("GET", f"{SEARCH}?max_results=1").status == 200
        return time.monotonic() - began

    before = statistics.median(latency() for _ in range(50))
    memory = served.resident_kilobytes()
    slow = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(200)]
    try:
        for number, sock in enumerate(slow):
            half = (
                JSON_HEAD.encode() + b"Content-Length: 100\r\n\r\n{" if number % 2 else b"GET /he"
            )
            sock.sendall(half)
        during = statistics.median(latency() for _ in range(50))
        assert served.resident_kilobytes() - memory < 32 * 1024
    finally:
        for sock in slow:
            sock.close()
    assert during < max(3 * before, 0.05)


def test_a_full_queue_says_so_within_a_second(tmp_path: Path) -> None:
    """Beyond what waits, 503 with ``Retry-After``, quickly; what was taken on is done (G20)."""
    environment = {"HEADRACE_SERVER_QUEUE": "4"}
    with serving(tmp_path, environment=environment) as server:
        run = server.api("POST", "/runs/create", {"experiment_id": "0"})["run"]["info"]["run_id"]
        body = {"run_id": run, "metrics": [
            {"key": f"k{key}", "value": 1.0, "timestamp": 1, "step": 0} for key in range(900)
        ]}  # fmt: skip

        def log(number: int) -> tuple[int, float, str]:
            batch = {**body, "metrics": [{**one, "step": number} for one in body["metrics"]]}
            began = time.monotonic()
            reply = server.ask("POST", "/api/2.0/mlflow/runs/log-batch", batch)
            after = reply.headers.get("retry-after", "")
            return reply.status, time.monotonic() - began, after

        with ThreadPoolExecutor(40) as pool:
            found = list(pool.map(log, range(120)))
        history = server.api("GET", f"/runs/get?run_id={run}")["run"]["data"]["metrics"]
    done = [one for one in found if one[0] == 200]
    refused = [one for one in found if one[0] == 503]
    assert len(done) + len(refused) == len(found)
    assert done
    assert refused
    assert all(after == "1" for _, _, after in refused)
    assert len(history) == 900


def test_bodies_together_have_a_limit(served: Served) -> None:
    """Many large requests at a time are refused for now before they fill the memory."""
    before = served.resident_kilobytes()
    size = 20 * MEBIBYTE
    head = f"{JSON_HEAD}Content-Length: {size}\r\n\r\n".encode()
    part = b'{"name": "' + b"x" * (size - MEBIBYTE)
    refused = 0
    open_sockets = []
    try:
        for _ in range(12):
            sock = socket.create_connection(("127.0.0.1", served.port), timeout=20)
            open_sockets.append(sock)
            try:
                sock.sendall(head + part)
            except OSError:
                refused += 1
        for sock in open_sockets:
            sock.settimeout(0.5)
            with suppress(OSError):  # it waits for the rest of its body, or hung up
                refused += sock.recv(100).startswith(b"HTTP/1.1 503")
        assert served.resident_kilobytes() - before < 300 * 1024
    finally:
        for sock in open_sockets:
            sock.close()
    assert refused >= 4
    assert served.ask("GET", "/health").status == 200
