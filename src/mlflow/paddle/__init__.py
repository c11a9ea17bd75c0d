"""The PaddlePaddle flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach, grouped
from mlflow._flavor.names import FLAVOR_NAMES

NAMES: Final = grouped(
    {
        "mlflow.exceptions": "MlflowException",
        "mlflow.models.model": "Model",
        "mlflow.models.signature": "ModelSignature",
        "mlflow.paddle.autologging": "autolog",
        "mlflow.paddle.flavor:FUNCTIONS": FLAVOR_NAMES,
        UNBUILT: """
            autologging_integration format_docstring is_in_databricks_model_serving_environment
            is_in_databricks_runtime safe_patch write_to
        """,
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
