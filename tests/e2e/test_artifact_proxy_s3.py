"""Artifacts through the server to a bucket: small files through it, large ones past it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import urllib3

from mlflow.store.artifact.mlflow_artifacts_repo import MlflowArtifactsRepository
from tests.contract.object_servers import ObjectServer, s3_server
from tests.e2e.servers import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

_MIB = 1024 * 1024


@pytest.fixture(scope="module")
def bucket() -> Iterator[ObjectServer]:
    with s3_server() as server:
        yield server


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, bucket: ObjectServer) -> Iterator[Served]:
    options = ("--artifacts-destination", f"{bucket.uri}/kept")
    folder = tmp_path_factory.mktemp("server")
    with serving(folder, *options, environment=bucket.variables) as server:
        yield server


@pytest.mark.parametrize("size", [0, 10, 3 * _MIB, 70 * _MIB])
def test_round_trip(served: Served, tmp_path: Path, size: int) -> None:
    """A file of any size goes to the bucket and comes back; parts go there without the server."""
    source = tmp_path / "file"
    source.write_bytes(os.urandom(size))
    there = MlflowArtifactsRepository(f"mlflow-artifacts:/0/{size}/artifacts", served.url)
    there.log_artifact(source, "m")
    assert [(one.path, one.file_size) for one in there.list_artifacts("m")] == [("m/file", size)]
    path = f"/api/2.0/mlflow-artifacts/artifacts/0/{size}/artifacts/m/file"
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    assert served.ask("HEAD", path).headers["headrace-sha256"] == digest
    target = tmp_path / "target"
    target.mkdir()
    found = Path(there.download_artifacts("m/file", target))
    assert found.read_bytes() == source.read_bytes()
    assert "artifacts/parts" not in served.log
    there.delete_artifacts("m")
    assert there.list_artifacts() == []


def test_signed_download(served: Served) -> None:
    """A client that asks for a signed address gets the bytes from the bucket."""
    path = "0/signed/artifacts/a.bin"
    base = "/api/2.0/mlflow-artifacts"
    content = os.urandom(1000)
    reply = served.ask("PUT", f"{base}/artifacts/{path}", content)
    assert reply.headers["headrace-sha256"] == hashlib.sha256(content).hexdigest()
    answer = served.ask("GET", f"{base}/presigned/{path}").json
    assert answer["file_size"] == len(content)
    assert urlsplit(answer["url"]).port != served.port
    with urllib3.PoolManager() as pool:
        found = pool.request("GET", answer["url"], headers=answer.get("headers"))
        assert (found.status, found.data) == (200, content)
    info = served.ask("GET", "/api/3.0/mlflow/server-info").json
    assert info["multipart_downloads_enabled"] is True
