"""Webhooks on a real server: told, signed, told again, and never anywhere private."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import queue
import socket
import sqlite3
import threading
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet

from tests.e2e.servers import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EVENTS = [
    {"entity": "REGISTERED_MODEL", "action": "CREATED"},
    {"entity": "MODEL_VERSION_ALIAS", "action": "CREATED"},
]
OPEN = {
    "MLFLOW_WEBHOOK_ALLOWED_SCHEMES": "http,https",
    "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS": "true",
    "MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY": Fernet.generate_key().decode(),
}


class Receiver:
    """A server that answers what it is told to, and keeps what it gets."""

    def __init__(self) -> None:
        self.got: queue.Queue[tuple[str, dict[str, str], bytes]] = queue.Queue()
        self.statuses: list[int] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(outer.statuses.pop(0) if outer.statuses else 200)
                self.end_headers()
                self.wfile.write(b"this is mine")
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.got.put((self.path, headers, body))

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def next(self) -> tuple[dict[str, str], bytes]:
        """Return the headers and the body of the next request."""
        _, headers, body = self.got.get(timeout=60)
        return headers, body


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver."""
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        thread.join()
        receiver.server.server_close()


def _create(served: Served, url: str, **more: Any) -> dict[str, Any]:
    body = {"name": "hook", "url": url, "events": EVENTS, **more}
    made: dict[str, Any] = served.api("POST", "/webhooks", body)["webhook"]
    return made


def test_receivers_are_told_and_can_tell_who_says_it(tmp_path: Path) -> None:
    """An event is sent with id, time and signature; after a failure the same one again."""
    with receiving() as receiver, serving(tmp_path, environment=OPEN) as served:
        made = _create(served, f"{receiver.url}/a", secret="sesame")  # noqa: S106
        assert "secret" not in made
        receiver.statuses = [500]
        served.api("POST", "/registered-models/create", {"name": "m"})
        first, again = receiver.next(), receiver.next()
        assert first[1] == again[1]
        headers, body = again
        assert json.loads(body)["data"] == {"name": "m", "tags": {}, "description": None}
        assert headers["x-mlflow-delivery-id"] == first[0]["x-mlflow-delivery-id"]
        signed = f"{headers['x-mlflow-delivery-id']}.{headers['x-mlflow-timestamp']}.".encode()
        digest = hmac.new(b"sesame", signed + body, hashlib.sha256).digest()
        assert headers["x-mlflow-signature"] == f"v1,{base64.b64encode(digest).decode()}"
        with closing(sqlite3.connect(tmp_path / "mlflow.db")) as database:
            assert "sesame" not in "\n".join(database.iterdump())


def test_what_was_not_told_is_told_after_a_crash(tmp_path: Path) -> None:
    """An acknowledged change reaches the receiver, though the server is killed after it."""
    with receiving() as receiver:
        with serving(tmp_path, environment=OPEN) as served:
            _create(served, f"{receiver.url}/a")
            receiver.statuses = [503] * 3
            served.api("POST", "/registered-models/create", {"name": "m"})
            served.kill()
        with serving(tmp_path, environment=OPEN):
            while json.loads(receiver.next()[1])["data"]["name"] != "m" or receiver.statuses:
                pass
            assert json.loads(receiver.next()[1])["data"]["name"] == "m"


def test_a_trial_gives_only_the_class_of_the_answer_away(tmp_path: Path) -> None:
    """Neither the body nor the exact status of what answers comes back to the caller."""
    with receiving() as receiver, serving(tmp_path, environment=OPEN) as served:
        made = _create(served, f"{receiver.url}/a")
        receiver.statuses = [418]
        path = f"/api/2.0/mlflow/webhooks/{made['webhook_id']}/test"
        reply = served.ask("POST", path, {})
        assert reply.json == {"result": {"success": False, "response_status": 400}}
        reply = served.ask("POST", path, {"event": EVENTS[1]})
        assert reply.json == {"result": {"success": True, "response_status": 200}}
        for _ in range(2):  # the first of its events when none is named
            assert json.loads(receiver.next()[1])["data"]["alias"] == "example_alias"


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://localhost:1/",
        "https://user@example.com/",
        "file:///etc/passwd",
    ],
)
def test_private_places_are_refused_when_they_are_written(tmp_path: Path, url: str) -> None:
    """Creating and changing a webhook with a private URL is 400, in any spelling."""
    with serving(tmp_path) as served:
        body = {"name": "w", "url": url, "events": EVENTS}
        reply = served.ask("POST", "/api/2.0/mlflow/webhooks", body)
        assert (reply.status, reply.json["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
        made = _create(served, "https://receiver.example/")
        changed = served.ask(
            "PATCH", f"/ajax-api/2.0/mlflow/webhooks/{made['webhook_id']}", {"url": url}
        )
        assert changed.status == 400


def test_private_places_are_not_called(tmp_path: Path) -> None:
    """A row written by hand, and a name of this machine, reach nobody: no connection is made."""
    with socket.create_server(("127.0.0.1", 0)) as honeypot:
        honeypot.settimeout(3)
        port = honeypot.getsockname()[1]
        with serving(
            tmp_path, environment={"MLFLOW_WEBHOOK_ALLOWED_SCHEMES": "http,https"}
        ) as served:
            made = _create(served, "https://receiver.example/")
            with closing(sqlite3.connect(tmp_path / "mlflow.db")) as database:
                database.execute("UPDATE hr_webhooks SET url = ?", (f"http://127.0.0.1:{port}/",))
                database.commit()
            served.api("POST", "/registered-models/create", {"name": "m"})
            reply = served.ask("POST", f"/api/2.0/mlflow/webhooks/{made['webhook_id']}/test", {})
            assert reply.json["result"]["success"] is False
            assert "response_status" not in reply.json["result"]
            with pytest.raises(TimeoutError):
                honeypot.accept()


def test_a_secret_without_a_key_is_refused(tmp_path: Path) -> None:
    """No default key: a secret is 400 where the operator gave none."""
    with serving(tmp_path) as served:
        body = {"name": "w", "url": "https://x.example/", "events": EVENTS, "secret": "sesame"}
        reply = served.ask("POST", "/api/2.0/mlflow/webhooks", body)
        assert reply.status == 400
        assert "MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY" in reply.json["message"]
        assert served.api("GET", "/webhooks") == {}
