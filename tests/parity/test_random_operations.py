"""The same random operations give the same answers here and in upstream's server."""

import os
from collections.abc import Iterator
from typing import Any, ClassVar, Final, NoReturn
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from tests.e2e.servers import Served, serving, start_server
from tests.parity.servers import server_process
from tests.parity.two_servers import Server
from tests.parity.upstream import upstream_python

# Operations in all; a long run may ask for more.
OPERATIONS: Final = int(os.environ.get("HEADRACE_TEST_OPERATIONS", "5000"))
STEPS: Final = 100
# Of them, while our server is killed and started again.
KILLED_OPERATIONS: Final = max(STEPS, OPERATIONS // 12)
_STEPS_BETWEEN_KILLS: Final = 12
_PAGES: Final = 50
# Refusals with another code: path, theirs, ours. COMPATIBILITY.md has each.
_OTHER_CODES: Final = frozenset(
    {
        ("/experiments/update", "BAD_REQUEST", "RESOURCE_ALREADY_EXISTS"),  # a taken name
        ("/experiments/update", "INVALID_STATE", "INVALID_PARAMETER_VALUE"),  # 500 there
    }
)

_API: Final = "/api/2.0/mlflow"
_keys: Final = st.sampled_from(["a", "b", "loss/train", "deep.key", "with space", "ключ"])
_texts: Final = st.sampled_from(["", "1", "0.1", "x", "a'b", 'quo"te', "ünïcode", "x" * 50])
_numbers: Final = st.sampled_from([0, 1, -1.5, 0.25, 1e300, -1e-300, "NaN", 3, 10])
_steps: Final = st.sampled_from([0, 1, 2, 7, -3])
_times: Final = st.sampled_from([1, 1_700_000_000_000, 1_700_000_000_001])
_pairs: Final = st.lists(
    st.fixed_dictionaries({"key": _keys, "value": _texts}),
    max_size=3,
    unique_by=lambda one: one["key"],
)
_points: Final = st.lists(
    st.fixed_dictionaries({"key": _keys, "value": _numbers, "timestamp": _times, "step": _steps}),
    max_size=4,
)
_views: Final = st.sampled_from(["ACTIVE_ONLY", "DELETED_ONLY", "ALL"])
_run_filters: Final = st.sampled_from(
    [
        "metrics.a > 0",
        "metrics.a <= 0.25",
        "metrics.`loss/train` != 1",
        "params.a = '1'",
        "params.b != '1'",
        "params.a LIKE '%1'",
        "tags.a ILIKE 'X%'",
        "tags.`with space` = 'x'",
        "attributes.status = 'FINISHED'",
        "attributes.run_name LIKE 'run%'",
        "start_time > 1",
        "metrics.a > 0 and params.a = '1'",
        "params.nothing = '1'",
        "bogus",
        "metrics.a = 'x'",
    ]
)
_run_orders: Final = st.lists(
    st.sampled_from(
        [
            *(
                "metrics.a DESC",
                "metrics.b",
                "metrics.`loss/train` ASC",
                "params.a",
                "params.b DESC",
            ),
            *("tags.a DESC", "tags.`with space`", "start_time DESC", "attributes.end_time"),
            *("run_name", "status ASC"),
        ]
    ),
    max_size=3,
    unique=True,
)
_names: Final = st.sampled_from([f"renamed {number}" for number in range(20)])
_model_filters: Final = st.sampled_from(
    ["name = 'model'", "metrics.a > 0", "params.a = '1'", "tags.a != 'x'"]
)


@pytest.fixture(scope="module")
def _servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    python = upstream_python()
    with (
        server_process(python, tmp_path_factory.mktemp("theirs"), "--workers", "1") as theirs,
        serving(tmp_path_factory.mktemp("ours")) as ours,
    ):
        TwoServers.theirs = Server(theirs)
        TwoServers.ours = Server(ours.url)
        TwoServers.served = ours
        yield
        TwoServers.theirs.close()
        TwoServers.ours.close()
        TwoServers.served.stop()  # another process than the first when that was killed


class TwoServers(RuleBasedStateMachine):
    """Operations on experiments, runs and logged models, on both servers."""

    theirs: ClassVar[Server]
    ours: ClassVar[Server]
    served: ClassVar[Served]
    count: ClassVar[int] = 0
    disagreements: ClassVar[list[str]] = []

    experiments = Bundle("experiments")
    runs = Bundle("runs")
    models = Bundle("models")

    def __init__(self) -> None:
        """Begin with no outputs of runs."""
        super().__init__()
        self.made: set[tuple[str, str]] = set()

    def both(
        self,
        verb: str,
        path: str,
        fields: dict[str, Any],
        own_fields: tuple[dict[str, Any], dict[str, Any]] = ({}, {}),
    ) -> tuple[Any, Any]:
        """Ask both servers, compare what they answer, and return both answers."""
        their_status, theirs = self.theirs.ask(verb, _API + path, fields | own_fields[0])
        our_status, ours = self.ours.ask(verb, _API + path, fields | own_fields[1])
        if (path, theirs.get("error_code"), ours.get("error_code")) in _OTHER_CODES:
            return theirs, ours
        left, right = self.theirs.normal(theirs), self.ours.normal(ours)
        if their_status == our_status >= 400:
            left, right = left.get("error_code"), right.get("error_code")
        if (our_status, right) != (their_status, left):
            self.disagree(f"{verb} {path} {fields}:\nours {right}\nthey {left}")
        return theirs, ours

    def walk(self, verb: str, path: str, fields: dict[str, Any]) -> None:
        """Read the same pages of both servers, each by its own tokens, to the end."""
        tokens: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
        for _ in range(_PAGES):
            answers = self.both(verb, path, fields, tokens)
            theirs, ours = (answer.get("next_page_token") for answer in answers)
            if bool(theirs) != bool(ours):
                self.disagree(f"{verb} {path} {fields}: tokens {ours} and {theirs}")
            if not ours:
                return
            tokens = ({"page_token": theirs}, {"page_token": ours})
        self.disagree(f"{verb} {path} {fields} has no end")

    def disagree(self, message: str) -> NoReturn:
        """Fail; the message is kept, for hypothesis tells another story when it tries again."""
        TwoServers.disagreements.append(message)
        pytest.fail(message, pytrace=False)

    def create(self, kind: str, path: str, fields: dict[str, Any], *place: str) -> Any:
        """Create something on both servers and return its symbol, or nothing on a refusal."""
        TwoServers.count += 1
        symbol = f"<{kind} {TwoServers.count}>"
        theirs, ours = self.both_made(path, fields, symbol, place)
        return multiple() if theirs is None or ours is None else symbol

    def both_made(
        self, path: str, fields: dict[str, Any], symbol: str, place: tuple[str, ...]
    ) -> tuple[Any, Any]:
        """Learn the ids before the answers are compared."""
        their_status, theirs = self.theirs.ask("POST", _API + path, fields)
        our_status, ours = self.ours.ask("POST", _API + path, fields)
        codes = theirs.get("error_code"), ours.get("error_code")
        if (our_status, codes[1]) != (their_status, codes[0]):
            self.disagree(f"POST {path} {fields}:\nours {ours}\nthey {theirs}")
        if their_status >= 400:
            return None, None
        for server, answer in ((self.theirs, theirs), (self.ours, ours)):
            found = answer
            for name in place:
                found = found[name]
            server.learn(symbol, found)
        left, right = self.theirs.normal(theirs), self.ours.normal(ours)
        if left != right:
            self.disagree(f"POST {path} {fields}:\nours {right}\nthey {left}")
        return theirs, ours

    # Experiments

    @initialize(target=experiments)
    def first(self) -> Any:
        """Begin with an experiment of one's own: the servers are shared by all examples."""
        name = f"first {TwoServers.count}"
        return self.create("experiment", "/experiments/create", {"name": name}, "experiment_id")

    @rule(target=experiments, tags=_pairs)
    def create_experiment(self, tags: list[dict[str, str]]) -> Any:
        """Create an experiment with tags."""
        fields = {"name": f"experiment {TwoServers.count}", "tags": tags}
        return self.create("experiment", "/experiments/create", fields, "experiment_id")

    @rule(experiment=experiments)
    def get_experiment(self, experiment: str) -> None:
        """Read an experiment."""
        self.both("GET", "/experiments/get", {"experiment_id": experiment})

    @rule(experiment=experiments, operation=st.sampled_from(["delete", "restore"]))
    def delete_or_restore_experiment(self, experiment: str, operation: str) -> None:
        """Delete or restore an experiment."""
        self.both("POST", f"/experiments/{operation}", {"experiment_id": experiment})

    @rule(experiment=experiments, key=_keys, value=_texts)
    def set_experiment_tag(self, experiment: str, key: str, value: str) -> None:
        """Set a tag of an experiment."""
        fields = {"experiment_id": experiment, "key": key, "value": value}
        self.both("POST", "/experiments/set-experiment-tag", fields)

    @rule(experiment=experiments, key=_keys)
    def delete_experiment_tag(self, experiment: str, key: str) -> None:
        """Remove a tag of an experiment."""
        fields = {"experiment_id": experiment, "key": key}
        self.both("POST", "/experiments/delete-experiment-tag", fields)

    @rule(experiment=experiments, name=_names)
    def rename_experiment(self, experiment: str, name: str) -> None:
        """Rename an experiment, at times to a name that is taken."""
        fields = {"experiment_id": experiment, "new_name": name}
        self.both("POST", "/experiments/update", fields)

    @rule(
        view=_views, order=st.sampled_from(["name DESC", "experiment_id"]), most=st.integers(1, 9)
    )
    def search_experiments(self, view: str, order: str, most: int) -> None:
        """Search experiments; the oldest and the youngest are the same on both sides."""
        fields = {"max_results": most, "view_type": view, "order_by": [order]}
        self.both("POST", "/experiments/search", fields)

    # Runs

    @rule(target=runs, experiment=experiments, tags=_pairs, start=_times)
    def create_run(self, experiment: str, tags: list[dict[str, str]], start: int) -> Any:
        """Create a run."""
        fields = {
            "experiment_id": experiment,
            "run_name": f"run {TwoServers.count}",
            # Later runs are younger, so that the order of a search is never left to ids.
            "start_time": start + 10 * TwoServers.count,
            "tags": tags,
        }
        return self.create("run", "/runs/create", fields, "run", "info", "run_id")

    @rule(run=runs)
    def get_run(self, run: str) -> None:
        """Read a run."""
        self.both("GET", "/runs/get", {"run_id": run})

    @rule(run=runs, operation=st.sampled_from(["delete", "restore"]))
    def delete_or_restore_run(self, run: str, operation: str) -> None:
        """Delete or restore a run."""
        self.both("POST", f"/runs/{operation}", {"run_id": run})

    @rule(run=runs, key=_keys, value=_numbers, time=_times, step=_steps)
    def log_metric(self, run: str, key: str, value: object, time: int, step: int) -> None:
        """Log a point."""
        fields = {"run_id": run, "key": key, "value": value, "timestamp": time, "step": step}
        self.both("POST", "/runs/log-metric", fields)

    @rule(run=runs, key=_keys, value=_texts)
    def log_param(self, run: str, key: str, value: str) -> None:
        """Log a param, mostly one that is there with another value."""
        self.both("POST", "/runs/log-parameter", {"run_id": run, "key": key, "value": value})

    @rule(run=runs, key=_keys, value=_texts)
    def set_tag(self, run: str, key: str, value: str) -> None:
        """Set a tag."""
        self.both("POST", "/runs/set-tag", {"run_id": run, "key": key, "value": value})

    @rule(run=runs, key=_keys)
    def delete_tag(self, run: str, key: str) -> None:
        """Remove a tag."""
        self.both("POST", "/runs/delete-tag", {"run_id": run, "key": key})

    @rule(run=runs, metrics=_points, params=_pairs, tags=_pairs)
    def log_batch(self, run: str, metrics: list[Any], params: list[Any], tags: list[Any]) -> None:
        """Log a batch; a param that is there with another value refuses all of it."""
        fields = {"run_id": run, "metrics": metrics, "params": params, "tags": tags}
        self.both("POST", "/runs/log-batch", fields)

    @rule(run=runs, status=st.sampled_from(["FINISHED", "FAILED", "RUNNING", "NOPE"]), end=_times)
    def update_run(self, run: str, status: str, end: int) -> None:
        """Change status and end."""
        self.both("POST", "/runs/update", {"run_id": run, "status": status, "end_time": end})

    @rule(run=runs, key=_keys)
    def get_history(self, run: str, key: str) -> None:
        """Read the points of a metric."""
        self.both("GET", "/metrics/get-history", {"run_id": run, "metric_key": key})

    @rule(run=runs, key=_keys, most=st.integers(1, 3))
    def walk_history(self, run: str, key: str, most: int) -> None:
        """Read the points of a metric in pages."""
        fields = {"run_id": run, "metric_key": key, "max_results": most}
        self.walk("GET", "/metrics/get-history", fields)

    @rule(run=runs, name=_keys, context=_texts)
    def log_inputs(self, run: str, name: str, context: str) -> None:
        """Record a dataset."""
        dataset = {"name": name, "digest": "d", "source_type": "local", "source": "{}"}
        tags = [{"key": "mlflow.data.context", "value": context}]
        fields = {"run_id": run, "datasets": [{"tags": tags, "dataset": dataset}]}
        self.both("POST", "/runs/log-inputs", fields)

    @rule(
        experiment=experiments,
        clause=st.none() | _run_filters,
        order=_run_orders,
        view=_views,
        most=st.integers(1, 50),
    )
    def search_runs(
        self, experiment: str, clause: str | None, order: list[str], view: str, most: int
    ) -> None:
        """Search the runs of an experiment, all pages of them."""
        fields: dict[str, Any] = {
            "experiment_ids": [experiment],
            "order_by": order,
            "run_view_type": view,
            "max_results": most,
        }
        self.walk("POST", "/runs/search", fields | ({"filter": clause} if clause else {}))

    # Logged models

    @rule(target=models, run=runs, experiment=experiments, params=_pairs, tags=_pairs)
    def create_model(self, run: str, experiment: str, params: list[Any], tags: list[Any]) -> Any:
        """Create a logged model."""
        fields = {
            "experiment_id": experiment,
            "name": "model",
            "model_type": "t",
            "source_run_id": run,
            "params": [one for one in params if one["value"]],
            "tags": tags,
        }
        return self.create("model", "/logged-models", fields, "model", "info", "model_id")

    @rule(model=models)
    def get_model(self, model: str) -> None:
        """Read a logged model."""
        self.both("GET", f"/logged-models/{model}", {})

    @rule(
        model=models, status=st.sampled_from(["LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED"])
    )
    def finalize_model(self, model: str, status: str) -> None:
        """Finish a logged model."""
        self.both("PATCH", f"/logged-models/{model}", {"model_id": model, "status": status})

    @rule(model=models, tags=_pairs)
    def set_model_tags(self, model: str, tags: list[Any]) -> None:
        """Set tags of a logged model."""
        self.both("PATCH", f"/logged-models/{model}/tags", {"model_id": model, "tags": tags})

    @rule(model=models, key=_keys)
    def delete_model_tag(self, model: str, key: str) -> None:
        """Remove a tag of a logged model; upstream has no way to one with a slash."""
        key = quote(key.replace("/", "."), safe="")
        self.both("DELETE", f"/logged-models/{model}/tags/{key}", {})

    @rule(run=runs, model=models, points=_points)
    def log_model_metrics(self, run: str, model: str, points: list[Any]) -> None:
        """Log points that belong to a model too.

        Upstream keeps a model's NaN as 0, and fails on two values of a metric at one time.
        """
        metrics = []
        for point in points:
            TwoServers.count += 1
            if point["value"] != "NaN":
                later = {"timestamp": point["timestamp"] + TwoServers.count, "model_id": model}
                metrics.append(point | later)
        self.both("POST", "/runs/log-batch", {"run_id": run, "metrics": metrics})

    @rule(run=runs, model=models, step=_steps)
    def log_outputs(self, run: str, model: str, step: int) -> None:
        """Record a logged model as what a run made; upstream fails when it is told again."""
        if (run, model) in self.made:
            return
        self.made.add((run, model))
        fields = {"run_id": run, "models": [{"model_id": model, "step": step}]}
        self.both("POST", "/runs/outputs", fields)

    @rule(model=consumes(models))
    def delete_model(self, model: str) -> None:
        """Delete a logged model."""
        self.both("DELETE", f"/logged-models/{model}", {})

    @rule(experiment=experiments, clause=st.none() | _model_filters, most=st.integers(1, 5))
    def search_models(self, experiment: str, clause: str | None, most: int) -> None:
        """Search the logged models of an experiment, all pages of them."""
        fields: dict[str, Any] = {"experiment_ids": [experiment], "max_results": most}
        order = {"order_by": [{"field_name": "creation_time", "ascending": True}]}
        filtered = {"filter": clause} if clause else {}
        self.walk("POST", "/logged-models/search", fields | order | filtered)


class KilledServer(TwoServers):
    """The same, while our server is killed again and again."""

    steps: ClassVar[int] = 0

    @invariant()
    def kill(self) -> None:
        """Kill our server after some steps and start it again, on the same port and database."""
        KilledServer.steps += 1
        if KilledServer.steps % _STEPS_BETWEEN_KILLS:
            return
        served = TwoServers.served
        served.kill()
        TwoServers.ours.close()  # its connections
        TwoServers.served = start_server(served.log_path.parent, port=served.port)


def _run(machine: type[TwoServers], operations: int) -> None:
    wanted = settings(
        max_examples=max(1, operations // STEPS),
        stateful_step_count=STEPS,
        deadline=None,
        phases=[Phase.generate],  # to shrink takes minutes on two servers
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    TwoServers.disagreements.clear()
    try:
        run_state_machine_as_test(machine, settings=wanted)
    finally:
        if TwoServers.disagreements:
            pytest.fail(TwoServers.disagreements[0], pytrace=False)


@pytest.mark.usefixtures("_servers")
@pytest.mark.timeout(1200)
def test_random_operations_agree() -> None:
    """Five thousand operations in examples of a hundred: every answer is upstream's."""
    _run(TwoServers, OPERATIONS)


@pytest.mark.usefixtures("_servers")
@pytest.mark.timeout(1200)
def test_random_operations_agree_with_a_server_that_is_killed() -> None:
    """SIGKILL between operations loses nothing that was answered, and mends itself."""
    _run(KilledServer, KILLED_OPERATIONS)
    assert KilledServer.steps > 2 * _STEPS_BETWEEN_KILLS
