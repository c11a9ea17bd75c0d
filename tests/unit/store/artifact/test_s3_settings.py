"""What the environment and the files of the AWS tools say is what requests are made with."""

from __future__ import annotations

import socket
import sys
from datetime import datetime, timezone
from pathlib import Path

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from mlflow.exceptions import MlflowException
from mlflow.store.artifact import s3_signing
from mlflow.store.artifact.destinations import open_destination
from mlflow.store.artifact.object_files import ObjectFiles
from mlflow.store.artifact.s3_files import open_s3
from mlflow.store.artifact.s3_parts import S3Parts
from mlflow.store.artifact.s3_signing import S3Keys, signed_url


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))


def parts_of(files: ObjectFiles) -> S3Parts:
    assert isinstance(files.multipart, S3Parts)
    return files.multipart


@pytest.mark.parametrize("token", [None, "to/ken+="])
@pytest.mark.parametrize("key", ["plain/name.txt", "a b/ümläut#1?+%20~'()*!.txt"])
def test_signatures_are_those_of_the_aws_library(
    monkeypatch: pytest.MonkeyPatch, token: str | None, key: str
) -> None:
    """For odd names, parameters that need encoding, signed headers and session tokens."""
    moment = datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone.utc)
    monkeypatch.setattr(s3_signing, "now_ms", lambda: int(moment.timestamp() * 1000))
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: moment)
    headers = {"x-amz-meta-sha256": "ab"}
    query = {"uploadId": "x/y+z=", "partNumber": "3", "uploads": ""}
    ours = signed_url(
        S3Keys("key", "secret", token, "eu-west-1"),
        "PUT",
        "http://127.0.0.1:9000/bucket",
        key,
        query,
        headers=headers,
        seconds=60,
    )
    unsigned = ours.partition("?")[0]
    request = AWSRequest("PUT", unsigned, headers=dict(headers), params=dict(query))
    auth = botocore.auth.S3SigV4QueryAuth(
        Credentials("key", "secret", token), "s3", "eu-west-1", expires=60
    )
    auth.add_auth(request)
    assert ours.rpartition("=")[2] == request.url.rpartition("=")[2]


def test_a_profile_gives_keys_and_region(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The named one, else the default one; keys in the environment come before the default."""
    (tmp_path / "config").write_text("[default]\nregion = eu-1\n[profile other]\nregion = eu-2\n")
    (tmp_path / "credentials").write_text(
        "[default]\naws_access_key_id = A\naws_secret_access_key = a%b\n"
        "[other]\naws_access_key_id = B\naws_secret_access_key = b\naws_session_token = t\n"
    )
    keys = parts_of(open_s3("s3://bucket/x")).bucket.keys
    assert keys == S3Keys("A", "a%b", None, "eu-1")
    monkeypatch.setenv("AWS_PROFILE", "other")
    keys = parts_of(open_s3("s3://bucket/x")).bucket.keys
    assert keys == S3Keys("B", "b", "t", "eu-2")
    monkeypatch.delenv("AWS_PROFILE")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "C")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "c")
    monkeypatch.setenv("AWS_REGION", "eu-3")
    assert parts_of(open_s3("s3://bucket/x")).bucket.keys == S3Keys("C", "c", None, "eu-3")


def test_a_profile_without_keys_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is never passed over in favour of some other credentials."""
    monkeypatch.setenv("AWS_PROFILE", "sso")
    with pytest.raises(MlflowException, match="'sso' .AWS_PROFILE. holds no access key"):
        open_s3("s3://bucket/x")


@pytest.mark.parametrize(
    ("style", "endpoint", "base"),
    [
        ("auto", None, "https://bucket.s3.eu-1.amazonaws.com"),
        ("path", None, "https://s3.eu-1.amazonaws.com/bucket"),
        ("auto", "http://127.0.0.1:9000/", "http://127.0.0.1:9000/bucket"),
        ("virtual", "https://s3.example", "https://bucket.s3.example"),
    ],
)
def test_the_addressing_style_is_what_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, style: str, endpoint: str | None, base: str
) -> None:
    """By host name at AWS, by path at an endpoint of one's own, unless it is set."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "C")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "c")
    monkeypatch.setenv("AWS_REGION", "eu-1")
    monkeypatch.setenv("MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE", style)
    if endpoint is not None:
        monkeypatch.setenv("MLFLOW_S3_ENDPOINT_URL", endpoint)
    assert parts_of(open_s3("s3://bucket/x")).bucket.base == base


@pytest.mark.parametrize(
    ("uri", "base", "region"),
    [
        ("r2://b@acc.r2.example.com/p", "https://acc.r2.example.com/b", "auto"),
        ("b2://b@s3.us-west-1.example.com/p", "https://s3.us-west-1.example.com/b", "us-west-1"),
    ],
)
def test_other_services_are_named_in_the_location(
    monkeypatch: pytest.MonkeyPatch, uri: str, base: str, region: str
) -> None:
    """Their host is the URI's, whatever the endpoint for S3 is; the region is in it, if any."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "C")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "c")
    monkeypatch.setenv("MLFLOW_S3_ENDPOINT_URL", "http://127.0.0.1:9000/")
    files = open_destination(uri)
    assert isinstance(files, ObjectFiles)
    bucket = parts_of(files).bucket
    assert (bucket.base, bucket.keys.region, bucket.prefix) == (base, region, "p")


@pytest.mark.parametrize("text", ["[]", "{", '{"ACL": "public-read"}'])
def test_upload_arguments_that_cannot_be_met_are_an_error(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Encryption or a retention that was asked for is never left out silently."""
    monkeypatch.setenv("MLFLOW_S3_UPLOAD_EXTRA_ARGS", text)
    with pytest.raises(MlflowException, match="Invalid value of MLFLOW_S3_UPLOAD_EXTRA_ARGS"):
        open_s3("s3://bucket/x")


def test_a_missing_library_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(MlflowException, match="pip install 'headrace.s3.'") as error:
        open_s3("s3://bucket/x")
    assert error.value.error_code == "NOT_IMPLEMENTED"


def test_missing_credentials_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only the address that a cloud's machines ask for them."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", address)  # where nobody answers
    monkeypatch.setenv("MLFLOW_S3_ENDPOINT_URL", address)
    with pytest.raises(MlflowException, match="no credentials are set") as error:
        open_s3("s3://bucket/x").list("")
    assert error.value.error_code == "PERMISSION_DENIED"
