"""Answers that are no message of the endpoint table: its description, and charts in columns."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import msgspec

from mlflow._asgi.response import Response
from mlflow._wire.columns import COLUMNS_CONTENT_TYPE
from mlflow._wire.endpoints import ARTIFACT_LISTS, ENDPOINTS, endpoint
from mlflow._wire.openapi import openapi_document
from mlflow._wire.own_messages import GetMetricBuckets
from mlflow._wire.permissions import SIGNED_IN
from mlflow.server.dispatch import Route
from mlflow.server.operations import HANDLERS, chart_request
from mlflow.server.perform import decode_request, perform

if TYPE_CHECKING:
    from mlflow._asgi.request import Request
    from mlflow.server.state import ServerState

_BUCKETS: Final = endpoint("get_metric_buckets")
# From the artifact store, and by calling out.
_BUILT_ELSEWHERE: Final = frozenset((*(row.name for row in ARTIFACT_LISTS), "test_webhook"))


@lru_cache(maxsize=2)
def _document(*, basic_auth: bool) -> bytes:
    unbuilt = {row.name for row in ENDPOINTS} - HANDLERS.keys() - _BUILT_ELSEWHERE
    return msgspec.json.encode(openapi_document(unbuilt=unbuilt, basic_auth=basic_auth))


async def _openapi(_request: Request, state: ServerState) -> Response:
    return Response(_document(basic_auth=state.settings.basic_auth_file is not None))


async def _metric_buckets(request: Request, state: ServerState) -> Response:
    """Answer in columns when the caller takes them, a tenth of JSON's size and time."""
    body = await request.body(state.settings.body_limit)
    ask = decode_request(_BUCKETS, query="", body=body, path_fields={})
    store = state.store
    wants_columns = COLUMNS_CONTENT_TYPE in request.headers.get("accept", "")
    if not wants_columns or not isinstance(ask, GetMetricBuckets):
        return Response(await state.read(lambda: perform(store, _BUCKETS, ask, None)))
    wanted = chart_request(ask)
    columns = await state.read(lambda: store.get_metric_columns(**wanted))
    return Response(columns, content_type=COLUMNS_CONTENT_TYPE)


ROUTES: Final = (
    Route("GET", "/api/openapi.json", _openapi, SIGNED_IN, "openapi"),
    *(
        Route(_BUCKETS.method, path, _metric_buckets, _BUCKETS.permission, _BUCKETS.name)
        for path in _BUCKETS.routes()
    ),
)
