"""What is no API: health, version, abilities, and a page where the web interface was not built."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from mlflow._asgi.response import HTML, TEXT, Response, json_response
from mlflow._wire.endpoints import HEALTH, PREFIXES, SERVER_INFO
from mlflow._wire.permissions import ANYONE, SIGNED_IN
from mlflow.server.dispatch import Route
from mlflow.version import HEADRACE_VERSION, VERSION

if TYPE_CHECKING:
    from mlflow._asgi.request import Request
    from mlflow.server.state import ServerState

_PAGE: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Headrace</title></head>
<body>
<h1>Headrace {version}</h1>
<p>A tracking server with the interface of MLflow {mirrored}. Its web pages were not built with this
package: use <code>mlflow runs list</code>, Python, or any MLflow client.</p>
<pre>mlflow.set_tracking_uri("{url}")</pre>
<ul>
<li><a href="{prefix}/api/openapi.json">The API</a>, described in OpenAPI</li>
<li><a href="{prefix}/health">Health</a> and <a href="{prefix}/version">version</a></li>
</ul>
</body>
</html>
"""


async def _health(_request: Request, _state: ServerState) -> Response:
    return Response(b"OK", content_type=TEXT)


async def _version(_request: Request, _state: ServerState) -> Response:
    return Response(VERSION.encode(), content_type=TEXT)


async def _server_info(_request: Request, state: ServerState) -> Response:
    # Clients that read these go to the destination itself, if it signs addresses.
    is_direct = state.artifacts.signs_addresses
    return json_response(
        {
            "store_type": "SqlStore",
            "workspaces_enabled": False,
            "trace_archival_enabled": False,
            "multipart_uploads_enabled": is_direct,
            "multipart_downloads_enabled": is_direct,
            "presigned_upload_run_id_supported": True,
            "presigned_upload_model_id_supported": True,
            "features_enabled": {"gateway": False},
        }
    )


async def _page(request: Request, state: ServerState) -> Response:
    prefix = state.settings.static_prefix
    page = _PAGE.format(
        version=escape(HEADRACE_VERSION),
        mirrored=escape(VERSION),
        url=escape(f"{request.scheme}://{request.headers.get('host', '')}{prefix}"),
        prefix=escape(prefix),
    )
    return Response(page.encode(), content_type=HTML)


ROUTES: Final = (
    Route("GET", HEALTH, _health, ANYONE, "health"),
    Route("GET", "/version", _version, SIGNED_IN, "version"),
    *(
        Route("GET", f"{prefix}{SERVER_INFO}", _server_info, SIGNED_IN, "server_info")
        for prefix in PREFIXES
    ),
)
NO_PAGES: Final = (Route("GET", "/", _page, SIGNED_IN, "page"),)
