"""Hostile models (rows 81 to 99): refused where code is denied or the place is a stranger's."""

from __future__ import annotations

import ast
import contextlib
import importlib
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import mlflow
import mlflow.models.choke
from mlflow._evaluate.artifacts import PickleEvaluationArtifact
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from tests.e2e.hostile_models import MODELS, Hostile, Trap
from tests.e2e.servers import Served, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REFUSED = "can run any code when it is read"


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Run a server that is not the configured store."""
    with serving(tmp_path_factory.mktemp("stranger")) as server:
        yield server


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Run the server that is the configured store."""
    with serving(tmp_path_factory.mktemp("own")) as server:
        yield server


@pytest.fixture
def own_server(own: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Configure a server of our own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", own.url)


@pytest.fixture
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Configure a store of our own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'own.db'}")


def _loaders(model: Hostile) -> list[Callable[[str], Any]]:
    """Return all ways to load a model: as a function, and as its flavor where that is built."""
    loaders: list[Callable[[str], Any]] = [mlflow.pyfunc.load_model]
    if model.flavor:
        try:
            flavor = importlib.import_module(f"mlflow.{model.flavor}")
        except ImportError:
            return loaders
        load = getattr(flavor, "load_model", None) or flavor.load_explainer
        loaders.append(load)
    return loaders


@pytest.mark.parametrize("name", MODELS)
def test_the_deny_switch_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, own_store: None
) -> None:
    """With the switch off every flavor refuses a local model too, and nothing runs."""
    marker = tmp_path / "marker"
    folder = MODELS[name].write(tmp_path / "m", marker)
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    for load in _loaders(MODELS[name]):
        with pytest.raises(MlflowException, match=REFUSED) as caught:
            load(str(folder))
        assert "MLFLOW_ALLOW_PICKLE_DESERIALIZATION" in str(caught.value)
    assert not marker.exists()


@pytest.mark.parametrize("name", MODELS)
def test_a_strangers_server_is_refused(
    tmp_path: Path, stranger: Served, name: str, own_server: None
) -> None:
    """By default a remote model that no store of ours named is refused, and nothing runs."""
    marker = tmp_path / "marker"
    folder = MODELS[name].write(tmp_path / "m", marker)
    uri = f"mlflow-artifacts://127.0.0.1:{stranger.port}/hostile/{name.replace(' ', '-')}"
    get_artifact_repository(uri).log_artifacts(str(folder))
    for load in _loaders(MODELS[name]):
        with pytest.raises(MlflowException, match=REFUSED) as caught:
            load(uri)
        assert "mlflow.models.trust" in str(caught.value)
    assert not marker.exists()


@pytest.mark.parametrize("name", [name for name, model in MODELS.items() if model.runs])
def test_the_models_are_hostile(tmp_path: Path, name: str, own_store: None) -> None:
    """Where code is admitted these make their marker: the other tests mean something."""
    marker = tmp_path / "marker"
    folder = MODELS[name].write(tmp_path / "m", marker)
    with contextlib.suppress(Exception):  # after its code ran: it is no model
        mlflow.pyfunc.load_model(str(folder))
    assert marker.exists()


def test_evaluation_artifacts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 99: a pickled artifact of an evaluation is not read where code is denied."""
    file, marker = tmp_path / "artifact", tmp_path / "marker"
    file.write_bytes(pickle.dumps(Trap(marker)))
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    artifact = PickleEvaluationArtifact(uri=str(file))
    with pytest.raises(MlflowException, match=REFUSED):
        artifact._load(str(file))
    assert not marker.exists()


def test_no_archive_is_unpacked() -> None:
    """Rows 33 to 36: nothing in the package unpacks an archive into files."""
    source = Path(mlflow.models.choke.__file__).parents[1]
    for file in source.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            name = node.attr if isinstance(node, ast.Attribute) else ""
            assert name not in ("extract", "extractall", "unpack_archive"), file


def test_a_trusted_place_is_read(
    tmp_path: Path, stranger: Served, monkeypatch: pytest.MonkeyPatch, own_server: None
) -> None:
    """A caller that trusts the place, for a block or by the variable, gets what is there."""
    base = f"mlflow-artifacts://127.0.0.1:{stranger.port}/trusted"
    folder = tmp_path / "m"
    mlflow.pyfunc.save_model(folder, python_model=_double)
    get_artifact_repository(f"{base}/m").log_artifacts(str(folder))
    with pytest.raises(MlflowException, match=REFUSED):
        mlflow.pyfunc.load_model(f"{base}/m")
    with mlflow.models.trust(base):
        assert mlflow.pyfunc.load_model(f"{base}/m").predict([2]) == [2, 2]
    monkeypatch.setenv("HEADRACE_TRUSTED_MODEL_SOURCES", base)
    assert mlflow.pyfunc.load_model(f"{base}/m").predict([2]) == [2, 2]
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(MlflowException, match="MLFLOW_ALLOW_PICKLE_DESERIALIZATION"):
        mlflow.pyfunc.load_model(f"{base}/m")


def _double(model_input: list[int]) -> list[int]:
    return model_input * 2
