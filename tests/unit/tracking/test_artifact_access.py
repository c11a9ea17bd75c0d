"""Artifacts are read by URI of a run, of a logged model, or of a place."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest

import mlflow.artifacts
from mlflow._core.model_uris import ModelUri, parse_model_uri
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from mlflow.tracking import stores
from mlflow.tracking.artifact_locations import parse_runs_uri
from mlflow.tracking.run_artifacts import repository_of_model, repository_of_run
from mlflow.tracking.stores import _get_store


class Logged(NamedTuple):
    """A run with files, and a model that it logged under the name ``mod``."""

    run_id: str
    model_id: str
    run_root: Path
    model_root: Path


@pytest.fixture
def logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Logged:
    """Log a run and a model into an empty store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(stores._locations, "tracking_uri", f"sqlite:///{tmp_path}/a.db")
    store = _get_store()
    experiment_id = store.get_or_create_experiment("e").experiment_id
    run_id = store.create_run(experiment_id, "u", 1, [], "n").info.run_id
    older = store.create_logged_model(experiment_id, "mod", run_id)
    model_id = store.create_logged_model(experiment_id, "mod", run_id).model_id
    run, model = repository_of_run(store, run_id), repository_of_model(store, model_id)
    for repository, name, content in (
        (run, "p/q/a.txt", b"a\r\n"),
        (run, "d#1.json", b'{"a": 1}'),
        (run, "bad.bin", b"\xff\xfe"),
        (run, "mod/extra.txt", b"extra"),
        (repository_of_model(store, older.model_id), "MLmodel", b"older"),
        (model, "MLmodel", b"ml"),
        (model, "sub/x", b"x"),
    ):
        with repository.writer(name) as file:
            file.write(content)
    roots = [repository.get_local_path("") for repository in (run, model)]
    assert all(roots)
    return Logged(run_id, model_id, Path(roots[0] or ""), Path(roots[1] or ""))


def files(path: str) -> dict[str, bytes]:
    """Return the files below a directory with their bytes."""
    root = Path(path)
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


MODEL = {"MLmodel": b"ml", "sub/x": b"x"}
MERGED = {**MODEL, "extra.txt": b"extra"}


def test_a_runs_artifacts_include_its_models(logged: Logged, tmp_path: Path) -> None:
    """Models appear as folders of their names, the newest of one name, run files merged in."""
    download, uri = mlflow.artifacts.download_artifacts, f"runs:/{logged.run_id}"
    assert files(download(f"{uri}/mod")) == MERGED
    whole = files(download(run_id=logged.run_id, dst_path=str(tmp_path / "to")))
    assert {name: content for name, content in whole.items() if name.startswith("mod/")} == {
        f"mod/{name}": content for name, content in MERGED.items()
    }
    assert {"p/q/a.txt", "d#1.json"} <= whole.keys()
    assert mlflow.artifacts.load_text(f"{uri}/mod/MLmodel") == "ml"
    assert mlflow.artifacts.load_text(f"{uri}/mod/extra.txt") == "extra"
    assert Path(download(f"{uri}/mod/sub/x")).read_bytes() == b"x"


def test_a_runs_artifact_is_downloaded_as_a_copy(logged: Logged) -> None:
    """Changing what was downloaded does not change the run."""
    copied = Path(mlflow.artifacts.download_artifacts(f"runs:/{logged.run_id}/p/q/a.txt"))
    assert copied.name == "a.txt"
    copied.write_bytes(b"changed")
    assert (logged.run_root / "p/q/a.txt").read_bytes() == b"a\r\n"


def test_listings_are_named_from_the_folder_that_was_asked_for(logged: Logged) -> None:
    """A URI's listing begins with its last name, a run's with the run's root."""
    listed = mlflow.artifacts.list_artifacts
    uri = f"runs:/{logged.run_id}"
    assert [i.path for i in listed(run_id=logged.run_id)] == ["bad.bin", "d#1.json", "mod", "p"]
    assert [i.path for i in listed(f"{uri}/p/q")] == ["q/a.txt"]
    assert [i.path for i in listed(run_id=logged.run_id, artifact_path="p/q")] == ["p/q/a.txt"]
    assert [i.path for i in listed(f"{uri}/mod")] == ["mod/MLmodel", "mod/extra.txt", "mod/sub"]
    assert [i.path for i in listed(f"models:/{logged.model_id}")] == ["MLmodel", "sub"]
    assert [i.path for i in listed(f"models:/{logged.model_id}/sub")] == ["sub/x"]
    assert [i.path for i in listed(str(logged.model_root))] == [
        "artifacts/MLmodel",
        "artifacts/sub",
    ]
    assert listed(f"{uri}/p/q/a.txt") == listed("missing") == []


def test_a_models_artifacts_are_where_they_are(logged: Logged, tmp_path: Path) -> None:
    """Without a target the model's own directory is returned."""
    download, uri = mlflow.artifacts.download_artifacts, f"models:/{logged.model_id}"
    assert download(uri) == str(logged.model_root)
    assert download(f"{uri}/sub") == str(logged.model_root / "sub")
    assert files(download(uri, dst_path=str(tmp_path / "to"))) == MODEL
    assert mlflow.artifacts.load_text(f"{uri}/MLmodel") == "ml"


