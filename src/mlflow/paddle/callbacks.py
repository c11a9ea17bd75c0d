"""What Paddle calls while it trains: points of a run.

The module is read when one of its names is; only then is Paddle imported.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from mlflow._autolog.log import log_metrics, log_params
from mlflow._core.guard import contained
from mlflow._core.lazy import resolve

Callback: Any = object  # without Paddle the class exists, and does nothing
with suppress(ImportError):
    Callback = resolve("paddle.callbacks:Callback")


class PointsCallback(Callback):  # type: ignore[misc]  # Paddle may be absent
    """Logs the optimizer, and the metrics of epochs and evaluations."""

    def __init__(self, every_n_epoch: int, model_id: str | None = None) -> None:
        """Say when to log.

        Args:
            every_n_epoch: Log the metrics of every so many epochs.
            model_id: The logged model that is trained.
        """
        super().__init__()
        self._every = max(1, every_n_epoch)
        self._model_id = model_id
        self._epoch = 0

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002 - Paddle's
        """Log what the optimizer is."""
        with contained("Describing the optimizer"):
            optimizer = self.model._optimizer  # noqa: SLF001 - there is no other way to it
            found = {"optimizer_name": type(optimizer).__name__}
            log_params({**found, "learning_rate": optimizer.get_lr()})

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Log an epoch's metrics, where every so many are wanted."""
        if epoch % self._every == 0:
            self._epoch = epoch
            self._log(logs, "")

    def on_eval_end(self, logs: dict[str, Any] | None = None) -> None:
        """Log what an evaluation measured, at the last epoch that was logged."""
        self._log(logs, "eval_")

    def _log(self, logs: dict[str, Any] | None, prefix: str) -> None:
        with contained("Logging the metrics of an epoch"):
            values = {f"{prefix}{key}": _number(value) for key, value in (logs or {}).items()}
            log_metrics(values, self._epoch, model_id=self._model_id)


def _number(value: Any) -> float:
    """Return a metric's value, which may be in a list of its own."""
    while isinstance(value, (list, tuple)):
        value = value[0]
    return float(value)
