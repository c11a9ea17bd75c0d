"""Requests over real sockets: kept connections, framing, retries, redirects, bounds of time."""

import gzip
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate

import pytest

from mlflow._core.clock import monotonic
from mlflow._http.errors import TransportError
from mlflow._http.patience import within
from mlflow._http.session import HttpSession
from tests.unit._http.wire_server import CLOSE, Answers, Asked, reply, serve


def _answers(*answers: bytes) -> Answers:
    """Answer with each in turn, and with the last one for ever."""
    left = list(answers)
    lock = threading.Lock()

    def answer(_: Asked) -> bytes:
        with lock:
            return left.pop(0) if len(left) > 1 else left[0]

    return answer


def test_requests_share_a_connection() -> None:
    """Ten requests, whatever their methods, go over one connection, head and body whole."""
    with serve(_answers(reply(b'{"a":1}'))) as server:
        session = HttpSession(f"{server.uri}/base/")
        for number in range(5):
            assert session.request("POST", "/p", body=b"%d" % number).body == b'{"a":1}'
            assert session.request("GET", "/g?a=b").status == 200
        session.close()
    assert server.connections == 1
    assert [one.body for one in server.asked[::2]] == [b"0", b"1", b"2", b"3", b"4"]
    assert {one.line for one in server.asked} == {
        "POST /base/p HTTP/1.1",
        "GET /base/g?a=b HTTP/1.1",
    }
    assert server.asked[0].headers["content-type"] == "application/json"
    assert "mlflow-python-client/" in server.asked[0].headers["user-agent"]


def test_threads_do_not_share_a_connection_at_once() -> None:
    """Sixteen threads get the answers to their own questions."""

    def echo(asked: Asked) -> bytes:
        return reply(asked.body)

    with serve(echo) as server, ThreadPoolExecutor(16) as pool:
        session = HttpSession(server.uri)
        bodies = [b"%d" % number for number in range(400)]
        found = pool.map(lambda body: session.request("POST", "/", body=body).body, bodies)
        assert list(found) == bodies
        session.close()
    assert server.connections < 40  # kept, but for a few that a slow machine let go


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (reply(b"5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nT: x\r\n\r\n", 200,
               "Transfer-Encoding: chunked", framed=False), b"hello world"),
        (reply(gzip.compress(b"packed"), 200, "Content-Encoding: gzip"), b"packed"),
        (reply(b"to the end", 200, "Connection: close", framed=False), b"to the end"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + reply(b"after"), b"after"),
        (reply(b"", 204, framed=False), b""),
        (reply(b"x" * 3_000_000), b"x" * 3_000_000),
    ],
    ids=["chunked", "gzip", "close", "continue", "none", "large"],
)  # fmt: skip
def test_every_framing_is_read_to_its_end(answer: bytes, body: bytes) -> None:
    """A body arrives whole in each framing, and the next request is not confused by it."""
    with serve(_answers(answer)) as server:
        session = HttpSession(server.uri)
        assert [session.request("GET", "/").body for _ in range(2)] == [body, body]
        session.close()
    assert server.connections == (2 if b"Connection: close" in answer else 1)


@pytest.mark.parametrize(
    "answer",
    [
        reply(b"short", 200, "Content-Length: 10", "Connection: close", framed=False),
        reply(b"5\r\nhel", 200, "Transfer-Encoding: chunked", "Connection: close", framed=False),
        reply(b"zz\r\n", 200, "Transfer-Encoding: chunked", framed=False),
        reply(gzip.compress(b"packed" * 99)[:-9], 200, "Content-Encoding: gzip"),
        reply(b"5", 200, "Content-Length: 5, 1", framed=False),
        b"SSH-2.0-OpenSSH\r\n\r\n",
        CLOSE,
    ],
    ids=["length", "chunk", "size", "gzip", "lengths", "other protocol", "nothing"],
)
def test_half_an_answer_is_none(answer: bytes) -> None:
    """What is cut short or no HTTP is a fault of the way, never a short body."""
    with serve(_answers(answer)) as server:
        session = HttpSession(server.uri)
        with pytest.raises(TransportError) as raised:
            session.request("GET", "/x", retries=1)
        session.close()
    assert raised.value.maybe_done
    assert raised.value.error_code == "TEMPORARILY_UNAVAILABLE"
    assert len(server.asked) == 2


