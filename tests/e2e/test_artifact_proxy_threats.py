"""What must be refused of paths and locations, sent raw on the real socket in several spellings.

The numbers are rows of the list of known vulnerabilities of this kind of software. After each
test everything around the server's own folder is as it was.
"""

from __future__ import annotations

import hashlib
import json
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.e2e.servers import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

PROXY = "/api/2.0/mlflow-artifacts"
CANARY = "canary-7d1f0c"
# Ways out of a folder: 6, 7, 8, 9, 11, 12, 14, 18, 25, 26.
ESCAPES = (
    "../canary/secret",
    "../../canary/secret",
    "a/../../canary/secret",
    "a/./../../canary/secret",
    "..\\..\\canary\\secret",
    "a\\..\\..\\x",
    "..\\x",
    "C:/Windows/win.ini",
    "C:x",
    "\\\\host\\share\\x",
    "//canary/secret",
    "/etc/passwd",
    "a/\x00b",
    "a/\nb",
    "..",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("threats")
    (folder / "canary").mkdir()
    (folder / "canary" / "secret").write_text(CANARY)
    (folder / "server").mkdir()
    return folder


@pytest.fixture(scope="module")
def served(place: Path) -> Iterator[Served]:
    destination = place / "server" / "files"
    options = ("--artifacts-destination", str(destination))
    with serving(place / "server", *options) as server:
        yield server


@pytest.fixture
def run(served: Served) -> str:
    made = served.api("POST", "/runs/create", {"experiment_id": "0"})
    return str(made["run"]["info"]["run_id"])


@pytest.fixture(autouse=True)
def _nothing_changed(place: Path, served: Served) -> Iterator[None]:
    """Check that nothing outside of the server's folder was made, changed or deleted."""
    del served
    before = _tree(place)
    yield
    assert _tree(place) == before


def _tree(place: Path) -> str:
    found = hashlib.sha256()
    own = place / "server"
    for path in sorted(place.rglob("*")):
        if own not in path.parents:
            content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
            found.update(f"{path} {path.is_symlink()}\n".encode() + content)
    found.update("\n".join(sorted(one.name for one in place.parent.iterdir())).encode())
    return found.hexdigest()


def _spellings(path: str) -> set[str]:
    """Return a path plainly, percent-encoded once, twice, and with capitals."""
    every = "".join(f"%{byte:02x}" for byte in path.encode())
    plain = path.replace("\x00", "%00").replace("\n", "%0a").replace(" ", "%20")
    dots = quote(path, safe="/").replace(".", "%2e")
    return {plain, every, every.upper(), quote(every), dots, quote(dots), quote(quote(dots))}


def _send(served: Served, method: str, target: str, body: bytes = b"", kind: str = "") -> bytes:
    head = f"{method} {target} HTTP/1.1\r\nHost: localhost:{served.port}\r\nConnection: close\r\n"
    head += f"Content-Length: {len(body)}\r\n" + (f"Content-Type: {kind}\r\n" if kind else "")
    return served.raw(f"{head}\r\n".encode("latin-1") + body)


def _refused(answer: bytes, what: object) -> None:
    status = answer.split(b" ", 2)[1]
    assert status in (b"400", b"404"), (what, answer[:300])
    assert CANARY.encode() not in answer, what


@pytest.mark.parametrize("escape", ESCAPES)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_paths_of_the_proxy(served: Served, run: str, method: str, escape: str) -> None:
    """Rows 9, 11, 12, 14, 18, 25, 26: no path reads, writes or deletes above the root."""
    for spelling in _spellings(escape):
        # Below a folder, what is absolute and encoded twice is the name of a file.
        for folder in ("",) if escape.startswith("/") else ("", f"0/{run}/artifacts/"):
            for prefix in ("/api", "/ajax-api"):
                target = f"{prefix}/2.0/mlflow-artifacts/artifacts/{folder}{spelling}"
                body = b"written" if method == "PUT" else b""
                _refused(_send(served, method, target, body), target)


@pytest.mark.parametrize("escape", ESCAPES)
def test_paths_in_queries(served: Served, run: str, escape: str) -> None:
    """Rows 6, 7, 8, 23: the query's path of a run or a model stays below its root."""
    made = served.api("POST", "/logged-models", {"experiment_id": "0"})
    model = made["model"]["info"]["model_id"]
    once = "".join(f"%{byte:02x}" for byte in escape.encode())
    for spelling in (once, once.upper(), quote(once), quote(quote(once))):
        models = f"/api/2.0/mlflow/logged-models/{model}/artifacts/directories"
        files = f"/ajax-api/2.0/mlflow/logged-models/{model}/artifacts/files"
        for target in (
            f"/get-artifact?run_uuid={run}&path={spelling}",
            f"/get-artifact?path={spelling}&run_id={run}",
            f"/api/2.0/mlflow/artifacts/list?run_id={run}&path={spelling}",
            f"{PROXY}/artifacts?path={spelling}",
            f"{models}?artifact_directory_path={spelling}",
            f"{files}?artifact_file_path={spelling}",
        ):
            _refused(_send(served, "GET", target), target)
        target = f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path={spelling}"
        _refused(_send(served, "POST", target, b"written", "text/plain"), target)


@pytest.mark.parametrize("escape", ESCAPES)
def test_paths_in_bodies(served: Served, run: str, escape: str) -> None:
    """Row 62 and rule R1: parts, previews and signed addresses take no way out either."""
    preview = "/api/headrace/artifacts/previews"
    once = "".join(f"%{byte:02x}" for byte in escape.encode())
    for path in (escape, once, quote(once)):
        ask = json.dumps({"run_id": run, "path": path}).encode()
        _refused(_send(served, "POST", preview, ask, "application/json"), path)
        for verb in ("create", "complete", "abort"):
            ask = json.dumps({"path": "x", "num_parts": 1, "upload_id": "0" * 48}).encode()
            target = f"{PROXY}/mpu/{verb}/{quote(path, safe='')}"
            _refused(_send(served, "POST", target, ask, "application/json"), target)


@pytest.mark.parametrize("name", ["..", ".", "", "/", "a/..", "\x00", "%2e%2e"])
def test_names_of_parts(served: Served, run: str, name: str) -> None:
    """Row 62: the name that an upload in parts gives is a name."""
    ask = json.dumps({"path": name, "num_parts": 1}).encode()
    target = f"{PROXY}/mpu/create/0/{run}/artifacts"
    _refused(_send(served, "POST", target, ask, "application/json"), name)


def test_links(served: Served, run: str, place: Path) -> None:
    """Row 13: a link that lies among the files is neither listed nor followed."""
    folder = place / "server" / "files" / "0" / run / "artifacts"
    folder.mkdir(parents=True)
    (folder / "file").symlink_to(place / "canary" / "secret")
    (folder / "folder").symlink_to(place / "canary")
    root = f"{PROXY}/artifacts/0/{run}/artifacts"
    for path in ("file", "folder/secret", "folder"):
        _refused(_send(served, "GET", f"{root}/{path}"), path)
        _refused(_send(served, "GET", f"/get-artifact?run_id={run}&path={path}"), path)
    for path in ("folder/secret", "folder/new"):
        _refused(_send(served, "PUT", f"{root}/{path}", b"written"), path)
    assert "files" not in served.api("GET", f"/artifacts/list?run_id={run}")
    _refused(_send(served, "GET", f"/api/2.0/mlflow/artifacts/list?run_id={run}&path=folder"), 0)
    _send(served, "DELETE", f"{root}/folder/secret")
    for path in ("file", "folder"):
        assert _send(served, "DELETE", f"{root}/{path}").split(b" ", 2)[1] == b"200"


# Locations: 10, 16, 19 to 24, 37, 42.
_FRAGMENTS = ("http:///#/../../../etc/", "s3://b/x#/../../etc", "mlflow-artifacts:/a#b")
_PARAMS = ("http://x/;/../../canary", "s3://b/;x", "file:///tmp/;a", "gs://b/x;y=z")
_QUERIES = ("http:///?/../../etc", "dbfs:/x?../../canary", "s3://b/x?versionId=1", "file:///?a")
_LOCALS = (
    *("/etc", "/", "etc", "./etc", "~/x", "file:///etc", "file:/etc", "file:etc", "file:////etc"),
    *("FILE:///etc", "File:///etc", "file://localhost/etc", "file://host/etc", "//host/etc"),
    *("file:///%2e%2e/etc", "file:\\etc", "C:\\x", "C:/x", "\\\\host\\share", "\\etc"),
)
_STRANGE = (
    *("file+x:/a", "local:/a", "fileb:/a", "unix:/a", "jar:file:/a", "nfs://h/a", "smb://h/a"),
    *("gopher://h/", "dict://h/", "data:text/plain,x", "ldap://h", "php://input", "models:/a/1"),
    *("runs:/a", "x:y", "weird://a", "netdoc:///etc"),
)
_HOSTS = (
    *("http://169.254.169.254/", "https://h/x", "HTTP://h/x", "ftp://u:p@h/x", "sftp://h/x"),
    *(
        "hdfs://h/x",
        "viewfs://h/x",
        "mlflow-artifacts://h:1/x",
        "http://[::1]/",
        "http://2130706433/",
    ),
)
_CARRIED: tuple[str, ...] = (
    "s3://b/../p",
    "s3://b/%2e%2e/p",
    "s3://b/%252e%252e/p",
    "mlflow-artifacts:/a/../b",
)
_CARRIED += ("mlflow-artifacts:/%2e%2e/a", "s3://user:word@b/p", "s3://b/a\\..\\b", "s3://b/\x01")


@pytest.mark.parametrize(
    "location", [*_FRAGMENTS, *_PARAMS, *_QUERIES, *_LOCALS, *_STRANGE, *_HOSTS, *_CARRIED]
)
def test_locations(served: Served, location: str) -> None:
    """Rows 10, 16, 19 to 24, 37, 42: no such location becomes that of an experiment."""
    for spelling in {location, f"{location}/", location.replace(":", "%3A", 1)}:
        for prefix in ("/api", "/ajax-api"):
            ask = {"name": f"{prefix} {spelling}", "artifact_location": spelling}
            reply = served.ask("POST", f"{prefix}/2.0/mlflow/experiments/create", ask)
            assert reply.status == 400, (spelling, reply)
            assert reply.json["error_code"] == "INVALID_PARAMETER_VALUE"
    found = served.api("POST", "/experiments/search", {"max_results": 1000})["experiments"]
    assert location not in {one["artifact_location"] for one in found}


def test_long_locations(served: Served) -> None:
    """Row 111: a location has a greatest length."""
    ask = {"name": "long", "artifact_location": "s3://b/" + "x" * 3000}
    assert served.ask("POST", "/api/2.0/mlflow/experiments/create", ask).status == 400


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("http:///?/../../etc", "Invalid query string"),
        ("s3://b/p#x", "'artifact_location' URL can't include fragments or params."),
        ("runs:/a/x", "Artifact location cannot be a runs:/ URI. Given: 'runs:/a/x'"),
    ],
)
def test_words(served: Served, location: str, message: str) -> None:
    """What upstream refuses too is refused in its words."""
    ask = {"name": "worded", "artifact_location": location}
    reply = served.ask("POST", "/api/2.0/mlflow/experiments/create", ask)
    assert (reply.status, reply.json["message"]) == (400, message)


