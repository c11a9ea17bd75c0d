"""A proxy that passes every request on and loses some of the answers."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from mlflow._http.session import HttpSession
from tests.unit._http.wire_server import CLOSE, Asked, reply, serve

_PASSED: Final[tuple[str, ...]] = ("content-type", "idempotency-key", "headrace-journal")
_RETURNED: Final[tuple[str, ...]] = ("headrace-version", "content-type")


@dataclass
class LosingProxy:
    """Where it listens, and how many answers it has lost."""

    uri: str
    lost: int = 0


@contextmanager
def losing_proxy(uri: str, *, share: float) -> Iterator[LosingProxy]:
    """Run a proxy that hangs up instead of passing a share of the answers to writes on.

    Args:
        uri: The server.
        share: How many of the answers are lost, from 0 to 1.
    """
    chance = random.Random(7)  # noqa: S311 - the same losses each time
    session = HttpSession(uri)
    lock = threading.Lock()

    def answer(asked: Asked) -> bytes:
        method, path, _ = asked.line.split()
        headers = {name: asked.headers[name] for name in _PASSED if name in asked.headers}
        found = session.request(method, path, body=asked.body, headers=headers, retries=3)
        with lock:
            is_lost = method != "GET" and chance.random() < share
            proxy.lost += is_lost
        lines = [f"{name}: {found.headers[name]}" for name in _RETURNED if name in found.headers]
        return CLOSE if is_lost else reply(found.body, found.status, *lines)

    with serve(answer) as server:
        proxy = LosingProxy(server.uri)
        try:
            yield proxy
        finally:
            session.close()
