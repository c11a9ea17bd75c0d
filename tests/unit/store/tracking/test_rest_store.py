"""The store behind a server when answers are lost, wrong, or another server's."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from mlflow._http.errors import TransportError
from mlflow.entities import Metric, Param, RunStatus, RunTag
from mlflow.exceptions import MlflowException, RestException
from mlflow.store.entities.request_key import IdempotencyKey, JournalKey
from mlflow.store.tracking.rest_store import RestStore
from tests.unit._http.wire_server import CLOSE, Asked, reply, serve

OURS = "Headrace-Version: 1"
RUN = {"info": {"run_id": "a" * 32, "experiment_id": "0", "user_id": "u", "status": "RUNNING",
                "start_time": 5, "lifecycle_stage": "active"}}  # fmt: skip


class Foreign:
    """A server that knows no keys: it keeps what it was asked to create, and loses answers."""

    def __init__(self, losses: int) -> None:
        """Lose the first answers to creating requests."""
        self.losses = losses
        self.runs: list[dict[str, Any]] = []
        self.models: list[dict[str, Any]] = []
        self.experiments: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def __call__(self, asked: Asked) -> bytes:
        """Answer."""
        with self._lock:
            return self._answer(asked)

    def _answer(self, asked: Asked) -> bytes:  # noqa: PLR0911 - a line an operation
        path = asked.line.split()[1]
        if "server-info" in path:
            return reply(b'{"store_type":"SqlStore"}')
        fields = json.loads(asked.body) if asked.body else {}
        if path.endswith("/runs/create"):
            number = f"{len(self.runs):032x}"
            run = {"info": {**RUN["info"], "run_id": number}, "data": {"tags": fields["tags"]}}
            self.runs.append(run)
            return self._maybe({"run": run})
        if path.endswith("/runs/search"):
            found = [one for one in self.runs if _has(one["data"]["tags"], fields["filter"])]
            return reply(json.dumps({"runs": found}).encode())
        if path.endswith("/logged-models"):
            model = {"info": {"model_id": f"m-{len(self.models)}", "tags": fields["tags"]}}
            self.models.append(model)
            return self._maybe({"model": model})
        if path.endswith("/logged-models/search"):
            found = [one for one in self.models if _has(one["info"]["tags"], fields["filter"])]
            return reply(json.dumps({"models": found}).encode())
        if path.endswith("/experiments/create"):
            self.experiments.append({**fields, "experiment_id": str(len(self.experiments))})
            return self._maybe({"experiment_id": self.experiments[-1]["experiment_id"]})
        name = path.partition("experiment_name=")[2]
        found = [one for one in self.experiments if one["name"] == name]
        if found:
            return reply(json.dumps({"experiment": found[0]}).encode())
        return reply(b'{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"none"}', 404)

    def _maybe(self, answer: dict[str, Any]) -> bytes:
        self.losses -= 1
        return CLOSE if self.losses >= 0 else reply(json.dumps(answer).encode())


def _has(tags: list[dict[str, str]], text: str) -> bool:
    return any(f"tags.`{one['key']}` = '{one['value']}'" == text for one in tags)


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", "0.01")


def test_a_lost_answer_makes_no_second_run_elsewhere() -> None:
    """What a server without keys made is found again by its tag, which callers never see."""
    foreign = Foreign(losses=2)
    with serve(foreign) as server:
        store = RestStore(server.uri)
        first = store.create_run("0", "u", 5, [RunTag("mine", "1")], None)
        second = store.create_run("0", "u", 5, [RunTag("mine", "1")], None)
        model = store.create_logged_model("0")
        store.close()
    assert [one.info.run_id for one in (first, second)] == [f"{0:032x}", f"{1:032x}"]
    assert (len(foreign.runs), len(foreign.models)) == (2, 1)
    assert first.data.tags == {"mine": "1"}
    assert model.tags == {}


def test_a_lost_answer_makes_no_second_experiment_or_model_elsewhere() -> None:
    """An experiment is found by its name, a logged model by its tag."""
    foreign = Foreign(losses=1)
    with serve(foreign) as server:
        store = RestStore(server.uri)
        assert store.create_experiment("name") == "0"
        foreign.losses = 1
        assert store.create_logged_model("0").model_id == "m-0"
        store.close()
    assert (len(foreign.experiments), len(foreign.models)) == (1, 1)


def test_an_experiment_that_came_late_is_still_ours() -> None:
    """When the first try is done after the look, the second one's refusal leads to it."""
    missing = reply(b'{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"none"}', 404)
    taken = reply(b'{"error_code":"RESOURCE_ALREADY_EXISTS","message":"taken"}', 400)
    found = reply(b'{"experiment":{"experiment_id":"7","name":"name"}}')
    answers = [reply(), CLOSE, missing, taken, found, taken]
    with serve(lambda _: answers.pop(0)) as server:
        store = RestStore(server.uri)
        assert store.create_experiment("name") == "7"
        with pytest.raises(RestException, match="taken"):
            store.create_experiment("name")
        store.close()


