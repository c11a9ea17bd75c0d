"""Answers: bytes at once, or a stream; both know how to send themselves."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

import msgspec

from mlflow._asgi.errors import RETRY_AFTER_SECONDS, RequestRefused
from mlflow._wire.errors import error_body

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from mlflow._asgi.request import Send
    from mlflow.exceptions import MlflowException

JSON: Final = "application/json"
TEXT: Final = "text/plain; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"
_BUSY: Final = (429, 503)


class Response:
    """An answer whose body is at hand.

    Attributes:
        status: The HTTP status.
        headers: Names in lower case, with values; more may be added until it is sent.
        sent: Bytes of the body that were sent.
    """

    __slots__ = ("body", "headers", "sent", "status")

    def __init__(
        self,
        body: bytes = b"",
        *,
        status: int = 200,
        content_type: str = JSON,
        headers: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Keep the parts of the answer.

        Args:
            body: All of it.
            status: The HTTP status.
            content_type: Of the body; "" for none.
            headers: Beside the type and the length.
        """
        self.body = body
        self.status = status
        self.headers = _encoded(content_type, headers)
        self.sent = 0

    async def send(self, send: Send, *, head: bool = False) -> None:
        """Send it.

        Args:
            send: The way to the client.
            head: Whether only the head was asked for.
        """
        if self.status not in (204, 304):
            self.headers.append((b"content-length", b"%d" % len(self.body)))
        await send(_start(self.status, self.headers))
        self.sent = 0 if head else len(self.body)
        await send({"type": "http.response.body", "body": b"" if head else self.body})


class StreamResponse:
    """An answer whose body is made while it is sent.

    Attributes:
        status: The HTTP status.
        headers: Names in lower case, with values.
        sent: Bytes of the body that were sent.
    """

    __slots__ = ("chunks", "headers", "length", "sent", "status")

    def __init__(
        self,
        chunks: AsyncGenerator[bytes, None],
        *,
        status: int = 200,
        content_type: str = "application/octet-stream",
        headers: Iterable[tuple[str, str]] = (),
        length: int | None = None,
    ) -> None:
        """Keep the parts of the answer.

        Args:
            chunks: The body; closed when all is sent or the client is gone.
            status: The HTTP status.
            content_type: Of the body.
            headers: Beside the type and the length.
            length: Of the body in bytes, when it is known; the connection is cut when the chunks
                come to another length, so that nobody takes a part for the whole.
        """
        self.chunks = chunks
        self.status = status
        self.headers = _encoded(content_type, headers)
        self.length = length
        self.sent = 0

    async def send(self, send: Send, *, head: bool = False) -> None:
        """Send it, no faster than the client takes it.

        Args:
            send: The way to the client.
            head: Whether only the head was asked for.
        """
        if self.length is not None:
            self.headers.append((b"content-length", b"%d" % self.length))
        async with aclosing(self.chunks):
            await send(_start(self.status, self.headers))
            if not head:
                async for chunk in self.chunks:
                    self.sent += len(chunk)
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})


Answer = Response | StreamResponse


def json_response(value: object, *, status: int = 200) -> Response:
    """Return an answer with a value as JSON."""
    return Response(msgspec.json.encode(value), status=status)


def error_response(error: MlflowException) -> Response:
    """Return the answer that tells of an error; one that passes says when to ask again."""
    status = error.get_http_status_code()
    headers = error.headers if isinstance(error, RequestRefused) else ()
    if status in _BUSY and not headers:
        headers = (("retry-after", str(RETRY_AFTER_SECONDS)),)
    return Response(error_body(error), status=status, headers=headers)


def _encoded(content_type: str, headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    found = [(b"content-type", content_type.encode("latin-1"))] if content_type else []
    for name, value in headers:
        found.append((name.lower().encode("latin-1"), value.encode("latin-1")))
    return found


def _start(status: int, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": headers}
