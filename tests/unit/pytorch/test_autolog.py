"""Autologging of Lightning: what a training leaves behind, and checkpoints that come back."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pytest

import mlflow
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

with warnings.catch_warnings():  # of the libraries' own imports
    warnings.simplefilter("ignore")
    torch = pytest.importorskip("torch", reason="torch is not installed")
    pl = pytest.importorskip("pytorch_lightning", reason="Lightning is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")


class _Net(pl.LightningModule):  # type: ignore[name-defined, misc]  # Lightning has no types here
    """A layer that learns a sum."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(3, 1)

    def forward(self, data: Any) -> Any:
        """Return the sums."""
        return self.layer(data)

    def training_step(self, batch: Any, _index: int) -> Any:
        """Return the loss."""
        loss = (self(batch[0]) - batch[1]).pow(2).mean()
        self.log("loss", loss)
        return loss

    def configure_optimizers(self) -> Any:
        """Return the optimizer."""
        return torch.optim.SGD(self.parameters(), 0.1)


@pytest.fixture(autouse=True)
def _store(tmp_path: Path) -> Iterator[None]:
    """Keep runs in a store of the test's own, and switch the integration off again."""
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path / 'runs.db'}")
    yield
    mlflow.pytorch.autolog(disable=True)
    mlflow.set_tracking_uri("")


def _models() -> Any:
    """Return the logged models."""
    return mlflow.search_logged_models(output_format="list")


def _train(module: Any) -> None:
    torch.manual_seed(0)
    data = torch.rand(8, 3)
    pairs = torch.utils.data.TensorDataset(data, data.sum(1, keepdim=True))
    trainer = pl.Trainer(
        max_epochs=2,
        enable_progress_bar=False,
        enable_model_summary=False,
        enable_checkpointing=False,
        logger=False,
        accelerator="cpu",
    )
    trainer.fit(module, torch.utils.data.DataLoader(pairs, batch_size=4))


def test_a_training_is_a_run_with_a_model_and_checkpoints() -> None:
    """The logged module and the checkpoint are the trained one."""
    mlflow.pytorch.autolog(checkpoint_monitor="loss", checkpoint_save_best_only=False)
    net = _Net()
    _train(net)
    run = mlflow.last_active_run()
    assert run is not None
    points = mlflow.MlflowClient().get_metric_history(run.info.run_id, "loss")
    assert [point.step for point in points] == [0, 1]
    (logged,) = _models()
    assert [one.step for one in logged.metrics or []] == [0, 1]
    for found in (
        mlflow.pytorch.load_checkpoint(_Net, run.info.run_id, epoch=1),
        mlflow.pytorch.load_model(f"models:/{logged.model_id}"),
    ):
        assert torch.equal(found.layer.weight, net.layer.weight)
    with pytest.raises(MlflowException, match="no such checkpoint"):
        mlflow.pytorch.load_checkpoint(_Net, run.info.run_id, epoch=9)


def test_a_failing_training_fails_its_run_and_its_model() -> None:
    """The caller gets the error of the module."""

    class Bad(_Net):
        """A module that cannot be trained."""

        def training_step(self, batch: Any, _index: int) -> Any:
            """Fail."""
            raise ValueError(len(batch))

    mlflow.pytorch.autolog()
    with pytest.raises(ValueError, match="2"):
        _train(Bad())
    (run,) = mlflow.MlflowClient().search_runs(["0"])
    (logged,) = _models()
    assert (run.info.status, str(logged.status.value)) == ("FAILED", "FAILED")
