"""The table of routes: found, refused, guarded."""

from __future__ import annotations

from typing import Any

import pytest

from mlflow._asgi.errors import shown
from mlflow._asgi.request import Request
from mlflow._asgi.response import Response
from mlflow._wire.permissions import EXPERIMENT_READ
from mlflow.exceptions import MlflowException
from mlflow.server import live_routes
from mlflow.server.app import create_app
from mlflow.server.dispatch import Route, Router
from mlflow.server.settings import ServerSettings
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore


async def _handler(_request: Request, _state: Any) -> Response:
    return Response()


async def _receive() -> dict[str, Any]:
    return {"type": "http.request"}


def _request(method: str, path: str) -> Request:
    scope = {
        "type": "http",
        "method": method,
        "raw_path": path.encode("latin-1"),
        "query_string": b"",
        "scheme": "http",
        "headers": [],
    }
    return Request(scope, _receive)


def _route(method: str, path: str, name: str = "") -> Route:
    return Route(method, path, _handler, EXPERIMENT_READ, name)


ROUTER = Router(
    [
        _route("GET", "/models/search", "search"),
        _route("GET", "/models/{model_id}", "get"),
        _route("PATCH", "/models/{model_id}", "patch"),
        _route("DELETE", "/models/{model_id}/tags/{key}", "untag"),
        _route("GET", "/files/{path:path}", "file"),
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "name", "params"),
    [
        ("GET", "/models/search", "search", {}),
        ("HEAD", "/models/search", "search", {}),
        ("GET", "/models/m-1", "get", {"model_id": "m-1"}),
        ("PATCH", "/models/a%2Fb%20%25", "patch", {"model_id": "a/b %"}),
        ("DELETE", "/models/m/tags/%C3%BC", "untag", {"model_id": "m", "key": "ü"}),
        ("GET", "/files/a/b%20c.txt", "file", {"path": "a/b c.txt"}),
        ("GET", "/models/s%65arch", "get", {"model_id": "search"}),
    ],
)
def test_routes_are_found(method: str, path: str, name: str, params: dict[str, str]) -> None:
    """Exact paths first, then patterns; parameters are decoded once."""
    request = _request(method, path)
    assert ROUTER.find(request).name == name
    assert request.params == params


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/models", 404),
        ("GET", "/models/", 404),
        ("GET", "/models/a/b", 404),
        ("POST", "/models/search", 405),
        ("GET", "/models/m/tags/k", 405),
        ("GET", "/files/", 400),
        ("GET", "/files/../x", 400),
        ("GET", "/files/%2e%2e/x", 400),
        ("GET", "/files/%252e%252e/x", 400),
        ("GET", "/models/%ff", 400),
    ],
)
def test_other_paths_are_refused(method: str, path: str, status: int) -> None:
    """What is no route, no verb of it or no path of an artifact has a status of its own."""
    with pytest.raises(MlflowException) as caught:
        ROUTER.find(_request(method, path))
    assert caught.value.get_http_status_code() == status


def test_a_route_without_a_permission_is_refused() -> None:
    """A row that says not who may is no row."""
    with pytest.raises(TypeError, match="/open has no permission"):
        Router([Route("GET", "/open", _handler, None)])  # type: ignore[arg-type]  # that is the point


def test_a_server_with_an_unguarded_route_does_not_start(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever plugs in a route without a permission stops the start (row 77)."""
    open_route = Route("GET", "/open", _handler, None)  # type: ignore[arg-type]  # that is the point
    monkeypatch.setattr(live_routes, "ROUTES", (open_route,))
    with pytest.raises(TypeError, match="/open has no permission"):
        create_app(ServerSettings(backend_store_uri=f"sqlite:///{tmp_path / 'a.db'}"))
    SqlAlchemyStore.forget(f"sqlite:///{tmp_path / 'a.db'}")


def test_a_route_stands_once() -> None:
    """Two rows for one verb and path are a mistake."""
    with pytest.raises(ValueError, match="stands twice"):
        Router([_route("GET", "/a"), _route("GET", "/a")])


def test_what_a_caller_sent_is_shown_harmlessly() -> None:
    """Messages repeat neither markup nor control characters, and not much at all."""
    assert shown("<img onerror='x'>\r\n") == "?img onerror=?x????"
    assert len(shown("a" * 1000)) < 110
