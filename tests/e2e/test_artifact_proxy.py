"""Artifacts through the server, as any client of HTTP sees them on the real socket."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.servers import Reply, Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROXY = "/api/2.0/mlflow-artifacts"
AJAX = "/ajax-api/2.0/mlflow"
SHA = "headrace-sha256"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("proxy")) as server:
        yield server


@pytest.fixture
def run(served: Served) -> str:
    info = served.api("POST", "/runs/create", {"experiment_id": "0"})["run"]["info"]
    assert info["artifact_uri"] == f"mlflow-artifacts:/0/{info['run_id']}/artifacts"
    return str(info["run_id"])


def where(run: str, path: str) -> str:
    return f"{PROXY}/artifacts/0/{run}/artifacts/{path}"


def put(served: Served, run: str, path: str, body: bytes, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return served.ask("PUT", where(run, path), body, headers=named)


def hexdigest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def test_upload_and_download(served: Served, run: str) -> None:
    """A file comes back as it went, with length, digest and tag, for download and never to run."""
    reply = put(served, run, "dir/a.txt", b"hello")
    assert (reply.status, reply.body, reply.headers[SHA]) == (200, b"", hexdigest(b"hello"))
    found = served.ask("GET", where(run, "dir/a.txt"))
    assert (found.status, found.body) == (200, b"hello")
    assert found.headers["content-type"] == "text/plain"
    assert found.headers["content-disposition"] == 'attachment; filename="a.txt"'
    assert found.headers["x-content-type-options"] == "nosniff"
    assert found.headers["content-security-policy"].startswith("sandbox;")
    assert found.headers["content-length"] == "5"
    assert found.headers[SHA] == hexdigest(b"hello")
    head = served.ask("HEAD", where(run, "dir/a.txt"))
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", "5")
    assert head.headers["etag"] == found.headers["etag"] == reply.headers["etag"]
    again = served.ask(
        "GET", where(run, "dir/a.txt"), headers={"If-None-Match": head.headers["etag"]}
    )
    assert (again.status, again.body) == (304, b"")


def test_empty_file(served: Served, run: str) -> None:
    """An empty file is a file, also when its upload came in no chunks at all."""
    assert put(served, run, "empty", b"").status == 200
    chunked = f"PUT {where(run, 'none')} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    answer = served.raw(f"{chunked}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 200")
    for name in ("empty", "none"):
        found = served.ask("GET", where(run, name))
        assert (found.status, found.body, found.headers[SHA]) == (200, b"", hexdigest(b""))


@pytest.mark.parametrize(
    ("header", "status", "part"),
    [
        ("bytes=1-3", 206, slice(1, 4)),
        ("bytes=2-", 206, slice(2, None)),
        ("bytes=-2", 206, slice(-2, None)),
        ("bytes=-99", 206, slice(0, None)),
        ("bytes=0-99", 206, slice(0, None)),
        ("bytes=5-1", 200, slice(0, None)),
        ("bytes=0-1,3-4", 200, slice(0, None)),
        ("lines=1-2", 200, slice(0, None)),
        ("bytes=-", 200, slice(0, None)),
        ("bytes=5-", 416, slice(0, 0)),
        ("bytes=-0", 416, slice(0, 0)),
    ],
)
def test_ranges(served: Served, run: str, header: str, status: int, part: slice) -> None:
    """A range that can be satisfied is, one that cannot is 416, and one that is none is ignored."""
    put(served, run, "a", b"hello")
    found = served.ask("GET", where(run, "a"), headers={"Range": header})
    assert found.status == status
    if status == 416:
        assert found.headers["content-range"] == "bytes */5"
        return
    assert found.body == b"hello"[part]
    if status == 206:
        first, stop, _ = part.indices(5)
        assert found.headers["content-range"] == f"bytes {first}-{stop - 1}/5"


def test_range_of_what_was_replaced(served: Served, run: str) -> None:
    """A range that is asked for of an older file gives the whole new one."""
    old = put(served, run, "a", b"old bytes").headers["etag"]
    put(served, run, "a", b"new bytes")
    found = served.ask("GET", where(run, "a"), headers={"Range": "bytes=4-", "If-Range": old})
    assert (found.status, found.body) == (200, b"new bytes")


def test_announced_digest(served: Served, run: str) -> None:
    """An upload whose bytes are not those announced leaves nothing, and replaces nothing."""
    right, wrong = hexdigest(b"right"), hexdigest(b"wrong")
    structured = f"sha-256=:{b64encode(bytes.fromhex(wrong)).decode()}:"
    put(served, run, "kept", b"before")
    for headers in ({SHA: wrong}, {"Content-Digest": structured}, {"Digest": structured}):
        for name in ("kept", "new"):
            reply = put(served, run, name, b"right", **headers)
            assert (reply.status, reply.json["error_code"]) == (400, "DATA_LOSS"), headers
    assert put(served, run, "kept", b"right", **{SHA: "no digest"}).status == 400
    assert served.ask("GET", where(run, "kept")).body == b"before"
    assert served.ask("GET", where(run, "new")).status == 404
    assert put(served, run, "kept", b"right", **{SHA: right.upper()}).status == 200
    assert served.ask("GET", where(run, "kept")).body == b"right"


def test_compressed_upload(served: Served, run: str) -> None:
    """Bytes that were compressed on the way are refused: they are not the artifact's."""
    assert put(served, run, "a", b"x", Content_Encoding="gzip").status == 415


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.js", "a.xml", "a.xhtml", "a", "a.PDF.htm"])
def test_active_content_is_no_page(served: Served, run: str, name: str) -> None:
    """No file has a type that makes a browser run what is in it."""
    put(served, run, name, b"<script>1</script>")
    found = served.ask("GET", where(run, name))
    assert found.headers["content-type"] == "application/octet-stream"
    assert found.headers["content-disposition"].startswith("attachment")


