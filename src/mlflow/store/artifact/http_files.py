"""Files of a web server: ``http(s)://host/path``, read by name; nothing is listed or written.

A download needs the file's length, and its digest is checked where the server sends one. A cut
connection goes on at the byte where it was cut, if the file has an entity tag that says it is the
same one. A redirect is followed on its own host only: what it names elsewhere was never asked for.
"""

from __future__ import annotations

import re
from base64 import b64decode
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import quote, urljoin, urlsplit

from urllib3.exceptions import HTTPError

from mlflow._core.clock import sleep
from mlflow._core.retry import backoff
from mlflow._core.uri import mask_password
from mlflow.entities.file_info import FileInfo
from mlflow.exceptions import (
    IO_ERROR,
    NOT_IMPLEMENTED,
    PERMISSION_DENIED,
    TEMPORARILY_UNAVAILABLE,
    MlflowException,
)
from mlflow.store.artifact.contract import CHUNK, PAGE, FileStat
from mlflow.store.artifact.streams import CheckedReader, checked_range, differs, no_such_artifact
from mlflow.store.artifact.web_pool import web_pool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3 import BaseHTTPResponse

_TRIES: Final = 5  # without a byte
_REDIRECTS: Final = 5
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_NOT_FOUND: Final = frozenset({404, 410})
_FORBIDDEN: Final = frozenset({401, 403})
_AGAIN: Final = frozenset({408, 429, 500, 502, 503, 504})
_PARTIAL: Final = 206
_DIGEST: Final = re.compile(r"sha-256=:?([A-Za-z0-9+/]{43}=):?", re.IGNORECASE)
_SAFE: Final = "/~!$&'()*+,;=:@"


class HttpFiles:
    """Files below one URL; see ``contract.ArtifactFiles`` for what holds."""

    multipart: Final = None
    presigner: Final = None

    def __init__(self, uri: str) -> None:
        """Check the URL; nothing is sent.

        Args:
            uri: The folder.

        Raises:
            MlflowException: it has a user, a query, a fragment or parameters.
        """
        parts = urlsplit(uri)
        odd = "@" in parts.netloc or ".." in parts.path.split("/")
        if not parts.hostname or odd or any(sign in uri for sign in "?#;\\"):
            raise MlflowException.invalid_parameter_value(
                f"Invalid artifact location {mask_password(uri)!r}: it must be a URL without "
                "user, '..', query, fragment or parameters."
            )
        self.uri = uri.rstrip("/")
        self._pool = web_pool(uri)

    def read(self, path: str, *, start: int = 0, stop: int | None = None) -> CheckedReader:
        """Open a file for reading."""
        reply = self._request("GET", path, {}) if start == 0 and stop is None else None
        found = self.stat(path) if reply is None else _stat(path, reply)
        first, end = checked_range(found, start, stop)
        body = _Body(self, found, reply, first, end)
        return CheckedReader(found, body, start=first, stop=end, close=body.close)

    def stat(self, path: str) -> FileStat:
        """Return what is known of a file."""
        reply = self._request("HEAD", path, {})
        reply.release_conn()
        return _stat(path, reply)

    def find(self, path: str) -> FileInfo | None:
        """Return a file at a path, None when nothing is; folders cannot be seen."""
        try:
            return FileInfo(path, is_dir=False, file_size=self.stat(path).size)
        except MlflowException as error:
            if error.error_code != "RESOURCE_DOES_NOT_EXIST":
                raise
            return None

    def read_from(self, found: FileStat, position: int, stop: int) -> BaseHTTPResponse:
        """Return the answer to a request for some bytes of a file.

        Args:
            found: The file, which must still be the same one.
            position: First byte.
            stop: The byte after the last one.

        Raises:
            MlflowException: the server sends something else (DATA_LOSS).
        """
        headers = {"Range": f"bytes={position}-{stop - 1}"}
        if _is_strong(found.etag):
            headers["If-Match"] = f'"{found.etag}"'
        reply = self._request("GET", found.path, headers)
        expected = f"bytes {position}-{stop - 1}/{found.size}"
        if reply.status != _PARTIAL or reply.headers.get("Content-Range", "") != expected:
            reply.close()
            raise differs(found.path, "the server did not send the bytes that were asked for")
        return reply

    def _request(self, method: str, path: str, headers: dict[str, str]) -> BaseHTTPResponse:
        url = f"{self.uri}/{quote(path, safe=_SAFE)}" if path else self.uri
        waits = backoff(first=0.2, longest=5.0)
        for attempt in range(1, _TRIES + 1):
            try:
                reply = self._followed(method, url, {**headers, "Accept-Encoding": "identity"})
            except HTTPError as error:
                if attempt == _TRIES:
                    raise MlflowException(
                        f"Cannot read artifact {path!r} at {self.uri!r}: {error}",
                        TEMPORARILY_UNAVAILABLE,
                    ) from error
            else:
                if reply.status in (200, _PARTIAL):
                    return reply
                reply.close()
                if attempt == _TRIES or reply.status not in _AGAIN:
                    raise self._refused(path, reply.status)
            sleep(next(waits))
        raise AssertionError  # the last try returned or raised

    def _followed(self, method: str, url: str, headers: dict[str, str]) -> BaseHTTPResponse:
        for _ in range(_REDIRECTS):
            reply = self._pool.request(
                method, url, headers=headers, preload_content=False, redirect=False
            )
            location = reply.headers.get("Location")
            if reply.status not in _MOVED or location is None:
                return reply
            reply.close()
            target = urljoin(url, location)
            old, new = urlsplit(url), urlsplit(target)
            if (old.hostname, old.port) != (new.hostname, new.port) or new.scheme != old.scheme:
                raise MlflowException(
                    f"{url!r} redirects to another host ({new.scheme}://{new.hostname}), which is "
                    "not followed. Use that location itself if you trust it.",
                    PERMISSION_DENIED,
                )
            url = target
        raise MlflowException(f"{url!r} redirects more than {_REDIRECTS} times.", IO_ERROR)

    def _refused(self, path: str, status: int) -> MlflowException:
        if status in _NOT_FOUND:
            return no_such_artifact(path)
        code = PERMISSION_DENIED if status in _FORBIDDEN else IO_ERROR
        return MlflowException(
            f"Cannot read artifact {path!r} at {self.uri!r}: the server answers {status}.",
            TEMPORARILY_UNAVAILABLE if status in _AGAIN else code,
        )

    def _read_only(self, what: str) -> MlflowException:
        return MlflowException(
            f"{self.uri!r} is a web server: files are read from it by their names, and it cannot "
            f"{what}.",
            NOT_IMPLEMENTED,
        )

    def create(
        self,
        path: str,
        *,
        size: int | None = None,  # noqa: ARG002 - the interface
        sha256: str | None = None,  # noqa: ARG002 - the interface
    ) -> NoReturn:
        """Refuse to write."""
        raise self._read_only(f"take {path!r}")

    def list(self, path: str) -> NoReturn:
        """Refuse to list."""
        raise self._read_only(f"list {path!r}")

    def list_page(
        self,
        path: str,
        *,
        token: str | None = None,  # noqa: ARG002 - the interface
        limit: int = PAGE,  # noqa: ARG002 - the interface
    ) -> NoReturn:
        """Refuse to list."""
        raise self._read_only(f"list {path!r}")

    def delete(self, path: str) -> NoReturn:
        """Refuse to delete."""
        raise self._read_only(f"delete {path!r}")

    def clean(self, *, before_ms: int) -> int:  # noqa: ARG002 - the interface
        """Return 0: nothing is ever left behind."""
        return 0


