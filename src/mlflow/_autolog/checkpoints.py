"""Checkpoints of a training: when one is due, where it lies in the run, and how it comes back.

The places are upstream's: ``checkpoints/latest_checkpoint.<suffix>``, which the next one replaces,
where only the best is kept, else ``checkpoints/epoch_<n>`` and ``checkpoints/global_step_<n>``.
"""

from __future__ import annotations

import json
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.log import set_tags
from mlflow._core.guard import contained
from mlflow._core.tags import LATEST_CHECKPOINT_ARTIFACT_TAG_KEY
from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.tracking import fluent
from mlflow.tracking.client import MlflowClient

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_logger: Final = logging.getLogger("mlflow")
_FOLDER: Final = "checkpoints"
_LATEST: Final = "latest_checkpoint"
_METRICS: Final = "_metrics.json"


@dataclass
class Checkpoints:
    """When to keep a checkpoint.

    Attributes:
        monitor: The metric that says which one is best.
        mode: ``min`` or ``max``.
        save_best_only: Keep the best one alone.
        save_weights_only: Keep no optimizer, for those who write the file.
        save_freq: ``epoch``, or a number of batches.
    """

    monitor: str = "val_loss"
    mode: str = "min"
    save_best_only: bool = True
    save_weights_only: bool = False
    save_freq: str | int = "epoch"

    def __post_init__(self) -> None:
        if self.mode not in ("min", "max"):
            raise MlflowException.invalid_parameter_value(
                f"`mode` is 'min' or 'max', got {self.mode!r}"
            )
        if self.save_freq != "epoch" and not isinstance(self.save_freq, int):
            raise MlflowException.invalid_parameter_value(
                f"`save_freq` is 'epoch' or a number of batches, got {self.save_freq!r}"
            )
        self._best: float | None = None

    def is_due(self, step: int) -> bool:
        """Return whether a number of batches ends a round of them."""
        return isinstance(self.save_freq, int) and step % self.save_freq == 0

    def save(
        self,
        write: Callable[[str], Any],
        suffix: str,
        *,
        epoch: int,
        step: int,
        metrics: Mapping[str, Any],
    ) -> None:
        """Keep a checkpoint with the active run, if it is wanted.

        Args:
            write: Writes it into a file.
            suffix: The suffix of the file.
            epoch: The epoch.
            step: The number of batches so far.
            metrics: What was measured.
        """
        if self.save_best_only and not self._improves(metrics):
            return
        if self.save_best_only:
            place, name = _FOLDER, _LATEST
        elif self.save_freq == "epoch":
            place, name = f"{_FOLDER}/epoch_{epoch}", "checkpoint"
        else:
            place, name = f"{_FOLDER}/global_step_{step}", "checkpoint"
        run = fluent.active_run() or fluent.start_run()
        values = {key: float(value) for key, value in metrics.items()}
        with tempfile.TemporaryDirectory() as folder:
            write(str(Path(folder, f"{name}{suffix}")))
            described = {**values, "epoch": epoch, "global_step": step}
            Path(folder, f"{name}{_METRICS}").write_text(json.dumps(described), "utf-8")
            MlflowClient(run.tracking_uri).log_artifacts(run.info.run_id, folder, place)
        set_tags({LATEST_CHECKPOINT_ARTIFACT_TAG_KEY: f"{place}/{name}{suffix}"})

    def _improves(self, metrics: Mapping[str, Any]) -> bool:
        value = metrics.get(self.monitor)
        if value is None:
            _logger.warning(
                "No checkpoint is kept: the best one is asked for, and there is no metric %r",
                self.monitor,
            )
            return False
        number = float(value)
        best, sign = self._best, 1 if self.mode == "min" else -1
        if best is not None and sign * number >= sign * best:
            return False
        self._best = number
        return True


class CheckpointCallback:
    """The half of a checkpoint callback that no library differs in; the library's class follows it.

    A class of a library's callbacks has ``save_checkpoint(filepath)`` besides.
    """

    save_checkpoint: Callable[[str], Any]

    def __init__(
        self,
        monitor: str = "val_loss",
        mode: str = "min",
        save_best_only: bool = True,
        save_weights_only: bool = False,
        save_freq: str | int = "epoch",
    ) -> None:
        """Say when to keep one.

        Args:
            monitor: The metric that says which one is best.
            mode: ``min`` or ``max``.
            save_best_only: Keep the best one alone.
            save_weights_only: Keep the weights alone, and no state of optimizers.
            save_freq: ``epoch``, or a number of batches.

        Raises:
            MlflowException: INVALID_PARAMETER_VALUE for another mode or frequency.
        """
        super().__init__()
        self._kept = Checkpoints(monitor, mode, save_best_only, save_weights_only, save_freq)

    def _keep(self, suffix: str, *, epoch: int, step: int, metrics: Mapping[str, Any]) -> None:
        """Keep a checkpoint, if it is wanted; a failure does not reach the training.

        Args:
            suffix: The suffix of a file with more than weights.
            epoch: The epoch.
            step: The number of batches so far.
            metrics: What was measured.
        """
        kind = f".weights{suffix}" if self._kept.save_weights_only else suffix
        with contained("Keeping a checkpoint"):
            self._kept.save(self.save_checkpoint, kind, epoch=epoch, step=step, metrics=metrics)


def download_checkpoint_artifact(
    run_id: str | None = None,
    epoch: int | None = None,
    global_step: int | None = None,
    dst_path: str | None = None,
) -> str:
    """Return the local path of a run's checkpoint.

    Args:
        run_id: The run; the active one by default.
        epoch: The epoch that it was kept at.
        global_step: The number of batches that it was kept at; by default the latest one.
        dst_path: The folder to download into.

    Raises:
        MlflowException: RESOURCE_DOES_NOT_EXIST where there is none; INVALID_PARAMETER_VALUE for
            both an epoch and a step.
    """
    if epoch is not None and global_step is not None:
        raise MlflowException.invalid_parameter_value(
            "Only one of `epoch` and `global_step` can be set for `load_checkpoint`."
        )
    active = fluent.active_run()
    if run_id is None and active is None:
        raise MlflowException.invalid_parameter_value("Give `run_id`: no run is active")
    if active is not None and run_id in (None, active.info.run_id):
        client, run_id = MlflowClient(active.tracking_uri), active.info.run_id
    else:
        client, run_id = MlflowClient(), str(run_id)
    if epoch is None and global_step is None:
        path = client.get_run(run_id).data.tags.get(LATEST_CHECKPOINT_ARTIFACT_TAG_KEY)
    else:
        at = f"epoch_{epoch}" if epoch is not None else f"global_step_{global_step}"
        files = [info.path for info in client.list_artifacts(run_id, f"{_FOLDER}/{at}")]
        path = next((file for file in files if not file.endswith(_METRICS)), None)
    if path is None:
        raise MlflowException(f"Run {run_id} has no such checkpoint", RESOURCE_DOES_NOT_EXIST)
    return client.download_artifacts(run_id, path, dst_path)
