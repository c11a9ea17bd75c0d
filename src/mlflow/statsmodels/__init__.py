"""The statsmodels flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach, grouped
from mlflow._flavor.names import FLAVOR_NAMES

NAMES: Final = grouped(
    {
        "mlflow._autolog.arguments": "log_fn_args_as_params",
        "mlflow._autolog.config": "autologging_integration get_autologging_config",
        "mlflow._autolog.patch": "safe_patch",
        "mlflow.exceptions": "MlflowException",
        "mlflow.models.model": "Model",
        "mlflow.models.signature": "ModelSignature",
        "mlflow.statsmodels.autologging": "autolog",
        "mlflow.statsmodels.flavor:FUNCTIONS": FLAVOR_NAMES,
        UNBUILT: """
            AutologHelpers ThreadLocalVariable format_docstring get_total_file_size
            is_in_databricks_model_serving_environment is_in_databricks_runtime write_to
        """,
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
