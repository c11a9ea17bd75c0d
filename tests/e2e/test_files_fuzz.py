"""Nasty values where the endpoint table does not reach: files, streams, and headers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pytest
import requests

from tests.e2e.servers import Served, serving
from tests.e2e.test_api_fuzz import NASTY

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROXY: Final = "/api/2.0/mlflow-artifacts"
_OWN: Final = "/api/headrace"
# Verb and target; the nasty text takes the place of {x}.
_TARGETS: Final = [
    ("GET", _PROXY + "/artifacts/{x}"),
    ("PUT", _PROXY + "/artifacts/{x}"),
    ("DELETE", _PROXY + "/artifacts/{x}"),
    ("GET", _PROXY + "/artifacts?path={x}"),
    ("GET", _PROXY + "/artifacts?page_token={x}"),
    ("GET", _PROXY + "/presigned/{x}"),
    ("POST", _PROXY + "/mpu/create/{x}"),
    ("GET", "/get-artifact?run_id={x}&path=a"),
    ("GET", "/get-artifact?run_id={run}&path={x}"),
    ("GET", "/model-versions/get-artifact?name={x}&version={x}&path=a"),
    ("POST", "/ajax-api/2.0/mlflow/upload-artifact?run_uuid={x}&path=a"),
    ("POST", "/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path={x}"),
    ("GET", "/ajax-api/2.0/mlflow/logged-models/{x}/artifacts/files?artifact_file_path=a"),
    ("GET", _OWN + "/live?experiment_id={x}"),
    ("GET", _OWN + "/live?experiment_id=0&cursor={x}"),
    ("PUT", _OWN + "/artifacts/parts/{x}"),
    ("PUT", _OWN + "/artifacts/parts/1?ticket={x}"),
    ("GET", _OWN + "/artifacts/parts/a?upload_id={x}"),
    ("GET", _OWN + "/previews/{x}/a"),
    ("GET", "/{x}"),
    ("GET", "/api/{x}/mlflow/runs/get"),
]
_BODIES: Final = [
    (_OWN + "/artifacts/previews", ("run_id", "model_id", "path")),
    (_PROXY + "/mpu/create/a", ("path", "num_parts")),
    (_PROXY + "/mpu/complete/a", ("path", "upload_id", "parts")),
    (_PROXY + "/mpu/abort/a", ("path", "upload_id")),
]
_HEADERS: Final = (
    *("Idempotency-Key", "Headrace-Journal", "X-Request-Id", "Headrace-Sha256", "Range"),
    *("If-Range", "If-None-Match", "Accept", "Accept-Encoding", "Last-Event-Id", "Authorization"),
    *("Content-Encoding", "Content-Digest", "Repr-Digest", "X-Forwarded-Proto", "Cookie", "Origin"),
    *("Sec-Fetch-Site", "Content-Type", "Transfer-Encoding", "Content-Length", "Expect", "Host"),
)
_VALUES: Final = (
    *(
        "",
        " ",
        ";",
        "a;b",
        "a;1;",
        "a;-1;0",
        "a;1;99999999999999999999",
        ";;;;",
        "a" * 5_000,
        "\xff",
    ),
    *("bytes=-", "bytes=9-1", "bytes=0-0,2-3", "bytes=-99999999999999999999", "bytes=a-b", "*"),
    *("bytes=99999999999999999999-", "Basic", "Basic =", "Bearer x", "gzip;q=nan", "sha-256=:x:"),
    *("sha-256=::", "-1", "1e9", "0x10", "chunked, chunked", "text/html;q=9", "null", "\t", '"'),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("fuzz")) as server:
        yield server


@pytest.fixture(scope="module")
def run(served: Served) -> str:
    made = served.api("POST", "/runs/create", {"experiment_id": "0"})
    return str(made["run"]["info"]["run_id"])


def _texts() -> Iterator[bytes]:
    for nasty in NASTY.values():
        try:
            value = json.loads(nasty)
        except (RecursionError, ValueError):
            continue
        yield str(value)[:2_000].encode("utf-8", "surrogatepass")
    yield from (
        b"\xff\xfe",
        b"%00",
        b"..",
        b"a" * 300 + b"/" + b"b" * 300,
        b"a/" * 200 + b"a",
        b"con",
    )


@pytest.mark.parametrize(("method", "target"), _TARGETS)
def test_targets(served: Served, run: str, method: str, target: str) -> None:
    """Every nasty text as a part of a path or a query is answered without a 5xx."""
    headers = {"Content-Type": "application/json"}
    with requests.Session() as session:
        for text in _texts():
            for spelled in {quote(text, safe=""), quote(text, safe="/")}:
                url = served.url + target.replace("{run}", run).replace("{x}", spelled)
                body = b"{}" if method in ("PUT", "POST") else None
                with session.request(
                    method, url, data=body, headers=headers, stream=True, timeout=30
                ) as answer:
                    said = (method, url[:300], answer.status_code)
                    assert answer.status_code < 500 or answer.status_code == 501, said
                    if answer.status_code >= 400:
                        assert "error_code" in answer.json(), said


@pytest.mark.parametrize(("path", "names"), _BODIES)
def test_bodies(served: Served, run: str, path: str, names: tuple[str, ...]) -> None:
    """Every nasty value as a field of the messages about files is answered without a 5xx."""
    headers = {"Content-Type": "application/json"}
    good = {"run_id": run, "path": "a", "num_parts": 1, "upload_id": "0" * 48, "parts": []}
    with requests.Session() as session:
        for name in names:
            for nasty in NASTY.values():
                fields = {one: good[one] for one in names if one in good and one != name}
                body = f'{{"{name}": {nasty}, {json.dumps(fields)[1:]}'.replace(", }", "}")
                answer = session.post(served.url + path, body.encode(), headers=headers, timeout=30)
                said = (name, nasty[:100], answer.status_code, answer.text[:200])
                assert answer.status_code < 500 or answer.status_code == 501, said
                if answer.status_code >= 400:
                    assert "error_code" in answer.json(), said


@pytest.mark.parametrize("name", _HEADERS)
def test_headers(served: Served, run: str, name: str) -> None:
    """Every nasty value of a header that means something is answered without a 5xx."""
    kind = "" if name == "Content-Type" else "Content-Type: application/json\r\n"
    length = "" if name in ("Content-Length", "Transfer-Encoding") else "Content-Length: {}\r\n"
    host = "" if name == "Host" else "Host: localhost\r\n"
    root = f"{_PROXY}/artifacts/0/{run}/artifacts/f"
    served.ask("PUT", root, b"content")
    for method, target, body in (
        ("POST", "/api/2.0/mlflow/runs/create", b'{"experiment_id": "0"}'),
        ("GET", "/api/headrace/live?experiment_id=x", b""),
        ("GET", root, b""),
        ("PUT", root, b"content"),
    ):
        for value in _VALUES:
            rest = f"{host}{kind}{length.format(len(body))}Connection: close\r\n{name}: {value}\r\n"
            head = f"{method} {target} HTTP/1.1\r\n{rest}\r\n"
            answer = served.raw(head.encode("latin-1") + body)
            status = int(answer.split(b" ", 2)[1])
            assert 100 <= status < 500 or status == 501, (head, answer[:300])
    assert served.ask("GET", "/health").status == 200
