"""Who a request comes from: the URI, variables, files, providers and plugins."""

import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from mlflow._http.request_headers import (
    RequestHeaderProvider,
    _request_header_provider_registry,
    resolve_request_headers,
)
from mlflow._http.session import HttpSession
from mlflow.exceptions import MlflowException
from tests.unit._http.wire_server import Asked, reply, serve


def _asked(prefix: str = "", variables: Mapping[str, str] | None = None) -> Asked:
    """Return what a server sees of a request, with credentials in the URI if any."""
    with serve(lambda _: reply()) as server:
        session = HttpSession(f"http://{prefix}127.0.0.1:{server.port}")
        with pytest.MonkeyPatch.context() as patch:
            for name, value in (variables or {}).items():
                patch.setenv(name, value)
            session.request("GET", "/")
        session.close()
    return server.asked[0]


def _basic(text: str) -> str:
    return f"Basic {b64encode(text.encode()).decode()}"


USER = "MLFLOW_TRACKING_USERNAME"
PASSWORD = "MLFLOW_TRACKING_PASSWORD"  # noqa: S105 - a name
TOKEN = "MLFLOW_TRACKING_TOKEN"  # noqa: S105 - a name


@pytest.mark.parametrize(
    ("prefix", "variables", "expected"),
    [
        ("", {}, None),
        ("u:p%40@", {}, _basic("u:p@")),
        ("u:p@", {TOKEN: "t"}, _basic("u:p")),
        ("", {TOKEN: "t"}, "Bearer t"),
        ("", {TOKEN: "t", USER: "a", PASSWORD: "ö"}, _basic("a:ö")),
        ("", {USER: "a"}, None),
    ],
)
def test_the_first_credentials_win(
    prefix: str, variables: dict[str, str], expected: str | None
) -> None:
    """The URI, then user and password, then the token; half a pair is none."""
    assert _asked(prefix, variables).headers.get("authorization") == expected


def test_credentials_come_from_files_too(tmp_path: Path) -> None:
    """``~/.netrc`` by host; ``~/.mlflow/credentials`` before it, completed by the variables."""
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login net password work\n")
    netrc.chmod(0o600)
    assert _asked().headers["authorization"] == _basic("net:work")
    folder = tmp_path / "home" / ".mlflow"
    folder.mkdir(parents=True)
    home = {"HOME": str(tmp_path / "home")}
    (folder / "credentials").write_text(
        "[mlflow]\nmlflow_tracking_username = file\nmlflow_tracking_password = 100%\n"
    )
    assert _asked("", home).headers["authorization"] == _basic("file:100%")
    assert _asked("", {**home, USER: "mine"}).headers["authorization"] == _basic("mine:100%")


def test_a_broken_file_of_credentials_is_named(tmp_path: Path) -> None:
    """The error names the file and shows nothing of it."""
    (tmp_path / ".mlflow").mkdir()
    (tmp_path / ".mlflow" / "credentials").write_text("secret without section\n")
    with pytest.raises(MlflowException, match="credentials") as raised:
        _asked()
    assert "secret" not in str(raised.value)


def test_no_header_can_be_smuggled_in() -> None:
    """A token, a header or a host with the end of a line in it is refused."""
    with pytest.raises(MlflowException, match="cannot carry"):
        _asked("", {TOKEN: "t\r\nX: y"})
    session = HttpSession("http://127.0.0.1:1")
    with pytest.raises(MlflowException, match="cannot carry"):
        session.request("GET", "/", headers={"X": "a\r\nY: b"})
    with pytest.raises(MlflowException, match="cannot carry"):
        session.request("GET", "/", headers={"X": "ключ"})
    for path in ("/a b", "/a\r\nX: y", "/ключ"):
        with pytest.raises(MlflowException, match="percent-encoded"):
            session.request("GET", path)
    with pytest.raises(MlflowException, match="not a valid URI"):
        HttpSession("http://127.0.0.1:1/a\r\nX: y")


@pytest.fixture
def _provider() -> Iterator[None]:
    class Provider(RequestHeaderProvider):
        def in_context(self) -> bool:
            return True

        def request_headers(self) -> dict[str, object]:
            return {"User-Agent": "mine", "X-Number": 5, "Authorization": "Own scheme"}

    class Broken(RequestHeaderProvider):
        def in_context(self) -> bool:
            raise ValueError("broken")

        def request_headers(self) -> dict[str, object]:
            return {}

    providers = _request_header_provider_registry._providers
    before = list(providers)
    _request_header_provider_registry.register(Broken)
    _request_header_provider_registry.register(Provider)
    yield
    providers[:] = before


@pytest.mark.usefixtures("_provider")
def test_providers_add_headers(caplog: pytest.LogCaptureFixture) -> None:
    """What a provider gives is sent, also instead of credentials; a broken one is named."""
    headers = _asked("", {TOKEN: "t"}).headers
    assert headers["user-agent"].endswith(" mine")
    assert (headers["x-number"], headers["authorization"]) == ("5", "Own scheme")
    assert "Broken" in caplog.text
    assert resolve_request_headers({"X-Number": "6"})["X-Number"] == "6"


def test_an_unknown_way_of_authentication_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    """Requests go without it, as the interface has it, and a warning says so."""
    assert "authorization" not in _asked("", {"MLFLOW_TRACKING_AUTH": "nobody"}).headers
    assert "nobody" in caplog.text


_PLUGIN = """\
from mlflow._http.auth_plugins import RequestAuthProvider

class Provider(RequestAuthProvider):
    def get_name(self):
        return "mine"

    def get_auth(self):
        return self.sign

    def sign(self, request):
        request.headers["Authorization"] = f"{request.method} {request.url} {len(request.body)}"
        return request
"""


def test_a_plugin_signs_requests(tmp_path: Path) -> None:
    """What an entry point's provider does to the headers is sent with each request."""
    metadata = tmp_path / "signing-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: signing\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text(
        "[mlflow.request_auth_provider]\nmine = signing_plugin:Provider\n"
    )
    (tmp_path / "signing_plugin.py").write_text(_PLUGIN)
    with serve(lambda _: reply()) as server:
        script = (
            "from mlflow._http.session import HttpSession;"
            f"HttpSession('{server.uri}/base').request('POST', '/p?q', body=b'abc')"
        )
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": str(tmp_path), "MLFLOW_TRACKING_AUTH": "mine"},
            check=True,
            timeout=60,
        )
    assert server.asked[0].headers["authorization"] == f"POST {server.uri}/base/p?q 3"


def test_signing_for_aws_is_refused_clearly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that cannot be honoured is an error, not a request without a signature."""
    monkeypatch.setenv("MLFLOW_TRACKING_AWS_SIGV4", "true")
    with pytest.raises(MlflowException, match="AWS") as raised:
        HttpSession("http://127.0.0.1:1")
    assert raised.value.error_code == "NOT_IMPLEMENTED"
