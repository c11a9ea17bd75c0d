"""The scikit-learn flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach, grouped
from mlflow._flavor.names import FLAVOR_NAMES

NAMES: Final = grouped(
    {
        "mlflow._autolog.arguments": "get_instance_method_first_arg_value",
        "mlflow._autolog.client": "MlflowAutologgingQueueingClient",
        "mlflow._autolog.config": """
            autologging_integration disable_autologging get_autologging_config
        """,
        "mlflow._autolog.examples": "resolve_input_example_and_signature",
        "mlflow._autolog.patch": "safe_patch update_wrapper_extended",
        "mlflow.data.code_dataset_source": "CodeDatasetSource",
        "mlflow.data.numpy_dataset": "from_numpy",
        "mlflow.data.pandas_dataset": "from_pandas",
        "mlflow.entities.dataset_input": "DatasetInput",
        "mlflow.entities.input_tag": "InputTag",
        "mlflow.exceptions": "MlflowException",
        "mlflow.models.model": "Model",
        "mlflow.models.signature": "ModelSignature",
        "mlflow.sklearn.autologging": "autolog",
        "mlflow.sklearn.flavor:FUNCTIONS": FLAVOR_NAMES,
        "mlflow.tracking.client": "MlflowClient",
        UNBUILT: """
            format_docstring get_total_file_size is_databricks_uri
            is_in_databricks_model_serving_environment is_in_databricks_runtime is_polars_dataframe
            write_to
        """,
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
