"""The SHAP flavor: explanations and explainers."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach, grouped

NAMES: Final = grouped(
    {
        "mlflow.exceptions": "MlflowException",
        "mlflow.models.model": "Model",
        "mlflow.models.signature": "ModelSignature",
        "mlflow.shap.explanation": "log_explanation",
        "mlflow.shap.flavor": """
            _load_pyfunc get_default_conda_env get_default_pip_requirements
            get_underlying_model_flavor load_explainer log_explainer save_explainer save_model
        """,
        UNBUILT: """
            append_to_uri_path format_docstring is_in_databricks_model_serving_environment
            is_in_databricks_runtime write_to
        """,
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
