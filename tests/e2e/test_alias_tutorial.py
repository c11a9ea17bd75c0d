"""The tutorial on aliases, step by step: it prints what it shows.

Its undefined names are bound to what they can only mean: ``mv`` to the version that was created,
``name`` to the model's name.
"""

# ruff: noqa: T201 - the tutorial's own lines
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.ensemble import RandomForestRegressor

import mlflow
from mlflow import MlflowClient
from tests.e2e.servers import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHOWN = """\
--------- Not Aliased ----------
name: sk-learn-random-forest-reg-model
aliases: {}
--------- Aliased ----------
name: sk-learn-random-forest-reg-model
version: 2
aliases: ['my_fancy_production_model']
"""


@pytest.fixture(params=["database", "server"])
def _place(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Models are kept in a database of this directory, or behind a server."""
    monkeypatch.chdir(tmp_path)
    before = mlflow.get_tracking_uri()
    if request.param == "database":
        mlflow.set_tracking_uri(f"sqlite:///{tmp_path / 'mlflow.db'}")
        yield
    else:
        folder = tmp_path / "server"
        folder.mkdir()
        with serving(folder) as server:
            mlflow.set_tracking_uri(server.url)
            yield
    mlflow.set_tracking_uri(before)


@pytest.mark.usefixtures("_place")
def test_the_tutorial_prints_what_it_shows(capsys: pytest.CaptureFixture[str]) -> None:
    """A forest is registered; a second version gets an alias, by which it is found and loaded."""
    x = np.random.default_rng(0).normal(size=(80, 4))
    forest = RandomForestRegressor(n_estimators=5, random_state=0).fit(x, x[:, 0])
    with mlflow.start_run():
        mlflow.sklearn.log_model(
            forest,
            name="sklearn-model",
            input_example=x[:2],
            registered_model_name="sk-learn-random-forest-reg-model",
        )
    capsys.readouterr()

    client = MlflowClient()

    # Set Variables for Querying
    model_name = "sk-learn-random-forest-reg-model"
    run_id = client.get_latest_versions(model_name)[0].run_id

    # Get the model
    model = client.get_registered_model(model_name)
    print("--------- Not Aliased ----------")
    print(f"name: {model.name}")
    print(f"aliases: {model.aliases}")

    # Increment the model version
    model_uri = f"runs:/{run_id}/sklearn-model"
    mv = client.create_model_version(model_name, model_uri, run_id)

    # Set registered model alias
    alias = "my_fancy_production_model"
    client.set_registered_model_alias(model_name, alias, str(mv.version))

    # Get model by alias
    name = model_name
    model_version = client.get_model_version_by_alias(name, alias)
    print("--------- Aliased ----------")
    print(f"name: {model_version.name}")
    print(f"version: {model_version.version}")
    print(f"aliases: {model_version.aliases}")
    printed = capsys.readouterr().out
    print(model_version)

    assert printed == SHOWN
    assert capsys.readouterr().out.startswith(
        "<ModelVersion: aliases=['my_fancy_production_model'], creation_timestamp="
    )
    for version in (1, 2):
        evidence = client.get_model_version_evidence(name, str(version))
        assert evidence.digest_status == "verified"
    for uri in (f"models:/{name}@{alias}", f"models:/{name}/2", f"models:/{name}/latest"):
        loaded = mlflow.sklearn.load_model(uri)
        np.testing.assert_array_equal(loaded.predict(x), forest.predict(x))
    generic = mlflow.pyfunc.load_model(f"models:/{name}@{alias}")
    np.testing.assert_array_equal(generic.predict(x), forest.predict(x))