def test_kept_locations(served: Served) -> None:
    """Buckets and places behind the proxy may be named; buckets are not opened for a caller."""
    locations = ("s3://bucket/a", "gs://bucket", "abfss://c@account.dfs.core.windows.net/x")
    for number, location in enumerate(("mlflow-artifacts:/named/here", locations[0], locations[1])):
        ask = {"name": f"kept {number}", "artifact_location": location}
        experiment = served.api("POST", "/experiments/create", ask)["experiment_id"]
        got = served.api("GET", f"/experiments/get?experiment_id={experiment}")["experiment"]
        assert got["artifact_location"] == location
        made = served.api("POST", "/runs/create", {"experiment_id": experiment})["run"]["info"]
        reply = served.ask("GET", f"/api/2.0/mlflow/artifacts/list?run_id={made['run_id']}")
        assert reply.status == (200 if location.startswith("mlflow-artifacts") else 403)


def test_no_egress(served: Served) -> None:
    """Row 37: whatever is created, listed, read and deleted, nobody is connected to."""
    reached: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.5)
        at = f"127.0.0.1:{trap.getsockname()[1]}"

        def wait() -> None:
            try:
                reached.append(trap.accept())
            except TimeoutError:
                return

        thread = threading.Thread(target=wait)
        thread.start()
        for scheme in ("http", "https", "s3", "mlflow-artifacts", "ftp", "hdfs", "gs"):
            ask = {"name": f"trap {scheme}", "artifact_location": f"{scheme}://{at}/x"}
            reply = served.ask("POST", "/api/2.0/mlflow/experiments/create", ask)
            if reply.status == 200:
                experiment = reply.json["experiment_id"]
                made = served.api("POST", "/runs/create", {"experiment_id": experiment})
                run = made["run"]["info"]["run_id"]
                served.ask("GET", f"/api/2.0/mlflow/artifacts/list?run_id={run}")
                served.ask("GET", f"/get-artifact?run_id={run}&path=a")
                for verb in ("upload", "download"):
                    target = f"/api/2.0/mlflow/artifacts/presigned-{verb}-url"
                    served.ask("POST", target, {"run_id": run, "path": "a"})
        thread.join()
    assert reached == []


