"""What is compressed, and what is not."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path
from typing import Any

import pytest

from mlflow._asgi.request import Request
from mlflow._asgi.response import Response
from mlflow.server.app import open_store
from mlflow.server.compression import compress
from mlflow.server.settings import ServerSettings
from mlflow.server.state import ServerState
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

BODY = b'{"runs":[' + b"1," * 20_000 + b"1]}"


async def _receive() -> dict[str, Any]:
    return {"type": "http.request"}


def _request(client: str, accepted: str) -> Request:
    scope = {
        "type": "http",
        "method": "GET",
        "raw_path": b"/",
        "query_string": b"",
        "scheme": "http",
        "headers": [(b"accept-encoding", accepted.encode())],
        "client": (client, 1),
    }
    return Request(scope, _receive)


@pytest.mark.parametrize(
    ("client", "accepted", "kind", "compressed"),
    [
        ("10.0.0.7", "gzip", "application/json", True),
        ("10.0.0.7", "br;q=1.0, gzip;q=0.8", "application/json", True),
        ("10.0.0.7", "gzip;q=0", "application/json", False),
        ("10.0.0.7", "", "application/json", False),
        ("127.0.0.1", "gzip", "application/json", False),
        ("10.0.0.7", "gzip", "application/octet-stream", False),
    ],
)
def test_json_to_other_machines_is_compressed(
    tmp_path: Path, client: str, accepted: str, kind: str, compressed: bool
) -> None:
    """Where the client takes gzip and the bytes cross a network."""
    uri = f"sqlite:///{tmp_path / 'a.db'}"

    async def run() -> Response:
        settings = ServerSettings(backend_store_uri=uri)
        state = ServerState(settings, open_store(settings))
        answer = Response(BODY, content_type=kind)
        await compress(_request(client, accepted), answer, state)
        state.close()
        return answer

    answer = asyncio.run(run())
    SqlAlchemyStore.forget(uri)
    assert ((b"content-encoding", b"gzip") in answer.headers) is compressed
    assert (gzip.decompress(answer.body) if compressed else answer.body) == BODY
    assert not compressed or len(answer.body) < len(BODY) / 10
