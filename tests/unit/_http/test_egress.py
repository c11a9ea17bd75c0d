"""Where a server may call: no spelling of a private address, no name that turns, no redirect."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest

from mlflow._http.egress import EgressRefused, check_url, is_public, post
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Iterator

PRIVATE = [
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("0.0.0.0", "255.255.255.255", "224.0.0.1", "198.18.0.1", "192.0.2.1", "::1", "::"),  # noqa: S104
    *("fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254"),
    *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::1", "2001:db8::1"),
]
HOSTS = [
    *(
        "localhost",
        "LOCALHOST.",
        "a.localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
    ),
    *("0", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "10.0.0.1."),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_none_of_the_open_network(address: str) -> None:
    """Private, local, reserved and embedded ones are told apart from public ones."""
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_may_be_called(address: str) -> None:
    """Public ones are public, in IPv6's clothes too."""
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", HOSTS)
def test_no_spelling_of_a_private_address_is_taken(host: str) -> None:
    """A URL with a local host is refused when it is written, however it is spelled."""
    with pytest.raises(MlflowException) as caught:
        check_url(f"https://{host}/x")
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize(
    "url",
    [
        *("", "x", "//x.example", "https://", "https:///x", "https://:443/", "http://x.example"),
        *("https://u:p@x.example", "https://x.example/#f", "https://x.example\\@y", "ftp://x"),
        *("https://x.example:99999", "https://x .example", "https://x.example/\r\nHost: y"),
        *("file:///etc/passwd", "gopher://x", "https://x.example:0/", "https://x/" + "y" * 500),
    ],
)
def test_odd_urls_are_refused(url: str) -> None:
    """Other schemes, users, fragments, blanks and control characters are refused."""
    with pytest.raises(MlflowException):
        check_url(url)


class _Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        server.seen.append(self.path)
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.startswith("/redirect"):
            self.send_response(307)
            self.send_header("Location", "/elsewhere")
        else:
            self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x" * (1 << 20) if self.path == "/long" else b"ok")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Any]:
    """A server that notes what it is asked."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Receiver)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def _http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_WEBHOOK_ALLOWED_SCHEMES", "http,https")


@pytest.mark.usefixtures("_http")
def test_a_name_that_turns_is_not_followed(receiver: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that was public when it was written and is private now is not connected to."""
    place = ("127.0.0.1", receiver.server_port)
    row = (socket.AF_INET, socket.SOCK_STREAM, 6, "", place)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [row])
    url = check_url(f"http://public.example:{receiver.server_port}/x")
    with pytest.raises(EgressRefused):
        post(url, b"{}", {})
    assert receiver.seen == []


@pytest.mark.usefixtures("_http")
def test_a_row_written_by_hand_is_not_called(receiver: Any) -> None:
    """What was not checked when it was written is checked when it is called."""
    with pytest.raises(EgressRefused):
        post(f"http://127.0.0.1:{receiver.server_port}/x", b"{}", {})
    assert receiver.seen == []


@pytest.mark.usefixtures("_http")
def test_a_redirect_is_an_answer(receiver: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A redirect is not followed; a long answer is not read to its end."""
    monkeypatch.setenv("MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS", "true")
    at = f"http://127.0.0.1:{receiver.server_port}"
    assert post(f"{at}/redirect", b"{}", {}) == 307
    assert post(f"{at}/long?q=1", b"{}", {"X-Own": "1"}) == 200
    assert post(f"{at}/long", b"{}", {}) == 200
    assert receiver.seen == ["/redirect", "/long?q=1", "/long"]


@pytest.mark.usefixtures("_http")
def test_whoever_does_not_answer_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A receiver that accepts and says nothing is given up in time."""
    monkeypatch.setenv("MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS", "true")
    monkeypatch.setenv("MLFLOW_WEBHOOK_REQUEST_TIMEOUT", "1")
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(TimeoutError):
        post(f"http://127.0.0.1:{silent.getsockname()[1]}/", b"{}", {})