def test_names(served: Served, run: str) -> None:
    """Spaces, percent signs, hashes, question marks and other letters are parts of names."""
    names = ("a b.txt", "50%.txt", "a#b.txt", "a?b.txt", "é.txt", 'q"x.txt', "日本/語.txt", "a;b=c")
    quoted: tuple[str, ...] = (
        "a%20b.txt",
        "50%25.txt",
        "a%23b.txt",
        "a%3Fb.txt",
        "%C3%A9.txt",
        "q%22x.txt",
    )
    quoted += ("%E6%97%A5%E6%9C%AC/%E8%AA%9E.txt", "a;b=c")
    for name, path in zip(names, quoted, strict=True):
        assert put(served, run, path, name.encode()).status == 200
        found = served.ask("GET", where(run, path))
        assert (found.status, found.body) == (200, name.encode())
    listed = served.api("GET", f"/artifacts/list?run_id={run}")["files"]
    assert {one["path"] for one in listed} == {name.split("/")[0] for name in names}


def test_listings(served: Served, run: str) -> None:
    """A folder's listing has the recorded shape: of a run, and of the proxy."""
    for name in ("b/two.txt", "a.txt", "b/c/three.txt"):
        put(served, run, name, name.encode())
    root = f"mlflow-artifacts:/0/{run}/artifacts"
    file = {"path": "a.txt", "is_dir": False, "file_size": 5}
    assert served.api("GET", f"/artifacts/list?run_id={run}") == {
        "root_uri": root,
        "files": [file, {"path": "b", "is_dir": True}],
    }
    inner = [
        {"path": "b/c", "is_dir": True},
        {"path": "b/two.txt", "is_dir": False, "file_size": 9},
    ]
    assert served.api("GET", f"/artifacts/list?run_id={run}&path=b") == {
        "root_uri": root,
        "files": inner,
    }
    for path in ("nope", "a.txt"):
        found = served.api("GET", f"/artifacts/list?run_uuid={run}&path={path}")
        assert found == {"root_uri": root}
    proxied = served.ask("GET", f"{PROXY}/artifacts?path=0/{run}/artifacts/b/").json
    assert [one["path"] for one in proxied["files"]] == ["c", "two.txt"]
    assert served.ask("GET", f"{PROXY}/artifacts?path=nope").json == {}


