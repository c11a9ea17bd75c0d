"""Files of a web server: whole and right, or an error and nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from mlflow.store.artifact.destinations import open_destination
from tests.contract.file_server import FileServer, file_server

CONTENT = hashlib.shake_128(b"web").digest(3 * 1024 * 1024 + 7)


@pytest.fixture
def server() -> Iterator[FileServer]:
    """A server with some files."""
    with file_server() as server:
        server.files = {"a/model.bin": CONTENT, "empty": b"", "ü b%20#?.txt": b"odd"}
        yield server


def download(server: FileServer, path: str, target: Path) -> bytes:
    """Download a file as a client does."""
    target.mkdir(exist_ok=True)
    repository = get_artifact_repository(server.url)
    return Path(repository.download_artifacts(path, target)).read_bytes()


@pytest.mark.parametrize("name", ["a/model.bin", "empty", "ü b%20#?.txt"])
def test_files_come_whole(server: FileServer, name: str, tmp_path: Path) -> None:
    """Large, empty and oddly named ones, with what the server says of them."""
    assert download(server, name, tmp_path / "target") == server.files[name]
    stat = open_destination(server.url).stat(name)
    assert (stat.path, stat.size) == (name, len(server.files[name]))
    assert stat.sha256 == hashlib.sha256(server.files[name]).hexdigest()


@pytest.mark.parametrize(("start", "stop"), [(0, 0), (5, 5), (7, 9), (100, None), (0, 1)])
def test_a_range_is_asked_for_alone(server: FileServer, start: int, stop: int | None) -> None:
    """An empty one is not asked for at all."""
    with open_destination(server.url).read("a/model.bin", start=start, stop=stop) as reader:
        assert b"".join(reader) == CONTENT[start:stop]
    expected = len(CONTENT) if stop is None else stop
    assert server.ranges == ([f"bytes={start}-{expected - 1}"] if expected > start else [])


def test_a_cut_download_goes_on_where_it_was_cut(server: FileServer, tmp_path: Path) -> None:
    """Again and again, and no byte is asked for twice."""
    server.cut_after = [1_000_000, 1_000_000]
    assert download(server, "a/model.bin", tmp_path / "target") == CONTENT
    last = len(CONTENT) - 1
    assert server.ranges == [f"bytes=1000000-{last}", f"bytes=2000000-{last}"]


def test_an_overloaded_server_is_asked_again(server: FileServer, tmp_path: Path) -> None:
    """503 and 429 are no answers."""
    server.statuses = [503, 429]
    assert download(server, "empty", tmp_path / "target") == b""


@pytest.mark.parametrize(
    "fault", ["no length", "wrong digest", "cut without a tag", "changed meanwhile"]
)
def test_what_is_not_whole_leaves_nothing(server: FileServer, fault: str, tmp_path: Path) -> None:
    """An error that says so, and neither a short file nor a temporary one."""
    if fault == "no length":
        server.has_length = False
    elif fault == "wrong digest":
        server.digest = "wrong"
    else:
        server.has_tags = fault == "changed meanwhile"
        server.digest = None
        server.cut_after = [1000]
        server.grows = fault == "changed meanwhile"
    with pytest.raises(MlflowException, match="incomplete or damaged") as error:
        download(server, "a/model.bin", tmp_path / "target")
    assert error.value.error_code == "DATA_LOSS"
    assert [path for path in (tmp_path / "target").rglob("*") if path.is_file()] == []


def test_a_redirect_is_followed_on_its_own_host_only(server: FileServer, tmp_path: Path) -> None:
    """Elsewhere it leads to places that nobody asked for."""
    server.redirect = "/moved"
    assert download(server, "a/model.bin", tmp_path / "target") == CONTENT
    with file_server() as other:
        other.files = dict(server.files)
        server.redirect = other.url
        with pytest.raises(MlflowException, match="redirects to another host") as error:
            download(server, "a/model.bin", tmp_path / "target")
    assert error.value.error_code == "PERMISSION_DENIED"


def test_a_web_server_is_read_by_names_only(server: FileServer, tmp_path: Path) -> None:
    """Listing, writing and deleting say that they are not possible; a missing file is missing."""
    repository = get_artifact_repository(server.url)
    (tmp_path / "file").write_bytes(b"1")
    for call in (
        repository.list_artifacts,
        repository.delete_artifacts,
        lambda: repository.log_artifact(tmp_path / "file"),
        lambda: repository.download_artifacts(""),
    ):
        with pytest.raises(MlflowException, match="read from it by their names") as error:
            call()
        assert error.value.error_code == "NOT_IMPLEMENTED"
    with pytest.raises(MlflowException) as error:
        repository.download_artifacts("none")
    assert error.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    assert open_destination(server.url).find("none") is None


def test_the_environments_proxy_is_used(
    server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless the host is one of those that need none."""
    server.files["http://far.example/a"] = b"through the proxy"
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setenv("no_proxy", "near.example")
    assert get_artifact_repository("http://far.example").read_artifact("a") == b"through the proxy"
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert get_artifact_repository(server.url).read_artifact("empty") == b""


@pytest.mark.parametrize(
    "uri",
    [
        "http:///?/../../etc",
        "http:///#/../../../etc/",
        "http://x/;/../../canary",
        "http://x/a#/../../b",
        "http://x/a?b",
        "http://user@x/a",
        "http://user:secret@x/a",
        "http://x/../../etc",
        "http://x\\..\\y",
        "http:x",
        "s3://bucket/a?b",
        "s3://bucket/a#b",
        "s3://bucket/a;b",
        "s3://user@bucket/a",
        "s3://user:secret@bucket/a",
        "s3://bucket:80/a",
        "s3://bucket/../a",
        "s3://bucket/%2e%2e/a",
        "s3://bucket/%252e%252e/a",
        "s3://bucket/a\\b",
        "s3://bucket//a//b",
        "s3:///a",
        "s3:a",
        "gs://bucket/a?b",
        "wasbs://container/a",
        "wasbs://container@evil.example/a",
        "wasbs://container@account.blob.core.windows.net/a?sig=secret",
    ],
)
def test_locations_that_could_mean_two_things_are_refused(uri: str) -> None:
    """Users, queries, fragments and parameters are never dropped, and no password is repeated."""
    for call in (open_destination, get_artifact_repository):
        with pytest.raises(MlflowException) as error:
            call(uri)
        assert error.value.error_code == "INVALID_PARAMETER_VALUE"
        assert "secret" not in str(error.value).replace("sig=secret", "")
