"""The SHAP flavor: explanations and explainers."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach

NAMES: Final = {
    "MlflowException": "mlflow.exceptions:MlflowException",
    "Model": "mlflow.models.model:Model",
    "ModelSignature": "mlflow.models.signature:ModelSignature",
    "_load_pyfunc": "mlflow.shap.flavor:_load_pyfunc",
    "append_to_uri_path": UNBUILT,
    "format_docstring": UNBUILT,
    "get_default_conda_env": "mlflow.shap.flavor:get_default_conda_env",
    "get_default_pip_requirements": "mlflow.shap.flavor:get_default_pip_requirements",
    "get_underlying_model_flavor": "mlflow.shap.flavor:get_underlying_model_flavor",
    "is_in_databricks_model_serving_environment": UNBUILT,
    "is_in_databricks_runtime": UNBUILT,
    "load_explainer": "mlflow.shap.flavor:load_explainer",
    "log_explainer": "mlflow.shap.flavor:log_explainer",
    "log_explanation": "mlflow.shap.explanation:log_explanation",
    "save_explainer": "mlflow.shap.flavor:save_explainer",
    "save_model": "mlflow.shap.flavor:save_model",
    "write_to": UNBUILT,
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
