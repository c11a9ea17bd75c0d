"""``mlflow models serve`` on its socket."""

from __future__ import annotations

import json
import re
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import cloudpickle
import pytest

import tests.e2e.serving_models as made
from mlflow.exceptions import MlflowException
from mlflow.pyfunc.scoring_server.client import PredictionsResponse, ScoringServerClient
from tests.e2e.servers import Reply, Served, free_port, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVE = ("models", "serve")
LOCAL = ("--env-manager", "local")
ROW = {"length <cm>": 1.4, "width": 0.2}
BATCHES = ("--batch-window-ms", "200", "--batch-rows", "16")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of saved models."""
    folder = tmp_path_factory.mktemp("models")
    cloudpickle.register_pickle_by_value(made)
    try:
        made.save_models(folder)
    finally:
        cloudpickle.unregister_pickle_by_value(made)
    return folder


@pytest.fixture(scope="module")
def served(models: Path) -> Iterator[Served]:
    """Serve all of them in one process; the flowers answer ``/invocations``."""
    names = ("flowers", "echo", "doubler", "waiting")
    options = [word for name in names for word in ("--model", f"{name}={models / name}")]
    limits = ("--max-body-bytes", "100000")
    with serving(models, *options, *LOCAL, *limits, command=SERVE) as server:
        yield server


def ask(served: Served, body: object, name: str = "", kind: str = "application/json") -> Reply:
    """Send a scoring request."""
    path = f"/models/{name}/invocations" if name else "/invocations"
    raw = body if isinstance(body, (str, bytes)) else json.dumps(body)
    sent = raw.encode() if isinstance(raw, str) else raw
    return served.ask("POST", path, sent, headers={"Content-Type": kind})


@pytest.mark.parametrize(
    "body",
    [
        {"dataframe_records": [ROW]},
        {"dataframe_split": {"columns": list(ROW), "data": [list(ROW.values())]}},
        {"inputs": {name: [value] for name, value in ROW.items()}},
        {"instances": [ROW]},
    ],
    ids=lambda body: next(iter(body)),
)
def test_every_form_is_answered(served: Served, body: object) -> None:
    """The default model answers, and the same one under its name."""
    for name in ("", "flowers"):
        reply = ask(served, body, name)
        assert (reply.status, reply.json) == (200, {"predictions": [0]})
        assert reply.headers["content-type"] == "application/json"


def test_csv_is_answered(served: Served) -> None:
    """A table as CSV has a header; the character set may be said."""
    text = "width,length <cm>\n0.2,1.4\n2.5,6.0\n"
    for kind in ("text/csv", "text/csv; charset=utf-8"):
        assert ask(served, text, kind=kind).json == {"predictions": [0, 2]}


def test_parameters_reach_the_model(served: Served) -> None:
    """They are checked as the signature has them; without any there are the defaults."""
    rows = [{"x": 1.5}]
    for params, found in (({}, 3.0), ({"factor": 10}, 15.0)):
        reply = ask(served, {"dataframe_records": rows, "params": params}, "doubler")
        assert reply.json == {"predictions": [{"y": found, "rows": 1}]}
    wrong = ask(served, {"dataframe_records": rows, "params": {"factor": "x"}}, "doubler")
    assert (wrong.status, wrong.json["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_a_chat_request_is_answered_without_a_wrapper(served: Served) -> None:
    """The model gets the request as it is."""
    body = {"messages": [{"role": "user", "content": "hi"}]}
    found = ask(served, body, "echo").json
    assert found == {"type": "dict", "data": body, "params": {}}


def test_a_stream_is_server_sent_events(served: Served) -> None:
    """Each piece is an event; a failure is one of its own."""
    for content, events in (
        ("a b", ['data: {"word": "a"}', 'data: {"word": "b"}', "data: [DONE]"]),
        ("a fail", ['data: {"word": "a"}', "event: error"]),
    ):
        body = {"messages": [{"role": "user", "content": content}], "stream": True}
        reply = ask(served, body, "echo")
        assert (reply.status, reply.headers["content-type"]) == (200, "text/event-stream")
        found = reply.body.decode().split("\n\n")[:-1]
        assert [event.split("\n")[0] for event in found] == events


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        ("{", "application/json", 400, "BAD_REQUEST"),
        ({"dataframe_records": [{"width": "x", "length <cm>": 1}]}, "application/json", 400,
         "BAD_REQUEST"),
        ({"dataframe_records": [{"width": 1}]}, "application/json", 400,
         "INVALID_PARAMETER_VALUE"),
        ({}, "application/json", 400, "BAD_REQUEST"),
        ("a", "text/plain", 415, "INVALID_PARAMETER_VALUE"),
        ("a", "", 415, "INVALID_PARAMETER_VALUE"),
        ("{}", "application/json; charset=latin-1", 415, "INVALID_PARAMETER_VALUE"),
        ("{}", "application/json; format=pandas-split", 415, "INVALID_PARAMETER_VALUE"),
        ("x" * 100_001, "application/json", 413, "INVALID_PARAMETER_VALUE"),
        ("x", "application/vnd.apache.parquet", 400, "BAD_REQUEST"),
    ],
)  # fmt: skip
def test_bad_input_is_an_error_with_a_code(
    served: Served, body: object, kind: str, status: int, code: str
) -> None:
    """Nothing else comes of it."""
    reply = ask(served, body, kind=kind)
    assert (reply.status, reply.json["error_code"]) == (status, code)


def test_a_failing_model_is_the_callers_error(served: Served) -> None:
    """The answer says what the model raised, and shows no traceback."""
    reply = ask(served, {"dataframe_records": [{"x": -1.0}]}, "doubler")
    assert (reply.status, reply.json["error_code"]) == (400, "BAD_REQUEST")
    assert "ValueError: negative" in reply.json["message"]
    assert "Traceback" not in reply.body.decode()


def test_small_routes(served: Served) -> None:
    """Health, version, and what is not there."""
    assert served.ask("GET", "/ping").status == served.ask("GET", "/health").status == 200
    assert served.ask("GET", "/version").body == b"3.17.2"
    assert served.ask("HEAD", "/ping").status == 200
    wrong = served.ask("GET", "/invocations")
    assert (wrong.status, wrong.headers["allow"]) == (405, "OPTIONS, POST")
    assert served.ask("GET", "/models/none/invocations").json["error_code"] == "ENDPOINT_NOT_FOUND"


def test_figures(served: Served) -> None:
    """Requests are counted under the model's name, never under a text of the caller's."""
    ask(served, {"dataframe_records": [ROW]})
    served.ask("GET", "/secret-path")
    text = served.ask("GET", "/metrics").body.decode()
    assert re.search(r'requests_total\{method="POST",route="flowers",status="200"\} \d+', text)
    assert "secret-path" not in text
    assert "headrace_waiting_predictions 0" in text


def test_the_description_fits_the_signature(served: Served) -> None:
    """The document names the columns with their types and has the model's own example."""
    document = served.ask("GET", "/openapi.json").json
    content = document["paths"]["/invocations"]["post"]["requestBody"]["content"]
    forms = content["application/json"]["schema"]["oneOf"]
    rows = next(one for one in forms if one["required"] == ["dataframe_records"])
    item = rows["properties"]["dataframe_records"]["items"]
    assert item["properties"]["width"] == {"type": "number", "format": "double"}
    assert item["required"] == list(ROW)
    example = content["application/json"]["example"]
    assert ask(served, example).json == {"predictions": [0, 0]}
    assert "/models/doubler/invocations" in document["paths"]


