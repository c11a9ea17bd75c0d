"""Command lines on a store of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mlflow._core.variables import snapshot
from mlflow.cli.main import cli
from mlflow.environment_variables import MLFLOW_TRACKING_URI
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.stores import set_tracking_uri

Invoke = Callable[..., Result]


@pytest.fixture
def store_uri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return the URI of a new store, which is the tracking URI, in an empty directory."""
    folder = tmp_path / "here"
    folder.mkdir()
    for name in snapshot(("MLFLOW_", "_MLFLOW_")):
        monkeypatch.delenv(name)
    monkeypatch.chdir(folder)
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    set_tracking_uri("")
    monkeypatch.setenv(MLFLOW_TRACKING_URI.name, uri)
    yield uri
    set_tracking_uri("")
    SqlAlchemyStore.forget(uri)


@pytest.fixture
def invoke(store_uri: str) -> Invoke:
    """Return a function that runs a command line and expects an exit code, 0 by default."""

    def run(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(cli, list(arguments))
        assert result.exit_code == code, f"{result.output}\n{result.stderr}"
        assert "Traceback" not in result.output
        return result

    return run


@pytest.fixture
def client(store_uri: str) -> MlflowClient:
    """Return a client of the same store."""
    return MlflowClient()


@pytest.fixture
def run_id(client: MlflowClient) -> str:
    """Return a finished run with a param, metrics, tags and files."""
    experiment = client.create_experiment("iris")
    run = client.create_run(experiment, run_name="first run", start_time=1_700_000_000_123)
    found: str = run.info.run_id
    client.log_param(found, "lr", 0.1)
    for step in range(3):
        client.log_metric(found, "loss", 1.0 / (step + 1), step=step)
    client.log_metric(found, "odd", float("nan"))
    client.set_tag(found, "team", "vision")
    client.log_text(found, "hello", "notes/hello.txt")
    client.log_text(found, "top", "top.txt")
    client.set_terminated(found, end_time=1_700_000_065_123)
    return found
