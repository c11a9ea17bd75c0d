"""Requests a second of one server under 1, 8 and 64 clients, and pages of a large store over HTTP.

    python bench/load.py --uri http://127.0.0.1:5000 --seconds 5
    python bench/load.py --uri http://127.0.0.1:5000 --experiment 1 --pages

Each client is a kept connection that sends its next request when the answer to the last is whole.
The requests are made before the clock starts, so that the generator costs as little as it can.
"""

import argparse
import asyncio
import json
import random
import statistics
import time
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

JSON = "application/json"


def call(uri: str, path: str, fields: dict[str, Any]) -> tuple[Any, float]:
    """Send one request and return the answer and the milliseconds that it took."""
    body = json.dumps(fields).encode()
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{uri}/api/2.0/mlflow{path}", body, {"Content-Type": JSON}
    )
    started = time.perf_counter()
    with urllib.request.urlopen(request) as reply:  # noqa: S310
        content = reply.read()
    return json.loads(content), 1e3 * (time.perf_counter() - started)


def raw_request(host: str, path: str, fields: dict[str, Any]) -> bytes:
    """Return a whole request as bytes."""
    body = json.dumps(fields).encode()
    head = f"POST /api/2.0/mlflow{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {JSON}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Client(asyncio.Protocol):
    """One connection that asks again as soon as it is answered."""

    def __init__(self, requests: list[bytes], until: float, took: list[float]) -> None:
        self.requests = requests
        self.until = until
        self.took = took
        self.next = 0
        self.missing = -1
        self.buffer = b""
        self.since = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._send()

    def _send(self) -> None:
        self.since = time.perf_counter()
        self.transport.write(self.requests[self.next % len(self.requests)])
        self.next += 1

    def data_received(self, data: bytes) -> None:
        """Take a part of an answer; send the next request when it is whole."""
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        if self.missing < 0:
            if not head.startswith(b"HTTP/1.1 200"):
                raise SystemExit(self.buffer[:500].decode())
            lowered = head.lower()
            start = lowered.index(b"content-length:") + 15
            self.missing = int(lowered[start : start + 20].split(b"\r\n")[0])
        if len(body) < self.missing:
            return
        now = time.perf_counter()
        self.took.append(now - self.since)
        self.buffer, self.missing = b"", -1
        if now < self.until:
            self._send()
        elif not self.done.done():
            self.transport.close()
            self.done.set_result(None)


async def load(
    uri: str, clients: int, seconds: float, make: Callable[[int], list[bytes]]
) -> dict[str, float]:
    """Return requests a second and the milliseconds of one, as many clients see them."""
    place = urlsplit(uri)
    loop = asyncio.get_running_loop()
    requests = [make(number) for number in range(clients)]
    took: list[float] = []
    started = time.perf_counter()
    made = [
        await loop.create_connection(
            lambda own=own: Client(own, started + seconds, took),  # type: ignore[misc]
            place.hostname or "127.0.0.1",
            place.port or 80,
        )
        for own in requests
    ]
    await asyncio.gather(*(client.done for _, client in made))
    spent = time.perf_counter() - started
    took.sort()
    return {
        "per_second": len(took) / spent,
        "p50_ms": 1e3 * took[len(took) // 2],
        "p99_ms": 1e3 * took[int(len(took) * 0.99)],
    }


def writes(uri: str, seconds: float) -> dict[str, dict[str, float]]:
    """Measure single points from 1, 8 and 64 clients, and narrow and wide batches from one."""
    host = urlsplit(uri).netloc
    experiment, _ = call(uri, "/experiments/create", {"name": f"load {time.time()}"})

    def run() -> str:
        made, _ = call(uri, "/runs/create", {**experiment, "start_time": 1})
        return str(made["run"]["info"]["run_id"])

    def points(_: int) -> list[bytes]:
        own = {"run_id": run(), "key": "loss", "timestamp": 1}
        return [
            raw_request(host, "/runs/log-metric", {**own, "value": n / 7, "step": n})
            for n in range(20_000)
        ]

    def batches(keys: int, steps: int) -> Callable[[int], list[bytes]]:
        def make(_: int) -> list[bytes]:
            own = run()
            return [
                raw_request(
                    host,
                    "/runs/log-batch",
                    {
                        "run_id": own,
                        "metrics": [
                            {
                                "key": f"m{key}",
                                "value": random.random(),
                                "timestamp": 1,
                                "step": step,
                            }
                            for key in range(keys)
                            for step in range(part * steps, (part + 1) * steps)
                        ],
                    },
                )
                for part in range(200)
            ]

        return make

    found = {}
    for clients in (1, 8, 64):
        found[f"log_metric, {clients} clients"] = asyncio.run(load(uri, clients, seconds, points))
    for name, keys, steps in (("narrow", 10, 100), ("wide", 1000, 1)):
        result = asyncio.run(load(uri, 1, seconds, batches(keys, steps)))
        found[f"{name} batches, 1 client"] = {**result, "points": 1000 * result["per_second"]}
    return found


def pages(uri: str, experiment: str) -> dict[str, dict[str, float]]:
    """Measure pages of an experiment that is there: newest runs, a filter, an order by a metric."""
    clause = "metrics.metric1 > 0.5 and params.param2 = '42' and tags.tag3 LIKE '%7%'"
    asked: dict[str, dict[str, Any]] = {
        "newest 100": {"max_results": 100},
        "newest 1,000": {"max_results": 1000},
        "three filters by a metric": {
            "filter": clause,
            "order_by": ["metrics.metric5 DESC"],
            "max_results": 100,
        },
        "first 100 by a metric": {"order_by": ["metrics.metric5 DESC"], "max_results": 100},
    }
    found = {}
    for name, fields in asked.items():
        took = []
        for _ in range(9):
            answer, milliseconds = call(
                uri, "/runs/search", {"experiment_ids": [experiment], **fields}
            )
            took.append(milliseconds)
        found[name] = {"p50_ms": statistics.median(took), "rows": len(answer.get("runs", []))}
    return found


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uri", required=True, help="a tracking server")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each load")
    parser.add_argument("--pages", action="store_true", help="read pages instead of writing")
    parser.add_argument("--experiment", default="0", help="whose pages to read")
    options = parser.parse_args()
    if options.pages:
        found = pages(options.uri, options.experiment)
    else:
        found = writes(options.uri, options.seconds)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
