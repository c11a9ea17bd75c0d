"""Requests to one server: connections that stay open, retries, redirects, credentials.

A request that is safe to repeat is repeated when the way to the server fails; one that is not is
repeated only when the server surely did nothing. Waits grow exponentially with jitter, or are what
``Retry-After`` says. What the caller gets is an answer, or ``TransportError``.
"""

from __future__ import annotations

import gzip
import logging
import os
import weakref
from collections import deque
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from mlflow._core.clock import monotonic, sleep
from mlflow._http import patience
from mlflow._http.address import Address, parse_address
from mlflow._http.connection import BadReplyError
from mlflow._http.faults import (
    FAULTS,
    NotConnectedError,
    error_of_fault,
    fault_of,
    refusal_of,
    wait_before_next,
)
from mlflow._http.opening import Opener
from mlflow._http.reply import Reply, StreamedReply
from mlflow._http.request_head import HeadWriter
from mlflow._wire.headers import VERSION
from mlflow.environment_variables import (
    MLFLOW_ALLOW_HTTP_REDIRECTS,
    MLFLOW_HTTP_POOL_MAXSIZE,
    MLFLOW_HTTP_REQUEST_TIMEOUT,
    MLFLOW_TRACKING_AUTH,
    MLFLOW_TRACKING_AWS_SIGV4,
)
from mlflow.exceptions import NOT_IMPLEMENTED, InvalidUrlException, MlflowException

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mlflow._http.connection import Connection

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_SEE_OTHER: Final = 303
_MAX_REDIRECTS: Final = 5
_COMPRESSED_FROM: Final = 32768
_VERSION_HEADER: Final = VERSION.lower()
_FIRST_SIGNAL: Final = 400
_logger = logging.getLogger(__name__)