def test_the_page_has_no_script_and_no_foreign_host(served: Served) -> None:
    """What a model names is text; the policy lets nothing else in."""
    page = served.ask("GET", "/docs")
    text = page.body.decode()
    assert "length &lt;cm&gt;" in text
    assert "<cm>" not in text
    assert "<script" not in text
    assert "//" not in text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert served.ask("GET", "/docs.css").headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("header", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
def test_foreign_pages_get_no_predictions(served: Served, header: dict[str, str]) -> None:
    """DNS rebinding and other sites' pages are refused before the model is asked."""
    body = json.dumps({"dataframe_records": [ROW]}).encode()
    headers = {"Content-Type": "application/json", **header}
    assert served.ask("POST", "/invocations", body, headers=headers).status == 403


@pytest.fixture
def gathering(models: Path, tmp_path: Path) -> Iterator[Served]:
    """A server that predicts requests together."""
    options = ("-m", str(models / "doubler"), *LOCAL, *BATCHES)
    with serving(tmp_path, *options, command=SERVE) as server:
        yield server


def test_requests_that_come_together_are_predicted_together(gathering: Served) -> None:
    """Each gets its own rows back; other parameters and bad rows spoil no other."""
    bodies: list[dict[str, Any]] = [
        {"dataframe_records": [{"x": float(number)}, {"x": 0.5}]} for number in range(8)
    ]
    with ThreadPoolExecutor(9) as pool:
        other = pool.submit(ask, gathering, {**bodies[1], "params": {"factor": 3}})
        found = list(pool.map(lambda body: ask(gathering, body).json["predictions"], bodies))
    for number, rows in enumerate(found):
        assert [row["y"] for row in rows] == [2.0 * number, 1.0]
    assert max(row["rows"] for rows in found for row in rows) > 2
    assert [row["y"] for row in other.result().json["predictions"]] == [3.0, 1.5]
    bad: list[dict[str, Any]] = [
        {"dataframe_records": [{"x": -1.0}]},
        {"dataframe_records": [{"x": "text"}]},
        {"dataframe_records": [{"z": 1}]},
    ]
    with ThreadPoolExecutor(11) as pool:
        replies = list(pool.map(lambda body: ask(gathering, body), [*bodies, *bad]))
    assert [reply.status for reply in replies] == [200] * 8 + [400] * 3
    text = gathering.ask("GET", "/metrics").body.decode()
    assert re.search(r'batches_total\{model="default"\} [1-9]', text)


def test_what_waits_is_bounded_in_number_and_time(models: Path, tmp_path: Path) -> None:
    """A request beyond the queue is told to come back, one beyond its time is given up."""
    options = ("-m", str(models / "waiting"), *LOCAL, "--threads", "1", "--queue", "1", "-t", "1")
    folder = made.pipes(tmp_path / "pipes")
    with serving(tmp_path, *options, command=SERVE) as server:
        with ThreadPoolExecutor(1) as pool:
            late = pool.submit(ask, server, {"inputs": [str(folder)]})
            (folder / "called").read_text()
            full = ask(server, {"inputs": [str(folder)]})
            assert (full.status, full.headers["retry-after"]) == (503, "1")
            assert server.ask("GET", "/ping").status == 200
            assert (late.result().status, late.result().json["error_code"]) == (
                504,
                "DEADLINE_EXCEEDED",
            )
        (folder / "go").write_text("end")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_stops_answers_first(models: Path, tmp_path: Path, number: int) -> None:
    """What was asked is answered, and the process ends as one that did what it was told."""
    folder = made.pipes(tmp_path / "pipes")
    options = ("-m", str(models / "waiting"), *LOCAL)
    with serving(tmp_path, *options, command=SERVE) as server, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask, server, {"inputs": [str(folder)]})
        (folder / "called").read_text()
        server.process.send_signal(number)
        threading.Thread(target=(folder / "go").write_text, args=("done",)).start()
        assert asked.result().json == {"predictions": ["done"]}
        assert server.process.wait(15) == 0


