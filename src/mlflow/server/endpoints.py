"""The routes of the endpoint table: what is built answers from the store, the rest says 501."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlflow._asgi.response import Response
from mlflow._wire.endpoints import ENDPOINTS, PREFIXES, Endpoint
from mlflow._wire.headers import IDEMPOTENCY_KEY, JOURNAL
from mlflow._wire.messages import CreateExperiment
from mlflow._wire.permissions import SIGNED_IN
from mlflow._wire.unbuilt import UNBUILT
from mlflow.exceptions import NOT_IMPLEMENTED, MlflowException
from mlflow.server.dispatch import Handler, Route
from mlflow.server.locations import check_location
from mlflow.server.operations import HANDLERS
from mlflow.server.perform import decode_request, perform, request_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow._asgi.request import Request
    from mlflow.server.state import ServerState

_IDEMPOTENCY_KEY = IDEMPOTENCY_KEY.lower()
_JOURNAL = JOURNAL.lower()


def endpoint_routes(
    taken: frozenset[tuple[str, str]] = frozenset(), *, artifacts_only: bool = False
) -> Iterator[Route]:
    """Yield the routes of all recorded operations, and of our own.

    Args:
        taken: Verbs and paths that other parts of the server answer.
        artifacts_only: Whether they are all refused.
    """
    for row in ENDPOINTS:
        handler = _handler(row) if row.name in HANDLERS else _unbuilt
        if artifacts_only:
            handler = _artifacts_only
        for path in row.routes():
            if (row.method, path) not in taken:
                yield Route(row.method, path, handler, row.permission, row.name)
    for version, path, methods in UNBUILT:
        for prefix in PREFIXES:
            for method in methods.split():
                route = f"{prefix}/{version}{path}"
                if (method, route) not in taken:
                    yield Route(method, route, _unbuilt, SIGNED_IN, "unbuilt")


def _handler(row: Endpoint) -> Handler:
    async def handle(request: Request, state: ServerState) -> Response:
        body = b"" if row.method == "GET" else await request.body(state.settings.body_limit)
        ask = decode_request(row, query=request.query_string, body=body, path_fields=request.params)
        store = state.store
        if isinstance(ask, CreateExperiment):
            check_location(ask.artifact_location, state.settings)
        if not row.writes:
            return Response(await state.read(lambda: perform(store, row, ask, None)))
        key = request_key(
            row,
            idempotency_key=request.headers.get(_IDEMPOTENCY_KEY),
            journal=request.headers.get(_JOURNAL),
            caller=request.user,
        )
        return Response(await state.write(lambda: perform(store, row, ask, key)))

    return handle


async def _unbuilt(request: Request, _state: ServerState) -> Response:
    del request
    raise MlflowException(
        "This operation is not part of this release of Headrace. COMPATIBILITY.md lists what is"
        " built, and ways around what is not.",
        NOT_IMPLEMENTED,
    )


async def _artifacts_only(request: Request, _state: ServerState) -> Response:
    del request
    raise MlflowException(
        "This server runs with --artifacts-only: it knows neither experiments nor runs. Run"
        " `mlflow server` without it to have them served.",
        NOT_IMPLEMENTED,
    )
