"""One request and its answer on a connection, as ASGI's ``receive`` and ``send``."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Protocol

from mlflow._asgi.errors import Disconnected
from mlflow._core.guard import contained

if TYPE_CHECKING:
    import asyncio

    from mlflow._asgi.request import Message, Scope

_STATUS_LINES: Final = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus
}
_GONE: Final = {"type": "http.disconnect"}
_BODILESS: Final = (204, 304)


class Connection(Protocol):
    """What a cycle needs of the connection that it is on."""

    transport: Any
    loop: asyncio.AbstractEventLoop
    state: Any

    def wants_body(self) -> None:
        """Read on."""

    async def drain(self) -> None:
        """Wait until the client has taken enough."""

    def answered(self, cycle: Cycle) -> None:
        """Go on after an answer."""


class Cycle:
    """A request being answered.

    Attributes:
        keep_alive: Whether another request may follow on the connection.
        more_body: Whether not all of the body has arrived.
        started: Whether a part of the answer was written.
    """

    __slots__ = (
        "_body",
        "_chunked",
        "_connection",
        "_continue",
        "_delivered",
        "_done",
        "_gone",
        "_head",
        "_left",
        "_waiter",
        "keep_alive",
        "more_body",
        "scope",
        "started",
    )

    def __init__(self, connection: Connection, scope: Scope, *, keep_alive: bool) -> None:
        """Wait for the body and the answer of a request.

        Args:
            connection: The connection.
            scope: The request's head.
            keep_alive: Whether the client lets another request follow.
        """
        self.scope = scope
        self.keep_alive = keep_alive
        self.more_body = True
        self.started = False
        self._connection = connection
        self._body = b""
        self._waiter: asyncio.Future[None] | None = None
        self._head: bytes | None = None
        self._chunked = False
        self._left: int | None = 0
        self._done = False
        self._delivered = False
        self._gone = False
        self._continue = any(
            name == b"expect" and value.lower() == b"100-continue"
            for name, value in scope["headers"]
        )

    async def run(self, app: Any) -> None:
        """Let the application answer; an answer that it left open ends the connection."""
        with contained("Answering a request", level=logging.ERROR):
            await app(self.scope, self.receive, self.send)
        if not self._done and not self._gone:
            self._connection.transport.abort()

    # What arrives

    def take(self, body: bytes) -> int:
        """Add a part of the body and return how many bytes wait to be read."""
        self._body = self._body + body if self._body else body
        self._wake()
        return len(self._body)

    def finish_body(self) -> None:
        """Note that the body is whole."""
        self.more_body = False
        self._wake()

    def disconnect(self) -> None:
        """Note that nobody waits for the answer any more."""
        self._gone = True
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def receive(self) -> Message:
        """Return the next part of the body; after it, wait for the client to go."""
        if self._continue and self.more_body and not self._gone:
            self._connection.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._continue = False
        while not (self._body or self._gone) and (self.more_body or self._delivered):
            if self.more_body:
                self._connection.wants_body()
            self._waiter = self._connection.loop.create_future()
            await self._waiter
        if self._gone:
            return dict(_GONE)
        self._delivered = not self.more_body
        body, self._body = self._body, b""
        return {"type": "http.request", "body": body, "more_body": self.more_body}

    # What is sent

    async def send(self, message: Message) -> None:
        """Write a part of the answer, head and first part of the body at once."""
        if self._gone:
            raise Disconnected
        if message["type"] == "http.response.start":
            self._head = self._render(message["status"], message["headers"])
            return
        body: bytes = message.get("body", b"")
        more: bool = message.get("more_body", False)
        parts = [self._head] if self._head is not None else []
        self._head = None
        parts.extend(self._framed(body, more=more))
        self.started = True
        transport = self._connection.transport
        if parts:
            transport.write(b"".join(parts))
        if more:
            await self._connection.drain()
            return
        self._done = True
        if self._left and self.scope["method"] != "HEAD":
            transport.abort()  # shorter than announced: nobody may take it for the whole
            return
        self._connection.answered(self)

    def _framed(self, body: bytes, *, more: bool) -> list[bytes]:
        if self.scope["method"] == "HEAD":
            return []
        if self._left is None:
            return [body] if body else []
        if not self._chunked:
            self._left -= len(body)
            if self._left < 0:
                raise RuntimeError("the answer is longer than its content-length")
            return [body] if body else []
        parts = [b"%x\r\n" % len(body), body, b"\r\n"] if body else []
        return parts if more else [*parts, b"0\r\n\r\n"]

    def _render(self, status: int, headers: list[tuple[bytes, bytes]]) -> bytes:
        lines = [_STATUS_LINES[status]]
        lengthless = status not in _BODILESS
        for name, value in (*self._connection.state.default_headers, *headers):
            if name == b"content-length":
                self._left = int(value)
                lengthless = False
            elif name == b"connection" and value == b"close":
                self.keep_alive = False
                continue
            lines.append(b"%b: %b\r\n" % (name, value))
        if lengthless and self.scope["http_version"] == "1.1":
            self._chunked = True
            lines.append(b"transfer-encoding: chunked\r\n")
        elif lengthless:
            self.keep_alive = False  # HTTP/1.0: the end of the connection is the end of the body
            self._left = None
        if not self.keep_alive or self.more_body or self._connection.state.draining:
            self.keep_alive = False  # who still sends a body nobody reads is told so
            lines.append(b"connection: close\r\n")
        elif self.scope["http_version"] == "1.0":
            lines.append(b"connection: keep-alive\r\n")
        head = b"".join(lines)
        if head.count(b"\n") != len(lines) or b"\x00" in head:
            raise RuntimeError("a header of the answer holds a line break")
        return head + b"\r\n"
