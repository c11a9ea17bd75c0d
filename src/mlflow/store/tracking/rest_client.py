"""Calls of a tracking server's operations: a message goes out, a message or an error comes back.

What routes, bodies and answers look like is in the endpoint table; nothing here knows an operation
by name. Requests carry the key of the request that ``keyed`` was given, if any.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from mlflow._http.errors import TransportError, summary_of
from mlflow._http.session import HttpSession
from mlflow._wire.codec import encode_json
from mlflow._wire.endpoints import PREFIXES, SERVER_INFO, endpoint
from mlflow._wire.errors import error_of
from mlflow._wire.headers import IDEMPOTENCY_KEY, JOURNAL
from mlflow._wire.messages import Empty, Message
from mlflow.environment_variables import (
    MLFLOW_TRACKING_PASSWORD,
    MLFLOW_TRACKING_TOKEN,
    MLFLOW_TRACKING_USERNAME,
)
from mlflow.exceptions import INTERNAL_ERROR, MlflowException, RestException, get_error_code
from mlflow.store.entities.request_key import JournalKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mlflow._http.reply import Reply
    from mlflow.store.entities.request_key import RequestKey

M = TypeVar("M", bound=Message)

_FIRST_ERROR: Final = 300
_DENIED: Final = frozenset({401, 403})
# Rows whose first path is not served everywhere: upstream's server has them for browsers only.
_FOR_BROWSERS: Final = frozenset({"search_datasets", "get_metric_history_bulk"})
_EMPTY: Final = Empty()


class _Key(threading.local):
    """The header of the request that this thread is about to make."""

    headers: dict[str, str] | None = None
    is_spent: bool = False


class _Operation:
    """A row of the endpoint table, ready to be called."""

    __slots__ = ("fields", "is_query", "method", "path", "writes")

    def __init__(self, name: str) -> None:
        row = endpoint(name)
        self.method = row.method
        self.path = row.routes()[-1] if name in _FOR_BROWSERS else row.route
        self.fields = tuple(
            one for one in row.request.__struct_fields__ if f"{{{one}}}" in row.path
        )
        self.is_query = row.method == "GET"
        self.writes = row.writes

    def target(self, request: Message) -> str:
        """Return the path of a request, with its query."""
        path = self.path
        for name in self.fields:
            path = path.replace(f"{{{name}}}", quote(str(getattr(request, name)), safe=""))
        if not self.is_query:
            return path
        query = [
            (name, _query_text(one))
            for name in request.__struct_fields__
            if name not in self.fields
            for one in _listed(getattr(request, name))
        ]
        return f"{path}?{urlencode(query, quote_via=quote)}" if query else path

    def body(self, request: Message) -> bytes:
        """Return the content of a request: nothing when its path says all."""
        if self.is_query or (self.fields and self.method == "DELETE"):
            return b""
        try:
            return encode_json(request)
        except (TypeError, ValueError, OverflowError) as error:
            raise MlflowException.invalid_parameter_value(
                f"A value cannot be sent to the server: {error}."
            ) from error


_operation: Final = lru_cache(maxsize=256)(_Operation)


@lru_cache(maxsize=256)
def _decoder(cls: type[M]) -> msgspec.json.Decoder[M]:
    return msgspec.json.Decoder(cls, strict=False)


class RestClient:
    """A tracking server, by its operations; safe for threads."""

    def __init__(self, uri: str) -> None:
        """Prepare for calls; connects to nothing.

        Args:
            uri: The server's ``http`` or ``https`` URI.
        """
        self.session: Final = HttpSession(uri)
        self._key = _Key()

    def is_ours(self) -> bool:
        """Return whether the server is a Headrace; asks it when no answer has said so yet."""
        if self.session.is_ours is None:
            self.session.request("GET", f"{PREFIXES[0]}{SERVER_INFO}")
            self.session.is_ours = bool(self.session.is_ours)
        return self.session.is_ours

    @contextmanager
    def keyed(self, key: RequestKey) -> Iterator[None]:
        """Send a key with the one writing request of this thread inside the block.

        Raises:
            MlflowException: inside, at a second one: the key stands for one request.
        """
        if isinstance(key, JournalKey):
            headers = {JOURNAL: f"{key.journal_id};{key.sequence};{key.floor}"}
        else:
            headers = {IDEMPOTENCY_KEY: key.key}
        self._key.headers, self._key.is_spent = headers, False
        try:
            yield
        finally:
            self._key.headers = None

    def has_key(self) -> bool:
        """Return whether this thread is inside ``keyed``."""
        return self._key.headers is not None

    def call(
        self,
        name: str,
        request: Message,
        response: type[M],
        *,
        is_repeatable: bool = True,
        is_done: Callable[[], bool] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> M:
        """Call an operation.

        Args:
            name: The operation's name in the endpoint table.
            request: What to ask.
            response: The class of what is answered.
            is_repeatable: Whether the server may get the request twice.
            headers: Sent with it.
            is_done: Asked when a repeated request was refused, because the first one may have
                arrived: whether all is as it should be.

        Raises:
            MlflowException: what the server answered; ``TransportError`` if the way to it failed.
        """
        operation = _operation(name)
        key = self._key.headers
        if key is not None:
            key = self._spend(key) if operation.writes else None
        reply = self.session.request(
            operation.method,
            operation.target(request),
            body=operation.body(request),
            headers={**(headers or {}), **(key or {})} or None,
            is_repeatable=is_repeatable,
        )
        if reply.status < _FIRST_ERROR:
            return self._decoded(operation, reply, response)
        if reply.is_repetition and is_done is not None and is_done():
            return response()
        raise self._error(operation, reply)

    def _spend(self, headers: dict[str, str]) -> dict[str, str]:
        if self._key.is_spent:
            raise MlflowException(
                "A request key stands for one writing request, and this is a second one.",
                INTERNAL_ERROR,
            )
        self._key.is_spent = True
        return headers

    def _decoded(self, operation: _Operation, reply: Reply, response: type[M]) -> M:
        body = reply.body
        if not body:
            return response()  # a journal's request that was applied before
        # A portal before the server answers pages of its own with status 200.
        if body[:1] == b"{":
            if response is Empty:
                return _EMPTY  # type: ignore[return-value]  # M is Empty here
            try:
                decoded: M = _decoder(response).decode(body)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                said = f"what is no answer of a tracking server: {error}"
            else:
                return decoded
        else:
            said = f"{summary_of(body)} instead of JSON: it may be another server, or a login page"
        raise TransportError(
            f"API request to {self.session.address.origin}{operation.path} was answered with"
            f" {said}. Check the tracking URI and the credentials.",
            reply.status,
        )

    def _error(self, operation: _Operation, reply: Reply) -> MlflowException:
        address = self.session.address
        source = f"API request to {address.origin}{address.path}{operation.path}"
        error = error_of(reply.status, reply.body, source=source)
        if error is None:
            return MlflowException(f"{source} was answered with status {reply.status}: a redirect.")
        if reply.status not in _DENIED or isinstance(error, RestException):
            return error
        return MlflowException(
            f"{error.message} Check the credentials: {MLFLOW_TRACKING_USERNAME.name} and"
            f" {MLFLOW_TRACKING_PASSWORD.name}, or {MLFLOW_TRACKING_TOKEN.name}.",
            get_error_code(reply.status),
        )


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _query_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
