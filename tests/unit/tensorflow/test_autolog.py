"""Autologging of Keras: what a training leaves behind, and that it never fails for it."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import mlflow
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
with warnings.catch_warnings():  # of the libraries' own imports
    warnings.simplefilter("ignore")
    pytest.importorskip("tensorflow", reason="tensorflow is not installed")
    keras = pytest.importorskip("keras", reason="keras is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")
X = np.arange(12, dtype=np.float32).reshape(4, 3)
Y = np.ones((4, 1), dtype=np.float32)


@pytest.fixture(autouse=True)
def _store(tmp_path: Path) -> Iterator[None]:
    """Keep runs in a store of the test's own, and switch the integrations off again."""
    keras.utils.disable_interactive_logging()
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path / 'runs.db'}")
    yield
    mlflow.keras.autolog(disable=True)
    mlflow.tensorflow.autolog(disable=True)
    mlflow.set_tracking_uri("")


def _models() -> Any:
    """Return the logged models."""
    return mlflow.search_logged_models(output_format="list")


def _model() -> Any:
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("adam", keras.losses.MeanSquaredError())
    return model


@pytest.mark.parametrize("name", ["keras", "tensorflow"])
def test_a_training_is_a_run_with_a_model(name: str) -> None:
    """The model predicts as the trained one does and has the metrics of every epoch."""
    getattr(mlflow, name).autolog()
    model = _model()
    model.fit(X, Y, epochs=3, verbose=0)
    run = mlflow.last_active_run()
    assert run is not None
    client = mlflow.MlflowClient()
    points = client.get_metric_history(run.info.run_id, "loss")
    assert [point.step for point in points] == [0, 1, 2]
    (logged,) = _models()
    assert str(logged.status.value) == "READY"
    assert sorted(one.step for one in logged.metrics or []) == [0, 1, 2]
    function = mlflow.pyfunc.load_model(f"models:/{logged.model_id}")
    np.testing.assert_allclose(function.predict(X), model.predict(X, verbose=0), rtol=1e-5)


def test_a_failing_training_fails_its_run_and_its_model() -> None:
    """The caller gets Keras's own error."""
    mlflow.tensorflow.autolog()
    with pytest.raises(ValueError, match="cardinality"):
        _model().fit(X, Y[:2], verbose=0)
    (logged,) = _models()
    assert str(logged.status.value) == "FAILED"
    (run,) = mlflow.MlflowClient().search_runs(["0"])
    assert run.info.status == "FAILED"


def test_checkpoints_come_back() -> None:
    """Of each epoch, the latest, and weights alone; a missing one is an error."""
    with mlflow.start_run() as run:
        kept = mlflow.tensorflow.MlflowModelCheckpointCallback(save_best_only=False)
        model = _model()
        model.fit(X, Y, epochs=2, verbose=0, callbacks=[kept])
        found = mlflow.tensorflow.load_checkpoint(epoch=1)
        np.testing.assert_allclose(found.predict(X, verbose=0), model.predict(X, verbose=0))
    with pytest.raises(MlflowException, match="no such checkpoint"):
        mlflow.tensorflow.load_checkpoint(run_id=run.info.run_id, epoch=7)
    with pytest.raises(MlflowException, match="Only one"):
        mlflow.tensorflow.load_checkpoint(run_id=run.info.run_id, epoch=1, global_step=1)
    with mlflow.start_run():
        kept = mlflow.tensorflow.MlflowModelCheckpointCallback(
            monitor="loss", save_weights_only=True, save_freq=1
        )
        model.fit(X, Y, epochs=1, verbose=0, callbacks=[kept])
        again = mlflow.tensorflow.load_checkpoint(_model())
        np.testing.assert_allclose(again.predict(X, verbose=0), model.predict(X, verbose=0))
        with pytest.raises(MlflowException, match="weights only"):
            mlflow.tensorflow.load_checkpoint()


@pytest.mark.parametrize("options", [{"mode": "most"}, {"save_freq": "year"}])
def test_a_checkpoint_needs_a_known_mode_and_frequency(options: dict[str, Any]) -> None:
    """Anything else is an error when it is made."""
    with pytest.raises(MlflowException):
        mlflow.tensorflow.MlflowModelCheckpointCallback(**options)
