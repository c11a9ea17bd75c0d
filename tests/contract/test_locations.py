"""Where artifacts lie does not depend on where a program that reads runs, on every database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from mlflow.tracking.stores import open_store
from tests.contract import databases


@pytest.fixture
def uri(database_uri: str, tmp_path: Path) -> Iterator[str]:
    """An empty database, whose default experiment no store has placed yet."""
    if not database_uri.startswith("sqlite"):
        databases.empty(SqlAlchemyStore(database_uri, str(tmp_path)))
    yield database_uri
    if not database_uri.startswith("sqlite"):
        databases.empty(SqlAlchemyStore(database_uri, str(tmp_path)))
    SqlAlchemyStore.forget(database_uri)


def _enter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder.mkdir(exist_ok=True)
    monkeypatch.chdir(folder)
    return str(folder)


def _locations(store: SqlAlchemyStore) -> dict[str, str | None]:
    found = {e.name: e.artifact_location for e in store.search_experiments(view_type=3)}
    runs = store.search_runs([e.experiment_id for e in store.search_experiments()], "", 3)
    models = store.search_logged_models([e.experiment_id for e in store.search_experiments()])
    return {
        **found,
        **{run.info.run_id: run.info.artifact_uri for run in runs},
        **{model.model_id: model.artifact_location for model in models},
    }


def _fill(store: SqlAlchemyStore) -> dict[str, str | None]:
    chosen = store.create_experiment("below", f"{store.artifact_root_uri}/sub/x")
    made = [store.create_experiment("created"), store.get_or_create_experiment("got").experiment_id]
    for experiment in ("0", chosen, *made):
        run = store.create_run(experiment, "u", 1, [], None)
        store.create_logged_model(experiment, "m", run.info.run_id)
    locations = _locations(store)
    assert len(locations) == 12
    return locations


@pytest.mark.parametrize("opened_by", ["uri", "class"])
def test_another_working_directory_reads_the_same(
    uri: str, opened_by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store whose root was not given answers the same locations from everywhere."""

    def opened() -> SqlAlchemyStore:
        store = open_store(uri) if opened_by == "uri" else SqlAlchemyStore(uri)
        assert isinstance(store, SqlAlchemyStore)
        return store

    here = _enter(tmp_path / "a", monkeypatch)
    home = str(tmp_path) if uri.startswith("sqlite") else here
    written = _fill(opened())
    assert written["Default"] == f"{home}/mlruns/0"
    assert {str(place)[: len(home) + 8] for place in written.values()} == {f"{home}/mlruns/"}
    _enter(tmp_path / "b", monkeypatch)
    assert _locations(opened()) == written
    found = opened().search_experiments(filter_string="name = 'created'")
    run = opened().create_run(found[0].experiment_id, "u", 1, [], None)
    assert str(run.info.artifact_uri).startswith(f"{written['created']}/")


def test_a_given_root_is_not_mixed_with_the_default(
    uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was created below a given root follows it; a store without one places only its own."""
    here = _enter(tmp_path / "a", monkeypatch)
    given = SqlAlchemyStore(uri, "/given")
    number = given.create_experiment("with root")
    given.create_experiment("elsewhere", f"{here}/x")
    SqlAlchemyStore(uri)
    moved = _locations(SqlAlchemyStore(uri, "/moved"))
    assert moved == {
        "Default": "/moved/0",
        "with root": f"/moved/{number}",
        "elsewhere": f"{here}/x",
    }


def test_a_file_moves_with_its_artifacts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database in a file that was moved with its folder finds its artifacts there."""
    old = tmp_path / "old"
    _enter(old, monkeypatch)
    written = _fill(SqlAlchemyStore("sqlite:///store.db"))
    SqlAlchemyStore.forget("sqlite:///store.db")
    _enter(tmp_path / "b", monkeypatch)
    new = tmp_path / "new"
    shutil.move(old, new)
    moved = _locations(SqlAlchemyStore(f"sqlite:///{new}/store.db"))
    SqlAlchemyStore.forget(f"sqlite:///{new}/store.db")
    assert moved == {
        name: str(place).replace(str(old), str(new)) for name, place in written.items()
    }
    assert written["created"] == f"{old}/mlruns/2"
