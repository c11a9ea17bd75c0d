"""What Keras calls while it trains: points of a run, and checkpoints.

The module is read when one of its names is; only then is Keras imported.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from mlflow._autolog.checkpoints import CheckpointCallback, download_checkpoint_artifact
from mlflow._autolog.log import log_metrics, log_params
from mlflow._core.guard import contained
from mlflow._core.lazy import resolve
from mlflow._flavor.keras_files import load_keras
from mlflow.exceptions import MlflowException
from mlflow.tracking import fluent

Callback: Any = object  # without Keras the classes exist, and do nothing
with suppress(ImportError):
    Callback = resolve("keras.callbacks:Callback")


class _TrainingCallback(Callback):  # type: ignore[misc]  # Keras has no types
    """Logs the optimizer, the layers, and the metrics of epochs, batches and evaluations."""

    prefix = ""

    def __init__(
        self,
        log_every_epoch: bool = True,
        log_every_n_steps: int | None = None,
        model_id: str | None = None,
    ) -> None:
        """Say when to log.

        Args:
            log_every_epoch: Log the metrics of each epoch.
            log_every_n_steps: Log those of every so many batches.
            model_id: The logged model that is trained.
        """
        super().__init__()
        self.log_every_epoch = log_every_epoch
        self.log_every_n_steps = log_every_n_steps
        self.model_id = model_id
        self._steps = 0

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002 - Keras's
        """Log what the optimizer and the model are."""
        config = self.model.optimizer.get_config() if self.model.optimizer else {}
        log_params({f"{self.prefix}{key}": value for key, value in config.items()})
        lines: list[str] = []
        with contained("Describing the model"):
            self.model.summary(print_fn=lambda line, **_: lines.append(str(line)))
            fluent.log_text("\n".join(lines), "model_summary.txt")

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Log an epoch's metrics."""
        if self.log_every_epoch and logs:
            log_metrics(logs, epoch, model_id=self.model_id)

    def on_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Log a batch's metrics, where every so many are wanted."""
        self._steps += 1
        every = self.log_every_n_steps
        if every is not None and self._steps % every == 0 and logs:
            log_metrics(logs, self._steps, model_id=self.model_id)

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Log what an evaluation measured."""
        found = {f"validation_{key}": value for key, value in (logs or {}).items()}
        if found:
            log_metrics(found, 0, model_id=self.model_id)


class KerasCallback(_TrainingCallback):
    """The callback of ``mlflow.keras``."""

    prefix = "optimizer_"


class TensorflowCallback(_TrainingCallback):
    """The callback of ``mlflow.tensorflow``."""

    prefix = "opt_"

    def __init__(self, log_every_epoch: bool = True, log_every_n_steps: int | None = None) -> None:
        """Say when to log.

        Args:
            log_every_epoch: Log the metrics of each epoch.
            log_every_n_steps: Log those of every so many batches.
        """
        super().__init__(log_every_epoch, log_every_n_steps)


class MlflowModelCheckpointCallback(CheckpointCallback, Callback):  # type: ignore[misc]  # Keras has no types
    """Keeps checkpoints with the active run while a model is trained."""

    _epoch = _steps = 0

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Note which epoch it is."""
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Keep a checkpoint, if it is due."""
        self._steps += 1
        if self._kept.is_due(self._steps):
            self._save(logs)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Keep a checkpoint, if each epoch has one."""
        if self._kept.save_freq == "epoch":
            self._save(logs)

    def save_checkpoint(self, filepath: str) -> None:
        """Write the model, or its weights, into a file."""
        if self._kept.save_weights_only:
            self.model.save_weights(filepath, overwrite=True)
        else:
            self.model.save(filepath, overwrite=True)

    def _save(self, logs: dict[str, Any] | None) -> None:
        self._keep(".h5", epoch=self._epoch, step=self._steps, metrics=logs or {})


def load_checkpoint(
    model: Any = None,
    run_id: str | None = None,
    epoch: int | None = None,
    global_step: int | None = None,
) -> Any:
    """Return a Keras model from a checkpoint that autologging kept.

    Args:
        model: Of what the weights are to be loaded, where the checkpoint has only them.
        run_id: The run; the active one by default.
        epoch: The epoch that it was kept at.
        global_step: The number of batches that it was kept at; by default the latest one.

    Raises:
        MlflowException: RESOURCE_DOES_NOT_EXIST where there is none; an error of the policy where
            reading it could run code.
    """
    path = download_checkpoint_artifact(run_id, epoch, global_step)
    if path.endswith(".weights.h5"):
        if model is None:
            raise MlflowException.invalid_parameter_value(
                "The checkpoint has weights only: give the `model` that they are for"
            )
        model.load_weights(path)
        return model
    try:
        return load_keras(Path(path))
    except ValueError:  # Keras cannot read back every loss and metric that it writes
        return load_keras(Path(path), compile=False)
