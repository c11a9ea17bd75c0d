"""What the OpenAPI document allows, and what it does not, sent to a real server.

Two kinds of requests: those that Schemathesis makes up from the document, good and bad ones; and
for each field of each operation all that is nasty. No answer is a 5xx but for what is not built,
and every one is what the document says.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from mlflow._wire.endpoints import ENDPOINTS, Endpoint
from mlflow.server.basic_auth import hash_password
from tests.contract.databases import KINDS, own_place
from tests.e2e.servers import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

# Examples an operation; `just fuzz` asks for many.
EXAMPLES: Final = int(os.environ.get("HEADRACE_TEST_FUZZ", "4"))
_CHECKED: Final = (
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
load_all_checks()
PASSWORD: Final = "correct horse battery"  # noqa: S105 - nobody's
_MODES: Final = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
_ROWS: Final = [pytest.param(row, id=f"{row.name}-{row.method}") for row in ENDPOINTS]
_DEEP: Final = 100_000
# What a field may hold instead of what it should; each is the text of a JSON value.
NASTY: Final = {
    "null": "null",
    "true": "true",
    "zero": "0",
    "minus one": "-1",
    "negative zero": "-0.0",
    "64 bits": str(2**63 - 1),
    "less than 64 bits": str(-(2**63)),
    "over 64 bits": str(2**63),
    "over 64 bits without sign": str(2**64),
    "a hundred digits": "9" * 100,
    "text over 64 bits": f'"{2**63}"',
    "a thousand digits": "7" * 1_000,
    "text of ten thousand digits": '"' + "7" * 10_000 + '"',
    "beyond doubles": "1e400",
    "text beyond doubles": '"-1e400"',
    "whole double": "1e18",
    "not a number": '"NaN"',
    "infinity": '"-Infinity"',
    "empty": '""',
    "NUL": r'"a\u0000b"',
    "half a pair": r'"\ud800"',
    "both halves": r'"\ud83d\ude00"',
    "control": r'"\u0001\u001f\u007f\u0085\u2028\ufffe\uffff"',
    "quotes": r'"\"`'  # every kind of them
    r"''%_\\\\;--"
    '"',
    "spaces": '"  "',
    "long": '"' + "x" * 70_000 + '"',
    "long in bytes": '"' + "\u20ac" * 30_000 + '"',
    "list": "[]",
    "list of null": "[null]",
    "list of one": '["\\u0000"]',
    "object": "{}",
    "deep": "[" * _DEEP + "]" * _DEEP,
}


@pytest.fixture(scope="module", params=KINDS)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A fresh server on each database that there is."""
    folder = tmp_path_factory.mktemp("fuzz")
    if request.param == "sqlite":
        with serving(folder) as served:
            yield served
        return
    with (
        own_place(request.param) as uri,
        serving(folder, "--backend-store-uri", uri) as served,
    ):
        yield served


@pytest.fixture(scope="module")
def known(server: Served) -> dict[str, str]:
    """What there is, by the name of the field that leads to it."""
    experiment = server.api("POST", "/experiments/create", {"name": "fuzzed"})["experiment_id"]
    made = server.api("POST", "/runs/create", {"experiment_id": experiment})
    run = made["run"]["info"]["run_id"]
    dataset = {"name": "d", "digest": "1", "source_type": "s", "source": ""}
    empty = {"tags": [{"key": "", "value": ""}], "dataset": dataset}
    server.api("POST", "/runs/log-inputs", {"run_id": run, "datasets": [empty]})
    made = server.api("POST", "/logged-models", {"experiment_id": experiment})
    model = made["model"]["info"]["model_id"]
    return {"experiment_id": experiment, "run_id": run, "run_uuid": run, "model_id": model}


@lru_cache(maxsize=1)
def _document_of(text: bytes) -> Any:
    return schemathesis.openapi.from_dict(json.loads(text))


def _check_answer(answer: requests.Response, row: Endpoint, document: dict[str, Any]) -> None:
    responses = document["paths"][row.route][row.method.lower()]["responses"]
    said = (answer.request.method, answer.request.url, str(answer.request.body)[:300])
    assert str(answer.status_code) in responses, (answer.status_code, answer.text[:300], said)
    assert answer.status_code < 500 or answer.status_code == 501, (answer.text[:300], said)
    assert answer.headers["content-type"] == "application/json"
    if answer.status_code >= 400:
        assert {"error_code", "message"} <= answer.json().keys()


@pytest.mark.parametrize("row", _ROWS)
def test_what_the_document_describes(server: Served, known: dict[str, str], row: Endpoint) -> None:
    """Requests made from the document, good and bad: the answers are what it says."""
    whole = server.ask("GET", "/api/openapi.json").body
    operation = _document_of(whole)[row.route][row.method]
    cases = st.one_of([operation.as_strategy(generation_mode=mode) for mode in _MODES])
    checks = CHECKS.get_by_names(list(_CHECKED))

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, there=st.booleans())
    def check(case: Any, there: bool) -> None:
        if there:
            for place in (case.path_parameters, case.query, case.body):
                _fill(place, known)
        answer = case.call(base_url=server.url, session=session, timeout=30)
        case.validate_response(answer, checks=checks)
        assert answer.status_code < 500 or answer.status_code == 501, answer.text[:300]

    with requests.Session() as session:
        check()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that asks for name and password."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "passwords").write_text(f"ada:{hash_password(PASSWORD)}\n")
    with serving(folder, "--basic-auth-file", "passwords") as served:
        yield served


