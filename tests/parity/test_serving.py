"""The same requests to upstream's scoring server and to ours: status, code and predictions agree.

Upstream serves one model a process: here its applications, which its public ``init`` makes, hang
under one server, so that one start serves all models.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.servers import Reply, Served, free_port, serving, wait_until_healthy
from tests.parity.upstream import clean_environment, run_script, upstream_python

if TYPE_CHECKING:
    from collections.abc import Iterator

JSON = "application/json"
CSV = "text/csv"
_SERVE = """
import sys, mlflow, uvicorn
from mlflow.pyfunc.scoring_server import init
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
folder, port, *names = sys.argv[1:]
mounts = [Mount("/models/" + n, init(mlflow.pyfunc.load_model(folder + "/" + n))) for n in names]
health = Route("/health", lambda request: PlainTextResponse("ok"))
uvicorn.run(Starlette(routes=[health, *mounts]), port=int(port), log_level="warning")
"""
ROW = {"x": 1.0, "n": 2, "s": "5", "t": "2020-01-01T00:00:00", "b": "YWJj", "f": True}
SAID = [{"role": "user", "content": "hi"}]


def records(**more: Any) -> dict[str, Any]:
    """Return a request for the rows model with one row."""
    return {"dataframe_records": [{"x": 1, "n": 1, **more}]}


REQUESTS: dict[str, list[Any]] = {
    "echo": [
        {"dataframe_split": {"columns": ["x", "n"], "data": [[1.5, 2]]}},
        {"dataframe_split": {"columns": ["a"], "index": ["q"], "data": [[1]]}},
        {"dataframe_split": {"data": [[1, 2]]}},
        {"dataframe_split": {"columns": ["a"]}},
        {"dataframe_split": [1]},
        {"dataframe_split": None},
        {"dataframe_split": {"columns": ["a"], "data": [[1, 2]]}},
        {"dataframe_split": {"columns": ["a"], "data": [[1]], "more": 1}},
        {"dataframe_records": [{"a": 1, "b": "x"}, {"a": 2.5}]},
        {"dataframe_records": []},
        {"dataframe_records": {"a": 1}},
        {"dataframe_records": "q"},
        {"dataframe_records": [1, 2]},
        *({name: value} for name in ("instances", "inputs") for value in (
            [[1, 2], [3, 4]], [1, 2], [], 1, "a", {"a": [1]}, {}, None, [True], [[1.5, None]],
            [{"a": 1, "b": [1, 2]}, {"a": 2, "b": [3, 4]}], [[1], [1, 2]], ["a", "b"], [1, "a"],
        )),
        {"instances": [{"a": 1}, 2]},
        {"instances": [{"a": 1}, {"b": 1}]},
        {},
        {"a": 1},
        [1],
        5,
        None,
        {"inputs": [1], "instances": [1]},
        {"inputs": [1], "params": {"a": 1}},
        {"inputs": [1], "more": 5},
        {"params": {"a": 1}},
        {"messages": SAID},
        {"messages": "a"},
        {"prompt": "hi"},
        {"input": [1]},
        {"messages": [], "inputs": [1]},
        {"messages": [], "params": {"a": 1}},
        {"messages": SAID, "stream": False},
        {"query": "q"},
        "{",
        "",
        "nul",
        '{"inputs":[NaN, Infinity]}',
        '{"inputs":[1],"inputs":[2]}',
        '\ufeff{"inputs":[1]}',
        '{"inputs":[1e400, 123456789012345678901234567890]}',
        b"\xff\xfe",
    ],
    "rows": [
        {"dataframe_records": [ROW]},
        {"dataframe_split": {"columns": list(ROW), "data": [list(ROW.values())]}},
        {"instances": [ROW]},
        {"inputs": {name: [value] for name, value in ROW.items()}},
        records(),
        records(n=2.5),
        records(x="1", n="2"),
        records(n="2.5"),
        records(n=None),
        records(n=1e30),
        records(x=True),
        records(x="text"),
        records(t="nonsense"),
        records(t=1577836800000),
        records(t=None),
        records(b="@@"),
        records(b=5),
        records(b=None),
        records(s=5),
        records(s=None),
        records(f="true"),
        records(f=None),
        {**records(), "params": {"heat": 1, "stop": ["b"]}},
        {**records(), "params": {"heat": "x"}},
        {**records(), "params": {"stop": "x"}},
        {**records(), "params": {"other": 1}},
        {**records(), "params": []},
        {"dataframe_records": [{"x": 1}]},
        {"dataframe_records": [{"x": 1, "n": 2, "z": 3}]},
        {"dataframe_split": {"index": [5, 3], "columns": ["x", "n"], "data": [[1.5, 1], [2, 2]]}},
        {"inputs": {"x": ["1"], "n": [2.5]}},
        {"instances": [{"x": 1}]},
        {"x": 1.0, "n": 2},
    ],
    "array": [
        {"inputs": [[1, 2]]},
        {"instances": [[1, 2], [3, 4]]},
        {"instances": [1, 2]},
        {"inputs": {"a": [[1, 2]]}},
        {"dataframe_split": {"columns": [0, 1], "data": [[1, 2]]}},
        {"inputs": [[1, 2, 3]]},
        {"inputs": [["a", "b"]]},
        {"inputs": []},
        {"inputs": [[1.5, None]]},
        {"inputs": "a"},
    ],
    "arrays": [
        {"inputs": {"a": [[1, 2]], "b": [1]}},
        {"instances": [{"a": [1, 2], "b": 1}, {"a": [3, 4], "b": 2}]},
        {"inputs": {"a": [[1, 2]]}},
        {"instances": [[1, 2]]},
        {"dataframe_split": {"columns": ["a", "b"], "data": [[[1, 2], 1]]}},
    ],
    "text": [
        {"inputs": ["a"]},
        {"instances": ["a"]},
        {"dataframe_split": {"columns": ["x"], "data": [["a"]]}},
        {"dataframe_split": {"data": [["5"]]}},
        {"inputs": [5]},
        {"inputs": "a"},
    ],
    "prompt": [
        {"prompt": "a"},
        {"prompt": "a", "temperature": 0.7, "other": 1},
        {"prompt": 5},
        {"messages": SAID},
        {"messages": SAID, "temperature": 0.5, "params": {"a": 1}},
    ],
    "chat": [
        {"messages": SAID},
        {"messages": SAID, "other": 1},
        {"messages": "x"},
        {"messages": [{"role": "user"}]},
        {"dataframe_records": [{"messages": SAID}]},
        {"instances": [{"messages": SAID}]},
        {"prompt": "a"},
    ],
    "kinds": [
        {"dataframe_records": [{"x": 1.0}], "params": {"kind": kind}}
        for kind in ("frame", "names", "floats", "numbers", "flags", "words", "days", "series",
                     "list", "dictionary", "text", "bytes", "nothing", "number", "infinite",
                     "scalar", "time", "pair", "set", "object", "raise", "mlflow", 5)
    ],
}  # fmt: skip
TABLES: dict[str, list[Any]] = {
    "echo": ["a,b\n1,2\n3,x\n", "", "a\n", "a,b\n1\n", "a,b\n1,2,3\n4,5,6,7\n", "a,a\n1,2\n",
             'a\n"x\ny"\n', "a\nNA\n1\n", "\n\n", b"\xff\xfe", "a;b\n1;2\n"],
    "rows": ["x,n\n1,2\n", "x\n1\n", "x,n,q\n1,2,3\n", "x,n\na,2\n", "x,n\n1,2.5\n",
             "x,n,s\n1,2,\n", "x,n,s\n1.5,2,007\n", "n,x\n1,2.5\n"],
    "text": ["x\n5\n"],
}  # fmt: skip
TYPES = ["application/json; charset=utf-8", "application/json;charset=UTF-8", "text/plain", "",
         "application/json;charset=latin-1", "application/json; format=pandas-split",
         "APPLICATION/JSON", "application/json; foo=bar", "application/json;", ";",
         "text/csv; header=absent", "application/vnd.apache.parquet"]  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A request that both get."""

    model: str
    body: bytes
    kind: str = JSON

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{self.model} {self.kind} {self.body[:70].decode('latin-1')}"


