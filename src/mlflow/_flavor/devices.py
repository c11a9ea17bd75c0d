"""Where a model of torch predicts: what the call, the configuration or a variable says."""

from __future__ import annotations

from typing import Any

from mlflow.environment_variables import MLFLOW_DEFAULT_PREDICTION_DEVICE


def prediction_device(config: Any) -> str:
    """Return the device on which a model predicts.

    Args:
        config: The model's configuration, of which ``device`` comes first; then comes
            ``MLFLOW_DEFAULT_PREDICTION_DEVICE``, then a GPU if there is one.
    """
    import torch  # noqa: PLC0415 - optional package

    named = (config or {}).get("device") or MLFLOW_DEFAULT_PREDICTION_DEVICE.get()
    return str(named or ("cuda" if torch.cuda.is_available() else "cpu"))
