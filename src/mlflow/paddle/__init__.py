"""The PaddlePaddle flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach

NAMES: Final = {
    "MlflowException": "mlflow.exceptions:MlflowException",
    "Model": "mlflow.models.model:Model",
    "ModelSignature": "mlflow.models.signature:ModelSignature",
    "_load_pyfunc": "mlflow.paddle.flavor:_load_pyfunc",
    "autolog": "mlflow.paddle.autologging:autolog",
    "autologging_integration": UNBUILT,
    "format_docstring": UNBUILT,
    "get_default_conda_env": "mlflow.paddle.flavor:get_default_conda_env",
    "get_default_pip_requirements": "mlflow.paddle.flavor:get_default_pip_requirements",
    "is_in_databricks_model_serving_environment": UNBUILT,
    "is_in_databricks_runtime": UNBUILT,
    "load_model": "mlflow.paddle.flavor:load_model",
    "log_model": "mlflow.paddle.flavor:log_model",
    "safe_patch": UNBUILT,
    "save_model": "mlflow.paddle.flavor:save_model",
    "write_to": UNBUILT,
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
