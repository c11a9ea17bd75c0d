"""The explicit client: runs, values, artifacts and models by id."""

from __future__ import annotations

import inspect
import io
from pathlib import Path
from typing import Any

import pytest

from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import MlflowException
from mlflow.tracking import fluent
from mlflow.tracking.client import MlflowClient, _get_artifact_repo
from mlflow.tracking.client_unbuilt import UNBUILT_METHODS


def test_a_client_opens_nothing_before_it_is_used(folder: Path) -> None:
    """Making a client touches no file."""
    client = MlflowClient(f"sqlite:///{folder}/a.db")
    assert client.tracking_uri == f"sqlite:///{folder}/a.db"
    assert not list(folder.iterdir())
    assert client.search_experiments()
    assert (folder / "a.db").exists()


def test_a_run_is_created_and_terminated(client: MlflowClient) -> None:
    """Name, user and start come from the arguments; the end from the clock."""
    run = client.create_run("0", 5, {"mlflow.user": "ada", "n": 1}, "named")
    assert (run.info.run_name, run.info.user_id, run.info.start_time) == ("named", "ada", 5)
    assert run.data.tags["n"] == "1"
    client.set_terminated(run.info.run_id, "FAILED", 9)
    info = client.get_run(run.info.run_id).info
    assert (info.status, info.end_time) == ("FAILED", 9)
    client.update_run(run.info.run_id, "RUNNING", "renamed")
    info = client.get_run(run.info.run_id).info
    assert (info.status, info.run_name) == ("RUNNING", "renamed")
    client.set_terminated(run.info.run_id)
    assert client.get_run(run.info.run_id).info.status == "FINISHED"


def test_an_experiment_id_may_be_a_number(client: MlflowClient) -> None:
    """Programs pass integers."""
    number: Any = 0
    run = client.create_run(number)
    assert client.get_experiment(number).name == "Default"
    found = client.search_runs([number])
    assert [one.info.run_id for one in found] == [run.info.run_id]
    assert len(client.search_runs("0")) == 1  # type: ignore[arg-type]  # a single id is taken too


def test_two_names_must_agree(client: MlflowClient) -> None:
    """The argument and the tag of the name may not differ."""
    with pytest.raises(MlflowException, match="different values"):
        client.create_run("0", run_name="a", tags={"mlflow.runName": "b"})
    assert client.create_run("0", tags={"mlflow.runName": "b"}).info.run_name == "b"


def test_batches_of_any_size_are_logged(client: MlflowClient) -> None:
    """More than one transaction's worth is split; numbers in params become text."""
    run_id = client.create_run("0").info.run_id
    number: Any = 7
    client.log_batch(
        run_id,
        [Metric(f"m{i}", i, 0, 0) for i in range(2500)],
        [Param(f"p{i}", number) for i in range(250)],
        [RunTag("t", number)],
    )
    data = client.get_run(run_id).data
    assert (len(data.metrics), len(data.params), data.tags["t"]) == (2500, 250, "7")


@pytest.mark.parametrize("argument", ["metrics", "params", "tags"])
def test_a_batch_holds_entities(client: MlflowClient, argument: str) -> None:
    """Anything else is refused by name, and nothing is logged."""
    run_id = client.create_run("0").info.run_id
    wrong: Any = {argument: [("a", 1)]}
    with pytest.raises(MlflowException, match=f"`{argument}` must hold objects"):
        client.log_batch(run_id, **wrong)
    assert client.get_run(run_id).data.params == {}


def test_files_and_directories_are_artifacts(client: MlflowClient, folder: Path) -> None:
    """A directory given to log_artifact keeps its name; log_artifacts leaves it out."""
    (folder / "files" / "deep").mkdir(parents=True)
    (folder / "files" / "a.txt").write_text("a")
    (folder / "files" / "deep" / "b.txt").write_text("b")
    run_id = client.create_run("0").info.run_id
    client.log_artifact(run_id, str(folder / "files" / "a.txt"), "one")
    client.log_artifact(run_id, folder / "files")  # type: ignore[arg-type]  # paths are taken too
    client.log_artifacts(run_id, str(folder / "files"), "all")
    client.log_stream(run_id, io.BytesIO(b"stream"), "s.bin")
    names = [info.path for info in client.list_artifacts(run_id)]
    assert names == ["all", "files", "one", "s.bin"]
    assert [info.path for info in client.list_artifacts(run_id, "files/deep")] == [
        "files/deep/b.txt"
    ]
    local = client.download_artifacts(run_id, "all/deep/b.txt")
    assert Path(local).read_text() == "b"
    assert _get_artifact_repo(run_id).list_artifacts("one")[0].path == "one/a.txt"


def test_tables_are_appended_and_read_over_runs(client: MlflowClient) -> None:
    """load_table joins what the runs of the experiment logged."""
    ids = []
    for number in range(2):
        with fluent.start_run() as run:
            fluent.log_table({"x": [number]}, "t.json")
            fluent.log_table({"x": [number + 10]}, "t.json")
        ids.append(run.info.run_id)
    table = fluent.load_table("t.json", extra_columns=["run_id"])
    assert sorted(table["x"]) == [0, 1, 10, 11]
    assert set(table["run_id"]) == set(ids)
    assert list(fluent.load_table("t.json", run_ids=ids[:1])["x"]) == [0, 10]
    with pytest.raises(MlflowException, match="No runs found"):
        client.load_table("0", "none.json")


def test_images_of_a_series_are_written_in_the_background(client: MlflowClient) -> None:
    """By default the call returns at once; the end of the run waits for the files."""
    numpy = pytest.importorskip("numpy")
    pytest.importorskip("PIL")
    with fluent.start_run() as run:
        for step in range(3):
            fluent.log_image(numpy.zeros((4, 4, 3), dtype="uint8"), key="dog", step=step)
        fluent.log_image(numpy.zeros((4, 4, 3), dtype="uint8"), "one.png")
    names = [info.path for info in client.list_artifacts(run.info.run_id, "images")]
    assert len(names) == 6
    assert client.list_artifacts(run.info.run_id)[-1].path == "one.png"


def test_artifacts_of_models(client: MlflowClient, folder: Path) -> None:
    """A logged model has files of its own."""
    (folder / "weights.bin").write_bytes(b"1")
    model = client.create_logged_model("0", "m")
    client.log_model_artifact(model.model_id, str(folder / "weights.bin"))
    assert [info.path for info in client.list_logged_model_artifacts(model.model_id)] == [
        "weights.bin"
    ]
    client.delete_logged_model(model.model_id)
    with pytest.raises(MlflowException, match="not found"):
        client.get_logged_model(model.model_id)


@pytest.mark.parametrize("name", sorted(UNBUILT_METHODS))
def test_an_unbuilt_method_can_be_found_and_says_so_when_called(name: str) -> None:
    """hasattr and inspect work; calling names the document."""
    method = getattr(MlflowClient, name)
    assert callable(method)
    assert next(iter(inspect.signature(method).parameters)) == "self"
    with pytest.raises(NotImplementedError, match=r"COMPATIBILITY\.md"):
        method()
