"""What is removed for good: all of it, nothing else, in steps that can be repeated."""

from collections.abc import Callable

import pytest

from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.experiment_tag import ExperimentTag
from mlflow.entities.input_tag import InputTag
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.logged_model_output import LoggedModelOutput
from mlflow.entities.logged_model_parameter import LoggedModelParameter
from mlflow.entities.logged_model_tag import LoggedModelTag
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.entities.view_type import ViewType
from mlflow.exceptions import MlflowException
from mlflow.store.sql import erase, garbage
from mlflow.store.sql.schema.tables import metadata
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

# Tables that hold something after everything is gone.
KEPT = {"hr_keys", "hr_info", "hr_experiments"}


def error_of(call: Callable[[], object]) -> str:
    """Return the code of the error that a call raises."""
    with pytest.raises(MlflowException) as caught:
        call()
    return caught.value.error_code


def full_run(store: SqlAlchemyStore, experiment_id: str, model_id: str, points: int = 3) -> str:
    """Return the id of a run that has a row in every table."""
    run = store.create_run(experiment_id, "user", 1, [RunTag("t", "1")], None)
    run_id = run.info.run_id
    metrics = [Metric("m", float(index), 1, index, model_id) for index in range(points)]
    store.log_batch(run_id, metrics, [Param("p", "1")], [])
    data = Dataset("d", "1", "local", "{}")
    store.log_inputs(run_id, [DatasetInput(data, [InputTag("k", "v")])], [LoggedModelInput("m-1")])
    store.log_outputs(run_id, [LoggedModelOutput(model_id, 1)])
    store.log_run_document(run_id, "git.diff", b"x" * 3000, "text/plain")
    return run_id


def full_model(store: SqlAlchemyStore, experiment_id: str) -> str:
    """Return the id of a logged model with tags and params."""
    tags, params = [LoggedModelTag("t", "1")], [LoggedModelParameter("p", "1")]
    return store.create_logged_model(experiment_id, tags=tags, params=params).model_id


def rows(store: SqlAlchemyStore) -> dict[str, int]:
    """Return how many rows each table has, without the tables of keys and facts."""
    names = sorted(metadata.tables.keys() - KEPT)
    return store._database.read(
        lambda session: {name: session.scalar(f"SELECT COUNT(*) FROM {name}") for name in names}
    )


def test_a_removed_run_leaves_no_row(store: SqlAlchemyStore) -> None:
    """Only the runs asked for go, with everything they hold; their artifacts are named."""
    model_id = full_model(store, "0")
    kept = full_run(store, "0", model_id)
    before = rows(store)
    gone = [full_run(store, "0", model_id) for _ in range(3)]
    places = [str(store.get_run(run_id).info.artifact_uri) for run_id in gone]
    for run_id in gone:
        store.delete_run(run_id)
    assert store._get_deleted_runs() == gone
    assert store.garbage().runs(gone) == places
    assert rows(store) == before
    assert store.get_run(kept).data.metrics == {"m": 2.0}
    assert len(store.get_logged_model(model_id).metrics or []) == 3
    for run_id in gone:
        assert error_of(lambda run_id=run_id: store.get_run(run_id)) == "RESOURCE_DOES_NOT_EXIST"  # type: ignore[misc]  # mypy types no lambda with defaults
    assert store._get_deleted_runs() == []


def test_only_what_is_deleted_can_be_removed(store: SqlAlchemyStore) -> None:
    """Active things are refused, unknown ones do not exist, and nothing is removed."""
    model_id = full_model(store, "0")
    active, deleted = (full_run(store, "0", model_id) for _ in range(2))
    store.delete_run(deleted)
    experiment_id = store.create_experiment("active")
    before = rows(store)
    collector = store.garbage()
    assert error_of(lambda: collector.runs([deleted, active])) == "INVALID_PARAMETER_VALUE"
    assert error_of(lambda: collector.runs([deleted, "nope"])) == "RESOURCE_DOES_NOT_EXIST"
    assert error_of(lambda: collector.models([model_id])) == "INVALID_PARAMETER_VALUE"
    assert error_of(lambda: collector.models(["nope"])) == "RESOURCE_DOES_NOT_EXIST"
    for wrong in (experiment_id, "999999"):
        assert error_of(lambda w=wrong: collector.experiment(w)) == "RESOURCE_DOES_NOT_EXIST"  # type: ignore[misc]  # mypy types no lambda with defaults
    assert error_of(lambda: collector.experiment("x")) == "INVALID_PARAMETER_VALUE"
    assert rows(store) == before
    assert store.get_run(deleted).info.lifecycle_stage == "deleted"


