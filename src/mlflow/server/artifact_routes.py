"""The routes of artifacts: what upstream's paths ask for, answered by ``ArtifactService``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from mlflow._asgi.errors import RequestRefused
from mlflow._asgi.request import too_large
from mlflow._asgi.response import Answer, Response
from mlflow._core.paths import split_path
from mlflow._wire import messages as m
from mlflow._wire.codec import encode_json
from mlflow._wire.endpoints import ARTIFACT_LISTS, ARTIFACTS, OWN_PREFIX, PREFIXES, V2
from mlflow._wire.permissions import (
    EXPERIMENT_EDIT,
    EXPERIMENT_MANAGE,
    EXPERIMENT_READ,
    MODEL_READ,
    Permission,
)
from mlflow.environment_variables import HEADRACE_MAX_ARTIFACT_SIZE
from mlflow.exceptions import BAD_REQUEST, INVALID_PARAMETER_VALUE, MlflowException
from mlflow.server import multipart, preview
from mlflow.server.artifact_operations import OPERATIONS
from mlflow.server.dispatch import Route
from mlflow.server.perform import decode_request
from mlflow.server.transfers import receive_file, send_file, tags_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from mlflow._asgi.request import Request
    from mlflow._wire.endpoints import Endpoint
    from mlflow.server.artifacts import ArtifactService
    from mlflow.server.dispatch import Handler
    from mlflow.server.state import ServerState

_AJAX_LIMIT: Final = 10 * 1024 * 1024
_EMPTY: Final = encode_json(m.Empty())


def artifact_routes() -> tuple[Route, ...]:
    """Return the rows of all operations on artifacts, those of the endpoint table too."""
    return (*_proxy_routes(), *_listing_routes(), *_browser_routes(), *_own_routes())


def _proxy_routes() -> Iterator[Route]:
    whole = f"{ARTIFACTS}/{{path:path}}"
    rows: tuple[tuple[str, str, Handler, Permission, bool], ...] = (
        ("GET", whole, download, EXPERIMENT_READ, False),
        ("PUT", whole, upload, EXPERIMENT_EDIT, False),
        ("DELETE", whole, delete, EXPERIMENT_MANAGE, False),
        ("POST", multipart.CREATE, multipart.create, EXPERIMENT_EDIT, True),
        ("POST", multipart.COMPLETE, multipart.complete, EXPERIMENT_EDIT, True),
        ("POST", multipart.ABORT, multipart.abort, EXPERIMENT_EDIT, True),
        ("GET", multipart.PRESIGNED, multipart.presigned_download, EXPERIMENT_READ, False),
    )
    for prefix in PREFIXES:
        for method, path, handler, permission, json in rows:
            for version in V2:
                yield Route(method, f"{prefix}/{version}{path}", handler, permission, json=json)


def _listing_routes() -> Iterator[Route]:
    for row in ARTIFACT_LISTS:
        for path in row.routes():
            yield Route(row.method, path, _operation(row), row.permission, row.name)


def _browser_routes() -> Iterator[Route]:
    ajax = "/ajax-api/2.0/mlflow"
    yield Route("GET", "/get-artifact", get_run_file, EXPERIMENT_READ)
    yield Route("GET", "/model-versions/get-artifact", get_version_file, MODEL_READ)
    yield Route("POST", f"{ajax}/upload-artifact", upload_run_file, EXPERIMENT_EDIT, json=False)
    files = f"{ajax}/logged-models/{{model_id}}/artifacts/files"
    yield Route("GET", files, get_model_file, EXPERIMENT_READ)


def _own_routes() -> Iterator[Route]:
    yield from multipart.routes(OWN_PREFIX)
    yield from preview.routes(OWN_PREFIX)


def _operation(row: Endpoint) -> Callable[[Request, ServerState], Awaitable[Answer]]:
    operation: Callable[[ArtifactService, Any], m.Message] = OPERATIONS[row.name]

    async def handle(request: Request, state: ServerState) -> Answer:
        body = b"" if row.method == "GET" else await request.body(state.settings.body_limit)
        ask = decode_request(row, query=request.query_string, body=body, path_fields=request.params)
        answer = await state.run_in_pool(partial(operation, state.artifacts, ask))
        return Response(encode_json(answer))

    return handle


# The proxy


async def download(request: Request, state: ServerState) -> Answer:
    """Answer with a file."""
    return await send_file(request, state, state.artifacts.proxied(request.params["path"]))


async def upload(request: Request, state: ServerState) -> Answer:
    """Keep the body as a file, and say what arrived."""
    place = state.artifacts.proxied(request.params["path"])
    stat = await receive_file(request, state, place, limit=HEADRACE_MAX_ARTIFACT_SIZE.get())
    headers = tags_of(stat)
    return Response(content_type="", headers=headers)


async def delete(request: Request, state: ServerState) -> Answer:
    """Delete a file or a folder."""
    place = state.artifacts.proxied(request.params["path"])
    await state.run_in_pool(partial(place.files.delete, place.path))
    return Response(_EMPTY)


# What browsers ask for


def _asked(request: Request, *names: str) -> str:
    for name in names:
        value = request.query_value(name)
        if value:
            return value
    raise MlflowException.invalid_parameter_value(
        f"Missing value for required parameter '{names[0]}'."
    )


async def get_run_file(request: Request, state: ServerState) -> Answer:
    """Answer with a run's file."""
    run_id, path = _asked(request, "run_id", "run_uuid"), _asked(request, "path")
    place = await state.run_in_pool(lambda: state.artifacts.of_run(run_id).below(path))
    return await send_file(request, state, place)


async def get_version_file(request: Request, state: ServerState) -> Answer:
    """Answer with a file of a registered model's version."""
    name, version = _asked(request, "name"), _asked(request, "version")
    path = _asked(request, "path")
    place = await state.run_in_pool(lambda: state.artifacts.of_version(name, version).below(path))
    return await send_file(request, state, place)


async def get_model_file(request: Request, state: ServerState) -> Answer:
    """Answer with a logged model's file."""
    path = request.query_value("artifact_file_path")
    if not path:
        raise MlflowException(
            'Request must include the "artifact_file_path" query parameter.', BAD_REQUEST
        )
    model_id = request.params["model_id"]
    place = await state.run_in_pool(lambda: state.artifacts.of_model(model_id).below(path))
    return await send_file(request, state, place)


async def upload_run_file(request: Request, state: ServerState) -> Answer:
    """Keep a small body as a run's file."""
    run_id, path = request.query_value("run_uuid"), request.query_value("path")
    if not run_id:
        raise MlflowException.invalid_parameter_value("Request must specify run_uuid.")
    if not path or not split_path(path)[1]:
        raise MlflowException.invalid_parameter_value("Request must specify path.")
    if request.content_length() == 0:
        raise MlflowException.invalid_parameter_value("Request must specify data.")
    place = await state.run_in_pool(lambda: state.artifacts.of_run(run_id).below(path))
    try:
        await receive_file(request, state, place, limit=_AJAX_LIMIT)
    except RequestRefused as error:
        if error.status == too_large(0).status:
            raise RequestRefused(
                "Artifact size is too large. Max size is 10MB.",
                INVALID_PARAMETER_VALUE,
                status=error.status,
            ) from None
        raise
    return Response()
