"""The logged model of a training, made before it so that metrics can be its own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.tracking import fluent
from mlflow.tracking._fluent.models import initialize_logged_model
from mlflow.tracking.client import MlflowClient

if TYPE_CHECKING:
    from collections.abc import Iterator


def start_model() -> str:
    """Make the logged model of the active run's training; return its id."""
    run = fluent.active_run()
    source = run.info.run_id if run is not None else None
    return str(initialize_logged_model(name="model", source_run_id=source).model_id)


@contextmanager
def failing_with(model_id: str | None) -> Iterator[None]:
    """Mark a logged model as failed if the block, the training, fails.

    Args:
        model_id: The logged model; None is none.
    """
    try:
        yield
    except BaseException:
        if model_id is not None:
            MlflowClient().finalize_logged_model(model_id, LoggedModelStatus.FAILED)
        raise