def test_no_operation_ignores_authentication(guarded: Served) -> None:
    """Without a password each operation is 401 on every path, with a wrong one 401 or 429."""
    right, wrong = ("ada", PASSWORD), ("ada", "wrong horse battery")
    document = requests.get(f"{guarded.url}/api/openapi.json", auth=right, timeout=30).json()
    described = schemathesis.openapi.from_dict(document)

    cases: list[Any] = []

    @settings(max_examples=1, database=None, deadline=None, phases=[Phase.generate])
    @given(data=st.data())
    def make(data: st.DataObject) -> None:
        operations = (described[row.route][row.method] for row in ENDPOINTS)
        cases[:] = [data.draw(operation.as_strategy()) for operation in operations]

    make()
    for case in cases:
        case.headers.pop("Authorization", None)  # it makes up that one too
    checks = CHECKS.get_by_names(list(_CHECKED))
    with requests.Session() as session:
        for auth, allowed in ((right, {200, 400, 404, 501}), (None, {401}), (wrong, {401, 429})):
            for case in cases:
                answer = case.call(base_url=guarded.url, session=session, auth=auth)
                case.validate_response(answer, checks=checks)
                assert answer.status_code in allowed, (case.as_curl_command(), answer.text)
        for row in ENDPOINTS:
            for route in row.routes():
                url = guarded.url + route.replace("{", "").replace("}", "")
                assert session.request(row.method, url, timeout=30).status_code in (401, 429)


def _fill(place: object, known: dict[str, str]) -> None:
    """Put ids of what there is where ids are asked for, and nothing for what has a grammar."""
    if not isinstance(place, dict):
        return
    for name in place:
        if name in known:
            place[name] = known[name]
        elif name in ("run_ids", "experiment_ids"):
            place[name] = [known[name[:-1]]]
        elif name in ("filter", "page_token", "order_by"):  # made up, they are all wrong
            place[name] = type(place[name])()


@pytest.mark.parametrize("row", _ROWS)
def test_all_that_is_nasty(server: Served, known: dict[str, str], row: Endpoint) -> None:
    """Each field, at any depth, with each nasty value and all others good: never a 5xx."""
    document = json.loads(server.ask("GET", "/api/openapi.json").body)
    shapes = document["components"]["schemas"]
    good = _good(shapes[row.request.__name__], shapes, known)
    with requests.Session() as session:
        for path in _paths(good):
            for nasty in NASTY.values():
                answer = _send(server, session, row, good, path, nasty)
                _check_answer(answer, row, document)
        if row.method == "GET":
            url = f"{server.url}{_route(row, known)}?"
            for query in ("%ff", "a=%ED%A0%80", "=&&==&", "&".join(["run_id=a"] * 10_001), "%00"):
                _check_answer(session.get(url + query), row, document)


def _good(shape: dict[str, Any], shapes: dict[str, Any], known: dict[str, str]) -> dict[str, Any]:
    """Return an object with every field of a schema, with ids of what there is."""
    found: dict[str, Any] = {}
    for name, field in shape["properties"].items():
        options = [one for one in field.get("anyOf", [field]) if one.get("type") != "null"]
        found[name] = _one(name, options[0], shapes, known)
    _fill(found, known)
    return found


def _one(name: str, shape: dict[str, Any], shapes: dict[str, Any], known: dict[str, str]) -> object:
    if "$ref" in shape:
        return _good(shapes[shape["$ref"].rpartition("/")[2]], shapes, known)
    if shape["type"] == "array":
        return [_one(name, shape["items"], shapes, known)]
    fixed = {"status": "FINISHED", "axis": "step", "stream": "stdout", "source": "{}"}
    fixed |= {"run_view_type": "ALL", "view_type": "ALL", "content": "YQ==", "filter": ""}
    fixed |= {"page_token": "", "order_by": "", "artifact_location": "", "model_json": "{}"}
    values = {"integer": 1, "number": 0.5, "boolean": True}
    return values.get(shape["type"], fixed.get(name, "a"))


def _paths(value: object, base: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each field, and to the items of lists."""
    pairs: Any = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        pairs = enumerate(value)
    for name, one in pairs:
        yield (*base, name)
        yield from _paths(one, (*base, name))


def _route(row: Endpoint, fields: dict[str, Any]) -> str:
    route = row.route
    for name, value in fields.items():
        route = route.replace(f"{{{name}}}", quote(str(value), safe=""))
    return route.replace("{tag_key}", "a")


def _send(
    server: Served,
    session: requests.Session,
    row: Endpoint,
    good: dict[str, Any],
    path: tuple[Any, ...],
    nasty: str,
) -> requests.Response:
    if row.method == "GET":
        try:
            value = json.loads(nasty)
        except (RecursionError, ValueError):
            value = nasty
        text = str(value)[:3_000].encode("utf-8", "surrogatepass")
        query = {name: one for name, one in good.items() if one != ""} | {path[0]: text}
        return session.get(server.url + _route(row, good), params=query, timeout=30)
    mark = "5eb1c1d0"
    fields = json.loads(json.dumps(good))
    place = fields
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = mark
    body = json.dumps(fields).replace(f'"{mark}"', nasty)
    headers = {"Content-Type": "application/json"}
    url = server.url + _route(row, good)
    return session.request(row.method, url, data=body.encode(), headers=headers, timeout=30)
