"""The artifact service of a tracking server, as a client calls it: paths in, bytes and errors out.

Works with upstream's server too, which announces no digests and knows no parts.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from mlflow._core.clock import monotonic, sleep
from mlflow._core.uri import mask_password, scheme_of
from mlflow._http import patience
from mlflow._http.errors import TransportError
from mlflow._http.faults import Fault, fault_of, refusal_of, wait_before_next
from mlflow._http.reply import Reply
from mlflow._http.session import HttpSession
from mlflow._wire import messages as m
from mlflow._wire.codec import decode_json, encode_json
from mlflow._wire.endpoints import (
    ARTIFACTS,
    HEALTH,
    MULTIPART,
    OWN_PARTS,
    OWN_PREFIX,
    PREFIXES,
    SERVER_INFO,
)
from mlflow._wire.errors import error_of
from mlflow._wire.headers import SHA256
from mlflow.environment_variables import MLFLOW_ARTIFACT_UPLOAD_DOWNLOAD_TIMEOUT
from mlflow.exceptions import DATA_LOSS, INVALID_PARAMETER_VALUE, MlflowException

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mlflow._http.reply import StreamedReply

T = TypeVar("T")

_BASE: Final = "/api/2.0"
_MPU: Final = f"{_BASE}{MULTIPART}"
PARTS: Final = f"{OWN_PREFIX}{OWN_PARTS}/"
_BYTES: Final = "application/octet-stream"
_ERRORS: Final = 300  # the first status that is no success
_MAX_ERROR: Final = 65_536
_JOIN_SECONDS: Final = 3600.0  # a server copies the parts of a large file before it answers
_SESSIONS: Final = 16
_DAMAGED: Final = MlflowException("", DATA_LOSS).error_code


@dataclass(frozen=True, slots=True)
class Content:
    """What an upload sends: how many bytes, their digest if it is known, and how to get them.

    ``chunks`` may be called again for another try.
    """

    size: int
    chunks: Callable[[], Iterable[bytes]]
    sha256: str | None = None


class Refused(MlflowException):
    """An answer that says: not now."""

    def __init__(self, fault: Fault) -> None:
        """Keep the fault."""
        super().__init__(fault.text)
        self.fault: Final = fault


@lru_cache(maxsize=_SESSIONS)
def session_of(uri: str, *, is_anonymous: bool = False) -> HttpSession:
    """Return the session for a server, one in a process."""
    return HttpSession(uri, is_anonymous=is_anonymous)


def proxy_of(artifact_uri: str, tracking_uri: str | None) -> tuple[Proxy, str]:
    """Return the service that an ``mlflow-artifacts:`` URI names, and the path there.

    Args:
        artifact_uri: With a host, or without one for that of the tracking server.
        tracking_uri: The tracking server.

    Raises:
        MlflowException: no server is named.
    """
    if scheme_of(tracking_uri or "") not in ("http", "https"):
        raise MlflowException.invalid_parameter_value(
            f"{artifact_uri!r} lies behind a tracking server, and the tracking URI"
            f" {mask_password(tracking_uri or '')!r} is none. Set it to http://host:port."
        )
    split = urlsplit(artifact_uri)
    server = str(tracking_uri)
    if split.netloc:
        server = f"{scheme_of(server)}://{split.netloc}"
    return Proxy(session_of(server)), split.path.strip("/")


class Proxy:
    """One server's artifact service."""

    def __init__(self, session: HttpSession) -> None:
        """Remember how to reach it."""
        self.session: Final = session

    @property
    def is_ours(self) -> bool:
        """Whether the server takes what only ours does."""
        if self.session.is_ours is None:
            self.session.request("GET", HEALTH)
        return bool(self.session.is_ours)

    @property
    def is_direct(self) -> bool:
        """Whether parts go to the server's destination itself."""
        reply = self.session.request("GET", f"{PREFIXES[0]}{SERVER_INFO}")
        return b'"multipart_uploads_enabled":true' in reply.body

    # Messages

    def list_page(self, path: str, token: str | None) -> m.ListArtifactsResponse:
        """Return some of a folder, names relative to it."""
        query = {"path": path} | ({"page_token": token} if token else {})
        reply = self._call("GET", f"{_BASE}{ARTIFACTS}?{urlencode(query)}")
        return decode_json(m.ListArtifactsResponse, reply.body)

    def delete(self, path: str) -> None:
        """Delete a file or a folder."""
        self._call("DELETE", self._file(path))

    def digest(self, path: str) -> str | None:
        """Return the digest of a file in hex, None when the server does not say it."""
        return self._call("HEAD", self._file(path)).headers.get(SHA256.lower())

    def begin(
        self, folder: str, name: str, count: int, sha256: str | None
    ) -> m.CreateMultipartUploadResponse:
        """Begin an upload in parts."""
        ask = m.CreateMultipartUpload(path=name, num_parts=count)
        reply = self._call("POST", f"{_MPU}/create/{quote(folder)}", ask, sha256=sha256)
        return decode_json(m.CreateMultipartUploadResponse, reply.body)

    def complete(
        self, folder: str, ask: m.CompleteMultipartUpload, sha256: str | None
    ) -> str | None:
        """Let a file appear that was uploaded in parts; return its digest if the server says it."""
        reply = self._call("POST", f"{_MPU}/complete/{quote(folder)}", ask, sha256=sha256)
        return reply.headers.get(SHA256.lower())

    def abort(self, folder: str, name: str, upload_id: str) -> None:
        """Give an upload in parts up."""
        ask = m.AbortMultipartUpload(path=name, upload_id=upload_id)
        self._call("POST", f"{_MPU}/abort/{quote(folder)}", ask)

    def _file(self, path: str) -> str:
        return f"{_BASE}{ARTIFACTS}/{quote(path)}"

    def _call(
        self, method: str, path: str, ask: m.Message | None = None, *, sha256: str | None = None
    ) -> Reply:
        body = b"" if ask is None else encode_json(ask)
        headers = {} if sha256 is None else {SHA256: sha256}
        timeout = _JOIN_SECONDS if isinstance(ask, m.CompleteMultipartUpload) else _timeout()
        reply = self.session.request(method, path, body=body, headers=headers, timeout=timeout)
        _check(reply, f"{method} {path}")
        return reply

    # Bytes

    def put(self, path: str, content: Content) -> None:
        """Upload a file; what arrived is compared with what was sent.

        Raises:
            MlflowException: it could not be, or arrived damaged (DATA_LOSS).
        """

        def attempt() -> None:
            sent(self.session, self._file(path), content, {})

        retried(attempt)

    @contextmanager
    def read(self, path: str, start: int, etag: str | None) -> Iterator[StreamedReply]:
        """Yield the one answer that is a file, or its rest.

        Args:
            path: The file.
            start: First byte.
            etag: What the answer must be a part of; of another file, all of it comes.

        Raises:
            MlflowException: nothing is there.
        """
        target = self._file(path)
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers |= {"Range": f"bytes={start}-", "If-Range": etag or ""}
        with self.session.stream("GET", target, headers=headers, timeout=_timeout()) as reply:
            if reply.status >= _ERRORS:
                _check(_whole(reply), f"GET {target}")
            yield reply


