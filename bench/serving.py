"""Requests a second for one row of a scikit-learn model, in both implementations by turns.

Each server is started as users start it, ``mlflow models serve --env-manager local``, on the same
saved model; a load generator of our own keeps a number of connections busy, one request at a time
on each. ``--together`` adds a server of ours that predicts requests together.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

TRAIN = """
import sys, mlflow
from mlflow.models import infer_signature
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
x, y = load_iris(return_X_y=True, as_frame=True)
model = LogisticRegression(max_iter=300).fit(x, y)
mlflow.sklearn.save_model(model, sys.argv[1], signature=infer_signature(x, model.predict(x)))
"""
ROW = {
    "sepal length (cm)": 5.1,
    "sepal width (cm)": 3.5,
    "petal length (cm)": 1.4,
    "petal width (cm)": 0.2,
}
START_SECONDS = 180
TOGETHER = ("--batch-window-ms", "1", "--batch-rows", "64")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Connection(asyncio.Protocol):
    """Sends the same request again and again, and notes how long each answer took."""

    def __init__(self, request: bytes, until: float, times: list[float]) -> None:
        """Keep what to send, when to stop, and where the times go."""
        self.request = request
        self.until = until
        self.times = times
        self.done = asyncio.get_running_loop().create_future()
        self._received = b""
        self._sent = 0.0
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first."""
        self._transport = transport
        self._send()

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        """Take an answer, which must be good, and send the next."""
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        if len(body) < length:
            return
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{head!r} {body!r}")
        now = time.perf_counter()
        self.times.append(now - self._sent)
        self._received = b""
        if now < self.until:
            self._send()
        else:
            self._transport.close()
            self.done.set_result(None)


async def load(port: int, connections: int, seconds: float) -> dict[str, float]:
    """Keep connections busy and return requests a second and times in milliseconds."""
    body = json.dumps({"dataframe_records": [ROW]}).encode()
    head = f"Host: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    request = f"POST /invocations HTTP/1.1\r\n{head}\r\n\r\n".encode() + body
    times: list[float] = []
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    made = [
        await loop.create_connection(
            lambda: Connection(request, began + seconds, times), "127.0.0.1", port
        )
        for _ in range(connections)
    ]
    await asyncio.gather(*(protocol.done for _, protocol in made))
    took = time.perf_counter() - began
    times.sort()
    return {
        "rps": len(times) / took,
        "p50_ms": median(times) * 1000,
        "p99_ms": times[int(len(times) * 0.99)] * 1000,
    }


class Server:
    """One server, from its start to its end."""

    def __init__(self, python: str, model: Path, *options: str) -> None:
        """Start it and wait until it answers."""
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            self.port = sock.getsockname()[1]
        program = Path(python).with_name("mlflow")
        words = [program, "models", "serve", "-m", model, "--env-manager", "local"]
        # Upstream starts a command that it looks for on the path.
        path = f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [*map(str, words), "--port", str(self.port), *options],
            cwd=model.parent,
            env={**os.environ, "PATH": path, "MLFLOW_DISABLE_TELEMETRY": "true"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        while not self._answers():
            if time.perf_counter() - began > START_SECONDS:
                raise SystemExit(f"{python} does not serve")
            time.sleep(0.01)
        self.start_s = time.perf_counter() - began

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as sock:
                sock.sendall(b"GET /ping HTTP/1.0\r\nHost: localhost\r\n\r\n")
                return b" 200 " in sock.recv(64)
        except OSError:
            return False

    def memory_mib(self) -> float:
        """Return the resident memory of its processes together."""
        group = os.getpgid(self.process.pid)
        return sum(_pages(entry, group) for entry in Path("/proc").glob("[0-9]*")) * _PAGE / 2**20

    def stop(self) -> None:
        """End all its processes."""
        os.killpg(self.process.pid, 15)
        self.process.wait()


def _pages(entry: Path, group: int) -> int:
    try:
        return int((entry / "statm").read_text().split()[1]) if group == _group(entry) else 0
    except OSError:  # it ended meanwhile
        return 0


def _group(entry: Path) -> int:
    return os.getpgid(int(entry.name))


def main() -> None:
    """Measure, and print a table and JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", default=sys.executable)
    parser.add_argument("--upstream", required=True)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 16])
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--together", action="store_true")
    parser.add_argument("--output")
    given = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled files are kept, as anywhere
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder, "model")
        subprocess.run([given.ours, "-c", TRAIN, str(model)], check=True, cwd=folder)
        servers = {
            "upstream": Server(given.upstream, model),
            "headrace": Server(given.ours, model),
        }
        if given.together:
            servers["headrace, together"] = Server(given.ours, model, *TOGETHER)
        try:
            found = _measure(servers, given)
        finally:
            for server in servers.values():
                server.stop()
    if given.output:
        Path(given.output).write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def _measure(servers: dict[str, Server], given: Any) -> dict[str, Any]:
    for server in servers.values():
        asyncio.run(load(server.port, 4, 0.5))
    runs: dict[str, dict[int, list[dict[str, float]]]] = {name: {} for name in servers}
    for _ in range(given.rounds):
        for connections in given.connections:
            for name, server in servers.items():
                result = asyncio.run(load(server.port, connections, given.seconds))
                runs[name].setdefault(connections, []).append(result)
    found: dict[str, Any] = {}
    for name, server in servers.items():
        found[name] = {"start_s": server.start_s, "memory_mib": server.memory_mib()}
        print(f"{name}: ready in {server.start_s:.1f} s, {found[name]['memory_mib']:.0f} MiB")
        for connections, results in runs[name].items():
            best = {key: median(one[key] for one in results) for key in results[0]}
            found[name][str(connections)] = best
            base = found["upstream"][str(connections)]["rps"]
            print(
                f"  {connections:3d} connections: {best['rps']:8.0f} requests/s"
                f" ({best['rps'] / base:5.1f} x), p50 {best['p50_ms']:7.2f} ms,"
                f" p99 {best['p99_ms']:7.2f} ms"
            )
    return found


if __name__ == "__main__":
    main()
