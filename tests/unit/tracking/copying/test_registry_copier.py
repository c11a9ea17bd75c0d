"""Registered models arrive with versions, tags, aliases and stages; copying again adds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

import mlflow
from mlflow.cli.copy import copy_store
from mlflow.exceptions import MlflowException
from mlflow.tracking.client import MlflowClient
from tests.e2e.servers import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_COPY_OF = "mlflow.headrace.copyOf"


def _double(model_input: list[int]) -> list[int]:
    return model_input * 2


@dataclass
class Pair:
    """Two stores, and what an earlier copy noted."""

    source: str
    target: str
    notes: Path

    def copy(self) -> None:
        """Copy the one to the other."""
        copy_store(self.source, self.target, self.notes)


@pytest.fixture(params=["database", "server"])
def pair(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Pair]:
    """Fill a store: a model with three versions, of which one was deleted, and one beside it."""
    monkeypatch.chdir(tmp_path)
    source = f"sqlite:///{tmp_path / 'source' / 's.db'}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", source)
    client = MlflowClient()
    name = f"churn-{request.param}"
    client.create_registered_model(name, {"team": "a"}, "whether they leave")
    for number in range(3):
        with mlflow.start_run():
            info = mlflow.pyfunc.log_model(name="m", python_model=_double, pip_requirements=[])
            version = mlflow.register_model(info.model_uri, name, tags={"n": str(number)})
        client.update_model_version(name, str(version.version), f"number {number}")
    with mlflow.start_run() as run:
        mlflow.log_text("x", "folder/x.txt")
        client.create_model_version(name, f"{run.info.artifact_uri}/folder", run.info.run_id)
    client.delete_model_version(name, "2")
    client.set_registered_model_alias(name, "champion", "3")
    client.set_registered_model_alias(name, "old", "1")
    client.transition_model_version_stage(name, "3", "Production")
    client.create_registered_model(f'{name}\'s "copy"')
    client.copy_model_version(f"models:/{name}/3", f'{name}\'s "copy"')
    folder = tmp_path / "target"
    folder.mkdir()
    if request.param == "database":
        yield Pair(source, f"sqlite:///{folder / 't.db'}", tmp_path / "notes")
        return
    with serving(folder) as served:
        yield Pair(source, served.url, tmp_path / "notes")


def _name(client: MlflowClient) -> str:
    return min(
        model.name for model in client.search_registered_models() if "copy" not in model.name
    )


def _held(uri: str) -> dict[tuple[str, str], object]:
    client = MlflowClient(uri)
    return {
        (one.name, str(one.version)): (
            one.description or None,
            one.status,
            one.current_stage,
            sorted(one.aliases),
            {key: text for key, text in one.tags.items() if key != _COPY_OF},
        )
        for one in client.search_model_versions("")
    }


def test_a_copy_has_the_same_versions(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Numbers, tags, aliases and stages are the same, and the models load from the copy."""
    pair.copy()
    said = capsys.readouterr()
    assert "copied 2 names, 4 versions, 2 aliases" in said.out
    assert said.err == ""
    client, there = MlflowClient(pair.source), MlflowClient(pair.target)
    name = _name(client)
    mine = {key for key in _held(pair.source) if key[0].startswith(name)}
    held = _held(pair.target)
    assert {key: held.get(key) for key in mine} == _held(pair.source)
    model, was = there.get_registered_model(name), client.get_registered_model(name)
    assert (model.tags, model.description) == (was.tags, was.description)
    assert {alias: int(number) for alias, number in model.aliases.items()} == was.aliases
    version = there.get_model_version_by_alias(name, "champion")
    assert version.source != client.get_model_version_by_alias(name, "champion").source
    assert there.get_run(str(version.run_id)).info.status == "FINISHED"
    assert there.get_model_version_evidence(name, "3").digest_status.value == "verified"
    source = str(there.get_model_version(name, "4").source)
    assert source.startswith("runs:/")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", pair.target)
    assert mlflow.artifacts.load_text(f"models:/{name}/4/x.txt") == "x"
    for uri in (f"models:/{name}@champion", f'models:/{name}\'s "copy"/1'):
        assert mlflow.pyfunc.load_model(uri).predict([1]) == [1, 1]


@pytest.mark.parametrize("keep_notes", [True, False])
def test_copying_again_adds_what_is_new(
    pair: Pair, capsys: pytest.CaptureFixture[str], keep_notes: bool
) -> None:
    """Nothing twice, with or without notes; a new version and moved aliases follow."""
    pair.copy()
    if not keep_notes:
        for path in pair.notes.iterdir():
            path.unlink()
    before = _held(pair.target)
    capsys.readouterr()
    pair.copy()
    assert "Registered models" not in capsys.readouterr().out
    assert _held(pair.target) == before
    client, there = MlflowClient(pair.source), MlflowClient(pair.target)
    name = _name(client)
    client.create_model_version(name, "s3://bucket/x")
    client.set_registered_model_alias(name, "champion", "1")
    client.set_model_version_tag(name, "1", "n", "changed")
    pair.copy()
    assert there.get_model_version_by_alias(name, "champion").version in (1, "1")
    assert there.get_model_version(name, "1").tags["n"] == "changed"
    assert there.get_model_version(name, "5").source == "s3://bucket/x"


def test_a_model_that_the_target_has_keeps_its_own(
    pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    """Versions become the next ones; aliases and tags that it gave itself stay."""
    client, there = MlflowClient(pair.source), MlflowClient(pair.target)
    name = _name(client)
    there.create_registered_model(name, {"team": "theirs"})
    there.create_model_version(name, "s3://bucket/own")
    there.set_registered_model_alias(name, "champion", "1")
    pair.copy()
    assert f"Left out: {name}@champion: it names version 1" in capsys.readouterr().err
    model = there.get_registered_model(name)
    assert model.tags == {"team": "theirs"}
    assert {alias: str(version) for alias, version in model.aliases.items()} == {
        "champion": "1",
        "old": "2",
    }
    numbers = [str(one.version) for one in there.search_model_versions(f"name = '{name}'")]
    assert sorted(numbers) == ["1", "2", "3", "4"]


def test_what_the_target_does_not_take_is_named(
    pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    """A version of a logged model that was deleted is left out; the others arrive."""
    client = MlflowClient(pair.source)
    name = _name(client)
    version = client.get_model_version(name, "1")
    client.delete_logged_model(str(version.source).rpartition("/")[2])
    pair.copy()
    assert f"Left out: {name}/1: " in capsys.readouterr().err
    there = MlflowClient(pair.target)
    with pytest.raises(MlflowException):
        there.get_model_version(name, "1")
    assert str(there.get_model_version_by_alias(name, "champion").version) == "3"


def test_a_copy_of_a_copy_is_the_original(pair: Pair, capsys: pytest.CaptureFixture[str]) -> None:
    """Copied back, nothing is added."""
    pair.copy()
    before = _held(pair.source)
    Pair(pair.target, pair.source, pair.notes).copy()
    assert _held(pair.source) == {
        key: value for key, value in _held(pair.source).items() if key in before
    }
    assert before.items() <= _held(pair.source).items()
