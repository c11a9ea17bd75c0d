"""The HTTP protocol on real sockets in this process: writes, waits, drains."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from mlflow._asgi import protocol
from mlflow._asgi.errors import Disconnected
from mlflow._asgi.protocol import DrainState, HttpProtocol
from mlflow._asgi.request import Request
from mlflow._asgi.response import Response, StreamResponse

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable

    App = Callable[[Any, Any, Any], Awaitable[None]]

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class _Config:
    def __init__(self, app: App) -> None:
        self.loaded_app = app


class _Recording(HttpProtocol):
    """Counts how often the transport is written to."""

    writes: list[bytes]

    def connection_made(self, transport: Any) -> None:
        self.writes = []
        super().connection_made(transport)
        self.transport = _Tapped(transport, self.writes)


class _Tapped:
    def __init__(self, transport: Any, writes: list[bytes]) -> None:
        self._transport = transport
        self._writes = writes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        self._writes.append(data)
        self._transport.write(data)


class _Peer:
    """The client's side, and the server's protocol."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.server: _Recording

    async def head(self) -> bytes:
        return await self.reader.readuntil(b"\r\n\r\n")


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - the protocol under test tells nobody
        await asyncio.sleep(0)


@asynccontextmanager
async def _connected(app: App) -> AsyncIterator[_Peer]:
    loop = asyncio.get_running_loop()
    state = DrainState()
    made: list[_Recording] = []

    def make() -> _Recording:
        made.append(_Recording(_Config(app), state, {}, loop))  # type: ignore[arg-type]  # only its app is read
        return made[-1]

    server = await loop.create_server(make, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    peer = _Peer(reader, writer)
    await _until(lambda: bool(made) and made[0].transport is not None)
    peer.server = made[0]
    try:
        yield peer
    finally:
        server.close()
        writer.close()
        made[0].transport.abort()
        await _until(lambda: not state.connections)
        for task in list(state.tasks):
            task.cancel()
        await asyncio.gather(*state.tasks, return_exceptions=True)


async def _echo(scope: Any, receive: Any, send: Any) -> None:
    request = Request(scope, receive)
    body = await request.body()
    await Response(body or b"none", content_type="text/plain").send(
        send, head=request.method == "HEAD"
    )


def test_an_answer_is_one_write_without_delay() -> None:
    """Head and body leave in one call, on a socket with TCP_NODELAY."""

    async def run() -> None:
        async with _connected(_echo) as peer:
            peer.writer.write(GET)
            assert b"content-length: 4" in await peer.head()
            assert await peer.reader.readexactly(4) == b"none"
            assert len(peer.server.writes) == 1
            sock = peer.server.transport.get_extra_info("socket")
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("sent", "after", "status"),
    [
        (b"", protocol.HEAD_SECONDS, None),
        (b"GET / HT", protocol.HEAD_SECONDS, 408),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc", protocol.BODY_SECONDS, 408),
        (GET, protocol.IDLE_SECONDS, None),
    ],
    ids=["silence", "half a head", "half a body", "idle"],
)
def test_every_wait_for_a_client_ends(sent: bytes, after: float, status: int | None) -> None:
    """A silent or slow client is answered 408, or hung up on, when its time is over."""

    async def run() -> None:
        async with _connected(_echo) as peer:
            loop = asyncio.get_running_loop()
            peer.writer.write(sent)
            if sent == GET:
                await peer.head()
                await peer.reader.readexactly(4)
            await _until(lambda: peer.server.busy or sent in (b"", GET))
            peer.server.expire(loop.time() + after - 1)
            assert not peer.server.transport.is_closing()
            peer.server.expire(loop.time() + after + 1)
            rest = await peer.reader.read()
            assert rest.startswith(b"HTTP/1.1 %d" % status if status else b"")
            assert bool(rest) == bool(status)

    asyncio.run(run())


def test_a_slow_head_on_an_idle_connection_is_given_up() -> None:
    """The time of a head begins with its first byte, on every request."""

    async def run() -> None:
        async with _connected(_echo) as peer:
            loop = asyncio.get_running_loop()
            peer.writer.write(GET)
            await peer.head()
            await peer.reader.readexactly(4)
            peer.writer.write(b"GET / HT")
            await _until(lambda: peer.server.busy)
            peer.server.expire(loop.time() + protocol.HEAD_SECONDS + 1)
            assert (await peer.reader.read()).startswith(b"HTTP/1.1 408")

    asyncio.run(run())


