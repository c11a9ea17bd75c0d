"""``mlflow gc`` on every database: many runs at once, and from another working directory."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mlflow.cli.main import cli
from mlflow.entities.metric import Metric
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from tests.contract import databases


@pytest.fixture
def here(database_uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working directory on an empty database."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    if not database_uri.startswith("sqlite"):
        databases.empty(SqlAlchemyStore(database_uri))
    yield folder
    if not database_uri.startswith("sqlite"):
        databases.empty(SqlAlchemyStore(database_uri))
    SqlAlchemyStore.forget(database_uri)


def _gc(uri: str, *arguments: str, code: int = 0) -> list[str]:
    done = CliRunner().invoke(cli, ["gc", "--backend-store-uri", uri, *arguments])
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    return done.output.splitlines()


def _run(store: SqlAlchemyStore, experiment: str) -> tuple[str, Path]:
    info = store.create_run(experiment, "u", 1, [], None).info
    store.log_metric(info.run_id, Metric("m", 1.0, 1, 1))
    folder = Path(str(info.artifact_uri))
    folder.mkdir(parents=True)
    (folder / "file").write_text("x")
    return info.run_id, folder


def _removed(what: str, ids: list[str]) -> list[str]:
    return [f"{what} with ID {one} has been permanently deleted." for one in ids]


@pytest.mark.usefixtures("here")
def test_all_that_is_deleted_goes(
    database_uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Experiments with their runs, single runs and models go with their files; the rest stays."""
    store = SqlAlchemyStore(database_uri)
    experiment = store.create_experiment("gone")
    inside = [_run(store, experiment) for _ in range(2)]
    single, kept = _run(store, "0"), _run(store, "0")
    model = store.create_logged_model("0", "m").model_id
    store.delete_run(inside[0][0])
    store.delete_experiment(experiment)
    store.delete_run(single[0])
    store.delete_logged_model(model)
    monkeypatch.chdir(tmp_path)
    assert _gc(database_uri, "--older-than", "1d") == []
    assert _gc(database_uri) == [
        *_removed("Experiment", [experiment]),
        *_removed("Run", [inside[0][0], inside[1][0], single[0]]),
        *_removed("Logged model", [model]),
    ]
    assert [folder.exists() for _, folder in [*inside, single, kept]] == [False] * 3 + [True]
    assert [run.info.run_id for run in store.search_runs(["0", experiment], "", 3)] == [kept[0]]
    assert _gc(database_uri) == []


@pytest.mark.usefixtures("here")
def test_named_things_are_checked_before_anything_goes(database_uri: str) -> None:
    """A run that is not deleted stops the command before it removed an experiment."""
    store = SqlAlchemyStore(database_uri)
    experiment = store.create_experiment("gone")
    inside, active = _run(store, experiment)[0], _run(store, "0")[0]
    store.delete_experiment(experiment)
    ids = ("--experiment-ids", experiment, "--run-ids")
    assert "not in the 'deleted' state" in _gc(database_uri, *ids, active, code=1)[-1]
    assert "not found" in _gc(database_uri, *ids, "nope", code=1)[-1]
    assert store.get_run(inside).info.lifecycle_stage == "deleted"
    assert _gc(database_uri, *ids, inside) == [
        *_removed("Experiment", [experiment]),
        *_removed("Run", [inside]),
    ]


@pytest.mark.usefixtures("here")
def test_many_runs_go_together(database_uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of runs take tens of transactions."""
    store = SqlAlchemyStore(database_uri)
    made = [store.create_run("0", "u", 1, [], None).info.run_id for _ in range(300)]
    for run_id in made:
        store.delete_run(run_id)
    database = store.garbage().database
    writes: list[object] = []
    write = database.write

    def counted(work: Any) -> Any:
        writes.append(work)
        return write(work)

    monkeypatch.setattr(database, "write", counted)
    assert _gc(database_uri) == _removed("Run", made)
    assert 0 < len(writes) < 30
    assert store.search_runs(["0"], "", 3) == []
