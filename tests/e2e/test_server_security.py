"""The browser-borne, the nameless and the guessing, on the real socket."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
import urllib.request
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.servers import Reply, Served, serving, start_server

if TYPE_CHECKING:
    from collections.abc import Iterator

CREATE = "/api/2.0/mlflow/experiments/create"
SEARCH = "/ajax-api/2.0/mlflow/experiments/search?max_results=10"
# One path of each kind: table, twin, artifact, own, page, unknown.
EVERYWHERE = (
    "/",
    "/version",
    SEARCH,
    "/api/2.0/mlflow/runs/get?run_id=x",
    "/api/3.0/mlflow/server-info",
    "/api/2.0/mlflow-artifacts/artifacts/a/b",
    "/get-artifact?run_uuid=x&path=y",
    "/api/headrace/live?experiment_id=0",
    "/nowhere",
)
PASSWORD = "correct horse battery"  # noqa: S105 - of a test


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("security")) as server:
        yield server


@pytest.fixture(scope="module")
def configured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    options = (
        *("--allowed-hosts", "ok.example,*.wild.example,h.example:8080,localhost:*"),
        *("--cors-allowed-origins", "https://app.example"),
        *("--x-frame-options", "DENY"),
    )
    with serving(tmp_path_factory.mktemp("configured"), *options) as server:
        yield server


def _with_host(served: Served, path: str, host: str) -> int:
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    return int(served.raw(request.encode("latin-1")).split(b" ", 2)[1])


def _create(served: Served, headers: dict[str, str], name: str = "made") -> Reply:
    body = json.dumps({"name": name}).encode()
    return served.ask("POST", CREATE, body, headers=headers)


def _names(served: Served) -> list[str]:
    found = served.ask("GET", SEARCH, headers={"Host": "localhost:1"}).json["experiments"]
    return [one["name"] for one in found]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_foreign_host_reaches_no_handler(served: Served, path: str) -> None:
    """DNS rebinding: a name that is not ours is refused on every kind of route (rows 49, 52)."""
    for host in (
        "evil.example",
        "evil.example:5000",
        "localhost.evil",
        "127.0.0.1.evil",
        "",
        "a,b",
    ):
        assert _with_host(served, path, host) == 403, host


def test_usual_hosts_are_served(served: Served) -> None:
    """Loopback by any of its names, and addresses of private networks, as upstream has it."""
    good = ("localhost", "LOCALHOST:99", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:5000")
    for host in (*good, "10.0.0.1", "192.168.1.4:5000", "172.16.0.1", "0.0.0.0:80"):
        assert _with_host(served, "/version", host) == 200, host
    for host in ("8.8.8.8", "172.32.0.1", "[2606:4700::1]", "my-host", "localhost:x", "[::1"):
        assert _with_host(served, "/version", host) == 403, host


def test_two_hosts_are_none(served: Served) -> None:
    """A request with two Host headers is refused, whichever is good."""
    request = b"GET /version HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nConnection: close\r\n\r\n"
    assert served.raw(request).startswith((b"HTTP/1.1 403", b"HTTP/1.1 400"))


def test_health_needs_no_host(served: Served) -> None:
    """Probes of load balancers name any host."""
    assert _with_host(served, "/health", "10.1.2.3.balancer") == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("ok.example", 200),
        ("OK.example", 200),
        ("ok.example:5000", 403),
        ("a.wild.example", 200),
        ("a.b.wild.example", 200),
        ("wild.example", 403),
        ("h.example", 403),
        ("h.example:8080", 200),
        ("localhost:99", 200),
        ("localhost", 403),
        ("127.0.0.1", 403),
        ("ok.example.evil", 403),
    ],
)
def test_allowed_hosts_are_patterns(configured: Served, host: str, status: int) -> None:
    """Patterns match the whole header, port included, and take the place of the usual hosts."""
    assert _with_host(configured, "/version", host) == status


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost.evil", "file://", "x"],
)
def test_other_origins_change_nothing(served: Served, origin: str) -> None:
    """A page of another origin cannot write, whatever it calls its body (rows 45, 50)."""
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        reply = _create(served, {"Origin": origin, "Content-Type": kind}, "by another origin")
        assert reply.status in (400, 403)
        assert "access-control-allow-origin" not in reply.headers
    for method, path in (
        ("DELETE", "/api/2.0/mlflow-artifacts/artifacts/a"),
        ("PUT", "/api/2.0/mlflow-artifacts/artifacts/a"),
        ("PATCH", "/api/2.0/mlflow/registered-models/update"),
    ):
        assert served.ask(method, path, b"", headers={"Origin": origin}).status == 403
    assert "by another origin" not in _names(served)


def test_a_browser_that_names_no_origin_is_asked_for_its_site(served: Served) -> None:
    """``Sec-Fetch-Site`` stands in where Origin is missing."""
    sent = {"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"}
    assert _create(served, sent, "cross-site").status == 403
    sent["Sec-Fetch-Site"] = "same-origin"
    assert _create(served, sent, "same-site").status == 200


def test_the_own_origin_and_programs_may_write(served: Served) -> None:
    """Pages of this server, also behind a proxy that ends TLS, and clients without Origin."""
    host = f"127.0.0.1:{served.port}"
    for number, headers in enumerate(
        ({}, {"Origin": f"http://{host}"}, {"Origin": f"https://{host}"})
    ):
        sent = {"Content-Type": "application/json", **headers}
        assert _create(served, sent, f"own {number}").status == 200


@pytest.mark.parametrize("path", EVERYWHERE)
def test_preflights_of_other_origins_fail_everywhere(served: Served, path: str) -> None:
    """No prefix answers a foreign page's preflight (row 50)."""
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    reply = served.ask("OPTIONS", path, headers=headers)
    assert reply.status == 403
    assert not [name for name in reply.headers if name.startswith("access-control")]