def sent(
    session: HttpSession, target: str, content: Content, headers: dict[str, str]
) -> dict[str, str]:
    """Upload bytes once and return the headers of the answer.

    Raises:
        Refused: the server says: not now.
        TransportError: the way to it failed.
        MlflowException: it refused the bytes, or others arrived (DATA_LOSS).
    """
    fields = {"Content-Type": _BYTES, **headers, "Content-Length": str(content.size)}
    if content.sha256 is not None:
        fields[SHA256] = content.sha256
    body = content.chunks() if content.size else b""
    if not content.size:
        del fields["Content-Length"]
    with session.stream("PUT", target, body=body, headers=fields, timeout=_timeout()) as reply:
        _check(_whole(reply), f"PUT {target}")
        arrived = reply.headers.get(SHA256.lower())
    if arrived and content.sha256 not in (None, arrived):
        raise MlflowException(f"The upload to {target} arrived damaged. Try again.", DATA_LOSS)
    return reply.headers


def retried(attempt: Callable[[], T], *, progressed: Callable[[], object] = bool) -> T:
    """Do something with a server until it succeeds or patience ends, and return what it returns.

    Args:
        attempt: What to do.
        progressed: Returns another value when an attempt came further: patience begins anew.

    Raises:
        TransportError: the way to the server fails for too long.
        MlflowException: the server refused it.
    """
    tries, reached = 0, progressed()
    while True:
        tries += 1
        damaged = False
        began = monotonic()
        try:
            return attempt()
        except Refused as error:
            fault, failure = error.fault, TransportError(error.message, error.fault.status)
        except TransportError as error:
            cause = error.__cause__
            fault = Fault(error.message, error.status) if cause is None else fault_of(cause)
            failure = error
        except MlflowException as error:
            damaged = error.error_code == _DAMAGED
            if not damaged or tries > 1:
                raise
            continue
        if progressed() != reached:
            tries, reached, began = 1, progressed(), monotonic()
        wait = wait_before_next(fault, tries, None, is_repeatable=True)
        if wait is None or not patience.allows(wait, monotonic() - began):
            raise failure
        sleep(wait)


def _check(reply: Reply, request: str) -> None:
    fault = refusal_of(reply)
    if fault is not None:
        raise Refused(fault)
    error = error_of(reply.status, reply.body, source=request)
    if error is not None:
        raise error
    if reply.status >= _ERRORS:
        raise MlflowException(
            f"{request} was answered with status {reply.status}, which leads elsewhere. Set the"
            " tracking URI to where the server is.",
            INVALID_PARAMETER_VALUE,
        )


def _whole(reply: StreamedReply) -> Reply:
    parts: list[bytes] = []
    for part in reply.body:
        if sum(map(len, parts)) < _MAX_ERROR:
            parts.append(part)
    return Reply(reply.status, reply.headers, b"".join(parts))


def _timeout() -> float | None:
    return MLFLOW_ARTIFACT_UPLOAD_DOWNLOAD_TIMEOUT.get()


def etag_of(headers: dict[str, str]) -> str:
    """Return the tag of an answer without its quotes."""
    return headers.get("etag", "").strip('"')
