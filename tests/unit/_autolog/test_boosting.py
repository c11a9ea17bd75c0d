"""XGBoost, LightGBM and statsmodels: what no comparison with upstream sees."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import lightgbm
import numpy as np
import pytest
import statsmodels.api as sm
import xgboost

import mlflow
from mlflow._autolog.state import AUTOLOGGING_INTEGRATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(60, 3))
Y = X @ [1.0, 2.0, 3.0]


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give a store, and take everything back."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_EXPERIMENT_ID", "0")
    monkeypatch.setenv("HEADRACE_SQLITE_SYNCHRONOUS", "NORMAL")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/runs.db")
    yield
    for name in ("xgboost", "lightgbm", "statsmodels"):
        getattr(mlflow, name).autolog(disable=True)
        AUTOLOGGING_INTEGRATIONS.pop(name)


def runs() -> list[Any]:
    """Return all runs."""
    return list(mlflow.MlflowClient().search_runs(["0"]))


def boost_x(**options: Any) -> Any:
    """Train with XGBoost."""
    return xgboost.train({"max_depth": 2}, xgboost.DMatrix(X, Y), num_boost_round=3, **options)


def boost_l(**options: Any) -> Any:
    """Train with LightGBM."""
    data = lightgbm.Dataset(X, Y)
    return lightgbm.train({"verbose": -1}, data, num_boost_round=3, valid_sets=[data], **options)


def fit(**_options: Any) -> Any:
    """Fit with statsmodels."""
    return sm.OLS(Y, X).fit()


ORIGINALS = [
    (xgboost, "train"),
    (xgboost.sklearn, "train"),
    (xgboost.DMatrix, "__init__"),
    (xgboost.XGBModel, "fit"),
    (xgboost.XGBClassifier, "fit"),
    (lightgbm, "train"),
    (lightgbm.sklearn, "train"),
    (lightgbm.LGBMModel, "fit"),
    (sm.OLS, "fit"),
    (sm.GLM, "fit"),
]


def test_disabling_restores_the_very_functions() -> None:
    """Each attribute is the object that it was, however often autologging was enabled."""
    before = [vars(place).get(name) for place, name in ORIGINALS]
    for _ in range(2):
        mlflow.xgboost.autolog()
        mlflow.lightgbm.autolog()
        mlflow.statsmodels.autolog()
    for name in ("xgboost", "lightgbm", "statsmodels"):
        getattr(mlflow, name).autolog(disable=True)
    assert [vars(place).get(name) for place, name in ORIGINALS] == before


@pytest.mark.parametrize("train", [boost_x, boost_l, fit])
def test_one_run_a_training_with_a_model_that_loads(train: Callable[..., Any]) -> None:
    """The model of the run predicts what the trained one does."""
    mlflow.autolog()
    model = train()
    (run,) = runs()
    assert run.info.status == "FINISHED"
    (output,) = run.outputs.model_outputs
    loaded = mlflow.pyfunc.load_model(f"models:/{output.model_id}")
    data = xgboost.DMatrix(X) if train is boost_x else X
    assert np.allclose(np.asarray(loaded.predict(X)).ravel(), model.predict(data), atol=1e-5)


@pytest.mark.parametrize("train", [boost_x, boost_l])
@pytest.mark.parametrize(
    "step", ["log_params", "log_dataset", "_log_model", "_log_best", "_log_importance", "Rounds"]
)
def test_a_failure_at_any_step_is_contained(
    train: Callable[..., Any], step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fails while logging, the same model is trained."""

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError(step)

    plain = train()
    monkeypatch.setattr(importlib.import_module("mlflow._autolog.boosting"), step, fail)
    mlflow.xgboost.autolog()
    mlflow.lightgbm.autolog()
    text = "save_raw" if train is boost_x else "model_to_string"
    assert getattr(train(), text)() == getattr(plain, text)()
    assert len(runs()) == 1


@pytest.mark.parametrize("train", [boost_x, boost_l])
def test_a_training_that_raises(train: Callable[..., Any]) -> None:
    """What a callback of the program raises comes through; the run and its model are FAILED."""
    mlflow.xgboost.autolog()
    mlflow.lightgbm.autolog()

    class Stop(xgboost.callback.TrainingCallback):
        def after_iteration(self, *_args: Any) -> bool:
            raise ValueError("enough")

    def stop(_environment: Any) -> None:
        raise ValueError("enough")

    with pytest.raises(ValueError, match="enough"):
        train(callbacks=[Stop() if train is boost_x else stop])
    (run,) = runs()
    assert run.info.status == "FAILED"
    models = mlflow.MlflowClient().search_logged_models(["0"])
    assert [str(model.status) for model in models] == ["FAILED"]


def test_the_programs_callbacks_and_arguments_are_left_alone() -> None:
    """A list of callbacks that the program passes is not changed; positions work."""
    mlflow.xgboost.autolog(log_models=False)
    mlflow.lightgbm.autolog(log_models=False)
    mine: list[Any] = [lightgbm.log_evaluation(0)]
    boost_l(callbacks=mine)
    assert len(mine) == 1
    lightgbm.train({"verbose": -1}, lightgbm.Dataset(X, Y), 2, None, None, None, None, False, mine)
    assert len(runs()) == 2
    assert {run.data.params["num_boost_round"] for run in runs()} == {"2", "3"}


@pytest.mark.parametrize(("train", "flavor"), [(boost_x, "xgboost"), (boost_l, "lightgbm")])
def test_each_training_registers_a_version(train: Callable[..., Any], flavor: str) -> None:
    """With a name each model becomes the next version of it, READY, and the trained one."""
    getattr(mlflow, flavor).autolog(registered_model_name="boosted")
    train()
    model = train()
    versions = mlflow.MlflowClient().search_model_versions("name = 'boosted'")
    assert sorted((int(one.version), str(one.status)) for one in versions) == [
        (1, "READY"),
        (2, "READY"),
    ]
    assert {one.run_id for one in versions} == {run.info.run_id for run in runs()}
    loaded = mlflow.pyfunc.load_model("models:/boosted/2")
    data = xgboost.DMatrix(X) if train is boost_x else X
    assert np.allclose(np.asarray(loaded.predict(X)).ravel(), model.predict(data), atol=1e-5)
