"""The scoring server's ASGI application."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mlflow._asgi.application import BaseApplication
from mlflow._asgi.errors import allowed_methods, method_refused
from mlflow._asgi.lanes import Lane, one_by_one
from mlflow._asgi.metrics import METRICS, Metrics
from mlflow._asgi.response import HTML, Response, StreamResponse
from mlflow._asgi.security import SAFE_METHODS, Security, is_loopback
from mlflow.exceptions import DEADLINE_EXCEEDED, ENDPOINT_NOT_FOUND, MlflowException
from mlflow.pyfunc.scoring_server.batching import Batcher
from mlflow.pyfunc.scoring_server.content import content_type
from mlflow.pyfunc.scoring_server.described import CSS, openapi, page
from mlflow.pyfunc.scoring_server.invoke import ServedModel, wants_stream
from mlflow.pyfunc.scoring_server.settings import DEFAULT_NAME, ServingSettings
from mlflow.version import VERSION

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable

    from mlflow._asgi.request import Receive, Request, Send
    from mlflow._asgi.response import Answer
    from mlflow.models.payload import Payload
    from mlflow.pyfunc.loaded_model import PyFuncModel

INVOCATIONS: Final = "/invocations"
_SMALL_BODY: Final = 32 * 1024  # read in the loop: a thread costs more
_EVENTS: Final = "text/event-stream"
_END: Final = object()  # of the pieces of a stream


class _Route(NamedTuple):
    method: str
    path: str
    name: str
    handler: Callable[[Request], Awaitable[Answer]]


class ScoringApplication(BaseApplication[_Route]):
    """Answers predictions of one or several models.

    Attributes:
        served: The models by name; the first one answers ``/invocations``.
    """

    def __init__(self, served: Iterable[ServedModel], settings: ServingSettings) -> None:
        """Put the application together.

        Args:
            served: The models.
            settings: What the server was told.
        """
        security = Security(_exposure(settings))
        super().__init__(metrics=Metrics(), security=security, access_log=settings.access_log)
        self.served: Final = {one.name: one for one in served}
        self._settings: Final = settings
        # One thread takes what waits by one: predictions are long, and others must not wait for a
        # group's end.
        self._lane: Final = Lane(
            "predictions", one_by_one, threads=settings.threads, capacity=settings.queue, group=1
        )
        self._batchers: Final = {
            name: Batcher(
                one, self._lane, window_ms=settings.batch_window_ms, rows=settings.batch_rows
            )
            for name, one in self.served.items()
            if settings.batch_window_ms
        }
        self._routes: Final[dict[str, dict[str, _Route]]] = {}
        for route in self._all_routes():
            self._routes.setdefault(route.path, {})[route.method] = route
        self._stopping: Final = asyncio.Event()

    def _all_routes(self) -> list[_Route]:
        models = list(self.served.values())
        document, html = openapi(models), page(models)

        def fixed(body: str, kind: str = "application/json") -> Any:
            async def answer(_request: Request) -> Answer:
                return Response(body.encode(), content_type=kind)

            return answer

        async def figures(_request: Request) -> Answer:
            return self.metrics.answer(self._figures())

        rows = [
            _Route("GET", "/ping", "ping", fixed("\n")),
            _Route("GET", "/health", "health", fixed("\n")),
            _Route("GET", "/version", "version", fixed(VERSION)),
            _Route("GET", METRICS, "metrics", figures),
            _Route("GET", "/openapi.json", "openapi", fixed(document)),
            _Route("GET", "/docs", "docs", fixed(html, HTML)),
            _Route("GET", "/docs.css", "docs", fixed(CSS, "text/css; charset=utf-8")),
            _Route("POST", INVOCATIONS, models[0].name, partial(self._invoke, models[0])),
        ]
        for one in models:
            path = f"/models/{one.name}{INVOCATIONS}"
            rows.append(_Route("POST", path, one.name, partial(self._invoke, one)))
        return rows

    def stop(self) -> None:
        """Let streams end: the server is draining."""
        self._stopping.set()

    async def live(self, receive: Receive, send: Send) -> None:
        """Live from start to shutdown."""
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._lane.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def admit(self, request: Request) -> _Route | None:
        """Return the route of a request that may be answered, None for a browser's question."""
        if request.raw_path not in ("/ping", "/health"):
            self._security.check(request)
        verbs = self._routes.get(request.raw_path)
        if verbs is None:
            raise MlflowException(
                "There is no endpoint here; /docs and /openapi.json describe those that are.",
                ENDPOINT_NOT_FOUND,
            )
        if request.method == "OPTIONS":
            return None
        found = verbs.get("GET" if request.method in SAFE_METHODS else request.method)
        if found is None:
            raise method_refused(request.method, verbs)
        return found

    async def answer(self, request: Request, route: _Route | None) -> Answer:
        """Answer a request."""
        if route is not None:
            return await route.handler(request)
        allowed = ("allow", allowed_methods(self._routes[request.raw_path]))
        preflight = self._security.preflight(request)
        return preflight or Response(status=204, content_type="", headers=[allowed])

    async def _invoke(self, served: ServedModel, request: Request) -> Answer:
        kind = content_type(request.headers.get("content-type"))
        body = await request.body(self._settings.body_limit)
        accept = request.headers.get("accept", "")
        batcher = self._batchers.get(served.name)
        streams = served.can_stream
        if batcher is None and not streams:
            answer = self._lane.submit(lambda: served.invoke(body, kind))
            return Response(await self._in_time(answer))
        if len(body) <= _SMALL_BODY:
            payload = served.read(body, kind)
        else:
            payload = await self._in_time(self._lane.submit(lambda: served.read(body, kind)))
        if streams and wants_stream(payload, accept):
            return await self._stream(served, payload)
        if batcher is not None:
            return Response(await self._in_time(batcher.submit(payload)))
        return Response(await self._in_time(self._lane.submit(lambda: served.answer(payload))))

    async def _in_time(self, future: asyncio.Future[Any]) -> Any:
        seconds = self._settings.timeout
        try:
            return await asyncio.wait_for(future, seconds or None)
        except (asyncio.TimeoutError, TimeoutError):
            raise MlflowException(
                f"Request processing time exceeded limit: {seconds:g} seconds.", DEADLINE_EXCEEDED
            ) from None

    async def _stream(self, served: ServedModel, payload: Payload) -> Answer:
        """Answer with server-sent events; an error before the first of them is an answer."""
        pieces = served.stream(payload)

        def following() -> Any:
            return next(pieces, _END)

        first = await self._in_time(self._lane.submit(following))
        return StreamResponse(self._events(first, following), content_type=_EVENTS)

    async def _events(
        self, piece: Any, following: Callable[[], Any]
    ) -> AsyncGenerator[bytes, None]:
        while piece is not _END and not self._stopping.is_set():
            yield f"data: {piece}\n\n".encode()
            try:
                piece = await self._in_time(self._lane.submit(following))
            except MlflowException as error:
                yield f"event: error\ndata: {error.serialize_as_json()}\n\n".encode()
                return
        yield b"data: [DONE]\n\n"

    def _figures(self) -> list[str]:
        lines = [
            "# TYPE headrace_waiting_predictions gauge",
            f"headrace_waiting_predictions {self._lane.waiting}",
        ]
        for name, batcher in self._batchers.items():
            lines.append(f'headrace_batches_total{{model="{name}"}} {batcher.batches}')
            lines.append(f'headrace_batched_rows_total{{model="{name}"}} {batcher.rows}')
        return lines


def _exposure(settings: ServingSettings) -> ServingSettings:
    """Return settings whose hosts fit where the server listens.

    On loopback a name that is not the machine's is DNS rebinding. Beyond it the server is what
    others call by whatever name their network has for it.
    """
    if settings.allowed_hosts or is_loopback(settings.host):
        return settings
    return ServingSettings(
        **{name: getattr(settings, name) for name in settings.__slots__} | {"allowed_hosts": ("*",)}
    )


def init(model: PyFuncModel) -> ScoringApplication:
    """Return an ASGI application that serves one model.

    Args:
        model: The model.
    """
    settings = ServingSettings(models=((DEFAULT_NAME, ""),), allowed_hosts=("*",))
    return ScoringApplication([ServedModel(DEFAULT_NAME, model)], settings)