def test_workers_serve_on_one_port(models: Path, tmp_path: Path) -> None:
    """Two processes load the model, and both end when told to."""
    options = ("-m", str(models / "flowers"), *LOCAL, "--workers", "2")
    with serving(tmp_path, *options, command=SERVE) as server:
        for _ in range(8):
            assert ask(server, {"dataframe_records": [ROW]}).json == {"predictions": [0]}


def test_the_client_asks(served: Served) -> None:
    """Health, version, predictions of tables and arrays, and errors."""
    client = ScoringServerClient("127.0.0.1", served.port)
    client.wait_server_ready(5)
    assert client.get_version() == "3.17.2"
    answer = client.invoke(made.FLOWERS)
    assert answer.get_predictions("ndarray").tolist() == [0, 0, 1, 1, 2, 2]
    assert answer.get_predictions()[0].tolist() == [0, 0, 1, 1, 2, 2]
    assert PredictionsResponse.from_json(str(answer.to_json())) == answer
    columns = {name: made.FLOWERS[name].to_numpy() for name in made.FLOWERS}
    assert client.invoke(columns, params={})["predictions"] == [0, 0, 1, 1, 2, 2]
    with pytest.raises(MlflowException, match="error code 400"):
        client.invoke([1])
    with pytest.raises(MlflowException, match="does not answer"):
        ScoringServerClient("127.0.0.1", free_port()).wait_server_ready(0)
