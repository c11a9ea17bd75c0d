"""What both servers do with every request: an id, a route, an answer, a figure, a line of log."""

from __future__ import annotations

import logging
import re
from itertools import count
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from mlflow._asgi.access_log import AccessLog
from mlflow._asgi.errors import Disconnected, internal_error
from mlflow._asgi.request import BodyBudget, Request
from mlflow._asgi.response import Answer, Response, error_response
from mlflow._core.clock import monotonic
from mlflow._core.ids import new_run_id
from mlflow._wire.headers import REQUEST_ID
from mlflow.exceptions import INTERNAL_ERROR, MlflowException

if TYPE_CHECKING:
    from mlflow._asgi.metrics import Metrics
    from mlflow._asgi.request import Receive, Scope, Send
    from mlflow._asgi.security import Security

logger: Final = logging.getLogger("mlflow.server")
_REQUEST_ID: Final = REQUEST_ID.lower()
_GOOD_ID: Final = re.compile(r"[A-Za-z0-9._\-]{1,128}")
_UNROUTED: Final = "none"
_INTERNAL_ERROR: Final = MlflowException("", INTERNAL_ERROR).error_code


class Routed(Protocol):
    """What figures and logs say of a route."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def path(self) -> str:
        """Its path, for one without a name."""
        ...


R = TypeVar("R", bound=Routed)


class BaseApplication(Generic[R]):
    """An ASGI application; a server says what it admits and how it answers.

    Attributes:
        metrics: What it counts.
    """

    def __init__(self, *, metrics: Metrics, security: Security, access_log: bool) -> None:
        """Put an application together.

        Args:
            metrics: Counts what it answers.
            security: Checks requests and dresses answers.
            access_log: Whether each request is logged.
        """
        self.metrics: Final = metrics
        self._security: Final = security
        self._mark: Final = new_run_id()  # of this process: with a number, the id of a request
        self._numbers: Final = count(1)
        self._budget: Final = BodyBudget()
        self._log: Final = AccessLog() if access_log else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the application's life."""
        if scope["type"] == "lifespan":
            await self.live(receive, send)
            return
        if scope["type"] != "http":
            return
        started = monotonic()
        request = Request(scope, receive, self._budget)
        given = request.headers.get(_REQUEST_ID, "")
        request.id = given if _GOOD_ID.fullmatch(given) else f"{self._mark}-{next(self._numbers)}"
        self.metrics.in_flight += 1
        route: R | None = None
        try:
            try:
                route = await self.admit(request)
                answer = await self._answered(request, route)
            except MlflowException as error:
                answer = error_response(error)
            request.release()
            self._security.finish(request, answer)
            await self.dress(request, answer)
            answer.headers.append((b"x-request-id", request.id.encode("ascii")))
            await answer.send(send, head=request.method == "HEAD")
        except Disconnected:
            answer = Response(status=499)
        finally:
            request.release()
            self.metrics.in_flight -= 1
        self._note(request, answer, route, monotonic() - started)

    async def live(self, receive: Receive, send: Send) -> None:
        """Live from start to shutdown."""
        raise NotImplementedError

    async def admit(self, request: Request) -> R | None:
        """Return the route of a request that may be answered, None when OPTIONS asks.

        Raises:
            MlflowException: it may not.
        """
        raise NotImplementedError

    async def answer(self, request: Request, route: R | None) -> Answer:
        """Answer a request.

        Raises:
            MlflowException: it goes to the caller as it is, unless it is an internal one.
        """
        raise NotImplementedError

    async def dress(self, request: Request, answer: Answer) -> None:
        """Change an answer that is about to be sent."""

    async def _answered(self, request: Request, route: R | None) -> Answer:
        try:
            return await self.answer(request, route)
        except Disconnected:
            raise
        except Exception as error:
            if isinstance(error, MlflowException) and error.error_code != _INTERNAL_ERROR:
                raise
            name = "" if route is None else route.name or route.path
            raise internal_error(f"{name} ({request.id})", error) from error

    def _note(self, request: Request, answer: Answer, route: R | None, seconds: float) -> None:
        name = _UNROUTED if route is None else route.name or route.path
        method = request.method if route is not None else "OTHER"
        self.metrics.note(method, name, answer.status, seconds, answer.sent)
        if self._log is not None:
            self._log.note(request, answer, name, seconds)
