"""Which logged model a thread works on: metrics that name no model are measured on it."""

from __future__ import annotations

import threading
from typing import Final

from mlflow.environment_variables import MLFLOW_ACTIVE_MODEL_ID


class _ThreadModels(threading.local):
    """What one thread has chosen and made.

    Attributes:
        active_id: The active model; None when the environment decides.
        last_id: The model that was made last.
    """

    active_id: str | None = None
    last_id: str | None = None


thread_models: Final = _ThreadModels()


def get_active_model_id() -> str | None:
    """Return the id of the active model: the thread's, else ``MLFLOW_ACTIVE_MODEL_ID``."""
    return thread_models.active_id or MLFLOW_ACTIVE_MODEL_ID.get() or None
