"""The routes of the endpoint table: what is built answers from the store, the rest says 501."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from mlflow._asgi.response import Response
from mlflow._core.acting import acting_as
from mlflow._wire.endpoints import ENDPOINTS, PREFIXES, Endpoint
from mlflow._wire.headers import IDEMPOTENCY_KEY, JOURNAL, USER
from mlflow._wire.messages import CreateExperiment
from mlflow._wire.permissions import SIGNED_IN
from mlflow._wire.registry_messages import CreateModelVersion
from mlflow._wire.unbuilt import UNBUILT
from mlflow.exceptions import NOT_IMPLEMENTED, MlflowException
from mlflow.server.dispatch import Handler, Route
from mlflow.server.locations import check_location
from mlflow.server.operations import HANDLERS
from mlflow.server.perform import decode_request, perform, request_key
from mlflow.server.registry_operations import REGISTRY_HANDLERS
from mlflow.server.sources import check_source
from mlflow.server.webhook_operations import WEBHOOK_HANDLERS
from mlflow.store.entities.version_evidence import VersionEvidence
from mlflow.store.model_registry.evidence import with_evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow._asgi.request import Request
    from mlflow._wire.messages import Message
    from mlflow.server.state import ServerState
    from mlflow.store.entities.request_key import RequestKey

_IDEMPOTENCY_KEY = IDEMPOTENCY_KEY.lower()
_JOURNAL = JOURNAL.lower()
_USER = USER.lower()


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
        if row.name in REGISTRY_HANDLERS or row.name in WEBHOOK_HANDLERS:
            return Response(await _registry(row, ask, request, state))
        store = state.store
        if isinstance(ask, CreateExperiment):
            check_location(ask.artifact_location, state.settings)
        if not row.writes:
            return Response(await state.read(lambda: perform(store, row, ask, None)))
        key = _key(row, request)
        return Response(await state.write(lambda: perform(store, row, ask, key)))

    return handle


def _key(row: Endpoint, request: Request) -> RequestKey | None:
    return request_key(
        row,
        idempotency_key=request.headers.get(_IDEMPOTENCY_KEY),
        journal=request.headers.get(_JOURNAL),
        caller=request.user,
    )


async def _registry(row: Endpoint, ask: Message, request: Request, state: ServerState) -> bytes:
    """Answer from the model registry; what it is answered is committed."""
    registry = state.registry
    if not row.writes:
        return await state.read(lambda: perform(registry, row, ask, None))
    key = _key(row, request)
    user = request.user or unquote(request.headers.get(_USER, ""))
    evidence = VersionEvidence()
    if isinstance(ask, CreateModelVersion):
        made = ask
        evidence = await state.run_in_pool(lambda: _gather(made, state))

    def write() -> bytes:
        with acting_as(user), with_evidence(evidence):
            return perform(registry, row, ask, key)

    return await state.write_registry(write)


def _gather(ask: CreateModelVersion, state: ServerState) -> VersionEvidence:
    """Return what is known of a new version: no transaction waits for its files."""
    registry = state.registry
    registry.get_registered_model(ask.name or "")
    check_source(ask, state.store)
    return registry.evidence_for(ask.source or "", ask.run_id or "", ask.model_id or None)


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
