"""From a verb and a path to a handler: exact paths first, then those with parameters.

A route is a row; one without a permission is refused when the server is put together.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from mlflow._asgi.errors import allowed_methods, method_refused, shown
from mlflow._asgi.request import Request
from mlflow._asgi.response import Answer, Response
from mlflow._core.paths import canonical_path
from mlflow._wire.permissions import Permission
from mlflow.exceptions import ENDPOINT_NOT_FOUND, MlflowException
from mlflow.server.state import ServerState

if TYPE_CHECKING:
    from collections.abc import Iterable

Handler = Callable[[Request, ServerState], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """One verb on one path.

    Attributes:
        method: The verb; a GET also answers HEAD.
        path: Below the static prefix; ``{name}`` is one segment, ``{name:path}``, at the end, all
            that follow: a relative path of an artifact in its canonical form.
        handler: Answers.
        permission: What the caller must be allowed to do.
        name: In logs and metrics; the path when empty.
        json: Whether a body is JSON and must say so.
    """

    method: str
    path: str
    handler: Handler
    permission: Permission
    name: str = ""
    json: bool = True


class Router:
    """The table of routes."""

    def __init__(self, routes: Iterable[Route]) -> None:
        """Build the table.

        Args:
            routes: The rows.

        Raises:
            TypeError: a row has no permission.
            ValueError: two rows stand for the same thing.
        """
        self._exact: dict[str, dict[str, Route]] = {}
        # By number of segments, -1 for those that end in a path: segments, verbs.
        self._patterns: dict[int, list[tuple[tuple[str, ...], dict[str, Route]]]] = {}
        by_path: dict[str, dict[str, Route]] = {}
        for route in routes:
            if not isinstance(route.permission, Permission):
                raise TypeError(f"{route.method} {route.path} has no permission")
            verbs = by_path.setdefault(route.path, {})
            if route.method in verbs:
                raise ValueError(f"{route.method} {route.path} stands twice in the table of routes")
            verbs[route.method] = route
        for path, verbs in by_path.items():
            if "{" not in path:
                self._exact[path] = verbs
                continue
            segments = tuple(path.split("/"))
            size = -1 if segments[-1].endswith(":path}") else len(segments)
            self._patterns.setdefault(size, []).append((segments, verbs))

    def find(self, request: Request) -> Route:
        """Return the route of a request and set its path parameters.

        Raises:
            MlflowException: there is none (404), not for this verb (405), or a parameter is wrong.
        """
        verbs = self._exact.get(request.raw_path)
        if verbs is None:
            verbs = self._match(request)
        method = request.method
        found = verbs.get(method) or (verbs.get("GET") if method == "HEAD" else None)
        if found is not None:
            return found
        raise method_refused(method, verbs)

    def _match(self, request: Request) -> dict[str, Route]:
        path = request.raw_path
        segments = path.split("/")
        for pattern, verbs in self._patterns.get(len(segments), ()):
            if all(_fits(*pair) for pair in zip(pattern, segments, strict=True)):
                request.params = _parameters(pattern, segments)
                return verbs
        for pattern, verbs in self._patterns.get(-1, ()):
            size = len(pattern) - 1
            if len(segments) > size and all(map(_fits, pattern[:size], segments)):
                rest = "/".join(segments[size:])
                request.params = _parameters(pattern[:size], segments)
                request.params[pattern[-1][1:-6]] = canonical_path(decode_once(rest))
                return verbs
        if "%" in path and "%2f" not in path.lower():
            decoded = self._exact.get(decode_once(path))
            if decoded is not None:
                return decoded
        raise MlflowException(
            f"There is no endpoint at {shown(path)!r}. COMPATIBILITY.md lists what this server"
            " answers; /api/openapi.json describes it.",
            ENDPOINT_NOT_FOUND,
        )

    def options(self, request: Request) -> Response:
        """Return the answer to OPTIONS: which verbs a path has."""
        verbs = self._exact.get(request.raw_path) or self._match(request)
        return Response(status=204, content_type="", headers=(("allow", allowed_methods(verbs)),))


def decode_once(text: str) -> str:
    """Return a percent-encoded text decoded once.

    Raises:
        MlflowException: what comes out is not UTF-8.
    """
    if "%" not in text and text.isascii():
        return text
    try:
        return unquote_to_bytes(text.encode("latin-1")).decode("utf-8")
    except UnicodeDecodeError:
        raise MlflowException.invalid_parameter_value(
            "The request's path is not UTF-8, percent-encoded."
        ) from None


def _fits(pattern: str, segment: str) -> bool:
    return pattern == segment or (pattern.startswith("{") and segment != "")


def _parameters(pattern: tuple[str, ...], segments: list[str]) -> dict[str, str]:
    return {
        name[1:-1]: decode_once(segment)
        for name, segment in zip(pattern, segments, strict=False)
        if name.startswith("{")
    }
