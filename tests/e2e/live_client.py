"""A server in a process of its own, and a client that follows its live events."""

from __future__ import annotations

import http.client
import json
import os
import queue
import re
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_SERVE: Final = """
import json, sys
from mlflow.server.run import run_server
from mlflow.server.settings import ServerSettings
run_server(ServerSettings(**json.loads(sys.argv[1])))
"""
_PATIENCE: Final = 20.0


class Event(NamedTuple):
    """One event of a stream."""

    kind: str
    data: dict[str, Any]
    id: str


class Server:
    """A running server."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def call(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        """Send one request on a connection of its own; return status and answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        status, content = answer.status, answer.read()
        connection.close()
        return status, json.loads(content)


@contextmanager
def server(uri: str, folder: Path, workers: int = 1) -> Iterator[Server]:
    """Serve a database on a free port until the block ends."""
    settings = {
        "backend_store_uri": uri,
        "artifacts_destination": str(folder / "artifacts"),
        "port": 0,
        "workers": workers,
        "access_log": False,
    }
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE, json.dumps(settings)],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("COV_")},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said = ""
    try:
        while (found := re.search(r"http://127\.0\.0\.1:(\d+)", said)) is None:
            line = process.stderr.readline()
            assert line, said
            said += line
        drain = threading.Thread(target=process.stderr.read)
        drain.start()
        yield Server(process, int(found[1]))
    finally:
        process.terminate()
        process.wait(_PATIENCE)
        drain.join()
        process.stderr.close()


class Stream:
    """A stream of events, read by a thread.

    Attributes:
        ended: Set when it is over.
        broken: Whether it was over in the middle of a part.
        last_id: The newest id.
    """

    def __init__(
        self,
        server: Server,
        *experiments: str,
        topics: tuple[str, ...] = (),
        last_id: str = "",
    ) -> None:
        words = [("experiment_id", one) for one in experiments]
        path = f"/api/headrace/live?{urlencode([*words, *(('topic', one) for one in topics)])}"
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.connection.request("GET", path, headers={"Last-Event-ID": last_id} if last_id else {})
        self._socket = self.connection.sock
        self.answer = self.connection.getresponse()
        assert self.answer.status == 200, self.answer.read()
        assert self.answer.headers["content-type"] == "text/event-stream"
        self.events: queue.Queue[Event] = queue.Queue()
        self.ended = threading.Event()
        self.broken = False
        self.last_id = ""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        kind, data = "message", ""
        try:
            for line in self.answer:
                field, _, value = line.decode().rstrip("\n").partition(": ")
                if field == "id":
                    self.last_id = value
                elif field == "event":
                    kind = value
                elif field == "data":
                    data = value
                elif not field and data:
                    self.events.put(Event(kind, json.loads(data), self.last_id))
                    kind, data = "message", ""
        except (http.client.IncompleteRead, OSError, ValueError, AttributeError):
            self.broken = True
        self.ended.set()

    def wait(self, wanted: Callable[[Event], bool]) -> Event:
        """Return the next event of a kind; others before it are passed over."""
        while True:
            event = self.events.get(timeout=_PATIENCE)
            if wanted(event):
                return event

    def of_kind(self, kind: str, run_id: str = "") -> Event:
        """Return the next event of a kind, of a run or of any."""
        return self.wait(
            lambda event: event.kind == kind and run_id in ("", event.data.get("run_id"))
        )

    def of_topic(self, topic: str, *names: str) -> None:
        """Wait until all of these are told to have changed."""
        missing = set(names)
        while missing:
            missing.difference_update(self.of_kind(topic).data["changed"])

    def close(self) -> None:
        """Go away."""
        with suppress(OSError):  # the server may have gone before
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(_PATIENCE)
        self.connection.close()
        self.answer.close()
