"""The PyTorch flavor."""

from typing import Final

from mlflow._core.lazy import attach, grouped

NAMES: Final = grouped(
    {
        "mlflow.pytorch.autologging": "autolog",
        "mlflow.pytorch.callbacks": "MlflowModelCheckpointCallback load_checkpoint",
        "mlflow.pytorch.flavor": """
            _load_pyfunc get_default_conda_env get_default_pip_requirements load_model log_model
            save_model
        """,
        "mlflow.pytorch.state_dicts": "load_state_dict log_state_dict save_state_dict",
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