class HttpSession:
    """A server, and the connections to it; safe for threads, and for children of ``fork``."""

    def __init__(self, uri: str | Address, *, is_anonymous: bool = False) -> None:
        """Prepare for requests; connects to nothing.

        Args:
            uri: ``http://`` or ``https://``, with credentials and a path if need be.
            is_anonymous: Whether requests go without credentials and without headers of
                providers, as to an address that was signed.

        Raises:
            MlflowException: the URI, or what the environment says, cannot be used.
        """
        if MLFLOW_TRACKING_AWS_SIGV4.get():
            raise MlflowException(
                f"{MLFLOW_TRACKING_AWS_SIGV4.name} is set, but requests are not signed"
                f" for AWS: unset it. A plugin that {MLFLOW_TRACKING_AUTH.name} names"
                " can sign them.",
                NOT_IMPLEMENTED,
            )
        self.address: Final = parse_address(uri) if isinstance(uri, str) else uri
        self.is_ours: bool | None = None  # whether a Headrace answers; None: nobody knows yet
        self._opener = Opener(self.address)
        self._heads = HeadWriter(
            self.address,
            is_anonymous=is_anonymous,
            proxy_headers=self._opener.forward_headers() if self._opener.is_forwarded else None,
        )
        self._idle: deque[Connection] = deque()
        weakref.finalize(self, _close_all, self._idle)
        self._process = os.getpid()
        self._max_idle = max(1, MLFLOW_HTTP_POOL_MAXSIZE.get())
        self._elsewhere: dict[str, HttpSession] = {}  # by origin: where redirects led

    def close(self) -> None:
        """Close the connections that wait for a request."""
        _close_all(self._idle)
        for session in self._elsewhere.values():
            session.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        retries: int | None = None,
        is_repeatable: bool = True,
    ) -> Reply:
        """Send a request and return the answer, but for one that says: not now.

        Args:
            method: Such as ``POST``.
            path: From the server's root, with the query; percent-encoded.
            body: The content.
            headers: More headers; ``Content-Type`` is JSON unless it is one of them.
            timeout: Bound of each wait for the network, in seconds.
            retries: How often to try again at most.
            is_repeatable: Whether the server may get the request twice.

        Raises:
            TransportError: there was no answer, or only such that say: not now.
        """
        tries = 0
        maybe_done = False
        started = 0.0
        while True:
            tries += 1
            began = monotonic()
            try:
                reply = self._exchange(method, path, body, headers, timeout)
                fault = None if reply.status < _FIRST_SIGNAL else refusal_of(reply)
                if fault is None:
                    return reply if tries == 1 else Reply(*reply[:3], tries, maybe_done)
            except FAULTS as error:
                fault = fault_of(error)
            maybe_done = maybe_done or fault.maybe_done
            now = monotonic()
            started = started or now
            wait = wait_before_next(fault, tries, retries, is_repeatable=is_repeatable)
            if wait is None or not patience.allows(wait, now - began):
                raise error_of_fault(
                    self.address, f"{method} {path}", fault, tries=tries, seconds=now - started
                )
            _logger.debug("%s %s: %s; next try in %.1f s", method, path, fault.text, wait)
            sleep(wait)

    @contextmanager
    def stream(
        self,
        method: str,
        path: str,
        *,
        body: bytes | Iterable[bytes] = b"",
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Iterator[StreamedReply]:
        """Send a request once and read the answer's body as it comes.

        Args:
            method: Such as ``PUT``.
            path: From the server's root, with the query; percent-encoded.
            body: The content; its parts go in chunks unless ``Content-Length`` is a header.
            headers: More headers.
            timeout: Bound of each wait for the network, in seconds.

        Yields:
            The answer, whatever its status; redirects are not followed.

        Raises:
            TransportError: the way to the server failed, here or while the body was read.
        """
        seconds = timeout or MLFLOW_HTTP_REQUEST_TIMEOUT.get()
        connection = None
        try:
            with self._worded(f"{method} {path}"):
                connection = self._take(seconds)
                connection.bound(seconds, patience.deadline())
                connection.send(*self._heads.write(method, path, body, headers))
                status, found = connection.read_head()
            self._note(found)
            parts = connection.iter_body(method, status, found)
            yield StreamedReply(status, found, self._iter_worded(f"{method} {path}", parts))
        finally:
            if connection is not None:
                self._give(connection)

    @contextmanager
    def _worded(self, request: str) -> Iterator[None]:
        """Turn what goes wrong with a connection into what callers see."""
        try:
            yield
        except FAULTS as error:
            raise error_of_fault(
                self.address, request, fault_of(error), tries=1, seconds=0.0
            ) from error

    def _iter_worded(self, request: str, parts: Iterator[bytes]) -> Iterator[bytes]:
        while True:
            with self._worded(request):
                part = next(parts, None)
            if part is None:
                return
            yield part

    def _exchange(
        self,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str] | None,
        timeout: float | None,
    ) -> Reply:
        """Send a request once and return the answer, that of another place after a redirect."""
        seconds = timeout or MLFLOW_HTTP_REQUEST_TIMEOUT.get()
        if len(body) > _COMPRESSED_FROM and self.is_ours and not self.address.is_loopback:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers = {**(headers or {}), "Content-Encoding": "gzip"}
        reply = self._once(method, path, body, headers, seconds)
        redirects = 0
        session, place = self, f"{self.address.path}{path}"
        while reply.status in _REDIRECTS and "location" in reply.headers:
            redirects += 1
            if redirects > _MAX_REDIRECTS or not MLFLOW_ALLOW_HTTP_REDIRECTS.get():
                break
            where = urljoin(f"{session.address.origin}{place}", reply.headers["location"])
            try:
                session = self._session_for(parse_address(where))
            except InvalidUrlException as error:
                raise BadReplyError(f"the redirect to {where[:200]!r} leads nowhere") from error
            parts = urlsplit(where)
            place = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
            if reply.status == _SEE_OTHER:
                method, body = "GET", b""
            kept = headers if session.address.host == self.address.host else None
            reply = session._once(method, place, body, kept, seconds)  # noqa: SLF001 - own class
        return reply

    def _once(
        self,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str] | None,
        seconds: float,
    ) -> Reply:
        head, _ = self._heads.write(method, path, body, headers)
        limit = patience.deadline()
        connection = self._take(seconds if limit is None else min(seconds, limit - monotonic()))
        try:
            connection.bound(seconds, limit)
            connection.send(head, body)
            status, found = connection.read_head()
            content = connection.read_body(method, status, found)
        finally:
            self._give(connection)
        self._note(found)
        return Reply(status, found, content)

    def _session_for(self, there: Address) -> HttpSession:
        """Return the session for where a redirect leads; credentials stay with their host."""
        here = self.address
        upgraded = (here.scheme, there.scheme) == ("http", "https")
        is_own = there.origin == here.origin or (there.host == here.host and upgraded)
        session = self._elsewhere.get(there.origin)
        if session is None:
            address = replace(there, path="", user=None, password=None)
            if is_own:
                address = replace(address, user=here.user, password=here.password)
            _logger.warning("%s redirects to %s: set it as the URI", here.origin, there.origin)
            session = HttpSession(address, is_anonymous=not is_own)
            self._elsewhere[there.origin] = session
        return session

    def _note(self, headers: Mapping[str, str]) -> None:
        if not self.is_ours and _VERSION_HEADER in headers:
            self.is_ours = True

    def _take(self, timeout: float) -> Connection:
        if self._process != os.getpid():
            # The parent's connections; to close the child's copies says nothing to the server.
            _close_all(self._idle)
            self._process = os.getpid()
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                break
            if not connection.is_stale():
                return connection
            connection.close()
        try:
            if timeout <= 0:
                raise TimeoutError
            return self._opener.open(timeout)
        except FAULTS as error:
            raise NotConnectedError from error

    def _give(self, connection: Connection) -> None:
        if connection.keeps and len(self._idle) < self._max_idle:
            self._idle.append(connection)
        else:
            connection.close()


def _close_all(connections: deque[Connection]) -> None:
    while True:
        try:
            connection = connections.pop()
        except IndexError:
            return
        connection.close()