def test_an_application_may_wait_for_the_client_to_go() -> None:
    """``receive`` after the body says when the client has gone, and no time limit holds."""
    gone = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        del scope, send
        assert (await receive())["more_body"] is False
        assert (await receive())["type"] == "http.disconnect"
        gone.set()

    async def run() -> None:
        async with _connected(app) as peer:
            peer.writer.write(GET)
            await _until(lambda: peer.server.busy)
            for _ in range(10):
                await asyncio.sleep(0)
            peer.server.expire(asyncio.get_running_loop().time() + 3600)
            assert not peer.server.transport.is_closing()
            peer.writer.close()
            await gone.wait()

    asyncio.run(run())


def test_a_client_that_does_not_read_is_given_up() -> None:
    """When nothing is taken for a minute, the stream ends and its source is closed."""
    closed = asyncio.Event()

    async def endless() -> AsyncGenerator[bytes, None]:
        try:
            while True:
                yield b"x" * 65536
        finally:
            closed.set()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        del scope, receive
        with pytest.raises(Disconnected):
            await StreamResponse(endless()).send(send)

    async def run() -> None:
        async with _connected(app) as peer:
            peer.writer.write(GET)
            await _until(lambda: peer.server._writable is not None)
            peer.server.expire(asyncio.get_running_loop().time() + protocol.WRITE_SECONDS + 1)
            await closed.wait()

    asyncio.run(run())


def test_a_short_stream_is_cut_off() -> None:
    """A body that comes to less than was announced breaks the connection: no short files."""

    async def short() -> AsyncGenerator[bytes, None]:
        yield b"only this"

    async def app(scope: Any, receive: Any, send: Any) -> None:
        del scope, receive
        await StreamResponse(short(), length=100).send(send)

    async def run() -> None:
        async with _connected(app) as peer:
            peer.writer.write(GET)
            await peer.head()
            with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
                await peer.reader.readexactly(100)

    asyncio.run(run())


def test_streams_are_chunked_or_end_with_the_connection() -> None:
    """HTTP/1.1 gets chunks, HTTP/1.0 the bytes and the end; HEAD gets neither."""

    async def parts() -> AsyncGenerator[bytes, None]:
        yield b"one"
        yield b"two"

    async def app(scope: Any, receive: Any, send: Any) -> None:
        del receive
        await StreamResponse(parts()).send(send, head=scope["method"] == "HEAD")

    async def run() -> None:
        async with _connected(app) as peer:
            peer.writer.write(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + GET)
            assert b"transfer-encoding: chunked" in await peer.head()
            assert b"transfer-encoding: chunked" in await peer.head()
            assert await peer.reader.readuntil(b"0\r\n\r\n") == b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"
        async with _connected(app) as peer:
            peer.writer.write(b"GET / HTTP/1.0\r\nHost: x\r\n\r\n")
            assert b"transfer-encoding" not in await peer.head()
            assert await peer.reader.read() == b"onetwo"

    asyncio.run(run())


def test_draining_refuses_what_comes_later() -> None:
    """While the server drains, a request on an open connection is 503 and the connection ends."""

    async def run() -> None:
        async with _connected(_echo) as peer:
            peer.server.state.draining = True
            peer.writer.write(GET)
            head = await peer.head()
            assert head.startswith(b"HTTP/1.1 503")
            assert b"retry-after: 1" in head
            assert b"connection: close" in head
            await peer.reader.read()

    asyncio.run(run())


def test_a_header_with_a_line_break_is_not_sent() -> None:
    """An answer whose header holds a line break breaks the connection instead."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        del scope, receive
        await Response(b"x", headers=(("x-a", "1\r\nx-evil: 2"),)).send(send)

    async def run() -> None:
        async with _connected(app) as peer:
            peer.writer.write(GET)
            with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
                await peer.head()

    asyncio.run(run())


def test_connections_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """One connection more than the limit is told so and closed; the others are served."""
    monkeypatch.setattr(protocol, "CONNECTIONS_LIMIT", 1)

    async def run() -> None:
        async with _connected(_echo) as peer:
            port = peer.server.transport.get_extra_info("sockname")[1]
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            assert (await reader.read()).startswith(b"HTTP/1.1 503")
            writer.close()
            peer.writer.write(GET)
            assert (await peer.head()).startswith(b"HTTP/1.1 200")

    asyncio.run(run())


def test_a_crowded_pipeline_is_answered_up_to_its_limit() -> None:
    """Requests beyond the limit of a pipeline get no answer, those before it get theirs."""

    async def run() -> None:
        async with _connected(_echo) as peer:
            peer.writer.write(GET * (protocol.PIPELINE_LIMIT * 2))
            answers = await peer.reader.read()
            assert answers.count(b"HTTP/1.1 200") == protocol.PIPELINE_LIMIT + 1

    asyncio.run(run())
