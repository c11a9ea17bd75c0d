"""Copies hold what the originals hold, and copying again changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mlflow.cli.copy import copy_store
from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.input_tag import InputTag
from mlflow.entities.logged_model_output import LoggedModelOutput
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.copying.copier import Copied, Copier
from mlflow.tracking.copying.notes import Notes
from mlflow.tracking.copying.side import Side
from mlflow.tracking.run_artifacts import repository_of_model, repository_of_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from mlflow.entities.run import Run


class ForeignStore(SqlAlchemyStore):
    """A store that chooses ids itself, as other servers do."""

    def create_run(self, *args: Any, run_id: str | None = None, **kwargs: Any) -> Run:
        return super().create_run(*args, **kwargs)


@pytest.fixture(params=[SqlAlchemyStore, ForeignStore])
def sides(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    """Return a source and an empty target, of two kinds in turn."""
    uris = [f"sqlite:///{tmp_path / name}.db" for name in ("source", "target")]
    source = SqlAlchemyStore(uris[0], str(tmp_path / "source"))
    target = request.param(uris[1], str(tmp_path / "target"))
    yield Side(source, uris[0]), Side(target, uris[1])
    for uri in uris:
        SqlAlchemyStore.forget(uri)


def _fill(side: Side, folder: Path) -> None:
    store = side.store
    experiment = store.create_experiment("e", None, [])
    parent = store.create_run(experiment, "user", 5, [RunTag("t", "1")], "parent").info.run_id
    child = store.create_run(
        experiment, "user", 6, [RunTag("mlflow.parentRunId", parent)], "child"
    ).info.run_id
    store.log_batch(parent, [], [Param(f"p{i}", "v") for i in range(100)], [])
    for start in range(0, 2500, 500):
        steps = range(start, start + 500)
        store.log_batch(parent, [Metric("m", float(i), i, i) for i in steps], [], [])
    store.log_metric(child, Metric("odd", float("nan"), 1, 1))
    dataset = Dataset("d", "1", "local", "{}", None, None)
    store.log_inputs(parent, [DatasetInput(dataset, [InputTag("context", "train")])], None)
    model = store.create_logged_model(experiment, "model", parent, [], [], "kind")
    store.log_outputs(parent, [LoggedModelOutput(model.model_id, 3)])
    store.log_metric(parent, Metric("acc", 0.5, 1, 1, model.model_id, None, None, parent))
    (folder / "note.txt").write_text("note")
    repository_of_run(store, parent).log_artifact(str(folder / "note.txt"), "deep/er")
    repository_of_model(store, model.model_id).log_artifact(str(folder / "note.txt"))
    store.finalize_logged_model(model.model_id, LoggedModelStatus.READY)
    store.update_run_info(parent, 3, 99, None)


def _copy(sides: Sequence[Side], folder: Path) -> Copied:
    source, target = sides
    notes = Notes.between(folder / "notes", source.uri, target.uri)
    return Copier(source, target, notes).copy()


def test_a_copy_holds_what_the_original_holds(sides: tuple[Side, Side], tmp_path: Path) -> None:
    """Values, histories, links, files and status arrive; ids in values follow their targets."""
    source, target = sides
    _fill(source, tmp_path)
    copied = _copy(sides, tmp_path)
    assert (copied.runs, copied.models, copied.points, copied.files) == (2, 1, 2502, 2)
    experiment = target.store.get_experiment_by_name("e")
    assert experiment is not None
    runs = {run.info.run_name: run for run in target.iter_runs(experiment.experiment_id)}
    parent, child = runs["parent"], runs["child"]
    assert parent.data.params == {f"p{i}": "v" for i in range(100)}
    assert parent.data.tags["t"] == "1"
    assert (parent.info.status, parent.info.end_time) == ("FINISHED", 99)
    assert (parent.info.start_time, child.info.status) == (5, "RUNNING")
    assert child.data.tags["mlflow.parentRunId"] == parent.info.run_id
    history = target.store.get_metric_history(parent.info.run_id, "m")
    assert [point.step for point in history] == list(range(2500))
    (model,) = target.iter_models(experiment.experiment_id)
    assert (model.source_run_id, model.status) == (parent.info.run_id, LoggedModelStatus.READY)
    assert parent.outputs is not None
    assert [one.model_id for one in parent.outputs.model_outputs] == [model.model_id]
    assert parent.inputs is not None
    assert [one.dataset.name for one in parent.inputs.dataset_inputs] == ["d"]
    assert [(one.key, one.value, one.run_id) for one in model.metrics or ()] == [
        ("acc", 0.5, parent.info.run_id)
    ]
    files = get_artifact_repository(str(parent.info.artifact_uri))
    assert files.read_artifact("deep/er/note.txt") == b"note"
    assert repository_of_model(target.store, model.model_id).read_artifact("note.txt") == b"note"
    kept = {run.info.run_id for run in source.iter_runs(experiment.experiment_id)}
    if type(target.store) is SqlAlchemyStore:
        assert {parent.info.run_id, child.info.run_id} == kept
        assert "mlflow.headrace.copyOf" not in parent.data.tags


@pytest.mark.parametrize("keep_notes", [True, False])
def test_copying_again_changes_nothing(
    sides: tuple[Side, Side], tmp_path: Path, keep_notes: bool
) -> None:
    """With or without its notes a second copy makes nothing twice; what is new is added."""
    source, target = sides
    _fill(source, tmp_path)
    _copy(sides, tmp_path)
    experiment = target.store.get_experiment_by_name("e")
    assert experiment is not None
    before = list(target.iter_runs(experiment.experiment_id))
    if not keep_notes:
        for path in (tmp_path / "notes").iterdir():
            path.unlink()
    again = _copy(sides, tmp_path)
    assert (again.runs, again.models, again.files) == (0, 0, 0)
    assert again.points == (0 if keep_notes else 2502)
    after = list(target.iter_runs(experiment.experiment_id))
    assert repr(after) == repr(before)
    assert len(list(target.iter_models(experiment.experiment_id))) == 1
    source.store.create_run(experiment.experiment_id, "user", 7, [], "new")
    assert _copy(sides, tmp_path).runs == 1


def test_an_interrupted_copy_goes_on(sides: tuple[Side, Side], tmp_path: Path) -> None:
    """A copy that breaks anywhere is finished by the next one."""
    source, target = sides
    _fill(source, tmp_path)

    class Breaking(type(target.store)):  # type: ignore[misc]  # either kind
        left = 1

        def log_batch(self, *args: Any) -> None:
            self.left -= 1
            if self.left < 0:
                raise MlflowException("broken")
            super().log_batch(*args)

    for allowed in range(8):
        breaking = Breaking(target.uri, str(tmp_path / "target"))
        breaking.left = allowed
        try:
            _copy((source, Side(breaking, target.uri)), tmp_path)
        except MlflowException:
            continue
        break
    _copy(sides, tmp_path)
    experiment = target.store.get_experiment_by_name("e")
    assert experiment is not None
    runs = {run.info.run_name: run for run in target.iter_runs(experiment.experiment_id)}
    assert len(runs) == 2
    assert len(target.store.get_metric_history(runs["parent"].info.run_id, "m")) == 2500


def test_a_deleted_experiment_in_the_way_is_explained(
    sides: tuple[Side, Side], tmp_path: Path
) -> None:
    """The error says how to go on."""
    source, target = sides
    _fill(source, tmp_path)
    target.store.delete_experiment(target.store.create_experiment("e"))
    with pytest.raises(MlflowException, match="is deleted in the target"):
        _copy(sides, tmp_path)
    assert not list((tmp_path / "notes").iterdir())


def test_a_copied_run_has_artifacts_of_its_own(tmp_path: Path) -> None:
    """A program that uses both stores reads each run's files where that store keeps them."""
    first, second = f"sqlite:///{tmp_path}/a/s.db", f"sqlite:///{tmp_path}/b/s.db"
    one, other = MlflowClient(first), MlflowClient(second)
    run_id = one.create_run("0").info.run_id
    one.log_text(run_id, "here", "a.txt")
    copy_store(first, second, tmp_path / "notes")
    other.log_text(run_id, "there", "b.txt")
    assert [info.path for info in one.list_artifacts(run_id)] == ["a.txt"]
    assert [info.path for info in other.list_artifacts(run_id)] == ["a.txt", "b.txt"]
