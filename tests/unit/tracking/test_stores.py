"""Tracking URIs: where they come from, and which store each opens."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlflow.exceptions import MlflowException
from mlflow.store.tracking.rest_store import RestStore
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from mlflow.tracking import stores
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.fluent import log_text, start_run
from mlflow.tracking.journal.store import JournalledStore


def test_the_default_is_a_database_in_the_working_directory(folder: Path) -> None:
    """Nothing set means mlflow.db here, with artifacts in ./mlruns."""
    assert stores.get_tracking_uri() == f"sqlite:///{folder}/mlflow.db"
    assert not stores.is_tracking_uri_set()
    with start_run() as run:
        log_text("hello", "a.txt")
    assert (folder / "mlflow.db").exists()
    assert run.info.artifact_uri == f"{folder}/mlruns/0/{run.info.run_id}/artifacts"
    assert Path(run.info.artifact_uri, "a.txt").read_text() == "hello"


def test_the_environment_chooses_and_a_call_wins(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MLFLOW_TRACKING_URI counts until set_tracking_uri is called, which child processes see."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///env.db")
    assert stores.get_tracking_uri() == "sqlite:///env.db"
    assert stores.is_tracking_uri_set()
    stores.set_tracking_uri("sqlite:///call.db")
    assert stores.get_tracking_uri() == "sqlite:///call.db"
    assert os.environ["MLFLOW_TRACKING_URI"] == "sqlite:///call.db"
    assert stores.get_registry_uri() == "sqlite:///call.db"
    stores.set_registry_uri("sqlite:///models.db")
    assert stores.get_registry_uri() == "sqlite:///models.db"
    assert folder.exists()


@pytest.mark.parametrize("form", ["./runs", "runs", "file:runs", "file://{}/runs", "{}/runs"])
def test_a_directory_keeps_database_and_artifacts_inside(folder: Path, form: str) -> None:
    """A plain path and a file URI name a store in that directory."""
    stores.set_tracking_uri(form.format(folder))
    with start_run() as run:
        log_text("hello", "a.txt")
    assert (folder / "runs" / "headrace.db").exists()
    assert run.info.artifact_uri == f"{folder}/runs/0/{run.info.run_id}/artifacts"
    assert MlflowClient().get_run(run.info.run_id).info.status == "FINISHED"


def test_a_path_object_becomes_a_file_uri(folder: Path) -> None:
    """Path objects are accepted."""
    stores.set_tracking_uri(Path("some folder"))
    assert stores.get_tracking_uri() == (folder / "some folder").as_uri()
    assert MlflowClient().create_experiment("x")
    assert (folder / "some folder" / "headrace.db").exists()


@pytest.mark.parametrize("chosen", [True, False])
def test_an_mlruns_folder_of_upstream_is_refused_and_not_touched(
    folder: Path, chosen: bool
) -> None:
    """A folder with meta.yaml files gives an error with advice, also where nothing was chosen."""
    meta = folder / "mlruns" / "0" / "meta.yaml"
    meta.parent.mkdir(parents=True)
    meta.write_text("name: Default\n")
    if chosen:
        stores.set_tracking_uri("./mlruns")
    with pytest.raises(MlflowException, match=r"has not touched it.*set_tracking_uri") as caught:
        MlflowClient().search_experiments()
    assert caught.value.error_code == "INVALID_STATE"
    left = sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
    assert left == ["mlruns", "mlruns/0", "mlruns/0/meta.yaml"]


@pytest.mark.parametrize("uri", ["http://me:secret@localhost:1/base", "https://a/b"])
def test_a_server_is_opened_without_a_connection(folder: Path, uri: str) -> None:
    """A client of a server needs none that answers before it is used."""
    store = stores._get_store(MlflowClient(uri).tracking_uri)
    assert isinstance(store, JournalledStore)
    assert isinstance(store.inner, RestStore)
    assert not list(folder.iterdir())


@pytest.mark.parametrize("uri", ["databricks", "databricks-uc", "databricks://profile"])
def test_services_of_others_are_refused(folder: Path, uri: str) -> None:
    """They are recognised; the error says what can be used."""
    with pytest.raises(MlflowException, match="sqlite:///mlflow.db") as caught:
        MlflowClient(uri)
    assert caught.value.error_code == "NOT_IMPLEMENTED"
    assert not list(folder.iterdir())


def test_an_unknown_scheme_names_those_that_exist(folder: Path) -> None:
    """The error lists the schemes and the plugin group, and hides passwords."""
    with pytest.raises(MlflowException, match=r"'sqlite'.*mlflow\.tracking_store") as caught:
        MlflowClient("foo://me:secret@bar")
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    assert "secret" not in str(caught.value)
    assert not list(folder.iterdir())


def test_a_uri_of_a_wrong_type_is_refused(folder: Path) -> None:
    """A number is no URI."""
    with pytest.raises(MlflowException, match="must be a string or a path, not int"):
        stores.set_tracking_uri(5)  # type: ignore[arg-type]  # what is tested
    assert not list(folder.iterdir())


def test_a_directory_that_cannot_be_made_is_explained(folder: Path) -> None:
    """A file in the way gives an error that names the path."""
    (folder / "file").write_text("")
    stores.set_tracking_uri(str(folder / "file" / "runs"))
    with pytest.raises(MlflowException, match="cannot be made"):
        MlflowClient().search_experiments()


def test_one_uri_gives_one_store(client: MlflowClient) -> None:
    """Stores are kept by URI."""
    first = stores._get_store()
    assert isinstance(first, JournalledStore)
    assert isinstance(first.inner, SqlAlchemyStore)
    assert stores._get_store(client.tracking_uri) is first


def test_artifacts_of_a_database_lie_beside_it_from_everywhere(
    client: MlflowClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another working directory does not move the artifacts of a run."""
    before = client.get_run(client.create_run("0").info.run_id)
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    after = MlflowClient().get_run(before.info.run_id)
    assert after.info.artifact_uri == before.info.artifact_uri
    assert str(after.info.artifact_uri).startswith(str(folder / "mlruns"))
