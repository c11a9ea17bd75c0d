"""uvicorn's server with our connections, and a way to stop that breaks nobody's request off."""

from __future__ import annotations

import asyncio
import signal
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from uvicorn import Config, Server

from mlflow._asgi.protocol import DrainState, HttpProtocol

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Callable, Iterator, Sequence

DRAIN_SECONDS: Final = 10.0
_POLL_SECONDS: Final = 0.02
_TICKS_A_SECOND: Final = 10


class DrainingServer(Server):
    """A server that answers what is asked until it is told to stop, and then what was asked.

    Attributes:
        on_ready: Called when it listens.
    """

    def __init__(
        self,
        app: Any,
        *,
        tls: ssl.SSLContext | None = None,
        backlog: int = 2048,
        beside: Sequence[tuple[socket.socket, Any]] = (),
    ) -> None:
        """Make the server of an ASGI application.

        Args:
            app: The application; its ``stop`` method, if any, is called when draining begins.
            tls: Of the listening sockets; None for plain HTTP.
            backlog: Connections that wait to be accepted.
            beside: Further sockets, without TLS, each with its application.
        """
        super().__init__(_config(app, backlog))
        self.config.ssl = tls
        self.on_ready: Callable[[], None] | None = None
        self._beside: Final = tuple(beside)
        self.server_state: DrainState = DrainState()
        self._app = app

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets=sockets)
        for sock, app in self._beside:
            config = _config(app, self.config.backlog)
            make = partial(HttpProtocol, config, self.server_state, {})
            loop = asyncio.get_running_loop()
            self.servers.append(await loop.create_server(make, sock=sock))
        if self.on_ready is not None:
            self.on_ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGINT and SIGTERM, and end as a process that did what it was told."""
        before = {
            number: signal.signal(number, self.handle_exit)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def on_tick(self, counter: int) -> bool:
        """Look once a second at the connections that keep us waiting."""
        if counter % _TICKS_A_SECOND == 0:
            now = asyncio.get_running_loop().time()
            for connection in list(self.server_state.connections):
                connection.expire(now)  # type: ignore[union-attr]  # all of them are ours
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what was asked, refuse what is asked now, and close, all within ten seconds."""
        self.server_state.draining = True
        stop = getattr(self._app, "stop", None)
        if stop is not None:
            stop()
        deadline = asyncio.get_running_loop().time() + DRAIN_SECONDS
        for connection in list(self.server_state.connections):
            connection.shutdown()
        while self._goes_on(deadline):  # noqa: ASYNC110 - also a second signal ends it
            await asyncio.sleep(_POLL_SECONDS)
        for server in self.servers:
            server.close()
        for sock in sockets or []:
            sock.close()
        for task in list(self.server_state.tasks):
            task.cancel()  # after ten seconds only
        for connection in list(self.server_state.connections):
            connection.transport.close()
        await self.lifespan.shutdown()

    def _goes_on(self, deadline: float) -> bool:
        busy = any(one.busy for one in self.server_state.connections)  # type: ignore[union-attr]  # all are ours
        return busy and asyncio.get_running_loop().time() < deadline and not self.force_exit


def _config(app: Any, backlog: int) -> Config:
    config = Config(
        app,
        http=HttpProtocol,
        ws="none",
        loop="auto",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whoever connects could name any address
        backlog=backlog,
    )
    config.load()
    return config
