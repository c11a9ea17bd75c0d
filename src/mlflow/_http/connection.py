"""One connection to a server: urllib3 opens it, requests and answers are framed here.

urllib3 knows TLS, proxies, tunnels and time-outs of connecting. Its way of a request through
``http.client`` and ``email`` costs 80 to 110 µs of CPU; the framing below costs 10, sends head and
body in one call and reads an answer in one.
"""

from __future__ import annotations

import select
import zlib
from typing import TYPE_CHECKING, Final

from urllib3.util.wait import wait_for_read

from mlflow._core.clock import monotonic

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable, Iterator

    from urllib3.connection import HTTPConnection

_RECEIVE: Final = 65536
_RECEIVE_LARGE: Final = 1 << 20
_MAX_HEAD: Final = 65536
_MAX_LINE: Final = 4096
_NO_BODY: Final = frozenset({204, 304})
_WBITS: Final = {"gzip": 31, "x-gzip": 31, "deflate": 15}


class BadReplyError(Exception):
    """What came is no answer of HTTP, or ends before its end."""


class ClosedError(BadReplyError):
    """The server closed the connection before it sent a byte of the answer."""


class Connection:
    """An open connection; one request at a time, and not for two threads."""

    __slots__ = ("_opened", "_poll", "_rest", "_socket", "keeps")

    def __init__(self, opened: HTTPConnection) -> None:
        """Take over a connection that urllib3 opened.

        Args:
            opened: Connected, with TLS and tunnel where they are needed.
        """
        self._opened = opened
        self._socket: socket.socket = opened.sock
        self._rest = b""
        self._poll = None
        if hasattr(select, "poll"):
            self._poll = select.poll()
            self._poll.register(self._socket, select.POLLIN)
        self.keeps = True  # whether it can take another request

    def close(self) -> None:
        """Close the connection."""
        self.keeps = False
        self._opened.close()

    def is_stale(self) -> bool:
        """Return whether the server closed it, or said something that nobody asked for."""
        if self._poll is not None:
            return bool(self._poll.poll(0))
        return wait_for_read(self._socket, timeout=0)

    def set_timeout(self, seconds: float) -> None:
        """Bound each wait for the network, in seconds."""
        if self._socket.gettimeout() != seconds:
            self._socket.settimeout(seconds)

    def bound(self, seconds: float, deadline: float | None) -> None:
        """Bound each wait by a time in seconds, and by what is left until a moment.

        Raises:
            TimeoutError: the moment has passed.
        """
        if deadline is not None:
            seconds = min(seconds, deadline - monotonic())
            if seconds <= 0:
                raise TimeoutError("timed out")
        self.set_timeout(seconds)

    def send(self, head: bytes, body: bytes | Iterable[bytes]) -> None:
        """Send a request.

        Args:
            head: All lines up to the empty one, included.
            body: The content, or its parts in order.
        """
        self.keeps = False  # until the answer is read to its end
        if isinstance(body, bytes):
            self._socket.sendall(head + body if len(body) <= _RECEIVE_LARGE else head)
            if len(body) > _RECEIVE_LARGE:
                self._socket.sendall(body)
            return
        self._socket.sendall(head)
        for part in body:
            self._socket.sendall(part)

    def read_head(self) -> tuple[int, dict[str, str]]:
        """Read an answer up to its body.

        Returns:
            The status, and the headers by their names in lower case.

        Raises:
            ClosedError: the server closed the connection instead.
            BadReplyError: it is no answer.
        """
        data = self._rest or self._socket.recv(_RECEIVE)
        if not data:
            raise ClosedError("the server closed the connection without an answer")
        while True:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                more = self._socket.recv(_RECEIVE)
                if not more or len(data) > _MAX_HEAD:
                    raise BadReplyError("the head of the answer has no end")
                data += more
                continue
            self._rest = data[end + 4 :]
            status, headers = _parse_head(data[:end])
            if status >= 200 or status == 101:  # noqa: PLR2004 - what is below is no answer yet
                return status, headers
            data = self._rest or self._socket.recv(_RECEIVE)

    def read_body(self, method: str, status: int, headers: dict[str, str]) -> bytes:
        """Read the whole body of the answer whose head was read."""
        length = headers.get("content-length", "")
        rest = self._rest
        if (
            length.isdecimal()
            and int(length) == len(rest)
            and method != "HEAD"
            and "transfer-encoding" not in headers
            and "content-encoding" not in headers
        ):
            self._rest = b""
            self.keeps = headers.get("connection", "").lower() != "close"
            return rest
        return b"".join(self.iter_body(method, status, headers))

    def iter_body(self, method: str, status: int, headers: dict[str, str]) -> Iterator[bytes]:
        """Yield the body of the answer whose head was read, decompressed.

        Yields:
            Parts of any size, in order; when all were read the connection can be used again.

        Raises:
            BadReplyError: the body ends early, or cannot be decompressed.
        """
        coding = headers.get("content-encoding", "identity").strip().lower()
        parts = self._iter_framed(method, status, headers)
        if coding != "identity" and coding not in _WBITS:
            raise BadReplyError(f"the answer's body has the unknown encoding {coding!r}")
        yield from _inflate(parts, _WBITS[coding]) if coding in _WBITS else parts

    def _iter_framed(self, method: str, status: int, headers: dict[str, str]) -> Iterator[bytes]:
        keeps = headers.get("connection", "").lower() != "close"
        length = headers.get("content-length")
        if method == "HEAD" or status in _NO_BODY:
            pass
        elif "transfer-encoding" in headers:
            if headers["transfer-encoding"].strip().lower() != "chunked":
                raise BadReplyError(f"unknown framing {headers['transfer-encoding']!r}")
            yield from self._iter_chunks()
        elif length is None:
            keeps = False
            yield self._take_rest()
            while data := self._socket.recv(_RECEIVE_LARGE):
                yield data
        elif not length.isdecimal():
            raise BadReplyError(f"the answer's length {length[:40]!r} is no number")
        else:
            yield from self._iter_length(int(length))
        self.keeps = keeps and not self._rest

    def _take_rest(self) -> bytes:
        rest, self._rest = self._rest, b""
        return rest

    def _iter_length(self, left: int) -> Iterator[bytes]:
        data = self._take_rest()
        while left > 0:
            data = data or self._socket.recv(min(left, _RECEIVE_LARGE))
            if not data:
                raise BadReplyError(f"the answer ends {left} bytes early")
            self._rest = data[left:]
            yield data[:left]
            left -= len(data)
            data = b""
        self._rest += data

    def _iter_chunks(self) -> Iterator[bytes]:
        while True:
            text = self._line().split(b";", 1)[0].strip()
            try:
                size = int(text, 16) if text.isalnum() else -1
            except ValueError:
                size = -1
            if size < 0:
                raise BadReplyError(f"{text[:40]!r} is no size of a chunk")
            if size == 0:
                break
            yield from self._iter_length(size)
            if self._line():
                raise BadReplyError("a chunk is longer than it says")
        while self._line():
            pass  # trailers say nothing that is needed

    def _line(self) -> bytes:
        while True:
            line, found, rest = self._rest.partition(b"\r\n")
            if found:
                self._rest = rest
                return line
            if len(line) > _MAX_LINE:
                raise BadReplyError("a line of the answer's body has no end")
            data = self._socket.recv(_RECEIVE)
            if not data:
                raise BadReplyError("the answer ends early")
            self._rest += data


def _parse_head(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    if not version.startswith("HTTP/1.") or not rest[:3].isdecimal():
        raise BadReplyError(f"the answer begins with {first[:80]!r}: this is no HTTP server")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        name, value = name.lower(), value.strip()
        if not colon or name[:1] in (" ", "\t", ""):
            raise BadReplyError(f"{line[:80]!r} is no header")
        if name in headers and headers[name] != value:
            value = f"{headers[name]}, {value}"
        headers[name] = value
    if version == "HTTP/1.0" and headers.get("connection", "").lower() != "keep-alive":
        headers["connection"] = "close"
    return int(rest[:3]), headers


def _inflate(parts: Iterable[bytes], wbits: int) -> Iterator[bytes]:
    inflater = zlib.decompressobj(wbits)
    try:
        for part in parts:
            yield inflater.decompress(part)
    except zlib.error as error:
        raise BadReplyError(f"the answer's body cannot be decompressed: {error}") from None
    if not inflater.eof:
        raise BadReplyError("the answer's compressed body ends early")
