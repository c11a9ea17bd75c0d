"""The composition root: one ASGI application from settings, one stack for every request."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from mlflow._asgi.errors import Disconnected, RequestRefused, internal_error
from mlflow._asgi.request import BodyBudget, Request
from mlflow._asgi.response import Answer, Response, error_response
from mlflow._core.clock import monotonic
from mlflow._core.ids import new_run_id
from mlflow._core.uri import is_local_uri
from mlflow._wire.endpoints import HEALTH
from mlflow._wire.headers import REQUEST_ID
from mlflow._wire.permissions import ANYONE, SIGNED_IN
from mlflow.exceptions import ENDPOINT_NOT_FOUND, INTERNAL_ERROR, MlflowException
from mlflow.server import described, live_routes, static
from mlflow.server.access_log import AccessLog
from mlflow.server.artifact_routes import artifact_routes
from mlflow.server.basic_auth import BasicAuth
from mlflow.server.chores import keep_charts_ready
from mlflow.server.compression import COMPRESS_BYTES, compress
from mlflow.server.dispatch import Route, Router
from mlflow.server.endpoints import endpoint_routes
from mlflow.server.metrics import Metrics
from mlflow.server.security import SAFE_METHODS, Security, check_json
from mlflow.server.state import ServerState
from mlflow.store.sql.driver_errors import DatabaseFailed
from mlflow.store.tracking.abstract_store import AbstractStore
from mlflow.store.tracking.folder import folder_database
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mlflow._asgi.request import Receive, Scope, Send
    from mlflow.server.settings import ServerSettings

_REQUEST_ID: Final = REQUEST_ID.lower()
_GOOD_ID: Final = re.compile(r"[A-Za-z0-9._\-]{1,128}")
_UNROUTED: Final = "none"
# To callers; where the database is and who opened it is not for them.
_DATABASE_FAILED: Final = (
    "The server's database refused this, or is out of reach. The server's log has more, beside this"
    " answer's X-Request-Id."
)
_logger: Final = logging.getLogger("mlflow.server")
_INTERNAL_ERROR: Final = MlflowException("", INTERNAL_ERROR).error_code


class Application:
    """An ASGI application.

    Attributes:
        state: What its handlers share.
        metrics: What it counts.
    """

    def __init__(
        self,
        state: ServerState,
        routes: Iterable[Route],
        *,
        metrics: Metrics,
        settings: ServerSettings | None = None,
    ) -> None:
        """Put an application together.

        Args:
            state: What handlers share.
            routes: Everything that it answers.
            metrics: Counts what it answers.
            settings: Those of the state when None.

        Raises:
            TypeError: a route has no permission.
            MlflowException: the file of passwords is wrong.
        """
        settings = settings or state.settings
        self.state: Final = state
        self.metrics: Final = metrics
        self._prefix: Final = settings.static_prefix
        self._mark: Final = new_run_id()  # of this process: with a number, the id of a request
        self._numbers: Final = count(1)
        self._budget: Final = BodyBudget()
        self._router: Final = Router(routes)
        self._security: Final = Security(settings)
        self._auth: Final = (
            BasicAuth(settings.basic_auth_file) if settings.basic_auth_file else None
        )
        self._log: Final = AccessLog() if settings.access_log else None

    def figures(self) -> Application:
        """Return an application that answers ``/metrics`` and nothing else, to everyone."""
        settings = replace(
            self.state.settings, static_prefix="", basic_auth_file=None, insecure_no_auth=True
        )
        route = Route("GET", "/metrics", self.metrics.answer, ANYONE, "metrics")
        return Application(self.state, [route], metrics=Metrics(), settings=settings)

    def stop(self) -> None:
        """Let streams end: the server is draining."""
        self.state.stop()
        self.state.live.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the application's life."""
        if scope["type"] == "lifespan":
            await _live(receive, send, self.state)
            return
        if scope["type"] != "http":
            return
        started = monotonic()
        request = Request(scope, receive, self._budget)
        given = request.headers.get(_REQUEST_ID, "")
        request.id = given if _GOOD_ID.fullmatch(given) else f"{self._mark}-{next(self._numbers)}"
        self.metrics.in_flight += 1
        route: Route | None = None
        try:
            try:
                route = await self._admit(request)
                answer = await self._answer(request, route)
            except MlflowException as error:
                answer = error_response(error)
            request.release()
            self._security.finish(request, answer)
            if type(answer) is Response and len(answer.body) > COMPRESS_BYTES:
                await compress(request, answer, self.state)
            answer.headers.append((b"x-request-id", request.id.encode("ascii")))
            await answer.send(send, head=request.method == "HEAD")
        except Disconnected:
            answer = Response(status=499)
        finally:
            request.release()
            self.metrics.in_flight -= 1
        self._note(request, answer, route, monotonic() - started)

    async def _admit(self, request: Request) -> Route | None:
        """Return the route of a request that may be answered, None when OPTIONS asks."""
        path = request.raw_path
        if self._prefix:
            if not path.startswith(self._prefix + "/"):
                raise _outside(path == self._prefix, self._prefix)
            path = request.raw_path = path[len(self._prefix) :]
        if path == HEALTH:
            return self._router.find(request)
        self._security.check(request)
        if request.method == "OPTIONS":
            return None
        route = None
        try:
            route = self._router.find(request)
        finally:  # who is not known does not learn which routes there are
            if self._auth is not None and (route is None or route.permission != ANYONE):
                await self._auth.check(request, self.state)
        if route.json and request.method not in SAFE_METHODS:
            check_json(request)
        return route

    async def _answer(self, request: Request, route: Route | None) -> Answer:
        if route is None:
            return self._security.preflight(request) or self._router.options(request)
        try:
            return await route.handler(request, self.state)
        except Disconnected:
            raise
        except DatabaseFailed as error:
            _logger.error("%s: %s", request.id, error)  # noqa: TRY400 - its text says all
            error.message = _DATABASE_FAILED
            raise
        except Exception as error:
            if isinstance(error, MlflowException) and error.error_code != _INTERNAL_ERROR:
                raise
            raise internal_error(f"{route.name or route.path} ({request.id})", error) from error

    def _note(self, request: Request, answer: Answer, route: Route | None, seconds: float) -> None:
        name = _UNROUTED if route is None else route.name or route.path
        method = request.method if route is not None else "OTHER"
        self.metrics.note(method, name, answer.status, seconds, answer.sent)
        if self._log is not None:
            self._log.note(request, answer, name, seconds)