def test_places_are_read_as_they_are(logged: Logged, tmp_path: Path) -> None:
    """A path that the user names may hold links and any characters; the table serves runs too."""
    (tmp_path / "link").symlink_to(logged.run_root)
    assert mlflow.artifacts.load_dict(str(tmp_path / "link" / "d#1.json")) == {"a": 1}
    assert mlflow.artifacts.download_artifacts(str(tmp_path / "link")) == str(tmp_path / "link")
    copied = mlflow.artifacts.download_artifacts("link", dst_path="to")
    assert copied == str(tmp_path / "to" / "link")
    assert files(copied) == files(str(logged.run_root))
    repository = get_artifact_repository(f"runs:/{logged.run_id}/p")
    assert [info.path for info in repository.list_artifacts()] == ["q"]
    repository.log_artifact(str(logged.run_root / "bad.bin"), "new")
    assert (logged.run_root / "p/new/bad.bin").is_file()
    assert mlflow.artifacts.load_text(f"runs:/{logged.run_id}/p/q/a.txt") == "a\n"


BAD: list[tuple[str, str, dict[str, Any]]] = [
    ("INVALID_PARAMETER_VALUE", "Exactly one", {}),
    ("INVALID_PARAMETER_VALUE", "Exactly one", {"artifact_uri": "x", "run_id": "y"}),
    ("INVALID_PARAMETER_VALUE", "cannot be", {"artifact_uri": "x", "artifact_path": "y"}),
    ("INVALID_PARAMETER_VALUE", "text or a path", {"artifact_uri": 5}),
    ("INVALID_PARAMETER_VALUE", "query or fragment", {"artifact_uri": "runs:/R/a?b"}),
    ("INVALID_PARAMETER_VALUE", "query or fragment", {"artifact_uri": "models:/M/a#b"}),
    ("INVALID_PARAMETER_VALUE", "'..'", {"artifact_uri": "runs:/R/../x"}),
    ("INVALID_PARAMETER_VALUE", "percent-decoded", {"artifact_uri": "models:/M/%2e%2e/x"}),
    ("INVALID_PARAMETER_VALUE", "'..'", {"run_id": "R", "artifact_path": "../x"}),
    ("INTERNAL_ERROR", "Not a proper runs", {"artifact_uri": "runs:/"}),
    ("INTERNAL_ERROR", "Not a proper runs", {"artifact_uri": "runs://R/x"}),
    ("RESOURCE_DOES_NOT_EXIST", "name=name", {"artifact_uri": "models:/name/1"}),
    ("NOT_IMPLEMENTED", "hdfs", {"artifact_uri": "hdfs://b/x"}),
    ("INTERNAL_ERROR", "registered schemes", {"artifact_uri": "nothing://b/x"}),
    ("RESOURCE_DOES_NOT_EXIST", "No such artifact", {"artifact_uri": "nothing.txt"}),
    ("RESOURCE_DOES_NOT_EXIST", "No such artifact", {"artifact_uri": "runs:/R/nothing"}),
    ("RESOURCE_DOES_NOT_EXIST", "No such artifact", {"artifact_uri": "models:/M/nothing"}),
    ("RESOURCE_DOES_NOT_EXIST", "not found", {"run_id": "0" * 32}),
    ("RESOURCE_DOES_NOT_EXIST", "not found", {"artifact_uri": "models:/m-" + "0" * 32}),
]


@pytest.mark.parametrize(("code", "message", "options"), BAD)
def test_bad_input_is_explained(
    logged: Logged, code: str, message: str, options: dict[str, Any]
) -> None:
    """What was wrong is said with upstream's code."""
    named = {
        name: value.replace("/R", "/" + logged.run_id).replace("/M", "/" + logged.model_id)
        if isinstance(value, str)
        else value
        for name, value in options.items()
    }
    if named.get("run_id") == "R":
        named["run_id"] = logged.run_id
    with pytest.raises(MlflowException, match=message) as caught:
        mlflow.artifacts.download_artifacts(**named)
    assert caught.value.error_code == code


def test_content_of_another_kind_is_explained(logged: Logged) -> None:
    """Text, JSON and images that are none are errors that name the artifact or the reason."""
    uri = f"runs:/{logged.run_id}"
    with pytest.raises(MlflowException, match="not valid UTF-8"):
        mlflow.artifacts.load_text(f"{uri}/bad.bin")
    with pytest.raises(MlflowException, match="JSON"):
        mlflow.artifacts.load_dict(f"{uri}/p/q/a.txt")
    with pytest.raises(MlflowException, match="PIL Image") as caught:
        mlflow.artifacts.load_image(f"{uri}/bad.bin")
    assert caught.value.error_code == "BAD_REQUEST"


def test_uris_of_runs_and_models_are_taken_apart() -> None:
    """The scheme's case, repeated slashes and an empty path do not matter."""
    assert parse_runs_uri("runs:/r/a/b") == ("r", "a/b")
    assert parse_runs_uri("RUNS:/r/") == parse_runs_uri("runs:/r") == ("r", "")
    assert parse_runs_uri("runs:/r/x%20y") == ("r", "x%20y")
    assert parse_model_uri("models:/m-1/a//b/") == ModelUri("m-1", path="a/b")
