"""The pmdarima flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach

NAMES: Final = {
    "MlflowException": "mlflow.exceptions:MlflowException",
    "Model": "mlflow.models.model:Model",
    "ModelSignature": "mlflow.models.signature:ModelSignature",
    "_load_pyfunc": "mlflow.pmdarima.flavor:_load_pyfunc",
    "format_docstring": UNBUILT,
    "get_default_conda_env": "mlflow.pmdarima.flavor:get_default_conda_env",
    "get_default_pip_requirements": "mlflow.pmdarima.flavor:get_default_pip_requirements",
    "get_total_file_size": UNBUILT,
    "is_in_databricks_model_serving_environment": UNBUILT,
    "is_in_databricks_runtime": UNBUILT,
    "load_model": "mlflow.pmdarima.flavor:load_model",
    "log_model": "mlflow.pmdarima.flavor:log_model",
    "save_model": "mlflow.pmdarima.flavor:save_model",
    "write_to": UNBUILT,
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
