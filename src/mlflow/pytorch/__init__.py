"""The PyTorch flavor."""

from typing import Final

from mlflow._core.lazy import attach

NAMES: Final = {
    "MlflowModelCheckpointCallback": "mlflow.pytorch.callbacks:MlflowModelCheckpointCallback",
    "_load_pyfunc": "mlflow.pytorch.flavor:_load_pyfunc",
    "autolog": "mlflow.pytorch.autologging:autolog",
    "get_default_conda_env": "mlflow.pytorch.flavor:get_default_conda_env",
    "get_default_pip_requirements": "mlflow.pytorch.flavor:get_default_pip_requirements",
    "load_checkpoint": "mlflow.pytorch.callbacks:load_checkpoint",
    "load_model": "mlflow.pytorch.flavor:load_model",
    "load_state_dict": "mlflow.pytorch.state_dicts:load_state_dict",
    "log_model": "mlflow.pytorch.flavor:log_model",
    "log_state_dict": "mlflow.pytorch.state_dicts:log_state_dict",
    "save_model": "mlflow.pytorch.flavor:save_model",
    "save_state_dict": "mlflow.pytorch.state_dicts:save_state_dict",
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
