"""The pmdarima flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach, grouped
from mlflow._flavor.names import FLAVOR_NAMES

NAMES: Final = grouped(
    {
        "mlflow.exceptions": "MlflowException",
        "mlflow.models.model": "Model",
        "mlflow.models.signature": "ModelSignature",
        "mlflow.pmdarima.flavor:FUNCTIONS": FLAVOR_NAMES,
        UNBUILT: """
            format_docstring get_total_file_size is_in_databricks_model_serving_environment
            is_in_databricks_runtime write_to
        """,
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
