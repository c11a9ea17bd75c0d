"""A server of a few lines on a real socket: what it answers, and when it hangs up, is scripted."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

CLOSE: Final = b""  # hang up instead of an answer


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    connection: int
    line: str
    headers: dict[str, str]
    body: bytes


Answers = Callable[[Asked], bytes]


@dataclass
class WireServer:
    """Where it listens, and what it was asked."""

    port: int
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    sockets: list[socket.socket] = field(default_factory=list)

    @property
    def uri(self) -> str:
        """The server's URI."""
        return f"http://127.0.0.1:{self.port}"

    def hang_up(self) -> None:
        """Close every connection from this side."""
        for one in self.sockets:
            with suppress(OSError):  # closed already
                one.shutdown(socket.SHUT_RDWR)


def reply(body: bytes = b"{}", status: int = 200, *headers: str, framed: bool = True) -> bytes:
    """Return an answer, with its length unless it is framed otherwise."""
    lines = [f"HTTP/1.1 {status} Text", *headers]
    if framed:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextmanager
def serve(answers: Answers, tls: ssl.SSLContext | None = None) -> Iterator[WireServer]:
    """Run a server; an answer that is not framed, or says so, ends its connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = WireServer(listener.getsockname()[1])
    threads: list[threading.Thread] = []

    def accept() -> None:
        while True:
            try:
                found, _ = listener.accept()
            except OSError:
                return
            server.sockets.append(found)
            server.connections += 1
            thread = threading.Thread(target=talk, args=(found, server.connections))
            threads.append(thread)
            thread.start()

    def talk(plain: socket.socket, number: int) -> None:
        try:
            found = plain if tls is None else tls.wrap_socket(plain, server_side=True)
            with found, found.makefile("rb") as stream:
                while (asked := _read(stream, number)) is not None:
                    server.asked.append(asked)
                    answer = answers(asked)
                    found.sendall(answer)
                    if not answer or b"Connection: close" in answer:
                        return
        except OSError:
            plain.close()

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        acceptor.join()
        server.hang_up()
        for thread in threads:
            thread.join()


def _read(stream: object, number: int) -> Asked | None:
    readline, read = stream.readline, stream.read  # type: ignore[attr-defined]  # a binary file
    line = readline().decode().strip()
    if not line:
        return None
    headers: dict[str, str] = {}
    while text := readline().decode().strip():
        name, _, value = text.partition(":")
        headers[name.lower()] = value.strip()
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(readline(), 16):
            body += read(size)
            readline()
        readline()
    else:
        body = read(int(headers.get("content-length", "0")))
    return Asked(number, line, headers, body)
