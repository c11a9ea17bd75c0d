"""Known attacks on the real socket that no other module has; the page of all of them is true."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pytest

from mlflow._wire.endpoints import ENDPOINTS, Endpoint
from mlflow.server.operations import HANDLERS
from tests.e2e.servers import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "threats.md"
ROWS: Final = (
    *(
        *range(1, 28),
        *range(30, 38),
        39,
        40,
        42,
        *range(44, 48),
        49,
        51,
        *range(81, 90),
        *range(91, 103),
        *range(104, 108),
        *range(109, 112),
        113,
        114,
    ),
)
MEBIBYTE: Final = 1024 * 1024
MARKUP: Final = "<img src=x onerror=alert(1)>"
_TICKS: Final = 100  # of the kernel's clock in a second


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("threats")) as server:
        yield server


@pytest.fixture(scope="module")
def known(served: Served) -> dict[str, str]:
    run = served.api("POST", "/runs/create", {"experiment_id": "0"})["run"]["info"]["run_id"]
    model = served.api("POST", "/logged-models", {"experiment_id": "0"})["model"]["info"]
    return {"experiment_id": "0", "run_id": run, "run_uuid": run, "model_id": model["model_id"]}


def _cpu_seconds(served: Served) -> float:
    fields = Path(f"/proc/{served.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _stored_bytes(served: Served) -> int:
    """Return the bytes of the database and of all other files, wherever a checkpoint stands."""
    folder = served.log_path.parent
    with closing(sqlite3.connect(folder / "mlflow.db")) as database:
        ((pages, size),) = database.execute(
            "SELECT page_count, page_size FROM pragma_page_count, pragma_page_size"
        ).fetchall()
    others = (one for one in folder.rglob("*") if one.is_file() and one != served.log_path)
    files = [one.stat().st_size for one in others if not one.name.startswith("mlflow.db")]
    return int(pages * size + sum(files))


def test_the_page_names_tests_that_exist() -> None:
    """Each row that must have a test has one in the page, and each test named there exists."""
    found: set[int] = set()
    for line in PAGE.read_text("utf-8").splitlines():
        if not re.match(r"\| \d", line):
            continue
        rows, _, _, test = (cell.strip(" `") for cell in line.strip("|").split("|"))
        found |= {int(row) for row in rows.split(",")}
        file, _, name = test.partition("::")
        text = (Path(__file__).parent / file).read_text("utf-8")
        assert f"\ndef {name}(" in text, test
    assert found == set(ROWS)


@pytest.mark.parametrize("markup", [MARKUP, "\"><svg onload='x'>", "</script><script>x</script>"])
def test_errors_repeat_no_markup(served: Served, markup: str) -> None:
    """Row 44: what a request holds comes back as JSON that no browser takes for a page."""
    spelled = quote(markup, safe="")
    api = "/api/2.0/mlflow"
    for method, path, body, headers in (
        ("GET", f"/{spelled}", None, {}),
        ("GET", f"/{quote(spelled)}", None, {}),
        ("GET", f"{api}/runs/get?run_id={spelled}", None, {}),
        ("GET", f"{api}/logged-models/{spelled}", None, {}),
        ("GET", f"/get-artifact?run_id={spelled}&path={spelled}", None, {}),
        ("GET", f"/api/2.0/mlflow-artifacts/artifacts/{spelled}", None, {}),
        ("GET", "/", None, {"Accept": markup, "X-Request-Id": markup}),
        ("POST", f"{api}/runs/search", {"experiment_ids": [markup], "filter": markup}, {}),
        ("POST", f"{api}/runs/log-metric", {"run_id": markup, "value": markup}, {}),
        ("POST", f"{api}/experiments/create", {"name": markup, "artifact_location": markup}, {}),
        ("POST", f"{api}/experiments/create", b"{}", {"Content-Type": markup}),
        ("PUT", f"{api}/experiments/create", b"{}", {"Content-Type": markup}),
    ):
        reply = served.ask(method, path, body, headers=headers)
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert markup not in str(reply.headers), path
        if path != "/":
            assert reply.status >= 400, path
            assert reply.headers["content-type"] == "application/json", path
            assert "error_code" in reply.json
    made = f"<b> /{markup} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    assert b"text/html" not in served.raw(made)


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "EVIL.EXAMPLE", "evil.example:80", "localhost.evil.example"),
        *("127.0.0.1.evil.example", "evil.example#localhost", "evil.example/localhost"),
        *("localhost@evil.example", "evil.example\\localhost", "xn--lcalhost-75e", "localhost:x"),
        *(
            "[::1].evil.example",
            "0x7f000001.evil.example",
            "evil.example%00localhost",
            "%6cocalhost",
        ),
    ],
)
def test_spellings_of_a_foreign_host(served: Served, host: str) -> None:
    """Row 49: a name that only looks like the server's reads and writes nothing."""
    ask = b'{"name": "rebound"}'
    kind = "Content-Type: application/json\r\n"
    create = "POST /api/2.0/mlflow/experiments/create"
    for line in ("GET /version", "GET /api/2.0/mlflow/experiments/get?experiment_id=0", create):
        body = ask if line == create else b""
        head = f"{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{kind}"
        answer = served.raw(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        assert answer.split(b" ", 2)[1] in (b"400", b"403"), (line, answer[:200])
        assert b"artifact_location" not in answer
    found = served.api("POST", "/experiments/search", {"max_results": 1000})["experiments"]
    assert "rebound" not in {one["name"] for one in found}


_WRITES: Final = [row for row in ENDPOINTS if row.name in HANDLERS and row.method != "GET"]


@pytest.mark.parametrize("row", _WRITES, ids=lambda row: f"{row.name}-{row.method}")
def test_enormous_texts(served: Served, known: dict[str, str], row: Endpoint) -> None:
    """Row 111: 10 MiB in any text field cost little, and leave nothing behind."""
    document = served.ask("GET", "/api/openapi.json").json
    shapes = document["components"]["schemas"]
    for fields in _enormous(shapes[row.request.__name__], shapes, known, row.required):
        route = row.route
        for name, value in known.items():
            route = route.replace(f"{{{name}}}", value)
        route = route.replace("{tag_key}", "a")
        body = json.dumps(fields).encode()
        began, stored = _cpu_seconds(served), _stored_bytes(served)
        memory = served.resident_kilobytes()
        reply = served.ask(row.method, route, body, headers={"Content-Type": "application/json"})
        where = {name: str(value)[:50] for name, value in fields.items()}
        assert reply.status in (200, 400, 404, 413), (where, reply.body[:300])
        assert reply.status == 200 or len(reply.body) < 5_000, where
        # Milliseconds on a quiet machine; reading ten megabytes is most of it.
        assert _cpu_seconds(served) - began < 1.0, where
        assert _stored_bytes(served) - stored < MEBIBYTE, where
        assert served.resident_kilobytes() - memory < 128 * 1024, where


def _enormous(
    shape: dict[str, Any], shapes: dict[str, Any], known: dict[str, str], required: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    """Yield requests with one enormous text each, and with what is required beside it."""
    good: dict[str, Any] = {name: known.get(name, "a") for name in required}
    good |= {"value": 0.5, "timestamp": 1} if "timestamp" in required else {}
    good |= {"buckets": 1} if "buckets" in required else {}
    good |= {"status": "LOGGED_MODEL_READY"} if "status" in required else {}
    good |= {name: [known["run_id"]] for name in ("run_ids",) if name in required}
    good |= {name: ["a"] for name in ("metric_keys",) if name in required}
    good |= {name: ["0"] for name in ("experiment_ids",) if name in required}
    for name, field in shape["properties"].items():
        if name == "profile":  # of a dataset: the recorded limit is 16 MiB
            continue
        option = next(one for one in field.get("anyOf", [field]) if one.get("type") != "null")
        inner = option.get("items", option)
        if "$ref" in inner:
            nested = shapes[inner["$ref"].rpartition("/")[2]]
            for one in _enormous(nested, shapes, known, ()):
                value = {key: known.get(key, "a") for key in ("key", "name", "digest")} | one
                yield good | {name: [value] if "items" in option else value}
        elif inner.get("type") == "string":
            text = "n" * (10 * MEBIBYTE)
            yield good | {name: [text] if "items" in option else text}


def test_a_repeated_batch_on_a_long_run(served: Served) -> None:
    """Row 114: to send 1,000 points again costs about what they cost first, and no memory."""
    run = served.api("POST", "/runs/create", {"experiment_id": "0"})["run"]["info"]["run_id"]

    def log(number: int) -> None:
        points = [
            {
                "key": f"m{index % 4}",
                "value": index / 7,
                "timestamp": 1,
                "step": number * 250 + index // 4,
            }
            for index in range(1000)
        ]
        served.api("POST", "/runs/log-batch", {"run_id": run, "metrics": points})

    def cost(numbers: range) -> float:
        began = _cpu_seconds(served)
        for number in numbers:
            log(number)
        return _cpu_seconds(served) - began

    cost(range(240))
    first = cost(range(240, 300))
    memory = served.resident_kilobytes()
    again = cost(range(60))  # from the run's beginning, under all of the others
    again += cost(range(240, 300))
    assert again / 2 < 3 * first + 0.1
    assert served.resident_kilobytes() - memory < 32 * 1024
    path = f"/metrics/get-history?run_id={run}&metric_key=m0&max_results=100000"
    assert len(served.api("GET", path)["metrics"]) == 300 * 250  # and nothing stands twice