def test_what_was_deleted_lately_is_left_alone(store: SqlAlchemyStore) -> None:
    """An age keeps young garbage out of the lists."""
    model_id = full_model(store, "0")
    run_id = full_run(store, "0", model_id)
    experiment_id = store.create_experiment("old")
    store.delete_run(run_id)
    store.delete_logged_model(model_id)
    store.delete_experiment(experiment_id)
    hour = 3_600_000
    for find, found in (
        (store._get_deleted_runs, run_id),
        (store._get_deleted_logged_models, model_id),
        (store._get_deleted_experiments, experiment_id),
    ):
        assert find(hour) == []
        assert find() == [found]


def test_a_removed_model_leaves_no_row(store: SqlAlchemyStore) -> None:
    """The model goes with tags, params and metrics; the run that measured it stays whole."""
    kept = full_model(store, "0")
    run_id = full_run(store, "0", kept)
    before = rows(store)
    model_id = full_model(store, "0")
    store.log_metric(run_id, Metric("m", 2.0, 1, 2, model_id))
    place = store.get_logged_model(model_id).artifact_location
    store.delete_logged_model(model_id)
    assert store.garbage().models([model_id]) == [place]
    assert rows(store) == before
    assert error_of(lambda: store.get_logged_model(model_id, allow_deleted=True)) == (
        "RESOURCE_DOES_NOT_EXIST"
    )


@pytest.mark.parametrize(("runs", "slice_length", "max_rows"), [(7, 3, 20), (2, 500, 5)])
def test_a_removed_experiment_leaves_no_row(
    store: SqlAlchemyStore,
    monkeypatch: pytest.MonkeyPatch,
    runs: int,
    slice_length: int,
    max_rows: int,
) -> None:
    """Runs, models, datasets and tags go in slices; the name is free; others see nothing."""
    monkeypatch.setattr(garbage, "SLICE", slice_length)
    monkeypatch.setattr(erase, "MAX_ROWS", max_rows)
    kept_model = full_model(store, "0")
    full_run(store, "0", kept_model)
    before = rows(store)
    experiment_id = store.create_experiment("gone", tags=[ExperimentTag("t", "1")])
    models = [full_model(store, experiment_id) for _ in range(4)]
    made = [full_run(store, experiment_id, models[0], points=9) for _ in range(runs)]
    places = [str(store.get_run(run_id).info.artifact_uri) for run_id in made]
    places += [store.get_logged_model(model_id).artifact_location for model_id in models]
    store.delete_experiment(experiment_id)
    removed: list[str] = []
    assert sorted(store.garbage(removed.append).experiment(experiment_id)) == sorted(places)
    assert sorted(removed) == sorted(places)
    assert rows(store) == before
    assert error_of(lambda: store.get_experiment(experiment_id)) == "RESOURCE_DOES_NOT_EXIST"
    assert store.create_experiment("gone") != experiment_id


def test_a_collection_that_was_killed_is_finished_by_the_next(
    store: SqlAlchemyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it stops, what began to go is gone for users, and the next one clears it."""
    monkeypatch.setattr(garbage, "SLICE", 2)
    kept_model = full_model(store, "0")
    full_run(store, "0", kept_model)
    before = rows(store)
    experiment_id = store.create_experiment("gone")
    model_id = full_model(store, experiment_id)
    made = [full_run(store, experiment_id, model_id) for _ in range(3)]
    single = full_run(store, "0", kept_model)
    store.delete_run(single)
    store.delete_experiment(experiment_id)
    calls: list[str] = []

    def fails_on_third(place: str) -> None:
        calls.append(place)
        if len(calls) == 3:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        store.garbage(fails_on_third).experiment(experiment_id)
    calls += ["", ""]
    assert error_of(lambda: store.get_run(made[0])) == "RESOURCE_DOES_NOT_EXIST"
    assert error_of(lambda: store.get_run(made[2])) == "RESOURCE_DOES_NOT_EXIST"
    assert error_of(lambda: store.restore_experiment(experiment_id)) == "RESOURCE_DOES_NOT_EXIST"
    assert store.get_experiment_by_name("gone") is None
    assert store.search_runs([experiment_id], None, ViewType.ALL) == []
    del calls[2:]

    with pytest.raises(ConnectionError):
        store.garbage(fails_on_third).runs([single])
    assert error_of(lambda: store.get_run(single)) == "RESOURCE_DOES_NOT_EXIST"
    removed: list[str] = []
    assert sorted(store.garbage(removed.append).resume()) == sorted(removed)
    assert [place for place in removed if single in place]
    assert [place for place in removed if made[2] in place]
    assert [place for place in removed if model_id in place]
    assert rows(store) == before
    assert store.garbage().resume() == []


def test_a_long_history_is_worn_away_in_bounded_steps(
    store: SqlAlchemyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run with more points than a transaction may delete goes all the same."""
    monkeypatch.setattr(erase, "MAX_ROWS", 40)
    model_id = full_model(store, "0")
    before = rows(store)
    run_id = full_run(store, "0", model_id, points=200)
    store.delete_run(run_id)
    store._hard_delete_run(run_id)
    after = rows(store)
    assert {**after, "hr_datasets": 0} == before
