"""HTTP/1.1 on one connection: head and body in one write, every wait bounded, no client trusted.

uvicorn runs it (``Config(http=HttpProtocol)``): it owns the loop, the sockets and TLS. Its own
protocol writes head and body apart, waits for slow heads and bodies forever, limits no head, and
answers what it cannot parse as text.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import httptools
from uvicorn.server import ServerState

from mlflow._asgi.cycle import Cycle
from mlflow._asgi.errors import RETRY_AFTER_SECONDS, RequestRefused
from mlflow._wire.errors import error_body
from mlflow.exceptions import BAD_REQUEST, INVALID_PARAMETER_VALUE, TEMPORARILY_UNAVAILABLE

if TYPE_CHECKING:
    from uvicorn import Config

HEAD_LIMIT: Final = 64 * 1024
HEADERS_LIMIT: Final = 128
PIPELINE_LIMIT: Final = 128
CONNECTIONS_LIMIT: Final = 4096
# Seconds; a connection is looked at once a second.
HEAD_SECONDS: Final = 10.0
IDLE_SECONDS: Final = 75.0
BODY_SECONDS: Final = 30.0
WRITE_SECONDS: Final = 60.0
LINGER_SECONDS: Final = 2.0
LINGER_BYTES: Final = 64 * 1024 * 1024
_BUFFERED_BODY: Final = 256 * 1024


class DrainState(ServerState):
    """What all connections of a server know.

    Attributes:
        draining: Whether the server is stopping, and refuses what is asked now.
    """

    def __init__(self) -> None:
        super().__init__()
        self.draining = False


class HttpProtocol(asyncio.Protocol):
    """One connection; requests on it are answered one after the other.

    Attributes:
        transport: The connection.
        deadline: When it is given up, on the loop's clock; None while the application works.
    """

    def __init__(
        self,
        config: Config,
        server_state: DrainState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """Make the protocol of a connection, as uvicorn does."""
        del app_state
        self.app: Any = config.loaded_app
        self.loop = _loop or asyncio.get_running_loop()
        self.state = server_state
        self.connections: set[Any] = server_state.connections
        self.tasks: set[asyncio.Task[None]] = server_state.tasks
        self.transport: Any = None
        self.deadline: float | None = None
        self._parser: Any = httptools.HttpRequestParser(self)
        self._cycle: Cycle | None = None
        self._pipeline: deque[Cycle] = deque()
        self._reading_paused = False
        self._writable: asyncio.Event | None = None
        self._deaf = False
        self._ignored = 0
        self._head_bytes = 0
        self._in_head = True
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []

    # The connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        self.transport = transport
        self.connections.add(self)
        peer = transport.get_extra_info("peername")
        self.client = peer[:2] if isinstance(peer, tuple) else None
        self.scheme = "https" if transport.get_extra_info("sslcontext") else "http"
        sock = transport.get_extra_info("socket")
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.deadline = self.loop.time() + HEAD_SECONDS
        if len(self.connections) > CONNECTIONS_LIMIT:
            self.refuse(_unavailable("The server has as many connections as it takes."))

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever works for this connection that it is gone."""
        del exc
        self.connections.discard(self)
        self.deadline = None
        for cycle in (self._cycle, *self._pipeline):
            if cycle is not None:
                cycle.disconnect()
        self._pipeline.clear()
        self.resume_writing()

    def data_received(self, data: bytes) -> None:
        """Parse what arrived."""
        if self._deaf:  # read on, so that the answer is not lost with a reset
            self._ignored += len(data)
            if self._ignored > LINGER_BYTES:
                self.transport.abort()
            return
        if self._in_head:
            if not self._head_bytes and self._cycle is None:
                self.deadline = self.loop.time() + HEAD_SECONDS
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._refuse_rest(_malformed("This server speaks HTTP/1.1 without upgrades."))
        except httptools.HttpParserError:
            self._refuse_rest(_malformed("The request is not valid HTTP/1.1."))
        if self._in_head and self._head_bytes > HEAD_LIMIT:
            self._refuse_rest(_too_large_head())

    def pause_writing(self) -> None:
        """Make those who send wait until the client has taken what is on its way."""
        self._writable = asyncio.Event()
        self.deadline = self.loop.time() + WRITE_SECONDS

    def resume_writing(self) -> None:
        """Let them go on."""
        if self._writable is not None:
            self._writable.set()
            self._writable = None
            self.deadline = None

    async def drain(self) -> None:
        """Wait until the client has taken enough of what was written."""
        if self._writable is not None:
            await self._writable.wait()

    def expire(self, now: float) -> None:
        """Give the connection up if it has kept us waiting for too long.

        Args:
            now: The time on the loop's clock.
        """
        if self.deadline is None or now < self.deadline:
            return
        if self._deaf or self._writable is not None:
            self.transport.abort()
        elif self._cycle is None and not self._head_bytes:
            self.transport.close()
        else:
            self.refuse(
                RequestRefused("The request took too long to arrive.", BAD_REQUEST, status=408)
            )

    @property
    def busy(self) -> bool:
        """Whether a request is being received or answered."""
        return self._cycle is not None or bool(self._head_bytes)

    def shutdown(self) -> None:
        """Stop: an idle connection is closed, a busy one after its answer."""
        if self._cycle is None:
            if not self._head_bytes:
                self.transport.close()
        else:
            self._cycle.keep_alive = False

    # What the parser finds

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._url = b""
        self._headers = []

    def on_url(self, url: bytes) -> None:
        """Take a part of the request's target."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        self._in_head = False
        if self._deaf:
            return
        if len(self._headers) > HEADERS_LIMIT or self._is_head_too_long():
            self.refuse(_too_large_head())
            return
        raw_path, _, query = self._url.partition(b"?")
        if not raw_path.startswith(b"/") or b"#" in self._url:
            self.refuse(_malformed("The request's target must be a path with an optional query."))
            return
        version = self._parser.get_http_version()
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": version,
            "method": self._parser.get_method().decode("ascii"),
            "scheme": self.scheme,
            "path": raw_path.decode("latin-1"),
            "raw_path": raw_path,
            "query_string": query,
            "root_path": "",
            "headers": self._headers,
            "client": self.client,
            "server": None,
        }
        cycle = Cycle(self, scope, keep_alive=self._parser.should_keep_alive())
        if self._cycle is None:
            self._begin(cycle)
        elif len(self._pipeline) < PIPELINE_LIMIT:
            self._pipeline.append(cycle)
            self._pause_reading()
        else:
            self._refuse_rest(_unavailable("Too many requests wait on this connection."))

    def _is_head_too_long(self) -> bool:
        if self._head_bytes <= HEAD_LIMIT:
            return False
        fields = sum(len(name) + len(value) + 4 for name, value in self._headers)
        return fields + len(self._url) > HEAD_LIMIT

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        cycle = self._newest()
        if cycle is None or self._deaf:
            return
        full = cycle.take(body) > _BUFFERED_BODY
        if full:
            self._pause_reading()
        if cycle is self._cycle and self._writable is None:
            self.deadline = None if full else self.loop.time() + BODY_SECONDS

    def on_message_complete(self) -> None:
        """Note that the request is whole."""
        self._in_head = True
        self._head_bytes = 0
        cycle = self._newest()
        if cycle is None or self._deaf:
            return
        cycle.finish_body()
        if cycle is self._cycle and self._writable is None:
            self.deadline = None

    def _newest(self) -> Cycle | None:
        return self._pipeline[-1] if self._pipeline else self._cycle

    # Answering

    def _begin(self, cycle: Cycle) -> None:
        self._cycle = cycle
        self.deadline = self.loop.time() + BODY_SECONDS if cycle.more_body else None
        if self.state.draining:
            self.refuse(_unavailable("The server is stopping."))
            return
        task = self.loop.create_task(cycle.run(self.app))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def wants_body(self) -> None:
        """Read on, for an application that waits for more of the body."""
        if not self._pipeline:
            self._resume_reading()
            self.deadline = self.loop.time() + BODY_SECONDS

    def answered(self, cycle: Cycle) -> None:
        """Go on after an answer: the next request, or the end of the connection.

        Args:
            cycle: What was answered.
        """
        self.state.total_requests += 1
        if not cycle.keep_alive or cycle.more_body:
            self._close_gently()
            return
        self._cycle = None
        if self._pipeline:
            self._begin(self._pipeline.popleft())
        if not self._pipeline:
            self._resume_reading()
        if self._cycle is None:
            self.deadline = self.loop.time() + (HEAD_SECONDS if self._head_bytes else IDLE_SECONDS)

    def refuse(self, error: RequestRefused) -> None:
        """Answer a request that reaches no application, and end the connection.

        Args:
            error: What the answer says.
        """
        if self._deaf or self.transport.is_closing():
            return
        if self._cycle is not None and self._cycle.started:
            self.transport.abort()  # half an answer is on its way: cut it off
            return
        if self._cycle is not None:
            self._cycle.disconnect()
        body = error_body(error)
        lines = [
            f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}",
            "content-type: application/json",
            f"content-length: {len(body)}",
            "x-content-type-options: nosniff",
            "cache-control: no-store",
            *(f"{name}: {value}" for name, value in error.headers),
            "connection: close",
        ]
        self.transport.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        self._close_gently()

    def _refuse_rest(self, error: RequestRefused) -> None:
        """Refuse what cannot be read as a request, after the answers to those before it."""
        if self._cycle is None or self._cycle.more_body:
            self.refuse(error)
            return
        self._deaf = True
        (self._pipeline[-1] if self._pipeline else self._cycle).keep_alive = False

    def _close_gently(self) -> None:
        """End the connection so that the client can read the answer before it sees the end."""
        whole = self._cycle is not None and not self._cycle.more_body and not self._head_bytes
        if whole or not self.transport.can_write_eof():
            self.transport.close()
            return
        self._deaf = True
        self._resume_reading()
        self.deadline = self.loop.time() + LINGER_SECONDS
        self.transport.write_eof()

    def _pause_reading(self) -> None:
        if not self._reading_paused and not self.transport.is_closing():
            self._reading_paused = True
            self.transport.pause_reading()

    def _resume_reading(self) -> None:
        if self._reading_paused and not self.transport.is_closing():
            self._reading_paused = False
            self.transport.resume_reading()


def _malformed(message: str) -> RequestRefused:
    return RequestRefused(message, INVALID_PARAMETER_VALUE, status=400)


def _too_large_head() -> RequestRefused:
    message = f"The request's head is larger than {HEAD_LIMIT} bytes or {HEADERS_LIMIT} headers."
    return RequestRefused(message, INVALID_PARAMETER_VALUE, status=431)


def _unavailable(message: str) -> RequestRefused:
    retry = (("retry-after", str(RETRY_AFTER_SECONDS)),)
    return RequestRefused(message, TEMPORARILY_UNAVAILABLE, status=503, headers=retry)
