"""The head of a request: its first line and its headers, most of them the same each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mlflow._http import credentials
from mlflow._http.auth_plugins import PreparedRequest, auth_headers
from mlflow._http.request_headers import resolve_request_headers
from mlflow.environment_variables import MLFLOW_TRACKING_AUTH
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mlflow._http.address import Address


_LAST_OF_LATIN_1: Final = "\xff"


class HeadWriter:
    """Writes the heads of the requests to one server."""

    def __init__(
        self, address: Address, *, is_anonymous: bool, proxy_headers: Mapping[str, str] | None
    ) -> None:
        """Prepare for requests.

        Args:
            address: The server.
            is_anonymous: Whether requests go without credentials and providers' headers.
            proxy_headers: What a proxy that forwards plain requests gets; None without one.
        """
        self._address = address
        self._is_anonymous = is_anonymous
        self._proxy_headers = proxy_headers
        self._prefix = address.path if proxy_headers is None else address.origin + address.path
        self._common: tuple[object, str] = (None, "")

    def write(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes],
        headers: Mapping[str, str] | None,
    ) -> tuple[bytes, bytes | Iterable[bytes]]:
        """Return a request's head, and its body as it is to be sent.

        Args:
            method: Such as ``POST``.
            path: From the server's root, with the query.
            body: The content, or its parts: without a length among the headers they go in chunks.
            headers: More headers; ``Content-Type`` is JSON unless it is one of them.
        """
        if not path.isascii() or not path.isprintable() or " " in path:
            raise MlflowException.invalid_parameter_value(
                f"{path!r} is no path of a request: what is not ASCII must be percent-encoded."
            )
        lines = self._common_lines()
        auth = None if self._is_anonymous else MLFLOW_TRACKING_AUTH.get()
        if auth:
            url = f"{self._address.origin}{self._address.path}{path}"
            content = body if isinstance(body, bytes) else b""
            headers = auth_headers(auth, PreparedRequest(method, url, content, dict(headers or {})))
        names = () if headers is None else {name.lower() for name in headers}
        if headers:
            if "authorization" in names:
                lines = _without_authorization(lines)
            lines += "".join(map(_line, headers.items()))
        if isinstance(body, bytes):
            if body or method not in ("GET", "HEAD"):
                lines += f"Content-Length: {len(body)}\r\n"
        elif "content-length" not in names:
            lines += "Transfer-Encoding: chunked\r\n"
            body = _in_chunks(body)
        if body and "content-type" not in names:
            lines += "Content-Type: application/json\r\n"
        head = f"{method} {self._prefix}{path} HTTP/1.1\r\n{lines}\r\n"
        return head.encode("latin-1"), body

    def _common_lines(self) -> str:
        """Return what all requests say; made anew when what it comes from has changed."""
        if self._is_anonymous:
            source: object = ()
            provided: Mapping[str, object] = {}
        else:
            found = credentials.from_environment()
            provided = resolve_request_headers()
            source = (found, provided)
        known, lines = self._common
        if known == source:
            return lines
        headers: dict[str, object] = {"Host": self._address.authority, **provided}
        headers["Accept"] = "*/*"
        headers["Accept-Encoding"] = "identity" if self._address.is_loopback else "gzip"
        if not self._is_anonymous and "authorization" not in {name.lower() for name in provided}:
            authorization = credentials.authorization(self._address, found)
            if authorization:
                headers["Authorization"] = authorization
        headers.update(self._proxy_headers or {})
        lines = "".join(map(_line, headers.items()))
        self._common = (source, lines)
        return lines


def _line(header: tuple[str, object]) -> str:
    name, value = header[0], str(header[1])
    text = f"{name}: {value}"
    if not text.isprintable() or max(text) > _LAST_OF_LATIN_1:
        raise MlflowException.invalid_parameter_value(
            f"The header {name!r} holds a character that a header cannot carry, perhaps the end"
            " of a line."
        )
    return f"{text}\r\n"


def _without_authorization(lines: str) -> str:
    return "".join(
        line for line in lines.splitlines(keepends=True) if not line.startswith("Authorization:")
    )


def _in_chunks(parts: Iterable[bytes]) -> Iterator[bytes]:
    for part in parts:
        if part:
            yield b"%x\r\n%b\r\n" % (len(part), part)
    yield b"0\r\n\r\n"
