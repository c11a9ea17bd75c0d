"""Points that come one by one, for integrations that are written against that interface."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mlflow._autolog.log import log_metrics

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class BatchMetricsLogger:
    """Passes points on; the journal sends many in one request."""

    def __init__(
        self,
        run_id: str | None = None,
        tracking_uri: str | None = None,  # noqa: ARG002 - a run stays with its store
        model_id: str | None = None,
    ) -> None:
        """Log to a run.

        Args:
            run_id: The run; the active one by default.
            tracking_uri: Accepted.
            model_id: The logged model that is measured.
        """
        self.run_id = run_id
        self.model_id = model_id

    def record_metrics(self, metrics: Mapping[str, Any], step: int | None = None) -> None:
        """Add a point to each of several metrics.

        Args:
            metrics: Numbers by metric.
            step: The training step.
        """
        log_metrics(metrics, step, run_id=self.run_id, model_id=self.model_id)

    def set_model_id(self, model_id: str | None) -> None:
        """Say which logged model is measured from now on."""
        self.model_id = model_id

    def flush(self) -> None:
        """Return: nothing waits here."""


@contextmanager
def batch_metrics_logger(
    run_id: str | None = None, model_id: str | None = None
) -> Iterator[BatchMetricsLogger]:
    """Give a logger of points for a block.

    Args:
        run_id: The run; the active one by default.
        model_id: The logged model that is measured.
    """
    yield BatchMetricsLogger(run_id, model_id=model_id)