def test_a_connection_that_the_server_closed_is_not_used() -> None:
    """After an idle connection was closed there, a request that must not repeat still succeeds."""

    def once(asked: Asked) -> bytes:
        return reply(b"first" if asked.connection == 1 else b"second")

    with serve(once) as server:
        session = HttpSession(server.uri)
        assert session.request("GET", "/").body == b"first"
        connection = session._idle[0]
        server.hang_up()
        assert connection._poll is None or connection._poll.poll(5000)
        assert session.request("POST", "/", is_repeatable=False).body == b"second"
        session.close()


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_not_now_is_asked_again(status: int) -> None:
    """Each status that says so is retried, and the answer that comes then is returned."""
    with serve(_answers(reply(b"<html>", status), reply(b"ok"))) as server:
        session = HttpSession(server.uri)
        found = session.request("POST", "/")
        session.close()
    assert (found.body, found.tries) == (b"ok", 2)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, b"{}"),
        (404, b"<html>"),
        (409, b"{}"),
        (501, b"{}"),
        (500, b'{"error_code":"INVALID_STATE","message":"m"}'),
    ],
)
def test_an_answer_is_not_asked_for_again(status: int, body: bytes) -> None:
    """A refusal with a meaning is returned at once, also when a server sends it with 500."""
    with serve(_answers(reply(body, status))) as server:
        session = HttpSession(server.uri)
        assert session.request("POST", "/").status == status
        session.close()
    assert len(server.asked) == 1


def test_a_failure_inside_the_server_is_not_worth_minutes() -> None:
    """A 500 is tried three times and then raised with what the server said."""
    said = b'{"error_code":"INTERNAL_ERROR","message":"broken"}'
    with serve(_answers(reply(said, 500))) as server:
        session = HttpSession(server.uri)
        with pytest.raises(TransportError, match="INTERNAL_ERROR: broken") as raised:
            session.request("GET", "/")
        session.close()
    assert (len(server.asked), raised.value.status) == (3, 500)


def test_what_must_not_repeat_is_not_repeated_unless_nothing_was_done() -> None:
    """A lost answer ends a create; a full server that refused it does not."""
    with serve(_answers(reply(b"", 503), CLOSE)) as server:
        session = HttpSession(server.uri)
        with pytest.raises(TransportError) as raised:
            session.request("POST", "/", is_repeatable=False)
        session.close()
    assert raised.value.maybe_done
    assert len(server.asked) == 2


@pytest.mark.parametrize("after", ["1", formatdate(2_000_000_000, usegmt=True)])
def test_the_server_says_when_to_come_back(after: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """``Retry-After`` in seconds or as a date is obeyed, not outwaited when time is short."""
    with serve(_answers(reply(b"", 429, f"Retry-After: {after}"), reply())) as server:
        session = HttpSession(server.uri)
        started = monotonic()
        with within(0.5), pytest.raises(TransportError, match="429"):
            session.request("GET", "/")
        assert monotonic() - started < 0.5
        session.close()
    assert len(server.asked) == 1
    monkeypatch.setenv("MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER", "false")
    with serve(_answers(reply(b"", 429, f"Retry-After: {after}"), reply())) as server:
        session = HttpSession(server.uri)
        assert session.request("GET", "/").tries == 2
        session.close()


def test_a_wait_as_long_as_the_server_says() -> None:
    """The second try comes a second after the first, when the server asks for that."""
    with serve(_answers(reply(b"", 503, "Retry-After: 1"), reply())) as server:
        session = HttpSession(server.uri)
        started = monotonic()
        assert session.request("GET", "/").tries == 2
        assert 1.0 <= monotonic() - started < 5.0
        session.close()


def test_patience_bounds_a_silent_server() -> None:
    """A request ends when the caller's time is over, whatever the variables say."""
    silent = threading.Event()

    def wait(_: Asked) -> bytes:
        silent.wait(30)
        return CLOSE

    with serve(wait) as server:
        session = HttpSession(server.uri)
        started = monotonic()
        with within(60), within(0.3), pytest.raises(TransportError, match="no answer in time"):
            session.request("GET", "/")
        assert monotonic() - started < 5
        silent.set()
        session.close()


def test_an_error_says_what_was_tried_and_hides_the_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The text names server, tries and cause, and neither the password nor the query."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    with serve(_answers(reply())) as server:
        port = server.port
    with pytest.raises(TransportError) as raised:
        HttpSession(f"http://user:secret@127.0.0.1:{port}/x").request("GET", "/p?token=hidden")
    text = str(raised.value)
    assert f"http://127.0.0.1:{port}/x/p failed (GET, 3 tries" in text
    assert "refused" in text
    assert "secret" not in text
    assert "hidden" not in text
    assert not raised.value.maybe_done


def test_the_page_of_a_proxy_is_summarised() -> None:
    """Of an HTML page only the title is told."""
    page = b"<html><head><title>502 Bad\n Gateway</title></head>" + b"<p>x</p>" * 999
    with serve(_answers(reply(page, 502))) as server:
        session = HttpSession(server.uri)
        with pytest.raises(TransportError, match="'502 Bad Gateway'") as raised:
            session.request("GET", "/", retries=0)
        session.close()
    assert "<p>" not in str(raised.value)


def test_a_redirect_keeps_credentials_to_their_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """A redirect on the host is followed with credentials, one to another host without."""
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "token")

    def here(asked: Asked) -> bytes:
        if asked.line.startswith("POST /old"):
            return reply(b"", 308, "Location: /new?a=b")
        return reply(b"", 307, f"Location: http://localhost:{there.port}/far")

    with serve(_answers(reply(b"there"))) as there, serve(here) as server:
        session = HttpSession(f"http://127.0.0.1:{server.port}")
        headers = {"X-Key": "k"}
        assert session.request("POST", "/old", body=b"b", headers=headers).body == b"there"
        session.close()
    second, far = server.asked[1], there.asked[0]
    assert (second.line, second.body) == ("POST /new?a=b HTTP/1.1", b"b")
    assert second.headers["authorization"] == "Bearer token"
    assert far.body == b"b"
    assert {"authorization", "x-key", "x-mlflow-client-version"}.isdisjoint(far.headers)


