"""What must be refused of a version's source and of names in the registry, on the real socket.

The numbers are rows of the list of known vulnerabilities of this kind of software. Both commands
that serve are attacked. After each test everything around the server's own folder is as it was.
"""

from __future__ import annotations

import hashlib
import socket
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.e2e.servers import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.servers import Reply

CANARY = "canary-4b21aa"
CREATE = "/api/2.0/mlflow/model-versions/create"
TAGS: tuple[list[dict[str, str]], ...] = (
    [],
    [{"key": "mlflow.prompt.is_prompt", "value": "true"}],
    [{"key": "mlflow.prompt.text", "value": "x"}, {"key": "_mlflow_prompt", "value": "true"}],
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("threats")
    (folder / "canary").mkdir()
    (folder / "canary" / "secret").write_text(CANARY)
    return folder


@pytest.fixture(scope="module", params=["server", "ui"])
def served(place: Path, request: pytest.FixtureRequest) -> Iterator[Served]:
    own = place / f"own-{request.param}"
    own.mkdir()
    options = ("--artifacts-destination", str(own / "files"))
    with serving(own, *options, command=(request.param,)) as server:
        server.api("POST", "/registered-models/create", {"name": "m"})
        yield server


@pytest.fixture(scope="module")
def run(served: Served) -> dict[str, Any]:
    made = served.api("POST", "/runs/create", {"experiment_id": "0"})
    found: dict[str, Any] = made["run"]["info"]
    return found


@pytest.fixture(autouse=True)
def _nothing_changed(place: Path, served: Served) -> Iterator[None]:
    """Check that nothing was made, changed or registered by what was refused."""
    before = _tree(place)
    yield
    assert _tree(place) == before
    assert served.api("GET", "/model-versions/search?filter=name%3D%27m%27") == {}


def _tree(place: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(place.rglob("*")):
        if not path.relative_to(place).parts[0].startswith("own-"):
            content = path.read_bytes() if path.is_file() else b""
            found.update(f"{path}\n".encode() + content)
    found.update("\n".join(sorted(one.name for one in place.parent.iterdir())).encode())
    return found.hexdigest()


def _create(served: Served, source: str, **fields: Any) -> Reply:
    return served.ask("POST", CREATE, {"name": "m", "source": source, **fields})


def _refused(reply: Reply, what: object) -> None:
    assert reply.status == 400, (what, reply)
    assert reply.json["error_code"] == "INVALID_PARAMETER_VALUE", what
    assert CANARY not in reply.body.decode(), what


def test_places_that_exist_are_refused_like_those_that_do_not(served: Served, place: Path) -> None:
    """Row 1: the answer does not say whether a path exists; only the source in it differs."""
    for here, nowhere in (
        ("/etc/hostname", "/etc/hostnope"),
        (str(place / "canary"), str(place / "nobody")),
        (f"file://{place}/canary", f"file://{place}/nobody"),
    ):
        found, other = _create(served, here), _create(served, nowhere)
        _refused(found, here)
        assert found.body.replace(here.encode(), b"") == other.body.replace(nowhere.encode(), b"")
        assert found.status == other.status


@pytest.mark.parametrize("tags", TAGS, ids=len)
def test_local_sources(
    served: Served, place: Path, run: dict[str, Any], tags: list[dict[str, str]]
) -> None:
    """Rows 2 to 5 and 27: no spelling of a place on the server's disk, whatever the tags say."""
    canary, root = f"{place}/canary", run["artifact_uri"]
    spelled = [
        *(f"{scheme}{canary}" for scheme in ("", "file:", "file://", "FILE:", "FiLe://", "file:/")),
        *(f"file:{'/' * count}{canary.lstrip('/')}" for count in (3, 4, 5)),
        *("/", "file:", "file:/", "file:///", ".", "..", "etc", "./x", "../x", "~", "~root"),
        *(f"file:\\\\{canary}", f"file:{canary}".replace("/", "\\"), "..\\..\\canary", "\\\\h\\s"),
        *(f"file://localhost{canary}", f"file://127.0.0.1{canary}", f"local:{canary}"),
        *(f"file+x://{canary}", f"//x/../..{canary}", f"//{canary}", "C:/Windows", "C:x"),
        *(f"file:{quote(canary, safe='')}", f"file:///{quote(quote(canary, safe=''))}"),
        *(f"{root}/../../..{canary}", f"{root}/%2e%2e/%2e%2e/{canary}", f"{root}/..;/{canary}"),
        *(f"{root}/%252e%252e/x", f"{root}/..%5c..%5cx", f"{root}/a/../../../x", f"{root}/..\\x"),
        *(
            f" {canary}",
            f"{canary}\n",
            f"\t{canary}",
            f"file:\x00{canary}",
            f"mlflow-artifacts:{root}",
        ),
    ]
    for source in spelled:
        for more in ({}, {"run_id": run["run_id"]}, {"run_id": run["run_id"], "run_link": canary}):
            _refused(_create(served, source, tags=tags, **more), source)


def test_sources_of_others(served: Served, run: dict[str, Any]) -> None:
    """Rows 3 and 25: a place is taken only together with the run or model that it was issued to."""
    other = served.api("POST", "/runs/create", {"experiment_id": "0"})["run"]["info"]
    model = served.api("POST", "/logged-models", {"experiment_id": "0"})["model"]["info"]
    for source, fields in (
        (f"{run['artifact_uri']}/model", {}),
        (f"{run['artifact_uri']}/model", {"run_id": other["run_id"]}),
        (f"{run['artifact_uri']}x/model", {"run_id": run["run_id"]}),
        (run["artifact_uri"].rpartition("/")[0], {"run_id": run["run_id"]}),
        ("mlflow-artifacts:/", {"run_id": run["run_id"]}),
        ("mlflow-artifacts:/0", {"run_id": run["run_id"]}),
        (f"runs:/{run['run_id']}/model", {}),
        (f"runs:/{run['run_id']}/model", {"run_id": other["run_id"]}),
        (f"runs:/{run['run_id']}/../{other['run_id']}", {"run_id": run["run_id"]}),
        (f"runs:/{run['run_id']}/a/%2e%2e/%2e%2e/x", {"run_id": run["run_id"]}),
        (model["artifact_uri"], {}),
        (model["artifact_uri"], {"model_id": "m-0"}),
        (model["artifact_uri"], {"run_id": run["run_id"]}),
        (f"models:/{model['model_id']}", {}),
        (f"models:/{model['model_id']}", {"model_id": "m-0"}),
        (f"models:/{model['model_id']}/../x", {"model_id": model["model_id"]}),
        (f"models:/{model['model_id']}/MLmodel", {"model_id": model["model_id"]}),
        ("models:/../../canary", {}),
        ("models://host/1", {}),
    ):
        _refused(_create(served, source, **fields), (source, fields))


@pytest.mark.parametrize(
    "template",
    [
        *("http://{host}/x", "https://{host}/x", "ftp://{host}/x", "sftp://{host}/x"),
        *("hdfs://{host}/x", "HTTP://{host}/x", "http://user:pw@{host}/x", "viewfs://{host}/"),
        *("mlflow-artifacts://{host}/x", "MLFLOW-ARTIFACTS://{host}/x", "http:{host}/x"),
        *("s3://u:p@{host}/x", "s3://b/../{host}", "gs://b/%2e%2e/x", "s3:\\\\{host}\\x"),
        *("gopher://{host}/x", "jar:http://{host}/x", "azureml://{host}", "foo:/x", "data:,x"),
    ],
)
def test_sources_elsewhere(served: Served, template: str) -> None:
    """Row 15: what would make the server fetch from somewhere is refused, and nobody is called."""
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.2)
        source = template.format(host=f"127.0.0.1:{trap.getsockname()[1]}")

        def listen() -> None:
            try:
                calls.append(trap.accept())
            except TimeoutError:
                return

        listener = threading.Thread(target=listen)
        listener.start()
        _refused(_create(served, source), source)
        listener.join()
    assert calls == []


@pytest.mark.parametrize("mark", ["#", "?", ";", "#/../", "?/../", ";/../", "?x=%2e%2e/", "%23/.."])
def test_sources_with_more_than_a_path(served: Served, run: dict[str, Any], mark: str) -> None:
    """Row 17: fragments, queries and parameters, in which a path could hide, are refused."""
    refused = [f"{run['artifact_uri']}{mark}/../../canary", f"mlflow-artifacts:/0{mark}/canary"]
    if not mark.startswith("%"):  # which is a character like any other in a bucket's key
        refused.append(f"s3://bucket/a{mark}/canary")
    for source in refused:
        _refused(_create(served, source, run_id=run["run_id"]), source)


def test_files_of_versions_are_those_of_the_version(
    served: Served, place: Path, run: dict[str, Any]
) -> None:
    """Rows 2, 13 and 25: no path, link or bucket in a version leads to another file."""
    served.api("POST", "/registered-models/create", {"name": "own"})
    proxy = f"/api/2.0/mlflow-artifacts/artifacts/0/{run['run_id']}/artifacts/model"
    binary = {"Content-Type": "application/octet-stream"}
    assert served.ask("PUT", f"{proxy}/MLmodel", b"flavors", headers=binary).status == 200
    source = f"{run['artifact_uri']}/model"
    for given, run_id in ((source, run["run_id"]), ("s3://bucket/x", "")):
        body = {"name": "own", "source": given, "run_id": run_id}
        served.api("POST", "/model-versions/create", body)
    folder = next(served.log_path.parent.glob(f"files/**/{run['run_id']}/artifacts/model"))
    (folder / "link").symlink_to(place / "canary" / "secret")
    (folder / "folder").symlink_to(place / "canary")

    def get(version: str, path: str) -> Reply:
        query = f"name=own&version={version}&path={path}"
        return served.ask("GET", f"/model-versions/get-artifact?{query}")

    assert get("1", "MLmodel").body == b"flavors"
    escapes = ["link", "folder/secret", "../../../../canary/secret", "/etc/passwd", "..%5cx"]
    for path in (*escapes, *map(quote, escapes), f"{place}/canary/secret", "%252e%252e/x", "."):
        for version in ("1", "2", "0", "../1"):
            reply = get(version, path)
            assert reply.status in (400, 403, 404), (version, path, reply)
            assert CANARY not in reply.body.decode()
    served.api("DELETE", "/registered-models/delete", {"name": "own"})


def test_names_that_differ_by_encoding(served: Served) -> None:
    """Row 110: such names are different models, or none; one never stands for another."""
    names = ["a%2Fb", "a%252Fb", "a b", "a+b", "a%20b", "\u00e9", "e\u0301", "%C3%A9", "A b"]
    for name in names:
        served.api("POST", "/registered-models/create", {"name": name, "description": name})
    for name in names:
        query = quote(name, safe="")
        found = served.api("GET", f"/registered-models/get?name={query}")["registered_model"]
        assert (found["name"], found["description"]) == (name, name)
    for name in ("a/b", "a%2fb", "a%2f%62", "a:b", ".", "..", "\x00", "x" * 257):
        query = quote(name, safe="")
        created = served.ask("POST", "/api/2.0/mlflow/registered-models/create", {"name": name})
        if name not in ("a%2fb", "a%2f%62"):
            assert created.status == 400, name
            assert served.ask(
                "GET", f"/api/2.0/mlflow/registered-models/get?name={query}"
            ).status in (400, 404)
    for name in (*names, "a%2fb", "a%2f%62"):
        served.api("DELETE", "/registered-models/delete", {"name": name})
    assert served.api("GET", "/registered-models/search?filter=name+LIKE+%27a%25%27") == {}
