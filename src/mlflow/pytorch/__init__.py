"""The PyTorch flavor."""

from typing import Final

from mlflow._core.lazy import attach, grouped
from mlflow._flavor.names import FLAVOR_NAMES

NAMES: Final = grouped(
    {
        "mlflow.pytorch.autologging": "autolog",
        "mlflow.pytorch.callbacks": "MlflowModelCheckpointCallback load_checkpoint",
        "mlflow.pytorch.flavor:FUNCTIONS": FLAVOR_NAMES,
        "mlflow.pytorch.state_dicts": "load_state_dict log_state_dict save_state_dict",
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