def test_our_server_gets_the_same_request_again_with_its_key() -> None:
    """A create to a Headrace is repeated with the same key and the same chosen id."""
    answers = [reply(b"{}", 200, OURS), CLOSE, CLOSE, reply(json.dumps({"run": RUN}).encode())]
    with serve(lambda _: answers.pop(0)) as server:
        store = RestStore(server.uri)
        store.create_run("0", "u", 5, [], None)
        store.close()
    creates = server.asked[1:]
    assert len(creates) == 3
    assert len({one.headers["idempotency-key"] for one in creates}) == 1
    assert len({one.body for one in creates}) == 1
    assert len(json.loads(creates[0].body)["run_id"]) == 32


def test_a_key_goes_with_one_writing_request() -> None:
    """Reads inside carry no key, the write does, a second write is an error."""
    with serve(lambda _: reply(json.dumps({"run": RUN}).encode(), 200, OURS)) as server:
        store = RestStore(server.uri)

        def call() -> bytes:
            store.get_run("a")
            store.log_param("a", Param("k", "v"))
            return b"done"

        assert store.once(JournalKey("journal", 7, 3), call) == b"done"
        with pytest.raises(MlflowException, match="one writing request"):
            store.once(IdempotencyKey("k"), lambda: call() + call())
        store.log_param("a", Param("k", "v"))
        store.close()
    _, read, write, *_, last = server.asked
    assert "headrace-journal" not in read.headers
    assert write.headers["headrace-journal"] == "journal;7;3"
    assert {"headrace-journal", "idempotency-key"}.isdisjoint(last.headers)


def test_an_applied_request_of_a_journal_is_answered_with_nothing() -> None:
    """The empty answer to what was applied before is no failure."""
    with serve(lambda _: reply(b"", 200, OURS)) as server:
        store = RestStore(server.uri)

        def call() -> bytes:
            store.update_run_info("a", RunStatus.FINISHED, 5, None)
            return b"done"

        assert store.once(JournalKey("j", 1, 1), call) == b"done"
        store.close()


@pytest.mark.parametrize(
    ("call", "then"),
    [
        (lambda store: store.delete_tag("a", "k"), {"run": {**RUN, "data": {}}}),
        (lambda store: store.rename_experiment("1", "n"), {"experiment": {"name": "n"}}),
        (
            lambda store: store.delete_experiment("1"),
            {"experiment": {"lifecycle_stage": "deleted"}},
        ),
        (lambda store: store.delete_logged_model("m"), {}),
    ],
    ids=["tag", "rename", "delete", "model"],
)
def test_a_refused_repetition_is_looked_into(
    call: Callable[[RestStore], None], then: dict[str, Any]
) -> None:
    """When the first try was done and its answer lost, the second one's refusal is no error."""
    refused = reply(b'{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"gone"}', 404)
    looked = reply(json.dumps(then).encode()) if then else refused
    full = reply(b"", 503)
    answers = [CLOSE, refused, looked, refused, full, refused]
    with serve(lambda _: answers.pop(0)) as server:
        store = RestStore(server.uri)
        call(store)
        for _ in range(2):  # refused at once, and after a try that surely did nothing
            with pytest.raises(RestException, match="gone"):
                call(store)
        store.close()
    assert answers == []


