"""Autologging of Paddle: the model of a training, and what a training keeps of the program's."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import mlflow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

with warnings.catch_warnings():  # of the library's own import
    warnings.simplefilter("ignore")
    paddle = pytest.importorskip("paddle", reason="paddle is not installed: just flavors paddle")
pytestmark = pytest.mark.filterwarnings("ignore")
X = np.arange(12, dtype="float32").reshape(4, 3)


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep runs in a store of the test's own, and switch the integration off again."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/runs.db")
    yield
    mlflow.paddle.autolog(disable=True)


def _model() -> Any:
    paddle.seed(0)
    spec = paddle.static.InputSpec
    net = paddle.nn.Linear(3, 1)
    model = paddle.Model(net, spec([None, 3], "float32", "x"), spec([None, 1], "float32", "y"))
    adam = paddle.optimizer.Adam(0.1, parameters=model.parameters())
    model.prepare(adam, paddle.nn.MSELoss())
    return model


def _data() -> Any:
    return paddle.io.TensorDataset([paddle.to_tensor(X), paddle.to_tensor(X[:, :1])])


def test_a_training_registers_the_model_that_it_made() -> None:
    """The version predicts what the model does; its metrics are the logged model's too."""
    mlflow.paddle.autolog(registered_model_name="line")
    mine: list[Any] = []
    model = _model()
    model.fit(_data(), epochs=2, batch_size=2, verbose=0, callbacks=mine)
    assert mine == []
    versions = mlflow.MlflowClient().search_model_versions("name = 'line'")
    assert [int(version.version) for version in versions] == [1]
    loaded = mlflow.pyfunc.load_model("models:/line/1")
    expected = model.predict_batch([X])[0]
    np.testing.assert_allclose(loaded.predict(X).to_numpy(), expected, rtol=1e-5)
    (logged,) = mlflow.MlflowClient().search_logged_models(["0"])
    assert [one.step for one in logged.metrics or [] if one.key == "loss"] == [0, 1]


def test_the_same_model_is_trained() -> None:
    """Logging changes neither the weights nor what is returned."""
    plain = _model()
    paddle.seed(1)
    plain.fit(_data(), epochs=2, batch_size=2, verbose=0)
    mlflow.paddle.autolog(log_models=False)
    logged = _model()
    paddle.seed(1)
    assert logged.fit(_data(), epochs=2, batch_size=2, verbose=0) is None
    for one, other in zip(plain.parameters(), logged.parameters(), strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())
