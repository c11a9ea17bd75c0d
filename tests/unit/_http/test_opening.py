"""TLS and proxies, with the real thing on this machine."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from mlflow._http.address import parse_address
from mlflow._http.errors import TransportError
from mlflow._http.session import HttpSession
from mlflow.exceptions import MlflowException
from tests.unit._http.wire_server import Asked, WireServer, reply, serve

_CERTIFICATE = "MLFLOW_TRACKING_SERVER_CERT_PATH"
_INSECURE = "MLFLOW_TRACKING_INSECURE_TLS"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a key and a certificate of this machine that nobody else trusts."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    key, found = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", str(key), "-out", str(found)],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    both = folder / "both.pem"
    both.write_bytes(found.read_bytes() + key.read_bytes())
    return both


def _tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def test_a_certificate_is_checked(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown issuer ends a request at once; the variables name it, or ask for no check."""
    with serve(lambda _: reply(b"safe"), _tls(certificate)) as server:
        uri = server.uri.replace("http:", "https:")
        with pytest.raises(TransportError, match=f"not trusted.*{_CERTIFICATE}"):
            HttpSession(uri).request("GET", "/")
        assert server.asked == []
        monkeypatch.setenv(_CERTIFICATE, str(certificate))
        known = HttpSession(uri)
        assert [known.request("GET", "/").body for _ in range(3)] == [b"safe"] * 3
        assert {one.connection for one in server.asked} == {2}
        monkeypatch.delenv(_CERTIFICATE)
        monkeypatch.setenv(_INSECURE, "true")
        unchecked = HttpSession(uri)
        assert unchecked.request("GET", "/").body == b"safe"
        for session in (known, unchecked):
            session.close()


def test_a_client_shows_its_certificate(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that asks for a certificate gets the one that the variable names."""
    context = _tls(certificate)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(certificate)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    monkeypatch.setenv("MLFLOW_TRACKING_CLIENT_CERT_PATH", str(certificate))
    with serve(lambda _: reply(b"known"), context) as server:
        session = HttpSession(server.uri.replace("http:", "https:"))
        assert session.request("GET", "/").body == b"known"
        session.close()


def test_contradicting_and_missing_certificates_are_named(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any request, with the variables' names."""
    monkeypatch.setenv(_CERTIFICATE, "/nowhere.pem")
    with pytest.raises(MlflowException, match=_CERTIFICATE):
        HttpSession("https://localhost")
    monkeypatch.setenv(_CERTIFICATE, str(certificate))
    monkeypatch.setenv(_INSECURE, "true")
    with pytest.raises(MlflowException, match=f"{_INSECURE} and {_CERTIFICATE}"):
        HttpSession("https://localhost")


def _ask(monkeypatch: pytest.MonkeyPatch, proxy: WireServer, uri: str) -> HttpSession:
    monkeypatch.setenv("http_proxy", f"http://me:word@127.0.0.1:{proxy.port}")
    session = HttpSession(uri)
    session.request("POST", "/p", body=b"x", retries=0)
    session.close()
    return session


def test_a_proxy_is_asked_for_the_whole_uri(monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the proxy that the environment names, with its credentials; not past ``no_proxy``."""
    with serve(lambda _: reply()) as proxy:
        _ask(monkeypatch, proxy, "http://tracking.example/base")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        with serve(lambda _: reply()) as server:
            _ask(monkeypatch, proxy, server.uri)
    (asked,) = proxy.asked
    assert asked.line == "POST http://tracking.example/base/p HTTP/1.1"
    assert asked.headers["host"] == "tracking.example"
    assert asked.headers["proxy-authorization"] == "Basic bWU6d29yZA=="
    assert server.asked[0].line == "POST /p HTTP/1.1"
    assert "proxy-authorization" not in server.asked[0].headers


def test_tls_goes_through_a_tunnel(monkeypatch: pytest.MonkeyPatch) -> None:
    """For https the proxy is asked to connect, and sees neither path nor credentials."""

    def refuse(asked: Asked) -> bytes:
        return reply(b"", 403, "Connection: close")

    with serve(refuse) as proxy:
        monkeypatch.setenv("https_proxy", f"127.0.0.1:{proxy.port}")
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "token")
        with pytest.raises(TransportError, match="403"):
            HttpSession("https://tracking.example").request("GET", "/p", retries=0)
    assert proxy.asked[0].line.startswith("CONNECT tracking.example:443 ")
    assert "authorization" not in proxy.asked[0].headers


@pytest.mark.parametrize(
    "uri", ["ftp://a", "http://", "http://a:b", "http://a b", "http://a:99999"]
)
def test_what_is_no_address_is_said(uri: str) -> None:
    """Such a URI is refused with what a right one looks like."""
    with pytest.raises(MlflowException, match="not a valid URI"):
        parse_address(uri)


def test_an_address_is_taken_apart() -> None:
    """Case, IPv6, international names, default ports and trailing slashes."""
    address = parse_address("HTTPS://u%2F:p@[::1]:8443/a/b//?q#f")
    assert (address.authority, address.path, address.user) == ("[::1]:8443", "/a/b", "u/")
    assert parse_address("https://Example.COM:443/").origin == "https://example.com"
    assert parse_address("http://bücher.example").host == "xn--bcher-kva.example"