class _Body:
    """The bytes of a file, over as many connections as it takes."""

    def __init__(
        self,
        files: HttpFiles,
        found: FileStat,
        reply: BaseHTTPResponse | None,
        start: int,
        stop: int,
    ) -> None:
        self._files = files
        self._found = found
        self._reply = reply
        self._position = start
        self._stop = stop

    def __iter__(self) -> Iterator[bytes]:
        waits = backoff(first=0.2, longest=5.0)
        failures = 0
        while self._position < self._stop:
            if self._reply is None:
                self._reply = self._files.read_from(self._found, self._position, self._stop)
            try:
                for chunk in self._reply.stream(CHUNK, decode_content=False):
                    self._position += len(chunk)
                    failures = 0
                    yield chunk
            except HTTPError as error:
                failures += 1
                if failures == _TRIES or not _is_strong(self._found.etag):
                    raise differs(self._found.path, str(error)) from error
                sleep(next(waits))
            self.close()

    def close(self) -> None:
        """Let go of the connection; what is left of the answer is not read."""
        reply, self._reply = self._reply, None
        if reply is not None:
            reply.close()


def open_http(uri: str) -> HttpFiles:
    """Return the files below a URL; nothing is sent before the first use.

    Args:
        uri: The folder.

    Raises:
        MlflowException: it has a user, a query, a fragment or parameters.
    """
    return HttpFiles(uri)


def _is_strong(etag: str) -> bool:
    return bool(etag) and not etag.startswith("W/")


def _stat(path: str, reply: BaseHTTPResponse) -> FileStat:
    length = reply.headers.get("Content-Length", "")
    if not length.isdecimal() or "Content-Encoding" in reply.headers:
        reply.close()
        raise differs(path, "the server does not say how many bytes it has")
    modified = reply.headers.get("Last-Modified")
    digests = ",".join(
        reply.headers.get(name, "") for name in ("Repr-Digest", "Content-Digest", "Digest")
    )
    digest = _DIGEST.search(digests)
    return FileStat(
        path,
        int(length),
        _milliseconds(modified) if modified else 0,
        reply.headers.get("ETag", "").strip('"'),
        b64decode(digest.group(1)).hex() if digest else None,
    )


def _milliseconds(date: str) -> int:
    try:
        return int(parsedate_to_datetime(date).timestamp() * 1000)
    except ValueError:
        return 0
