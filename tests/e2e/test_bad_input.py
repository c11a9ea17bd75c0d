"""Bad input of every kind: a clear error with upstream's code, and nothing half written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

import mlflow
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mlflow.entities import Run


@dataclass
class Scene:
    """A store with one experiment, one finished, one running and one deleted run."""

    client: mlflow.MlflowClient
    folder: Path
    experiment_id: str
    running: str
    deleted: str
    deleted_experiment: str


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A fresh SQLite store behind the fluent interface."""
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/store.db")
    client = mlflow.MlflowClient()
    experiment_id = client.create_experiment("taken", artifact_location=str(tmp_path / "artifacts"))
    running = client.create_run(experiment_id).info.run_id
    client.log_param(running, "depth", "3")
    deleted = client.create_run(experiment_id).info.run_id
    client.delete_run(deleted)
    gone = client.create_experiment("gone")
    client.delete_experiment(gone)
    yield Scene(client, tmp_path, experiment_id, running, deleted, gone)
    while mlflow.active_run():
        mlflow.end_run()
    mlflow.set_tracking_uri(None)


NOWHERE = "f" * 32
INVALID, MISSING = "INVALID_PARAMETER_VALUE", "RESOURCE_DOES_NOT_EXIST"
# What is wrong -> the call, the error code, words that the message must hold.
CASES: dict[str, tuple[Callable[[Scene], Any], str, str]] = {
    "metric is text": (lambda s: s.client.log_metric(s.running, "a", "x"), INVALID, "number"),
    "metric is None": (lambda s: s.client.log_metric(s.running, "a", None), INVALID, "value"),
    "metric is a list": (lambda s: s.client.log_metric(s.running, "a", [1]), INVALID, "number"),
    "metric key is empty": (lambda s: s.client.log_metric(s.running, "", 1.0), INVALID, "key"),
    "metric key is None": (lambda s: s.client.log_metric(s.running, None, 1.0), INVALID, "name"),
    "metric key is a number": (lambda s: s.client.log_metric(s.running, 7, 1.0), INVALID, "string"),
    "metric key is too long": (
        lambda s: s.client.log_metric(s.running, "k" * 251, 1.0),
        INVALID,
        "250",
    ),
    "metric key holds NUL": (
        lambda s: s.client.log_metric(s.running, "a\x00b", 1.0),
        INVALID,
        "NUL",
    ),
    "step is text": (
        lambda s: s.client.log_metric(s.running, "a", 1.0, step="x"),
        INVALID,
        "step",
    ),
    "step is over 64 bits": (
        lambda s: s.client.log_metric(s.running, "a", 1.0, step=2**63),
        INVALID,
        "64-bit",
    ),
    "timestamp is negative": (
        lambda s: s.client.log_metric(s.running, "a", 1.0, timestamp=-1),
        INVALID,
        "timestamp",
    ),
    "one bad point in a batch": (
        lambda s: s.client.log_batch(
            s.running, metrics=[Metric("good", 1.0, 1, 0), Metric("", 1.0, 1, 0)]
        ),
        INVALID,
        "key",
    ),
    "param has another value": (
        lambda s: s.client.log_batch(
            s.running, metrics=[Metric("good", 1.0, 1, 0)], params=[Param("depth", "5")]
        ),
        INVALID,
        "5",
    ),
    "param has two values in one batch": (
        lambda s: s.client.log_batch(s.running, params=[Param("p", "1"), Param("p", "2")]),
        INVALID,
        "p",
    ),
    "param key is empty": (lambda s: s.client.log_param(s.running, "", "1"), INVALID, "key"),
    "tag key is None": (lambda s: s.client.set_tag(s.running, None, "1"), INVALID, "key"),
    "tag does not exist": (lambda s: s.client.delete_tag(s.running, "nope"), MISSING, "nope"),
    "unknown run": (lambda s: s.client.get_run(NOWHERE), MISSING, NOWHERE),
    "metric of an unknown run": (
        lambda s: s.client.log_metric(NOWHERE, "a", 1.0),
        MISSING,
        NOWHERE,
    ),
    "metric of a deleted run": (
        lambda s: s.client.log_metric(s.deleted, "a", 1.0),
        INVALID,
        "deleted",
    ),
    "end of a deleted run": (lambda s: s.client.set_terminated(s.deleted), INVALID, "deleted"),
    "unknown experiment": (lambda s: s.client.get_experiment("424242"), MISSING, "424242"),
    "experiment id is text": (lambda s: s.client.get_experiment("abc"), INVALID, "abc"),
    "run in an unknown experiment": (lambda s: s.client.create_run("424242"), MISSING, "424242"),
    "run in a deleted experiment": (
        lambda s: s.client.create_run(s.deleted_experiment),
        INVALID,
        "active",
    ),
    "experiment name is taken": (
        lambda s: s.client.create_experiment("taken"),
        "RESOURCE_ALREADY_EXISTS",
        "taken",
    ),
    "experiment name is empty": (lambda s: s.client.create_experiment(""), INVALID, "name"),
    "experiment name is a number": (lambda s: s.client.create_experiment(5), INVALID, "string"),
    "experiment name is too long": (
        lambda s: s.client.create_experiment("n" * 501),
        INVALID,
        "500",
    ),
    "rename to a taken name": (
        lambda s: s.client.rename_experiment("0", "taken"),
        "RESOURCE_ALREADY_EXISTS",
        "taken",
    ),
    "set a deleted experiment": (
        lambda _s: mlflow.set_experiment("gone"),
        INVALID,
        "deleted",
    ),
    "filter is malformed": (
        lambda s: s.client.search_runs([s.experiment_id], "metrics.a >"),
        INVALID,
        "expected",
    ),
    "filter names an unknown attribute": (
        lambda s: s.client.search_runs([s.experiment_id], "statu = 'x'"),
        INVALID,
        "status",
    ),
    "order_by is malformed": (
        lambda s: s.client.search_runs([s.experiment_id], order_by=["metrics.a UPWARD"]),
        INVALID,
        "UPWARD",
    ),
    "page token is garbage": (
        lambda s: s.client.search_runs([s.experiment_id], page_token="@@@"),  # noqa: S106
        INVALID,
        "token",
    ),
    "max_results is negative": (
        lambda s: s.client.search_runs([s.experiment_id], max_results=-1),
        INVALID,
        "max_results",
    ),
    "artifact path leaves the root": (
        lambda s: s.client.log_text(s.running, "x", "../../evil.txt"),
        INVALID,
        "evil",
    ),
    "artifact file is missing": (
        lambda s: s.client.download_artifacts(s.running, "nope.txt"),
        MISSING,
        "nope.txt",
    ),
    "run twice at once": (
        lambda _s: (mlflow.start_run(), mlflow.start_run()),
        "INVALID_STATE",
        "is already active",
    ),
}