def test_redirects_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A circle of redirects is answered with the redirect, and so is each when they are off."""
    with serve(_answers(reply(b"", 302, "Location: /"))) as server:
        session = HttpSession(server.uri)
        assert session.request("GET", "/").status == 302
        assert len(server.asked) == 6
        monkeypatch.setenv("MLFLOW_ALLOW_HTTP_REDIRECTS", "false")
        assert session.request("GET", "/").status == 302
        assert len(server.asked) == 7
        session.close()


def test_a_redirect_to_nowhere_is_a_fault_of_the_server() -> None:
    """A location that is no address ends the request as a fault, not as a caller's mistake."""
    with serve(_answers(reply(b"", 302, "Location: ftp://elsewhere/x"))) as server:
        session = HttpSession(server.uri)
        with pytest.raises(TransportError, match="leads nowhere"):
            session.request("GET", "/", retries=0)
        session.close()


def test_large_bodies_are_compressed_for_our_server_far_away() -> None:
    """Above 32 kB, off loopback, once the server has said whose it is; never before."""
    with serve(_answers(reply(b"{}", 200, "Headrace-Version: 1"))) as server:
        session = HttpSession(f"http://0.0.0.0:{server.port}")  # this machine, by no loopback name
        near = HttpSession(server.uri)
        for one in (session, near):
            for body in (b"x" * 40_000, b"x" * 40_000, b"x"):
                one.request("POST", "/", body=body)
            one.close()
    assert [one.headers.get("content-encoding") for one in server.asked] == [
        None, "gzip", None, None, None, None,
    ]  # fmt: skip
    assert gzip.decompress(server.asked[1].body) == b"x" * 40_000


def test_a_body_in_parts_and_an_answer_in_parts() -> None:
    """A stream goes up in chunks and comes down as it is read; the connection is kept."""
    with serve(lambda asked: reply(asked.body[::-1])) as server:
        session = HttpSession(server.uri)
        for _ in range(2):
            with session.stream("PUT", "/f", body=iter([b"ab", b"", b"cd"])) as found:
                assert b"".join(found.body) == b"dcba"
        with pytest.raises(OSError, match="disk"), session.stream("GET", "/"):
            raise OSError("disk full")  # the caller's own trouble stays what it is
        session.close()
    assert server.connections == 1
    assert "content-length" not in server.asked[0].headers


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_opens_its_own_connection() -> None:
    """Parent and child talk over different connections afterwards."""
    with serve(lambda asked: reply(b"%d" % asked.connection)) as server:
        session = HttpSession(server.uri)
        assert session.request("GET", "/").body == b"1"
        child = os.fork()
        if child == 0:
            os._exit(int(session.request("GET", "/").body))
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 2
        assert session.request("GET", "/").body == b"1"
        session.close()