def test_configured_origins_may_read_and_write(configured: Served) -> None:
    """``--cors-allowed-origins`` opens the API to those origins alone."""
    host = {"Host": "ok.example"}
    app = {**host, "Origin": "https://app.example"}
    preflight = configured.ask(
        "OPTIONS", CREATE, headers={**app, "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status == 204
    assert preflight.headers["access-control-allow-origin"] == "https://app.example"
    assert "POST" in preflight.headers["access-control-allow-methods"]
    made = _create(configured, {**app, "Content-Type": "application/json"})
    assert made.status == 200
    assert made.headers["access-control-allow-origin"] == "https://app.example"
    assert made.headers["vary"] == "Origin"
    other = configured.ask("GET", SEARCH, headers={**host, "Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "<img src=x onerror=alert(1)>",
        "text/plain; application/json",
        "",
    ],
)
def test_bodies_must_say_json(served: Served, kind: str) -> None:
    """Other content types are 400 in JSON, and are not repeated (rows 44, 45)."""
    reply = _create(served, {"Content-Type": kind} if kind else {}, "not said to be JSON")
    assert reply.status == 400
    assert reply.headers["content-type"] == "application/json"
    assert reply.json["error_code"] == "INVALID_PARAMETER_VALUE"
    assert reply.json["message"].startswith("Bad Request. Content-Type ")
    assert b"img" not in reply.body
    assert "not said to be JSON" not in _names(served)


def test_json_with_a_charset_is_json(served: Served) -> None:
    """Parameters and case of the content type do not matter."""
    for number, kind in enumerate(
        ("application/json; charset=utf-8", "Application/JSON;charset=x")
    ):
        assert _create(served, {"Content-Type": kind}, f"charset {number}").status == 200


@pytest.mark.parametrize("path", [*EVERYWHERE, "/health"])
def test_every_answer_restrains_the_browser(served: Served, path: str) -> None:
    """A strict policy, no sniffing, no frames, no referrer, on every route, errors included."""
    if "live" in path:
        path = "/api/headrace/live"
    headers = served.ask("GET", path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_frame_options_are_settable(configured: Served) -> None:
    """DENY holds in both headers that browsers know."""
    headers = configured.ask("GET", "/version", headers={"Host": "ok.example"}).headers
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_no_header_splits_an_answer(served: Served) -> None:
    """What a request holds never becomes a line of the answer's head."""
    value = "a\r\nX-Evil: 1"
    request = f"GET /version HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: {value}\r\n"
    head = served.raw(request.encode() + b"Connection: close\r\n\r\n").partition(b"\r\n\r\n")[0]
    assert b"x-evil" not in head.lower()


# Authentication


@pytest.fixture(scope="module")
def passwords(tmp_path_factory: pytest.TempPathFactory) -> Path:
    command = "from mlflow.cli.main import main; main()"
    arguments = ("server", "hash-password", "--user", "ada", "--password", PASSWORD)
    done = subprocess.run(
        [sys.executable, "-c", command, *arguments], capture_output=True, text=True, check=True
    )
    path = tmp_path_factory.mktemp("passwords") / "passwords"
    path.write_text(f"# who may\n{done.stdout}", "utf-8")
    return path


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, passwords: Path) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("guarded")
    with serving(folder, "--basic-auth-file", str(passwords), "--host", "0.0.0.0") as server:  # noqa: S104 - guarded
        yield server


def _as(name: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"}


@pytest.mark.parametrize("path", EVERYWHERE[1:])
def test_every_byte_needs_a_password(guarded: Served, path: str) -> None:
    """All but ``/health`` and the files of the pages is 401 for who is not known."""
    reply = guarded.ask("GET", path)
    assert reply.status == 401
    assert reply.headers["www-authenticate"].startswith("Basic ")
    assert reply.json["error_code"] == "UNAUTHENTICATED"
    assert guarded.ask("GET", "/health").status == 200


def test_the_right_password_opens(guarded: Served) -> None:
    """Name and password, as a header or in the tracking URI of a client."""
    headers = _as("ada", PASSWORD)
    assert guarded.ask("GET", "/version", headers=headers).status == 200
    made = _create(guarded, {**headers, "Content-Type": "application/json"})
    assert made.status == 200


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !!!",
        "Basic " + b64encode(b"ada").decode(),
        "Basic " + b64encode(b"\xff:x").decode(),
        "Bearer abc",
        "Basic " + "A" * 9000,
    ],
)
def test_malformed_credentials_are_refused(guarded: Served, header: str) -> None:
    """What is no name and password is 401, never 500."""
    assert guarded.ask("GET", "/version", headers={"Authorization": header}).status == 401


def test_guessing_is_slowed_down(guarded: Served) -> None:
    """After a few wrong passwords a name is refused for a while; others are not (row 79)."""
    statuses = [
        guarded.ask("GET", "/version", headers=_as("bob", f"guess {number}")).status
        for number in range(7)
    ]
    assert statuses == [401] * 5 + [429] * 2
    refused = guarded.ask("GET", "/version", headers=_as("bob", PASSWORD))
    assert refused.status == 429
    assert int(refused.headers["retry-after"]) > 0
    assert guarded.ask("GET", "/version", headers=_as("ada", PASSWORD)).status == 200


def test_the_network_is_not_served_without_authentication(tmp_path: Path) -> None:
    """It refuses to start beyond loopback, and names the three ways out."""
    server = start_server(tmp_path, "--host", "0.0.0.0", wait=False)  # noqa: S104 - refused
    assert server.process.wait(30) == 1
    for way in ("--basic-auth-file", "--host 127.0.0.1", "--insecure-no-auth"):
        assert way in server.log
    with serving(tmp_path, "--host", "0.0.0.0", "--insecure-no-auth") as open_server:  # noqa: S104 - as asked
        assert open_server.ask("GET", "/version").status == 200
        assert "WARNING" in open_server.log


def test_a_broken_file_of_passwords_stops_the_start(tmp_path: Path) -> None:
    """A line without a hash is named by its number, and the server does not run."""
    path = tmp_path / "passwords"
    path.write_text("ada:secret in plain text\n", "utf-8")
    server = start_server(tmp_path, "--basic-auth-file", str(path), wait=False)
    assert server.process.wait(30) == 1
    assert "Line 1" in server.log
    assert "secret" not in server.log


def test_tls_is_served(tmp_path: Path) -> None:
    """With a certificate the same answers come over TLS 1.2 or later."""
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    options = ("--uvicorn-opts", f"--ssl-certfile={certificate} --ssl-keyfile {key}")
    with serving(tmp_path, *options, scheme="https") as server:
        context = ssl.create_default_context(cafile=certificate)
        with urllib.request.urlopen(f"{server.url}/version", context=context) as answer:  # noqa: S310 - ours
            assert answer.status == 200
        assert "https://127.0.0.1" in server.log


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--gunicorn-opts", "--timeout 5"), "not gunicorn"),
        (("--waitress-opts", "--threads=4"), "not waitress"),
        (("--uvicorn-opts", "--reload"), "--reload cannot be set"),
        (("--app-name", "basic-auth"), "--basic-auth-file"),
        (("--dev",), "not part of this release"),
        (("--static-prefix", "ml"), "must begin with a '/'"),
        (("--static-prefix", "/ml/"), "not end with one"),
        (("--x-frame-options", "ALLOW-FROM x"), "SAMEORIGIN"),
        (("--cors-allowed-origins", "app.example"), "no origin"),
        (("--ssl-certfile", __file__), "both a certificate and its key"),
        (("--workers", "many"), "--workers must be"),
    ],
)
def test_what_is_not_meant_is_refused_by_name(
    tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    """Recorded options that do not apply, and values that make no sense, stop the start."""
    server = start_server(tmp_path, *options, wait=False)
    assert server.process.wait(30) != 0
    assert said in server.log
    assert "Traceback" not in server.log


@pytest.mark.parametrize(
    ("options", "prefix"),
    [
        (("--static-prefix", "/p"), "/p"),
        (("--artifacts-only",), ""),
        (("--no-serve-artifacts",), ""),
        (("--host", "0.0.0.0", "--insecure-no-auth"), ""),  # noqa: S104 - as asked
        (("--expose-prometheus", "x", "--uvicorn-opts", "--no-access-log"), ""),
    ],
)
def test_the_checks_hold_in_every_mode(
    tmp_path: Path, options: tuple[str, ...], prefix: str
) -> None:
    """Host, Origin, content type and policy, whatever else the server was told (row 52)."""
    with serving(tmp_path, *options, prefix=prefix) as server:
        for path in (f"{prefix}/version", f"{prefix}{CREATE}", f"{prefix}/metrics"):
            assert _with_host(server, path, "evil.example") == 403
        foreign = {"Origin": "https://evil.example", "Content-Type": "application/json"}
        assert server.ask("POST", f"{prefix}{CREATE}", b"{}", headers=foreign).status == 403
        plain = server.ask(
            "POST", f"{prefix}{CREATE}", b"{}", headers={"Content-Type": "text/plain"}
        )
        assert plain.status == 400
        assert "default-src 'none'" in plain.headers["content-security-policy"]


def test_the_checks_can_be_switched_off_aloud(tmp_path: Path) -> None:
    """The recorded switch ends the checks of Host and Origin, warns, and opens no CORS."""
    with serving(tmp_path, "--disable-security-middleware") as server:
        assert _with_host(server, "/version", "any.example") == 200
        reply = server.ask("GET", "/version", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in reply.headers
        assert "content-security-policy" in reply.headers
        assert "WARNING" in server.log
