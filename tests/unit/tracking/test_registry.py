"""The client's and the fluent functions of the model registry, on a database in a directory."""

from __future__ import annotations

import datetime as dt
import json
import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import mlflow
from mlflow import MlflowClient
from mlflow._core.model_uris import ModelUri, parse_model_uri
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.models.info import ModelInfo


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MlflowClient:
    """A client of a fresh database, which is in force."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'mlflow.db'}")
    return MlflowClient()


class Echo(mlflow.pyfunc.PythonModel):
    """A model that answers what it was asked."""

    def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
        """Return the input."""
        del context, params
        return model_input


def log_echo(registered_model_name: str | None = None) -> ModelInfo:
    """Log a small model in a run."""
    with mlflow.start_run():
        return mlflow.pyfunc.log_model(
            name="echo", python_model=Echo(), registered_model_name=registered_model_name
        )


def error_of(call: Callable[[], object]) -> str:
    """Return code and text of the error that a call raises."""
    with pytest.raises(MlflowException) as caught:
        call()
    return f"{caught.value.error_code}: {caught.value.message}"


def test_a_model_is_registered_while_it_is_logged(client: MlflowClient) -> None:
    """The version comes from the logged model, which says so, and is loaded by every URI."""
    info = log_echo(registered_model_name="echo")
    assert info.registered_model_version == 1
    version = client.get_model_version("echo", "1")
    assert (version.source, version.run_id) == (info.model_uri, info.run_id)
    assert client.get_model_version_evidence("echo", "1").digest_status == "verified"
    note = json.loads(client.get_logged_model(str(info.model_id)).tags["mlflow.modelVersions"])
    assert note == [{"name": "echo", "version": 1}]
    client.set_registered_model_alias("echo", "best", "1")
    client.transition_model_version_stage("echo", "1", "Production")
    for uri in ("echo/1", "echo@best", "echo/latest", "echo/production", "echo/01"):
        loaded = mlflow.pyfunc.load_model(f"models:/{uri}")
        assert loaded.predict(["a"]) == ["a"]
        assert loaded.metadata.model_id == info.model_id


def test_every_way_to_register(client: MlflowClient, tmp_path: Path) -> None:
    """By the run and the model's name, by the model's id, by another version, by a place."""
    info = log_echo()
    with mlflow.start_run() as run:
        mlflow.log_text("x", "plain/MLmodel")
    register = mlflow.register_model
    by_run = register(f"runs:/{info.run_id}/echo", "m", tags={"a": 1})
    assert (by_run.source, by_run.run_id, by_run.tags) == (info.model_uri, info.run_id, {"a": "1"})
    assert register(info.model_uri, "m", await_registration_for=0).run_id == info.run_id
    assert register("models:/m/1", "m").source == "models:/m/1"
    plain = register(f"runs:/{run.info.run_id}/plain", "m")
    assert plain.source == f"{run.info.artifact_uri}/plain"
    (tmp_path / "folder").mkdir()
    assert register(str(tmp_path / "folder"), "m").source == str(tmp_path / "folder")
    assert [one.version for one in mlflow.search_model_versions()] == [5, 4, 3, 2, 1]
    for uri in ("runs:/nope/x", f"runs:/{run.info.run_id}/nope", "models:/m-nope", "models:/m/9"):
        assert "RESOURCE_DOES_NOT_EXIST" in error_of(partial(register, uri, "m"))
    assert client.get_latest_versions("m")[0].version == 5


def test_a_damaged_model_is_neither_registered_nor_loaded(client: MlflowClient) -> None:
    """Who waits for the version learns why it failed; its URIs give no files."""
    info = log_echo()
    place = Path(client.get_logged_model(str(info.model_id)).artifact_location)
    (place / "python_model.pkl").write_bytes(b"other")
    said = error_of(partial(mlflow.register_model, info.model_uri, "m"))
    assert said.startswith("INVALID_STATE")
    assert "python_model.pkl" in said
    assert client.get_model_version("m", "1").status == "FAILED_REGISTRATION"
    for load in (mlflow.pyfunc.load_model, mlflow.artifacts.download_artifacts):
        assert error_of(partial(load, "models:/m/1")).startswith("INVALID_STATE")


def test_a_model_that_was_not_logged_completely_is_not_loaded(client: MlflowClient) -> None:
    """What ended in an error while it was logged is refused by its id too."""
    info = log_echo()
    client.finalize_logged_model(str(info.model_id), "FAILED")
    assert error_of(partial(mlflow.pyfunc.load_model, info.model_uri)).startswith("INVALID_STATE")


def test_a_version_is_copied(client: MlflowClient, caplog: pytest.LogCaptureFixture) -> None:
    """Description, tags and run come along; the copy points to the version it was made of."""
    info = log_echo(registered_model_name="source")
    client.set_model_version_tag("source", "1", "k", "v")
    client.update_model_version("source", "1", "about")
    client.set_registered_model_alias("source", "a", "1")
    caplog.set_level(logging.INFO, "mlflow")
    made = client.copy_model_version("models:/source@a", "target")
    assert (made.name, made.version, made.source) == ("target", 1, "models:/source/1")
    assert (made.tags, made.description, made.run_id) == ({"k": "v"}, "about", info.run_id)
    assert made.aliases == []
    assert "Copied version '1' of model 'source' to version '1' of model 'target'." in caplog.text
    assert mlflow.pyfunc.load_model("models:/target/1").predict(["a"]) == ["a"]
    for uri in ("runs:/x/y", info.model_uri, "models:/source/1/x"):
        assert "INVALID_PARAMETER_VALUE" in error_of(
            partial(client.copy_model_version, uri, "target")
        )


def test_tags_of_the_newest_in_a_stage(client: MlflowClient) -> None:
    """A stage stands for its newest version; exactly one of version and stage is needed."""
    client.create_registered_model("m", {"n": 1})  # type: ignore[dict-item]  # numbers are common
    assert client.get_registered_model("m").tags == {"n": "1"}
    for _ in range(2):
        client.create_model_version("m", "s3://b/x")
    client.transition_model_version_stage("m", "1", "Staging")
    client.set_model_version_tag("m", key="k", value=5, stage="staging")
    mlflow.set_model_version_tag("m", "2", "k", "w")
    assert client.get_model_version("m", "1").tags == {"k": "5"}
    assert client.get_model_version("m", "2").tags == {"k": "w"}
    client.delete_model_version_tag("m", key="k", stage="Staging")
    assert client.get_model_version("m", "1").tags == {}
    for call in (
        lambda: client.set_model_version_tag("m", "1", "k", "v", "Staging"),
        lambda: client.set_model_version_tag("m", key="k", value="v"),
        lambda: client.set_model_version_tag("m", key="k", value="v", stage="Production"),
        lambda: client.update_model_version("m", "1"),
    ):
        assert error_of(call).startswith("INVALID_PARAMETER_VALUE")
    assert client.get_model_version_stages("m", "1") == [
        "None",
        "Staging",
        "Production",
        "Archived",
    ]


def test_fluent_searches_return_all_pages(client: MlflowClient) -> None:
    """More models than a page holds come back as one list, or as many as are wanted."""
    for number in range(7):
        client.create_registered_model(f"m{number}")
    assert [one.name for one in mlflow.search_registered_models(3)] == ["m0", "m1", "m2"]
    found = mlflow.search_registered_models(
        filter_string="name LIKE 'm%'", order_by=["name DESC"], max_results=100
    )
    assert [one.name for one in found] == [f"m{number}" for number in reversed(range(7))]
    assert len(mlflow.search_registered_models()) == 7


def test_what_an_alias_meant_at_a_time(client: MlflowClient) -> None:
    """A time is a datetime or milliseconds."""
    client.create_registered_model("m")
    client.create_model_version("m", "s3://b/x")
    client.set_registered_model_alias("m", "a", "1")
    (move,) = client.get_registered_model_history("m")
    later = dt.datetime.fromtimestamp(move.time_ms / 1000 + 1, tz=dt.timezone.utc)
    assert client.get_model_version_by_alias("m", "a", as_of=later).version == 1
    assert client.get_model_version_by_alias("m", "a", as_of=move.time_ms).version == 1
    before = partial(client.get_model_version_by_alias, "m", "a", as_of=move.time_ms - 1)
    assert error_of(before).startswith("INVALID_PARAMETER_VALUE")


def test_a_registry_may_have_a_place_of_its_own(client: MlflowClient, tmp_path: Path) -> None:
    """Models lie in the registry's database, runs and logged models in the tracking store's."""
    other = MlflowClient(registry_uri=f"sqlite:///{tmp_path / 'registry.db'}")
    info = log_echo()
    other.create_registered_model("m")
    made = other.create_model_version("m", info.model_uri)
    assert (made.version, made.run_id) == (1, info.run_id)
    assert other.get_model_version_evidence("m", "1").digest_status == "verified"
    assert client.search_registered_models() == []
    assert MlflowClient(str(tmp_path / "folder")).search_registered_models() == []


@pytest.mark.parametrize(
    ("uri", "wanted"),
    [
        ("models:/m-1/a//b/", ModelUri("m-1", path="a/b")),
        ("models:///n/3", ModelUri(name="n", version="3")),
        ("MODELS:/n/3/", ModelUri(name="n", version="3")),
        ("models:/a%2Fb/3/x%20y", ModelUri(name="a%2Fb", version="3", path="x%20y")),
        ("models:/n@champion/MLmodel", ModelUri(name="n", alias="champion", path="MLmodel")),
        ("models:/a@b@c", ModelUri(name="a@b", alias="c")),
        ("models:/a@b/1", ModelUri(name="a", alias="b", path="1")),
        ("models:/n/LATEST", ModelUri(name="n", alias="latest")),
        ("models:/n/Staging", ModelUri(name="n", stage="Staging")),
        ("models:/n/-1", ModelUri(name="n", stage="-1")),
        ("models:/n#x/1", ModelUri(name="n#x", version="1")),
        ("models:/n", ModelUri("n")),
    ],
)
def test_uris_are_taken_apart(uri: str, wanted: ModelUri) -> None:
    """Each form names one thing; the root leads to the same without the path."""
    assert parse_model_uri(uri) == wanted
    assert parse_model_uri(wanted.root) == ModelUri(
        wanted.model_id, wanted.name, wanted.version, wanted.alias, wanted.stage
    )


@pytest.mark.parametrize(
    "uri", ["models:", "models:/", "models://n/1", "models:/n@", "models:/n/1/../x", "models:n/1"]
)
def test_other_forms_are_refused(uri: str) -> None:
    """A host, an empty name or alias, and paths that leave the model are errors."""
    assert error_of(partial(parse_model_uri, uri)).startswith("INVALID_PARAMETER_VALUE")