def test_an_error_of_the_server_comes_back_with_its_code() -> None:
    """Code and message are the server's, at once."""
    body = b'{"error_code":"INVALID_PARAMETER_VALUE","message":"no such thing"}'
    with serve(lambda _: reply(body, 400)) as server:
        store = RestStore(server.uri)
        with pytest.raises(MlflowException, match="no such thing") as raised:
            store.log_metric("a", Metric("k", 1.0, 1, 0))
        store.close()
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"
    assert not isinstance(raised.value, TransportError)
    assert len(server.asked) == 1


def test_who_is_not_let_in_hears_what_to_set() -> None:
    """An answer without a code, as proxies and portals give it, names the variables."""
    with serve(lambda _: reply(b"You are not authenticated.", 401)) as server:
        store = RestStore(server.uri)
        with pytest.raises(MlflowException, match="not authenticated.*MLFLOW_TRACKING_USER") as e:
            store.get_run("a")
        store.close()
    assert e.value.error_code == "UNAUTHENTICATED"
    assert len(server.asked) == 1


@pytest.mark.parametrize("body", [b"<html><title>Sign in</title>", b"[]", b"OK"])
def test_a_portal_does_not_swallow_what_is_logged(body: bytes) -> None:
    """A page with status 200 is no acknowledgement."""
    with serve(lambda _: reply(body)) as server:
        store = RestStore(server.uri)
        with pytest.raises(TransportError, match="instead of JSON"):
            store.log_metric("a", Metric("k", 1.0, 1, 0))
        with pytest.raises(TransportError):
            store.get_run("a")
        store.close()


def test_values_that_json_has_no_number_for() -> None:
    """NaN and the infinities go as texts, in single points and in batches."""
    with serve(lambda _: reply()) as server:
        store = RestStore(server.uri)
        points = [Metric("k", value, 1, 0) for value in (float("nan"), float("inf"), -1.5)]
        store.log_metric("a", points[0])
        store.log_batch("a", points, [], [])
        with pytest.raises(MlflowException, match="k"):
            store.log_metric("a", Metric("k", "text", 1, 0))  # type: ignore[arg-type]  # wrong
        store.close()
    single, batch = (json.loads(one.body) for one in server.asked)
    assert single["value"] == "NaN"
    assert [one["value"] for one in batch["metrics"]] == ["NaN", "Infinity", -1.5]


def test_names_in_paths_and_queries_are_encoded() -> None:
    """No name can change where a request goes."""
    with serve(lambda _: reply(b'{"model":{}}')) as server:
        store = RestStore(server.uri)
        store.get_logged_model("m/../x?y#z")
        store.get_metric_history("a&b", "ключ +1", max_results=5)
        store.delete_logged_model_tag("m", "a/b%")
        store.close()
    paths = [one.line.split()[1] for one in server.asked]
    assert paths[0] == "/api/2.0/mlflow/logged-models/m%2F..%2Fx%3Fy%23z"
    assert paths[1].endswith(
        "?run_id=a%26b&metric_key=%D0%BA%D0%BB%D1%8E%D1%87%20%2B1&max_results=5"
    )
    assert paths[2] == "/api/2.0/mlflow/logged-models/m/tags/a%2Fb%25"


def test_another_server_is_not_asked_for_what_it_has_not() -> None:
    """Heartbeats, consoles and documents are let go; liveness and names have defaults."""
    foreign = Foreign(losses=0)
    with serve(foreign) as server:
        store = RestStore(server.uri)
        store.record_heartbeat(["a"])
        store.log_console("a", [])
        store.log_run_document("a", "n", b"c", "t")
        assert store.list_run_documents("a") == []
        assert store.get_console("a").chunks == ()
        assert store.get_liveness(["a"])[0].last_heartbeat is None
        with pytest.raises(MlflowException, match="keeps no documents"):
            store.get_run_document("a", "n")
        store.close()
    assert len(server.asked) == 1