def test_delete(served: Served, run: str) -> None:
    """Files and folders are deleted; what is not there is no error."""
    for name in ("d/a", "d/b", "e"):
        put(served, run, name, b"x")
    for name in ("d", "e", "nope"):
        reply = served.ask("DELETE", where(run, name))
        assert (reply.status, reply.json) == (200, {})
    assert "files" not in served.api("GET", f"/artifacts/list?run_id={run}")
    assert served.ask("GET", where(run, "d/a")).status == 404


def test_get_artifact(served: Served, run: str) -> None:
    """The paths of browsers answer with files, and with the recorded errors."""
    put(served, run, "dir/a.txt", b"hello")
    for field in ("run_uuid", "run_id"):
        found = served.ask("GET", f"/get-artifact?{field}={run}&path=dir/a.txt")
        assert (found.status, found.body) == (200, b"hello")
    missing = served.ask("GET", f"/get-artifact?run_uuid={run}&path=nope")
    assert (missing.status, missing.json["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert missing.json["message"] == f"No such artifact: '0/{run}/artifacts/nope'"
    folder = served.ask("GET", f"/get-artifact?run_uuid={run}&path=dir")
    assert folder.status == 400
    assert folder.json["message"].startswith("Artifact path refers to a directory, not a file: ")
    out = served.ask("GET", f"/get-artifact?run_uuid={run}&path=../../x")
    assert (out.status, out.json["message"]) == (400, "Invalid path")
    unknown = served.ask("GET", "/get-artifact?run_uuid=nope&path=a")
    assert (unknown.status, unknown.json["message"]) == (404, "Run with id=nope not found")
    assert served.ask("GET", f"/get-artifact?run_uuid={run}").status == 400


def test_upload_artifact(served: Served, run: str) -> None:
    """The browser's upload keeps small files, and says what it misses."""
    target = f"{AJAX}/upload-artifact"
    plain = {"Content-Type": "text/plain"}
    reply = served.ask("POST", f"{target}?run_uuid={run}&path=up/a", b"hello", headers=plain)
    assert (reply.status, reply.body) == (200, b"")
    assert served.ask("GET", where(run, "up/a")).body == b"hello"
    for query, message in (
        (f"run_uuid={run}", "Request must specify path."),
        ("path=a", "Request must specify run_uuid."),
        (f"run_uuid={run}&path=../a", "Invalid path"),
    ):
        refused = served.ask("POST", f"{target}?{query}", b"hello", headers=plain)
        assert (refused.status, refused.json["message"]) == (400, message)
    empty = served.ask("POST", f"{target}?run_uuid={run}&path=b", b"", headers=plain)
    assert (empty.status, empty.json["message"]) == (400, "Request must specify data.")


def test_logged_model_files(served: Served) -> None:
    """A logged model's files are listed and served by the model's id."""
    made = served.api("POST", "/logged-models", {"experiment_id": "0", "name": "m"})
    info: Any = made["model"]["info"]
    model, root = info["model_id"], info["artifact_uri"]
    assert root == f"mlflow-artifacts:/0/models/{model}/artifacts"
    path = root.removeprefix("mlflow-artifacts:/")
    served.ask("PUT", f"{PROXY}/artifacts/{path}/d/MLmodel", b"flavors: {}")
    listed = served.api("GET", f"/logged-models/{model}/artifacts/directories")
    assert listed == {"root_uri": root, "files": [{"path": "d", "is_dir": True}]}
    inner = f"/logged-models/{model}/artifacts/directories?artifact_directory_path=d"
    assert served.api("GET", inner)["files"][0]["path"] == "d/MLmodel"
    files = f"{AJAX}/logged-models/{model}/artifacts/files"
    found = served.ask("GET", f"{files}?artifact_file_path=d/MLmodel")
    assert (found.status, found.body) == (200, b"flavors: {}")
    assert found.headers["content-type"] == "text/plain"
    unnamed = served.ask("GET", files)
    assert (unnamed.status, unnamed.json["error_code"]) == (400, "BAD_REQUEST")
    assert served.ask("GET", f"{files}?artifact_file_path=../x").status == 400


def test_presigned_refusals(served: Served, run: str) -> None:
    """Where the destination signs nothing, the recorded refusals say so."""
    put(served, run, "a", b"x")
    for what, whose in (("upload", ""), ("download", "runs with ")):
        reply = served.ask(
            "POST",
            f"/api/2.0/mlflow/artifacts/presigned-{what}-url",
            {"run_id": run, "path": "a"},
        )
        start = f"Presigned {what} is not supported for {whose}proxied artifact storage"
        assert reply.status == 400
        assert reply.json["message"].startswith(start)
    direct = served.ask("GET", f"{PROXY}/presigned/0/{run}/artifacts/a")
    assert (direct.status, direct.json["error_code"]) == (501, "NOT_IMPLEMENTED")


def test_upload_in_parts(served: Served, run: str) -> None:
    """Parts arrive in any order at signed addresses, without credentials, and become one file."""
    folder = f"0/{run}/artifacts/m"
    body = {"path": "C:\\tmp\\big.bin", "num_parts": 3}
    made = served.ask("POST", f"{PROXY}/mpu/create/{folder}", body).json
    upload = made["upload_id"]
    parts: list[dict[str, Any]] = []
    for number, content in ((2, b"two"), (3, b"three"), (1, b"one"), (2, b"TWO")):
        url = made["credentials"][number - 1]["url"].removeprefix(served.url)
        reply = served.ask("PUT", url, content)
        assert (reply.status, reply.headers[SHA]) == (200, hexdigest(content))
        parts = [one for one in parts if one["part_number"] != number]
        parts.append({"part_number": number, "etag": reply.headers["etag"], "url": url})
    assert "files" not in served.api("GET", f"/artifacts/list?run_id={run}")
    stored = served.ask("GET", f"/api/headrace/artifacts/parts/{folder}/big.bin?upload_id={upload}")
    assert [(one["part_number"], one["size"]) for one in stored.json["parts"]] == [
        (1, 3),
        (2, 3),
        (3, 5),
    ]
    done = {"path": "/home/me/big.bin", "upload_id": upload, "parts": parts}
    whole = b"oneTWOthree"
    wrong = served.ask(
        "POST", f"{PROXY}/mpu/complete/{folder}", done, headers={SHA: hexdigest(b"else")}
    )
    assert (wrong.status, wrong.json["error_code"]) == (400, "DATA_LOSS")
    right = served.ask(
        "POST", f"{PROXY}/mpu/complete/{folder}", done, headers={SHA: hexdigest(whole)}
    )
    assert (right.status, right.json, right.headers[SHA]) == (200, {}, hexdigest(whole))
    assert served.ask("GET", where(run, "m/big.bin")).body == whole
    again = served.ask("POST", f"{PROXY}/mpu/complete/{folder}", done)
    assert again.status == 404


def test_damaged_part(served: Served, run: str) -> None:
    """A part that is not what was announced is not kept."""
    folder = f"0/{run}/artifacts/m"
    made = served.ask("POST", f"{PROXY}/mpu/create/{folder}", {"path": "b", "num_parts": 1}).json
    url = made["credentials"][0]["url"].removeprefix(served.url)
    reply = served.ask("PUT", url, b"one", headers={SHA: hexdigest(b"two")})
    assert (reply.status, reply.json["error_code"]) == (400, "DATA_LOSS")
    listing = f"/api/headrace/artifacts/parts/{folder}/b?upload_id={made['upload_id']}"
    assert (
        served.ask("GET", listing).json == {"parts": []}
        or "parts" not in served.ask("GET", listing).json
    )


def test_forged_addresses(served: Served, run: str) -> None:
    """An address that this server did not sign, or for something else, opens nothing."""
    folder = f"0/{run}/artifacts/m"
    made = served.ask("POST", f"{PROXY}/mpu/create/{folder}", {"path": "b", "num_parts": 1}).json
    url = made["credentials"][0]["url"].removeprefix(served.url)
    path, _, ticket = url.partition("?ticket=")
    put(served, run, "page.html", b"<p>")
    ask = {"run_id": run, "path": "page.html"}
    preview = served.ask("POST", "/api/headrace/artifacts/previews", ask).json["url"]
    sealed = preview.split("/")[-2]
    for other in ("", "x", "x.y", ticket[:-2] + "AA", "." + ticket.split(".")[1], sealed):
        assert served.ask("PUT", f"{path}?ticket={other}", b"x").status == 403
    assert served.ask("GET", preview.replace(sealed, ticket)).status == 403


def test_aborted_parts(served: Served, run: str) -> None:
    """An upload that is given up is gone, and giving it up again is no error."""
    folder = f"0/{run}/artifacts/m"
    made = served.ask("POST", f"{PROXY}/mpu/create/{folder}", {"path": "b", "num_parts": 1}).json
    url = made["credentials"][0]["url"].removeprefix(served.url)
    ask = {"path": "b", "upload_id": made["upload_id"]}
    for _ in range(2):
        assert served.ask("POST", f"{PROXY}/mpu/abort/{folder}", ask).status == 200
    assert served.ask("PUT", url, b"x").status == 404


def test_preview(served: Served, run: str) -> None:
    """A page is shown under a policy that keeps its scripts away from everything."""
    put(served, run, "p/page.html", b"<script>1</script>")
    ask = {"run_id": run, "path": "p/page.html"}
    made = served.ask("POST", "/api/headrace/artifacts/previews", ask).json
    found = served.ask("GET", made["url"])
    assert (found.status, found.body) == (200, b"<script>1</script>")
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    assert found.headers["content-disposition"] == 'inline; filename="page.html"'
    policy = found.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts; default-src 'none';")
    assert "connect-src 'none'" in policy
    assert "allow-same-origin" not in policy
    missing = {"run_id": run, "path": "nope"}
    assert served.ask("POST", "/api/headrace/artifacts/previews", missing).status == 404


def test_without_serving(tmp_path: Path) -> None:
    """With --no-serve-artifacts the proxy says that it is off; runs lie on the server's disk."""
    with serving(tmp_path, "--no-serve-artifacts") as server:
        for method, path in (("GET", "/a"), ("PUT", "/a"), ("DELETE", "/a"), ("GET", "?path=a")):
            reply = server.ask(
                method, f"{PROXY}/artifacts{path}", b"x" if method == "PUT" else None
            )
            assert (reply.status, reply.json["error_code"]) == (501, "NOT_IMPLEMENTED")
        info = server.api("POST", "/runs/create", {"experiment_id": "0"})["run"]["info"]
        folder = tmp_path / "mlruns" / "0" / info["run_id"] / "artifacts"
        assert info["artifact_uri"] == str(folder)
        folder.mkdir(parents=True)
        (folder / "a.txt").write_text("here")
        found = server.ask("GET", f"/get-artifact?run_id={info['run_id']}&path=a.txt")
        assert (found.status, found.body) == (200, b"here")


def test_artifacts_only(tmp_path: Path) -> None:
    """With --artifacts-only the proxy works and knows no runs."""
    options = ("--artifacts-only", "--artifacts-destination", str(tmp_path / "there"))
    with serving(tmp_path, *options) as server:
        assert server.ask("PUT", f"{PROXY}/artifacts/a/b", b"x").status == 200
        assert (tmp_path / "there" / "a" / "b").read_bytes() == b"x"
        assert server.ask("GET", "/get-artifact?run_id=x&path=a").status == 501