def everything(scene: Scene) -> list[dict[str, Any]]:
    """All that the store holds of the runs, and all artifact files."""
    runs: list[Run] = scene.client.search_runs(
        [scene.experiment_id], run_view_type=mlflow.entities.ViewType.ALL
    )
    files = sorted(str(p) for p in (scene.folder / "artifacts").rglob("*") if p.is_file())
    return [*(run.to_dictionary() for run in runs), {"files": files}]


@pytest.mark.parametrize("what", CASES)
def test_bad_input_is_refused_whole(scene: Scene, what: str) -> None:
    """The error has the code and says what was wrong; the store is as it was."""
    call, code, words = CASES[what]
    before = everything(scene)
    with pytest.raises(MlflowException) as caught:
        call(scene)
    assert caught.value.error_code == code
    assert words in str(caught.value)
    while mlflow.active_run():
        run = mlflow.active_run()
        mlflow.end_run()
        assert run is not None
        mlflow.delete_run(run.info.run_id)
    if what != "run twice at once":
        assert everything(scene) == before


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("gopher://host/x", "sqlite"),
        ("sqlite:////proc/no/such/place/x.db", "/proc/no/such/place"),
        ("postgresql://nobody@127.0.0.1:1/none", "connect"),
    ],
)
def test_a_store_that_cannot_be_opened(uri: str, words: str) -> None:
    """An unusable tracking URI says why and what would be usable."""
    with pytest.raises(MlflowException, match=words):
        mlflow.MlflowClient(uri).search_experiments()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """A file that is no database is refused and left as it is."""
    path = tmp_path / "notes.db"
    path.write_bytes(b"these are my notes" * 100)
    with pytest.raises(MlflowException, match="not a database"):
        mlflow.MlflowClient(f"sqlite:///{path}").search_experiments()
    assert path.read_bytes() == b"these are my notes" * 100


def test_long_values_are_cut_with_one_warning(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    """Values over 6,000 and 8,000 characters are cut; the log says so."""
    with caplog.at_level("WARNING"):
        scene.client.log_param(scene.running, "long", "x" * 7000)
        scene.client.set_tag(scene.running, "long", "y" * 9000)
    data = scene.client.get_run(scene.running).data
    assert data.params["long"] == "x" * 6000
    assert data.tags["long"] == "y" * 8000
    assert any("6000" in message for message in caplog.messages)


def test_long_values_are_refused_when_asked(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """With truncation switched off a long value is an error and nothing is kept."""
    monkeypatch.setenv("MLFLOW_TRUNCATE_LONG_VALUES", "false")
    for call in (
        lambda: scene.client.log_param(scene.running, "long", "x" * 6001),
        lambda: scene.client.log_batch(
            scene.running, params=[Param("a", "1")], tags=[RunTag("long", "y" * 8001)]
        ),
    ):
        with pytest.raises(MlflowException, match="maximum length") as caught:
            call()
        assert caught.value.error_code == INVALID
    data = scene.client.get_run(scene.running).data
    assert "long" not in data.params
    assert "a" not in data.params


def test_special_doubles_are_no_bad_input(scene: Scene) -> None:
    """NaN, the infinities and -0.0 are values like any other."""
    for name, value in {"nan": math.nan, "inf": math.inf, "ninf": -math.inf, "zero": -0.0}.items():
        scene.client.log_metric(scene.running, name, value)
    got = scene.client.get_run(scene.running).data.metrics
    assert math.isnan(got["nan"])
    assert (got["inf"], got["ninf"]) == (math.inf, -math.inf)
    assert math.copysign(1, got["zero"]) == -1