def create_app(settings: ServerSettings) -> Application:
    """Return the application of a server.

    Args:
        settings: What the server was told.

    Raises:
        MlflowException: the database or the file of passwords cannot be used.
        TypeError: a route has no permission.
    """
    state = ServerState(settings, open_store(settings))
    metrics = Metrics()
    extra: list[Route] = [*described.ROUTES, *live_routes.ROUTES, *artifact_routes()]
    if settings.expose_prometheus:
        extra.append(Route("GET", "/metrics", metrics.answer, SIGNED_IN, "metrics"))
    taken = frozenset((route.method, route.path) for route in extra)
    rows = endpoint_routes(taken, artifacts_only=settings.artifacts_only)
    return Application(state, [*static.ROUTES, *extra, *rows], metrics=metrics)


def open_store(settings: ServerSettings) -> AbstractStore:
    """Return the store of a server's experiments and runs.

    Args:
        settings: What the server was told.

    Raises:
        MlflowException: it cannot be opened.
    """
    if settings.artifacts_only:
        nothing: Callable[[], AbstractStore] = AbstractStore  # every method says that it is missing
        return nothing()
    uri = settings.backend_store_uri
    if is_local_uri(uri):
        uri = f"sqlite:///{folder_database(uri)}"
    return SqlAlchemyStore(uri, settings.artifact_root)


async def _live(receive: Receive, send: Send, state: ServerState) -> None:
    chores: asyncio.Task[None] | None = None
    while True:
        message: Any = await receive()
        if message["type"] == "lifespan.shutdown":
            if chores is not None:
                chores.cancel()
            state.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
        chores = asyncio.get_running_loop().create_task(keep_charts_ready(state))
        await send({"type": "lifespan.startup.complete"})


def _outside(at_prefix: bool, prefix: str) -> MlflowException:
    if at_prefix:
        return RequestRefused(
            f"The server is at {prefix}/.",
            ENDPOINT_NOT_FOUND,
            status=308,
            headers=(("location", f"{prefix}/"),),
        )
    return MlflowException(
        f"There is no endpoint here: this server's paths begin with {prefix}/.", ENDPOINT_NOT_FOUND
    )
