"""Our client answers from upstream's server as upstream's client does, but for a list."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from pprint import pformat
from typing import Any, Final

import pytest

from mlflow._core.tags import HEADRACE_REQUEST_ID
from mlflow.entities import Metric, ViewType
from mlflow.store.tracking.rest_store import RestStore
from tests.losing_proxy import losing_proxy
from tests.parity.servers import server_process
from tests.parity.test_tracking_calls import DIFFERENCES as OF_DATABASE
from tests.parity.upstream import our_python, run_script, upstream_python

# Upstream's client repeats for minutes what its server fails at.
_ONE_TRY: Final = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0"}
_SCRIPT: Final = Path(__file__).with_name("tracking_calls_script.py")

_TYPES: Final = "wrong types are an MlflowException; there a TypeError"
_DATASETS: Final = "the datasets of runs; there those of evaluations, under the same name"
_MESSAGE: Final = "a model without a message has None, as in a database; there an empty text"
_MESSAGES: Final = (
    "created",
    "got",
    "all",
    "deleted allowed",
    "deleted: finalize",
    "finalize UNSPECIFIED",
    "finalize PENDING",
    "finalize READY",
    "finalize FAILED",
)

# Part and call -> why our client answers otherwise on purpose.
DIFFERENCES: Final = {
    ("experiments", "rename deleted"): "the server's own code; there INTERNAL_ERROR for all 5xx",
    ("inputs", "datasets of one"): _DATASETS,
    ("inputs", "datasets of both"): _DATASETS,
    ("inputs", "datasets of bad"): _DATASETS,
    ("inputs", "name 0 True"): _TYPES,
    ("inputs", "digest 0 True"): _TYPES,
    ("inputs", "source 0 True"): _TYPES,
    ("inputs", "source_type 0 True"): _TYPES,
    ("inputs", "tag no value"): _TYPES,
    ("inputs", "no list"): "wrong types are an MlflowException; there an AttributeError",
    ("metrics", "bad: text"): _TYPES,
    ("models", "name "): "an empty name is none: servers make up different ones",
    ("models", "tags"): "numbers become texts, as in a database; there a TypeError",
    ("models", "unknown: tags"): "numbers become texts, as in a database; there a TypeError",
    **{("models", label): _MESSAGE for label in _MESSAGES},
}

# Part and call -> why our server answers upstream's client otherwise: as our database does.
DIFFERENCES_OF_SERVER: Final = {
    key: why
    for key, why in OF_DATABASE.items()
    if key not in {("experiments", "get id "), ("runs", "created"), ("inputs", "no list")}
} | {
    ("models", "name "): "an empty name is none: servers make up different ones",
    **{
        ("inputs", f"datasets of {which}"): "datasets of evaluations are not built"
        for which in ("one", "both", "none", "unknown", "bad")
    },
}


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Two of upstream's servers, each with an empty database."""
    python = upstream_python()
    with ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        folders = [tmp_path_factory.mktemp("server") for _ in range(2)]
        opened = pool.map(
            lambda folder: stack.enter_context(server_process(python, folder, "--workers", "1")),
            folders,
        )
        yield list(opened)


@pytest.fixture(scope="module")
def theirs(servers: list[str]) -> Any:
    """What upstream's client gets from upstream's server."""
    return run_script(upstream_python(), _SCRIPT.read_text("utf-8"), servers[0], _ONE_TRY)


def _compare(theirs: Any, ours: Any, listed: Mapping[tuple[str, str], str]) -> None:
    found = {
        (part, their[0]): (their[1:], our[1:])
        for part, answers in theirs.items()
        for their, our in zip(answers, ours[part], strict=True)
        if their != our
    }
    unlisted = {key: pair for key, pair in found.items() if key not in listed}
    assert not unlisted, pformat(unlisted)
    assert found.keys() == listed.keys()
    assert sum(map(len, ours.values())) > 200


@pytest.fixture(scope="module")
def ours(servers: list[str]) -> Any:
    """What our client gets from the other of upstream's servers, before anybody else uses it."""
    return run_script(our_python(), _SCRIPT.read_text("utf-8"), servers[1], _ONE_TRY)


def test_our_client_understands_upstreams_server(ours: Any, theirs: Any) -> None:
    """The same calls through either client give the same answers and error codes."""
    _compare(theirs, ours, DIFFERENCES)


def test_upstreams_client_understands_our_server(theirs: Any, tmp_path: Path) -> None:
    """Either server gives upstream's client the same answers and error codes."""
    with server_process(our_python(), tmp_path) as uri:
        ours = run_script(upstream_python(), _SCRIPT.read_text("utf-8"), uri, _ONE_TRY)
    _compare(theirs, ours, DIFFERENCES_OF_SERVER)


@pytest.mark.usefixtures("ours")
def test_what_a_server_cuts_or_refuses_comes_whole(servers: list[str]) -> None:
    """Histories of more runs and points than one answer holds, and samples of more runs."""
    store = RestStore(servers[1])
    long = store.create_run("0", "u", 1, [], None).info.run_id
    for first in range(0, 25_500, 1000):
        points = [Metric("m", 1.0, step, step) for step in range(first, min(first + 1000, 25_500))]
        store.log_batch(long, points, [], [])
    runs = [store.create_run("0", "u", 1, [], None).info.run_id for _ in range(100)]
    for run_id in (runs[0], runs[-1]):
        store.log_metric(run_id, Metric("m", 2.0, 7, 7))
    assert len(store.get_metric_history(long, "m")) == 25_500
    found = store.get_metric_history_bulk([*runs, long], "m", 30_000)
    assert len(found) == 25_502
    assert {point.run_id for point in found} == {runs[0], runs[-1], long}
    sample = store.get_metric_history_bulk_interval([*runs, long], "m", 5)
    assert {point.run_id for point in sample} == {runs[0], runs[-1], long}
    store.close()


@pytest.mark.usefixtures("ours")
def test_a_lost_answer_makes_nothing_twice_there(
    servers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a third of the answers lost, runs, models and experiments are made once each."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", "0.01")
    with losing_proxy(servers[1], share=0.3) as proxy:
        store = RestStore(proxy.uri)
        experiment_ids = [store.create_experiment(f"lost {number}") for number in range(10)]
        one = experiment_ids[0]
        runs = [store.create_run(one, "u", 1, [], "same name") for _ in range(30)]
        models = [store.create_logged_model(one) for _ in range(10)]
        found = store.search_runs([one], None, ViewType.ALL, 1000)
        kept = store.search_logged_models([one], max_results=100)
        store.close()
    assert proxy.lost > 10
    assert len(set(experiment_ids)) == 10
    assert {run.info.run_id for run in found} == {run.info.run_id for run in runs}
    assert len(found) == 30
    assert {model.model_id for model in kept} == {model.model_id for model in models}
    assert len(kept) == 10
    assert all(HEADRACE_REQUEST_ID not in run.data.tags for run in [*runs, *found])