def test_foreign_pages(served: Served, run: str) -> None:
    """Row 45: pages of other origins neither upload nor delete nor preview."""
    root = f"{PROXY}/artifacts/0/{run}/artifacts/a"
    foreign = {"Origin": "https://evil.example", "Content-Type": "text/plain"}
    upload = f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path=a"
    for method, target in (("PUT", root), ("DELETE", root), ("POST", upload)):
        assert served.ask(method, target, b"x", headers=foreign).status == 403
    plain = {"Content-Type": "text/plain"}
    body = json.dumps({"run_id": run, "path": "a"}).encode()
    reply = served.ask("POST", "/api/headrace/artifacts/previews", body, headers=plain)
    assert reply.status in (400, 415)


def test_chunked_upload_beyond_the_limit(served: Served, run: str, place: Path) -> None:
    """Row 113: a chunked upload is cut at the limit, with no partial file and with flat memory."""
    path = f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path=big"
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
    before = served.resident_kilobytes()
    chunk = b"100000\r\n" + bytes(0x100000) + b"\r\n"
    sent = 0
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as sock:
        sock.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        try:
            for _ in range(1024):
                sock.sendall(chunk)
                sent += 1
        except OSError:
            pass
        answer = b""
        try:
            while piece := sock.recv(65536):
                answer += piece
        except OSError:
            pass
    assert sent < 256  # of 1024; what the kernel holds is sent too
    assert not answer or answer.startswith(b"HTTP/1.1 413")
    assert served.resident_kilobytes() - before <= 32 * 1024
    left = [one for one in (place / "server" / "files").rglob("*") if one.is_file()]
    assert [one for one in left if one.stat().st_size > 1000] == []
    declared = f"{head}Content-Length: 1073741824\r\n\r\n".encode()
    assert served.raw(declared + b"x").startswith(b"HTTP/1.1 413")
