"""What a server may be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlflow._asgi.security import is_loopback
from mlflow.exceptions import MlflowException
from mlflow.server.settings import ServerSettings

URI = "sqlite:///mlflow.db"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),  # noqa: S104 - asked about
        ("::", False),
        ("10.0.0.1", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_loopback_is_what_only_this_machine_reaches(host: str, expected: bool) -> None:
    """Names are not resolved: whoever controls them could change them later."""
    assert is_loopback(host) is expected


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "server.example"])  # noqa: S104 - refused
def test_the_network_needs_authentication_or_a_word(host: str) -> None:
    """Beyond loopback the server wants a file of passwords, or to be told that none is fine."""
    with pytest.raises(MlflowException, match="--insecure-no-auth"):
        ServerSettings(backend_store_uri=URI, host=host)
    assert ServerSettings(backend_store_uri=URI, host=host, insecure_no_auth=True)
    assert ServerSettings(backend_store_uri=URI, host=host, basic_auth_file=Path("passwords"))


def test_artifacts_go_through_the_server_unless_told_otherwise() -> None:
    """The root of new experiments is what was given, the proxy, or a folder beside."""
    assert ServerSettings(backend_store_uri=URI).artifact_root == "mlflow-artifacts:/"
    direct = ServerSettings(backend_store_uri=URI, serve_artifacts=False)
    assert direct.artifact_root == "./mlruns"
    given = ServerSettings(backend_store_uri=URI, default_artifact_root="s3://bucket/a")
    assert given.artifact_root == "s3://bucket/a"


@pytest.mark.parametrize(
    "origin", ["app.example", "https://a.example/path", "ftp://a", "https://a@b"]
)
def test_origins_are_origins(origin: str) -> None:
    """An origin is a scheme, a host and perhaps a port."""
    with pytest.raises(MlflowException, match="no origin"):
        ServerSettings(backend_store_uri=URI, cors_allowed_origins=(origin,))
