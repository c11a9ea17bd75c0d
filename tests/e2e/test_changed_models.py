"""Models that are changed where they are kept: here, behind a server, in a bucket."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import mlflow
from mlflow._core.uri import local_path
from mlflow.exceptions import MlflowException
from mlflow.models import Model, infer_signature, set_signature, update_model_requirements
from mlflow.store.artifact.model_files import manifest_of
from mlflow.tracking.stores import _get_store
from tests.contract.object_servers import ObjectServer, s3_server
from tests.e2e.servers import Served, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mlflow.models.info import ModelInfo

SIGNATURE = infer_signature([1.5], [2.5])


class _Same(mlflow.pyfunc.PythonModel):
    def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
        return model_input


def _changes(uri: str) -> list[Callable[[], None]]:
    """Return what changes a model."""
    return [
        lambda: set_signature(uri, SIGNATURE),
        lambda: update_model_requirements(uri, "add", ["y"]),
    ]


@pytest.fixture(scope="module")
def bucket() -> Iterator[ObjectServer]:
    """Run a server of S3's protocol."""
    with s3_server() as server:
        yield server


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Run a server that keeps artifacts."""
    with serving(tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture(params=["here", "server", "bucket"])
def logged(
    request: pytest.FixtureRequest,
    served: Served,
    bucket: ObjectServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> ModelInfo:
    """Log a model to each kind of place."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEADRACE_MODEL_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'store.db'}")
    if request.param == "server":
        monkeypatch.setenv("MLFLOW_TRACKING_URI", served.url)
    elif request.param == "bucket":
        for name, value in bucket.variables.items():
            monkeypatch.setenv(name, value)
        mlflow.create_experiment("b", f"{bucket.uri}/{tmp_path.name}")
        monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "b")
    with mlflow.start_run():
        found: ModelInfo = mlflow.pyfunc.log_model(
            name="m", python_model=_Same(), pip_requirements=["a"]
        )
    return found


def test_what_changed_is_loaded_and_registered(logged: ModelInfo) -> None:
    """The new signature holds for loads after it, whatever was kept of those before."""
    uri = logged.model_uri
    mlflow.pyfunc.load_model(uri)  # into the cache
    set_signature(f"runs:/{logged.run_id}/m", SIGNATURE)
    update_model_requirements(uri, "add", ["z==1"])
    assert mlflow.pyfunc.load_model(uri).metadata.signature == SIGNATURE
    lines = Path(mlflow.pyfunc.get_model_dependencies(uri)).read_text("utf-8").splitlines()
    assert lines[1:] == ["a", "z==1"]
    version = mlflow.register_model(uri, f"named-{logged.model_id}")
    client = mlflow.MlflowClient()
    found = client.get_model_version_evidence(version.name, str(version.version))
    assert (version.status, found.digest_status.value) == ("READY", "verified")
    named = f"models:/{version.name}/{version.version}"
    assert mlflow.pyfunc.load_model(named).metadata.signature == SIGNATURE
    for change in _changes(named):
        with pytest.raises(MlflowException, match="do not change") as caught:
            change()
        assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_an_interrupted_change_is_seen_and_finished(logged: ModelInfo, tmp_path: Path) -> None:
    """A manifest that runs ahead of the files stops loads; the same change again ends that."""
    copy = tmp_path / "copy"
    mlflow.artifacts.download_artifacts(logged.model_uri, dst_path=str(copy))
    (file,) = copy.rglob("MLmodel")
    set_signature(str(file.parent), SIGNATURE)
    manifest = manifest_of(file.parent, "")
    _get_store().log_model_manifest(str(logged.model_id), manifest)
    failed = mlflow.register_model(logged.model_uri, f"early-{logged.model_id}", 0)
    assert failed.status == "FAILED_REGISTRATION"
    other = infer_signature(["a"])
    with pytest.raises(MlflowException, match="not one that was logged") as caught:
        set_signature(logged.model_uri, other)
    assert caught.value.error_code == "DATA_LOSS"
    set_signature(logged.model_uri, SIGNATURE)
    assert mlflow.pyfunc.load_model(logged.model_uri).metadata.signature == SIGNATURE
    assert _get_store().get_model_manifest(str(logged.model_id)) == manifest


def test_a_path_of_a_logged_model_is_that_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who names its folder instead of its id does not make it unfit to be registered."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'store.db'}")
    info = mlflow.pyfunc.log_model(name="m", python_model=_Same(), pip_requirements=["a"])
    location = mlflow.get_logged_model(str(info.model_id)).artifact_location
    folder = local_path(location).relative_to(tmp_path)
    set_signature(str(folder), SIGNATURE)
    update_model_requirements(folder.absolute().as_uri(), "remove", ["a"])
    assert Model.load(info.model_uri).signature == SIGNATURE
    assert mlflow.register_model(info.model_uri, "m").status == "READY"
    (folder / "MLmodel").write_text("flavors: {}", "utf-8")
    with pytest.raises(MlflowException, match="not one that was logged"):
        set_signature(str(folder), SIGNATURE)
    assert (folder / "MLmodel").read_text("utf-8") == "flavors: {}"


def test_a_model_among_the_artifacts_of_a_run(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As older clients log them: without digests, and changed by the run's URI alike."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", served.url)
    mlflow.pyfunc.save_model(tmp_path / "m", python_model=_Same(), pip_requirements=["a"])
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(tmp_path / "m"), "folder/m")
    uri = f"runs:/{run.info.run_id}/folder/m"
    set_signature(uri, SIGNATURE)
    update_model_requirements(uri, "remove", ["a"])
    assert mlflow.pyfunc.load_model(uri).metadata.signature == SIGNATURE
    needs = Path(mlflow.pyfunc.get_model_dependencies(uri)).read_text("utf-8")
    assert needs.splitlines()[1:] == []


@pytest.mark.parametrize("uri", ["absent", "models:/m-0123", "models:/absent/1", "models:/m-0/x"])
def test_what_is_not_there_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uri: str
) -> None:
    """No folder is made for it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'store.db'}")
    wanted = "INVALID_PARAMETER_VALUE" if uri.count("/") > 1 else "RESOURCE_DOES_NOT_EXIST"
    for change in _changes(uri):
        with pytest.raises(MlflowException) as caught:
            change()
        assert caught.value.error_code == wanted
    assert not (tmp_path / "absent").exists()
