"""A request as handlers see it: method, path, headers, query, and a body counted as it streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from mlflow._asgi.errors import Disconnected, Overloaded, RequestRefused
from mlflow.exceptions import INVALID_PARAMETER_VALUE, MlflowException

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

# All bodies that are held at a time.
BODIES_LIMIT: Final = 128 * 1024 * 1024
# The largest body of JSON: a dataset's profile (16 MiB) with its escapes.
BODY_LIMIT: Final = 24 * 1024 * 1024
_MAX_QUERY_FIELDS: Final = 10_000


class BodyBudget:
    """How much of all bodies together may be held in memory.

    Attributes:
        free: Bytes that are left.
    """

    def __init__(self, size: int = BODIES_LIMIT) -> None:
        """Begin with all of it."""
        self.free = size


class Request:
    """One request.

    Attributes:
        method: The verb, in capitals.
        raw_path: The path as it was sent, percent-encoded, below the static prefix.
        query_string: The text after the question mark, as it was sent.
        headers: Names in lower case; the values of a repeated name are joined by ", ".
        params: Path parameters, percent-decoded exactly once.
        budget: What the body, when it is read at once, takes its room from.
        held: How much it took.
        id: The request's id, in answers and logs.
        user: The name of the authenticated caller, "" when nobody had to be.
        client: The peer's address.
        scheme: ``http`` or ``https``, as it came in.
    """

    __slots__ = (
        "_receive",
        "budget",
        "client",
        "headers",
        "held",
        "id",
        "method",
        "params",
        "query_string",
        "raw_path",
        "scheme",
        "user",
    )

    def __init__(self, scope: Scope, receive: Receive, budget: BodyBudget | None = None) -> None:
        """Read what ASGI says of a request.

        Args:
            scope: ASGI's description.
            receive: Where the body comes from.
            budget: Shared by the requests of a server; one of its own when None.
        """
        self._receive = receive
        self.budget = budget or BodyBudget()
        self.held = 0
        self.method: str = scope["method"]
        self.raw_path: str = scope["raw_path"].decode("latin-1")
        self.query_string: str = scope["query_string"].decode("latin-1")
        self.scheme: str = scope["scheme"]
        peer = scope.get("client")
        self.client: str = peer[0] if peer else ""
        self.headers: dict[str, str] = {}
        headers = self.headers
        for raw_name, raw_value in scope["headers"]:
            name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        self.params: dict[str, str] = {}
        self.id = ""
        self.user = ""

    def query(self) -> list[tuple[str, str]]:
        """Return the pairs of the query string, percent-decoded.

        Raises:
            MlflowException: it is not UTF-8, or has too many fields.
        """
        try:
            return parse_qsl(
                self.query_string,
                keep_blank_values=True,
                errors="strict",
                max_num_fields=_MAX_QUERY_FIELDS,
            )
        except ValueError:
            raise MlflowException.invalid_parameter_value(
                "The request's query string is not valid UTF-8, or has more than"
                f" {_MAX_QUERY_FIELDS} fields."
            ) from None

    def query_value(self, name: str) -> str | None:
        """Return the first value of a query field, None when it is not there."""
        return next((value for found, value in self.query() if found == name), None)

    def content_length(self) -> int | None:
        """Return the length of the body in bytes, None when the sender does not say."""
        text = self.headers.get("content-length", "")
        return int(text) if text.isascii() and text.isdigit() else None

    async def stream(self, limit: int | None = None) -> AsyncIterator[bytes]:
        """Yield the body as it arrives.

        Args:
            limit: Greatest length in bytes; counted, whatever the sender says of it.

        Raises:
            RequestRefused: the body is longer (413).
            Disconnected: the sender went away in the middle.
        """
        declared = self.content_length()
        if limit is not None and declared is not None and declared > limit:
            raise too_large(limit)
        count, more = 0, True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Disconnected
            chunk: bytes = message.get("body", b"")
            more = message.get("more_body", False)
            count += len(chunk)
            if limit is not None and count > limit:
                raise too_large(limit)
            if chunk:
                yield chunk

    async def body(self, limit: int = BODY_LIMIT) -> bytes:
        """Return the whole body.

        Args:
            limit: Greatest length in bytes.

        Raises:
            RequestRefused: the body is longer (413), or there is no room for it now (503).
            Disconnected: the sender went away in the middle.
        """
        parts = []
        async for part in self.stream(limit):
            self.held += len(part)
            self.budget.free -= len(part)
            if self.budget.free < 0:
                raise Overloaded("The server holds as many large requests as it takes on.")
            parts.append(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def release(self) -> None:
        """Give back what the body took of the budget."""
        self.budget.free += self.held
        self.held = 0


def too_large(limit: int) -> RequestRefused:
    """Return the answer to a body over its limit in bytes."""
    return RequestRefused(
        f"The request's body is larger than {limit} bytes, the most that this operation takes.",
        INVALID_PARAMETER_VALUE,
        status=413,
    )
