"""What Lightning calls while it trains: points of a run, and checkpoints.

The module is read when one of its names is; only then is Lightning imported.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from mlflow._autolog.checkpoints import CheckpointCallback, download_checkpoint_artifact
from mlflow._autolog.log import log_metrics, log_params, set_tags
from mlflow._core.guard import contained
from mlflow._core.lazy import resolve
from mlflow.models.choke import load_torch
from mlflow.tracking import fluent

Callback: Any = object  # without Lightning the classes exist, and do nothing
for package in ("pytorch_lightning", "lightning.pytorch"):
    with suppress(ImportError):
        Callback = resolve(f"{package}:Callback")
        break
_MODE = "Mode"
_STEP = "_step"


class MlflowModelCheckpointCallback(CheckpointCallback, Callback):  # type: ignore[misc]  # Lightning may be absent
    """Keeps checkpoints with the active run while a module is trained."""

    trainer: Any = None

    def save_checkpoint(self, filepath: str) -> None:
        """Write the module, and the state of the training, into a file."""
        self.trainer.save_checkpoint(filepath, weights_only=self._kept.save_weights_only)

    def on_fit_start(self, trainer: Any, pl_module: Any) -> None:  # noqa: ARG002 - Lightning's
        """Note who trains."""
        self.trainer = trainer

    def on_train_batch_end(
        self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:  # the parameters are Lightning's
        """Keep a checkpoint, if it is due."""
        del pl_module, outputs, batch, batch_idx
        if self._kept.is_due(trainer.global_step):
            self._save(trainer)

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:  # noqa: ARG002 - Lightning's
        """Keep a checkpoint, if each epoch has one."""
        if self._kept.save_freq == "epoch":
            self._save(trainer)

    def _save(self, trainer: Any) -> None:
        self._keep(
            ".pth",
            epoch=trainer.current_epoch,
            step=trainer.global_step,
            metrics=_values(trainer),
        )


class PointsCallback(Callback):  # type: ignore[misc]  # Lightning may be absent
    """Logs optimizers, early stopping and metrics of a training."""

    def __init__(
        self, every_n_epoch: int, every_n_step: int | None, model_id: str | None = None
    ) -> None:
        """Say when to log.

        Args:
            every_n_epoch: Log the metrics of every so many epochs.
            every_n_step: Log the metrics of batches every so many batches.
            model_id: The logged model that is trained.
        """
        super().__init__()
        self._every_n_epoch = every_n_epoch
        self._every_n_step = every_n_step
        self._model_id = model_id
        self._run_id: str | None = None

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:  # noqa: ARG002 - Lightning's
        """Log how the training is set up."""
        run = fluent.active_run()
        self._run_id = run.info.run_id if run is not None else None
        set_tags({_MODE: "training"})
        params: dict[str, Any] = {"epochs": trainer.max_epochs}
        for optimizer in trainer.optimizers:
            params["optimizer_name"] = type(optimizer).__name__
            params.update(optimizer.defaults)
        stopping = trainer.early_stopping_callback
        if stopping is not None:
            names = ("monitor", "mode", "patience", "min_delta", "stopped_epoch")
            params.update({name: getattr(stopping, name) for name in names})
        log_params(params)

    def on_train_batch_end(
        self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:  # the parameters are Lightning's
        """Log a batch's metrics, where every so many are wanted."""
        del pl_module, outputs, batch, batch_idx
        every, step = self._every_n_step, trainer.global_step
        if every and (step + 1) % every == 0:  # upstream counts from one here
            found = {k: v for k, v in _values(trainer).items() if k.endswith(_STEP)}
            if found:
                log_metrics(found, step, run_id=self._run_id, model_id=self._model_id)

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:  # noqa: ARG002 - Lightning's
        """Log an epoch's metrics, of its validation too."""
        if (trainer.current_epoch + 1) % self._every_n_epoch == 0:
            found = _values(trainer)
            if self._every_n_step:
                found = {key: value for key, value in found.items() if not key.endswith(_STEP)}
            if found:
                log_metrics(
                    found, trainer.current_epoch, run_id=self._run_id, model_id=self._model_id
                )

    def on_fit_end(self, trainer: Any, pl_module: Any) -> None:  # noqa: ARG002 - Lightning's
        """Log where the training was stopped, and the checkpoint that was best."""
        stopping = trainer.early_stopping_callback
        if stopping is None or not stopping.stopped_epoch:
            return
        found = {
            "stopped_epoch": stopping.stopped_epoch,
            "restored_epoch": stopping.stopped_epoch - max(1, stopping.patience),
            "best_score": float(stopping.best_score),
            "wait_count": stopping.wait_count,
        }
        log_metrics(found, 0, run_id=self._run_id, model_id=self._model_id)
        best = getattr(trainer.checkpoint_callback, "best_model_path", "")
        if self._model_id is not None and best and Path(best).is_file():
            with contained("Keeping the best checkpoint"):
                fluent.log_artifact(best, "restored_model_checkpoint")

    def on_test_end(self, trainer: Any, pl_module: Any) -> None:  # noqa: ARG002 - Lightning's
        """Log what a test measured, to the run of the training."""
        if fluent.active_run() is not None:
            set_tags({_MODE: "testing"})
        if self._run_id is not None:
            log_metrics(_values(trainer), 0, run_id=self._run_id, model_id=self._model_id)


def _values(trainer: Any) -> dict[str, float]:
    return {key: float(value) for key, value in trainer.callback_metrics.items()}


def load_checkpoint(
    model_class: Any,
    run_id: str | None = None,
    epoch: int | None = None,
    global_step: int | None = None,
    kwargs: dict[str, Any] | None = None,
) -> Any:
    """Return a module from a checkpoint that autologging kept.

    Args:
        model_class: The class of the module.
        run_id: The run; the active one by default.
        epoch: The epoch that it was kept at.
        global_step: The number of batches that it was kept at; by default the latest one.
        kwargs: Arguments of the class's ``load_from_checkpoint``.

    Raises:
        MlflowException: RESOURCE_DOES_NOT_EXIST where there is none; an error of the policy where
            reading it could run code.
    """
    path = download_checkpoint_artifact(run_id, epoch, global_step)
    load_torch(Path(path), map_location="cpu")  # the policy speaks before Lightning reads it
    return model_class.load_from_checkpoint(path, **(kwargs or {}))
