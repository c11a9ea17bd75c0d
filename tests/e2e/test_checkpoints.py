"""Checkpoints of a training: logged at a step, imported from a folder, all but the best deleted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

import mlflow
from mlflow import MlflowClient
from mlflow.entities import LoggedModel
from mlflow.exceptions import MlflowException
from mlflow.models import keep_best
from tests.e2e.servers import serving

X = np.arange(6.0).reshape(-1, 1)


@pytest.fixture(params=["sqlite", "http"])
def run_id(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Be in a run of a fresh store, in the process or behind a server."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "")
    before = mlflow.get_tracking_uri() if mlflow.is_tracking_uri_set() else ""

    def use(uri: str) -> Iterator[str]:
        mlflow.set_tracking_uri(uri)
        mlflow.set_experiment("checkpoints")
        with mlflow.start_run() as run:
            yield run.info.run_id
        mlflow.set_tracking_uri(before)

    if request.param == "sqlite":
        yield from use(f"sqlite:///{tmp_path / 'store.db'}")
    else:
        with serving(tmp_path) as served:
            yield from use(served.url)


def _train(values: list[float], name: str = "line") -> list[str]:
    """Log a checkpoint at each step, and the run's value at that step."""
    ids = []
    for step, value in enumerate(values, start=1):
        model = LinearRegression().fit(X, X * step)
        ids.append(str(mlflow.sklearn.log_model(model, name=name, step=step).model_id))
        mlflow.log_metric("loss", value, step=step)
    return ids


def _ids(models: list[LoggedModel]) -> list[str]:
    return [model.model_id for model in models]


def _left() -> set[str]:
    return set(_ids(mlflow.search_logged_models(output_format="list")))  # type: ignore[arg-type] # "list" gives a list


def test_a_model_is_logged_at_a_step_and_the_best_are_kept(run_id: str) -> None:
    """The run names each model with its step; the least loss wins, and the kept ones load."""
    ids = _train([3.0, 1.0, 2.0, 5.0])
    outputs = mlflow.get_run(run_id).outputs
    assert outputs is not None
    assert {one.model_id: one.step for one in outputs.model_outputs} == dict(
        zip(ids, [1, 2, 3, 4], strict=True)
    )
    kept = keep_best(2, "loss", greater_is_better=False)
    assert _ids(kept) == [ids[1], ids[2]]
    assert _left() == {ids[1], ids[2]}
    best = mlflow.sklearn.load_model(kept[0].model_uri)
    assert best.coef_[0][0] == pytest.approx(2.0)
    assert _ids(keep_best(5, "loss", greater_is_better=False)) == [ids[1], ids[2]]


def test_a_models_own_value_counts_before_the_runs(run_id: str) -> None:
    """``log_metric(model_id=)`` decides; models without a value and registered ones stay."""
    ids = _train([1.0, 2.0, 3.0])
    (unmeasured,) = _import_one()
    mlflow.log_metric("score", 9.0, step=7, model_id=ids[0])
    mlflow.log_metric("score", 10.0, step=7, model_id=ids[2])
    mlflow.log_metric("score", float("nan"), step=7, model_id=ids[1])
    MlflowClient().set_logged_model_tags(ids[0], {"mlflow.modelVersions": "[]"})
    assert _ids(keep_best(1, "score", greater_is_better=True)) == [ids[2]]
    assert _left() == {*ids, unmeasured}
    assert _ids(keep_best(1, "loss", greater_is_better=True, name="no such name")) == []
    assert _ids(keep_best(1, "loss", greater_is_better=True, run_id=run_id)) == [ids[2]]
    assert _left() == {ids[0], ids[2], unmeasured}


def _import_one() -> list[str]:
    Path("single").mkdir()
    Path("single", "weights.bin").write_text("w")
    return _ids(mlflow.import_checkpoints("single"))


def test_a_folder_of_checkpoints_becomes_models(run_id: str) -> None:
    """Files and folders are logged with their steps; a repeated call adds what is new."""
    for name, text in (("checkpoint-20/w.bin", "20"), ("epoch=1-step=3.ckpt", "3"), (".x", "-")):
        Path("saved", name).parent.mkdir(parents=True, exist_ok=True)
        Path("saved", name).write_text(text)
    models = mlflow.import_checkpoints("saved", model_prefix="net-")
    assert [model.name for model in models] == ["net-epoch=1-step=3", "net-checkpoint-20"]
    assert {(model.model_type, model.status.value) for model in models} == {("checkpoint", "READY")}
    outputs = mlflow.get_run(run_id).outputs
    assert outputs is not None
    assert [one.step for one in outputs.model_outputs] == [3, 20]
    local = mlflow.artifacts.download_artifacts(models[1].model_uri)
    files = [Path(base, file) for base, _, found in os.walk(local) for file in found]
    assert [file.read_text() for file in files] == ["20"]

    Path("saved", "checkpoint-30").write_text("30")
    again = mlflow.import_checkpoints("saved", run_id, "net-")
    assert _ids(again)[:2] == _ids(models)
    assert again[2].name == "net-checkpoint-30"
    replaced = mlflow.import_checkpoints("saved", run_id, "net-", overwrite_checkpoints=True)
    assert not set(_ids(replaced)) & set(_ids(again))
    assert _left() == set(_ids(replaced))


@pytest.mark.parametrize("path", ["", None, "absent", "s3://bucket/checkpoints"])
def test_what_is_no_folder_is_refused(run_id: str, path: str) -> None:
    """A checkpoint path is a folder on this machine."""
    with pytest.raises(MlflowException) as caught:
        mlflow.import_checkpoints(path)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    assert _left() == set()


def test_bad_requests_do_nothing(run_id: str) -> None:
    """Two checkpoints of one name, an unknown run and a count of none are errors."""
    Path("saved").mkdir()
    for name in ("a.ckpt", "a.bin"):
        Path("saved", name).write_text("x")
    with pytest.raises(MlflowException, match="same name"):
        mlflow.import_checkpoints("saved")
    with pytest.raises(MlflowException) as caught:
        keep_best(1, "loss", greater_is_better=True, run_id="0" * 32)
    assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    with pytest.raises(MlflowException, match="1 or more"):
        keep_best(0, "loss", greater_is_better=True)
    mlflow.end_run()
    with pytest.raises(MlflowException, match="none is active"):
        keep_best(1, "loss", greater_is_better=True)
    assert _left() == set()
