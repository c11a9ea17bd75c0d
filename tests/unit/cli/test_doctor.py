"""The report on an installation."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from mlflow.cli.doctor import doctor, foreign_owners

Invoke = Callable[..., Result]


def test_report_says_what_matters(invoke: Invoke, store_uri: str) -> None:
    """Versions, URIs and the state of the store are there; a missing store is not made."""
    text = invoke("doctor").stdout
    assert "MLflow version: 3.17.2" in text
    assert "Headrace version: " in text
    assert f"Tracking URI: {store_uri}" in text
    assert "not there yet" in text
    assert not Path(store_uri.removeprefix("sqlite:///")).exists()
    invoke("experiments", "search")
    assert "Tracking store: ok" in invoke("doctor").stdout


def test_foreign_store_is_told(invoke: Invoke, store_uri: str) -> None:
    """A file that is no database is told, and is no reason to fail."""
    Path(store_uri.removeprefix("sqlite:///")).write_bytes(b"not a database" * 100)
    text = invoke("doctor").stdout
    assert "Tracking store: ok" not in text


def test_secrets_are_masked(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, store_uri: str
) -> None:
    """Secrets are hidden always, everything else on demand."""
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "CANARY")
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "CANARY")
    monkeypatch.setenv("MLFLOW_REGISTRY_URI", "postgresql://me:CANARY@host/db")
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "visible")
    text = invoke("doctor").stdout
    assert "CANARY" not in text
    assert "MLFLOW_TRACKING_TOKEN: ***" in text
    assert "MLFLOW_REGISTRY_URI: postgresql://me:***@host/db" in text
    assert "MLFLOW_EXPERIMENT_NAME: visible" in text
    masked = invoke("doctor", "--mask-envs").stdout
    assert "MLFLOW_EXPERIMENT_NAME: ***" in masked


def test_function_prints_the_same(invoke: Invoke, capsys: pytest.CaptureFixture[str]) -> None:
    """``mlflow.doctor()`` prints what the command prints."""
    doctor(mask_envs=True)
    assert capsys.readouterr().out == invoke("doctor", "--mask-envs").stdout


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a distribution that owns files of the package ``mlflow``, and is named so."""
    for name, version in (("mlflow", "2.9.9"), ("mlflow-extra", "1.0")):
        folder = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8"
        )
        (folder / "RECORD").write_text("x/y.py,,\nmlflow/extra.py,,\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.usefixtures("foreign")
def test_mix_is_found(invoke: Invoke) -> None:
    """Files of others in our package, and metadata that are not ours, are named with a cure."""
    assert foreign_owners() == ["mlflow-extra 1.0"]
    text = invoke("doctor").stdout
    assert "PROBLEM: " in text
    assert "mlflow 2.9.9" in text
    assert "mlflow-extra 1.0" in text
    assert "pip" in text
    assert "No problem found" not in text