def cases() -> Iterator[Case]:
    """Yield all of them."""
    for model, bodies in REQUESTS.items():
        for body in bodies:
            raw = body if isinstance(body, (str, bytes)) else json.dumps(body)
            yield Case(model, raw.encode() if isinstance(raw, str) else raw)
    for model, tables in TABLES.items():
        for table in tables:
            yield Case(model, table.encode() if isinstance(table, str) else table, CSV)
    for kind in TYPES:
        yield Case("echo", b'{"inputs": [1]}', kind)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The models, saved by upstream."""
    place = tmp_path_factory.mktemp("served")
    script = Path(__file__).with_name("serving_models_script.py").read_text("utf-8")
    run_script(upstream_python(), script, str(place))
    return place


@pytest.fixture(scope="module")
def theirs(folder: Path) -> Iterator[Served]:
    """Upstream's applications, one a model."""
    port, names = free_port(), [*REQUESTS]
    log = folder / "upstream.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [upstream_python(), "-c", _SERVE, str(folder), str(port), *names],
            stdout=out, stderr=out, env=clean_environment(), cwd=folder,
        )  # fmt: skip
    served = Served(process, port, log, exit_codes=(0, -15))
    try:
        wait_until_healthy(served)
        yield served
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def ours(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Our server with all models."""
    options = [word for name in REQUESTS for word in ("--model", f"{name}={folder / name}")]
    place = tmp_path_factory.mktemp("ours")
    command = ("models", "serve")
    with serving(place, *options, "--env-manager", "local", command=command) as served:
        yield served


def ask(served: Served, case: Case) -> Reply:
    """Send a request."""
    path = f"/models/{case.model}/invocations"
    return served.ask("POST", path, case.body, headers={"Content-Type": case.kind})


def code(reply: Reply) -> Any:
    """Return the code of an error, None where an answer is not one in JSON."""
    kind = reply.headers.get("content-type", "")
    found = json.loads(reply.body) if kind == JSON and reply.status >= 400 else {}
    return found.get("error_code")


# Upstream's answers to these are plain text, or it has no answer: ours are errors with a code.
TEXT_STATUSES = (415, 500)


@pytest.mark.parametrize("case", [*cases()], ids=lambda case: case.name)
def test_answers_agree(theirs: Served, ours: Served, case: Case) -> None:
    """Status, error code and predictions are the same."""
    expected, found = ask(theirs, case), ask(ours, case)
    assert found.status == expected.status, (expected.body, found.body)
    if expected.status == 200:
        assert repr(json.loads(found.body)) == repr(json.loads(expected.body))
    elif expected.status in TEXT_STATUSES and code(expected) is None:
        assert code(found) in ("INVALID_PARAMETER_VALUE", "INTERNAL_ERROR")
    else:
        assert code(found) == code(expected)


@pytest.mark.parametrize(
    ("case", "status"),
    [
        # Parameters that are no dictionary are refused, also where the model has none.
        (Case("echo", b'{"inputs": [1], "params": 5}'), (200, 400)),
        # A table with times may come as CSV.
        (Case("rows", b"x,n,t\n1,2,2020-01-01\n", CSV), (400, 200)),
    ],
    ids=["parameters", "times"],
)
def test_differences(theirs: Served, ours: Served, case: Case, status: tuple[int, int]) -> None:
    """Each is listed in COMPATIBILITY.md."""
    assert (ask(theirs, case).status, ask(ours, case).status) == status


def test_streams_are_ours(theirs: Served, ours: Served) -> None:
    """Where a request asks for a stream, upstream answers as if it did not."""
    path = "/models/echo/invocations"
    for body, accept in (
        (b'{"messages": [], "stream": true}', "*/*"),
        (b'{"messages": []}', "text/event-stream"),
    ):
        headers = {"Content-Type": JSON, "Accept": accept}
        assert theirs.ask("POST", path, body, headers=headers).headers["content-type"] == JSON
        reply = ours.ask("POST", path, body, headers=headers)
        assert reply.headers["content-type"] == "text/event-stream"
        assert reply.body == b'data: {"piece": 1}\n\ndata: "two"\n\ndata: [DONE]\n\n'


def test_small_routes_agree(theirs: Served, ours: Served) -> None:
    """The answer to a check of health and the version."""
    for path in ("/ping", "/health", "/version"):
        expected = theirs.ask("GET", f"/models/echo{path}")
        found = ours.ask("GET", path)
        assert (found.status, found.body) == (expected.status, expected.body)
        assert found.headers["content-type"] == expected.headers["content-type"]
