"""The CatBoost flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach

NAMES: Final = {
    "Model": "mlflow.models.model:Model",
    "ModelSignature": "mlflow.models.signature:ModelSignature",
    "_load_pyfunc": "mlflow.catboost.flavor:_load_pyfunc",
    "format_docstring": UNBUILT,
    "get_default_conda_env": "mlflow.catboost.flavor:get_default_conda_env",
    "get_default_pip_requirements": "mlflow.catboost.flavor:get_default_pip_requirements",
    "get_total_file_size": UNBUILT,
    "load_model": "mlflow.catboost.flavor:load_model",
    "log_model": "mlflow.catboost.flavor:log_model",
    "save_model": "mlflow.catboost.flavor:save_model",
    "write_to": UNBUILT,
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
