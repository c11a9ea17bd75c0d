"""The statsmodels flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach

NAMES: Final = {
    "AutologHelpers": UNBUILT,
    "MlflowException": "mlflow.exceptions:MlflowException",
    "Model": "mlflow.models.model:Model",
    "ModelSignature": "mlflow.models.signature:ModelSignature",
    "ThreadLocalVariable": UNBUILT,
    "_load_pyfunc": "mlflow.statsmodels.flavor:_load_pyfunc",
    "autolog": "mlflow.statsmodels.autologging:autolog",
    "autologging_integration": "mlflow._autolog.config:autologging_integration",
    "format_docstring": UNBUILT,
    "get_autologging_config": "mlflow._autolog.config:get_autologging_config",
    "get_default_conda_env": "mlflow.statsmodels.flavor:get_default_conda_env",
    "get_default_pip_requirements": "mlflow.statsmodels.flavor:get_default_pip_requirements",
    "get_total_file_size": UNBUILT,
    "is_in_databricks_model_serving_environment": UNBUILT,
    "is_in_databricks_runtime": UNBUILT,
    "load_model": "mlflow.statsmodels.flavor:load_model",
    "log_fn_args_as_params": "mlflow._autolog.arguments:log_fn_args_as_params",
    "log_model": "mlflow.statsmodels.flavor:log_model",
    "safe_patch": "mlflow._autolog.patch:safe_patch",
    "save_model": "mlflow.statsmodels.flavor:save_model",
    "write_to": UNBUILT,
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
