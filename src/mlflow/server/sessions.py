"""Who looks at the pages: signing in by a form, and what an about page says.

A session is a ticket in a cookie that no script reads and no other site's page sends. It names the
user and the hash of the password that was checked: a changed password, or a name that is gone from
the file, ends it. Nothing is stored; what must be refused everywhere at once is the file's matter.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, Protocol

from mlflow._asgi.errors import RequestRefused
from mlflow._asgi.response import Response, json_response
from mlflow._core.uri import scheme_of
from mlflow._wire.codec import decode_json
from mlflow._wire.endpoints import OWN_PREFIX
from mlflow._wire.messages import Message
from mlflow._wire.permissions import ANYONE, SIGNED_IN
from mlflow.exceptions import FEATURE_DISABLED, MlflowException
from mlflow.server.dispatch import Route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow._asgi.request import Request
    from mlflow.server.state import ServerState

SESSION: Final = f"{OWN_PREFIX}/session"
SECONDS: Final = 12 * 3600
_COOKIE: Final = "headrace_session"
_PURPOSE: Final = "session"
_BODY: Final = 8192


class Passwords(Protocol):
    """What knows names and passwords."""

    async def prove(
        self, name: str, password: bytes, request: Request, state: ServerState, /
    ) -> bytes:
        """Return the stored hash of a password that fits its name; refuse another one."""
        ...


class SignIn(Message):
    """A name and a password."""

    username: str | None = None
    password: str | None = None


def fingerprint(digest: bytes) -> str:
    """Return what a session says of the password that opened it.

    Args:
        digest: The stored hash; it is not in the ticket itself.
    """
    return hashlib.sha256(b"headrace session" + digest).hexdigest()[:32]


def _cookie_name(request: Request) -> str:
    # Browsers keep one jar for all ports of a host: each server has a cookie of its own.
    port = request.headers.get("host", "").rpartition(":")[2]
    return f"{_COOKIE}_{port}" if port.isdigit() else _COOKIE


def _ticket(request: Request) -> str:
    name = _cookie_name(request)
    for part in request.headers.get("cookie", "").split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return ""


async def session_of(request: Request, state: ServerState) -> tuple[str, str] | None:
    """Return the user and the password's fingerprint that our cookie in a request says."""
    ticket = _ticket(request)
    if not ticket:
        return None
    signer = state.artifacts.signer
    try:
        said = await state.run_in_pool(lambda: signer.open(_PURPOSE, ticket))
    except MlflowException:
        return None
    return said.get("user", ""), said.get("password", "")


def _set_cookie(request: Request, state: ServerState, value: str, seconds: int) -> tuple[str, str]:
    path = f"{state.settings.static_prefix}/"
    secure = "; Secure" if request.scheme == "https" else ""
    text = f"{_cookie_name(request)}={value}; Path={path}; Max-Age={seconds}"
    return ("set-cookie", f"{text}; HttpOnly; SameSite=Strict{secure}")


def session_routes(auth: Passwords | None) -> Iterator[Route]:
    """Yield the routes of signing in and out, and of who one is.

    Args:
        auth: Knows names and passwords; None where everyone may do everything.
    """

    async def sign_in(request: Request, state: ServerState) -> Response:
        if auth is None:
            raise RequestRefused(
                "This server asks for no names and passwords.", FEATURE_DISABLED, status=400
            )
        ask = decode_json(SignIn, await request.body(_BODY))
        name = ask.username or ""
        digest = await auth.prove(name, (ask.password or "").encode(), request, state)
        fields = {"user": name, "password": fingerprint(digest)}
        signer = state.artifacts.signer
        ticket = await state.run_in_pool(lambda: signer.seal(_PURPOSE, fields, seconds=SECONDS))
        answer = json_response({"user": name})
        return _with(answer, _set_cookie(request, state, ticket, SECONDS))

    async def sign_out(request: Request, state: ServerState) -> Response:
        return _with(json_response({}), _set_cookie(request, state, "", 0))

    async def about(request: Request, state: ServerState) -> Response:
        scheme = scheme_of(state.settings.backend_store_uri).partition("+")[0]
        return json_response(
            {
                "user": request.user,
                "accounts": auth is not None,
                "has_session": bool(_ticket(request)),
                "database": "sqlite" if state.on_sqlite else scheme,
            }
        )

    yield Route("POST", SESSION, sign_in, ANYONE, "sign_in")
    yield Route("DELETE", SESSION, sign_out, ANYONE, "sign_out")
    yield Route("GET", SESSION, about, SIGNED_IN, "about")


def _with(answer: Response, header: tuple[str, str]) -> Response:
    name, value = header
    answer.headers.append((name.encode(), value.encode()))
    return answer
