"""The composition root: one ASGI application from settings, one stack for every request."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from mlflow._asgi.application import BaseApplication, logger
from mlflow._asgi.errors import RequestRefused
from mlflow._asgi.metrics import METRICS, Metrics
from mlflow._asgi.response import Answer, Response
from mlflow._asgi.security import SAFE_METHODS, Security, check_json
from mlflow._core.uri import is_local_uri
from mlflow._wire.endpoints import HEALTH
from mlflow._wire.permissions import ANYONE, SIGNED_IN, Permission
from mlflow.exceptions import ENDPOINT_NOT_FOUND, MlflowException
from mlflow.server import described, live_routes, static
from mlflow.server.artifact_routes import artifact_routes
from mlflow.server.basic_auth import BasicAuth
from mlflow.server.chores import keep_charts_ready
from mlflow.server.compression import COMPRESS_BYTES, compress
from mlflow.server.dispatch import Route, Router
from mlflow.server.endpoints import endpoint_routes
from mlflow.server.pages import page_routes
from mlflow.server.sessions import session_routes
from mlflow.server.state import ServerState
from mlflow.server.webhooks import tell_webhooks, webhook_routes
from mlflow.store.sql.driver_errors import DatabaseFailed
from mlflow.store.tracking.abstract_store import AbstractStore
from mlflow.store.tracking.folder import folder_database
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mlflow._asgi.request import Receive, Request, Send
    from mlflow.server.settings import ServerSettings

# To callers; where the database is and who opened it is not for them.
_DATABASE_FAILED: Final = (
    "The server's database refused this, or is out of reach. The server's log has more, beside this"
    " answer's X-Request-Id."
)

_WAITING: Final = "headrace_waiting_operations"
_GROUPS: Final = "headrace_groups_total"


class Application(BaseApplication[Route]):
    """An ASGI application.

    Attributes:
        state: What its handlers share.
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
        security = Security(settings)
        super().__init__(metrics=metrics, security=security, access_log=settings.access_log)
        self.state: Final = state
        self._prefix: Final = settings.static_prefix
        self._auth: Final = (
            BasicAuth(settings.basic_auth_file) if settings.basic_auth_file else None
        )
        own = () if settings is not state.settings else session_routes(self._auth)
        self._router: Final = Router([*routes, *own])

    def figures(self) -> Application:
        """Return an application that answers ``/metrics`` and nothing else, to everyone."""
        settings = replace(
            self.state.settings, static_prefix="", basic_auth_file=None, insecure_no_auth=True
        )
        route = _metrics_route(self.metrics, ANYONE)
        return Application(self.state, [route], metrics=Metrics(), settings=settings)

    def stop(self) -> None:
        """Let streams end: the server is draining."""
        self.state.stop()
        self.state.live.stop()

    async def live(self, receive: Receive, send: Send) -> None:
        """Live from start to shutdown."""
        await _live(receive, send, self.state)

    async def admit(self, request: Request) -> Route | None:
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

    async def answer(self, request: Request, route: Route | None) -> Answer:
        """Answer a request; what the database says of itself stays in the log."""
        if route is None:
            return self._security.preflight(request) or self._router.options(request)
        try:
            return await route.handler(request, self.state)
        except DatabaseFailed as error:
            logger.error("%s: %s", request.id, error)
            error.message = _DATABASE_FAILED
            raise

    async def dress(self, request: Request, answer: Answer) -> None:
        """Compress large answers."""
        if type(answer) is Response and len(answer.body) > COMPRESS_BYTES:
            await compress(request, answer, self.state)


def _metrics_route(metrics: Metrics, permission: Permission) -> Route:
    async def answer(_request: Request, state: ServerState) -> Response:
        return metrics.answer(_lane_figures(state))

    return Route("GET", METRICS, answer, permission, "metrics")


def _lane_figures(state: ServerState) -> list[str]:
    waiting = [f'{_WAITING}{{lane="{lane.name}"}} {lane.waiting}' for lane in state.lanes]
    groups = [f'{_GROUPS}{{lane="{lane.name}"}} {lane.groups}' for lane in state.lanes]
    return [f"# TYPE {_WAITING} gauge", *waiting, f"# TYPE {_GROUPS} counter", *groups]


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
    extra: list[Route] = [
        *described.ROUTES,
        *live_routes.ROUTES,
        *artifact_routes(),
        *webhook_routes(),
    ]
    if settings.expose_prometheus:
        extra.append(_metrics_route(metrics, SIGNED_IN))
    taken = frozenset((route.method, route.path) for route in extra)
    rows = endpoint_routes(taken, artifacts_only=settings.artifacts_only)
    pages = list(page_routes()) or static.NO_PAGES
    return Application(state, [*static.ROUTES, *pages, *extra, *rows], metrics=metrics)


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
    chores: list[asyncio.Task[None]] = []
    while True:
        message: Any = await receive()
        if message["type"] == "lifespan.shutdown":
            for chore in chores:
                chore.cancel()
            state.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
        loop = asyncio.get_running_loop()
        chores = [loop.create_task(chore(state)) for chore in (keep_charts_ready, tell_webhooks)]
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
