"""Servers as processes, for tests: start, wait for health, collect what they say, stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

READY_SECONDS = 120.0  # it is at once; but models load libraries, and machines are shared
STOP_SECONDS = 15.0
_PROGRAM = "from mlflow.cli.main import main; main()"


@dataclass
class Reply:
    """What a server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return msgspec.json.decode(self.body)


@dataclass
class Served:
    """A server that runs.

    Attributes:
        process: It, or the parent of its workers.
        port: Where it listens on 127.0.0.1.
        log_path: What it says.
        scheme: ``http`` or ``https``.
        prefix: Its static prefix.
        exit_codes: Those that ``stop`` takes for a clean end.
    """

    process: subprocess.Popen[bytes]
    port: int
    log_path: Path
    scheme: str = "http"
    prefix: str = ""
    exit_codes: tuple[int, ...] = (0,)
    _connections: list[HTTPConnection] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its tracking URI."""
        return f"{self.scheme}://127.0.0.1:{self.port}{self.prefix}"

    @property
    def log(self) -> str:
        """What it has said so far."""
        return self.log_path.read_text("utf-8", errors="replace")

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = 30.0,
    ) -> Reply:
        """Send one request on a connection of its own.

        Args:
            method: The verb.
            path: With its query.
            body: Bytes as they are; anything else as JSON.
            headers: Beside the content type of JSON.
            timeout: Seconds.
        """
        sent = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = msgspec.json.encode(body)
            sent.setdefault("Content-Type", "application/json")
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, found, answer.read())
        finally:
            connection.close()

    def api(self, method: str, path: str, body: object = None) -> Any:
        """Call an operation of ``/api/2.0/mlflow`` and return its answer, which must be good."""
        reply = self.ask(method, f"{self.prefix}/api/2.0/mlflow{path}", body)
        assert reply.status == 200, reply
        return reply.json

    def raw(self, request: bytes, *, timeout: float = 10.0) -> bytes:
        """Send bytes as they are and return all that comes until the server ends it."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as sock:
            sock.sendall(request)
            return receive_all(sock)

    def resident_kilobytes(self) -> int:
        """Return the memory of its first process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        return int(next(line.split()[1] for line in status.splitlines() if "VmRSS" in line))

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Tell it to stop, check that it ends cleanly, and return how many seconds it took."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(STOP_SECONDS)
        assert code in self.exit_codes, f"ended with {code}:\n{self.log}"
        return time.monotonic() - began

    def kill(self) -> None:
        """End it as a crash does."""
        self.process.kill()
        self.process.wait(STOP_SECONDS)


def receive_all(sock: socket.socket) -> bytes:
    """Return what arrives until the other side ends the connection."""
    found = b""
    while True:
        try:
            chunk = sock.recv(65536)
        except ConnectionResetError:
            return found
        if not chunk:
            return found
        found += chunk


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def start_server(
    folder: Path,
    *options: str,
    port: int | None = None,
    environment: Mapping[str, str] | None = None,
    scheme: str = "http",
    prefix: str = "",
    wait: bool = True,
    command: Sequence[str] = ("server",),
) -> Served:
    """Start ``mlflow server`` and return it when it answers.

    Args:
        folder: Its working directory: ``mlflow.db``, artifacts and ``server.log`` are there.
        options: Of the command line.
        port: Where to listen; a free one when None.
        environment: Variables beside those of this process.
        scheme: ``https`` when the options ask for TLS.
        prefix: The static prefix among the options.
        wait: Whether to wait until it answers.
        command: Another that serves.
    """
    port = port or free_port()
    log = folder / "server.log"
    words = (sys.executable, "-c", _PROGRAM, *command, "--port", str(port), *options)
    outside = {name: text for name, text in os.environ.items() if not name.startswith("MLFLOW_")}
    with log.open("ab") as out:
        process = subprocess.Popen(
            words, cwd=folder, stdout=out, stderr=out, env={**outside, **(environment or {})}
        )
    served = Served(process, port, log, scheme, prefix)
    if wait:
        wait_until_healthy(served)
    return served


def wait_until_healthy(served: Served) -> None:
    """Return when the server answers; fail with what it said when it does not."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        assert served.process.poll() is None, f"it ended:\n{served.log}"
        try:
            with socket.create_connection(("127.0.0.1", served.port), timeout=5) as sock:
                if served.scheme == "https":
                    return
                sock.sendall(
                    f"GET {served.prefix}/health HTTP/1.0\r\nHost: localhost\r\n\r\n".encode()
                )
                if receive_all(sock).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            time.sleep(0.02)  # a condition: there is nothing else to wait on before it listens
    raise AssertionError(f"it does not answer:\n{served.log}")


@contextmanager
def serving(folder: Path, *options: str, **more: Any) -> Iterator[Served]:
    """Run a server for a block; it must end cleanly when told to."""
    served = start_server(folder, *options, **more)
    try:
        yield served
    except BaseException:
        served.kill()
        raise
    else:
        if served.process.poll() is None:
            served.stop()


def statuses(served: Served, requests: Sequence[bytes]) -> list[int]:
    """Send raw requests, each on a connection of its own, and return the statuses."""
    found = []
    for request in requests:
        line = served.raw(request).split(b"\r\n", 1)[0]
        found.append(int(line.split()[1]) if line else 0)
    return found
