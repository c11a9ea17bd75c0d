"""The scikit-learn flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach

NAMES: Final = {
    "CodeDatasetSource": "mlflow.data.code_dataset_source:CodeDatasetSource",
    "DatasetInput": "mlflow.entities.dataset_input:DatasetInput",
    "InputTag": "mlflow.entities.input_tag:InputTag",
    "MlflowAutologgingQueueingClient": "mlflow._autolog.client:MlflowAutologgingQueueingClient",
    "MlflowClient": "mlflow.tracking.client:MlflowClient",
    "MlflowException": "mlflow.exceptions:MlflowException",
    "Model": "mlflow.models.model:Model",
    "ModelSignature": "mlflow.models.signature:ModelSignature",
    "_load_pyfunc": "mlflow.sklearn.flavor:_load_pyfunc",
    "autolog": "mlflow.sklearn.autologging:autolog",
    "autologging_integration": "mlflow._autolog.config:autologging_integration",
    "disable_autologging": "mlflow._autolog.config:disable_autologging",
    "format_docstring": UNBUILT,
    "from_numpy": "mlflow.data.numpy_dataset:from_numpy",
    "from_pandas": "mlflow.data.pandas_dataset:from_pandas",
    "get_autologging_config": "mlflow._autolog.config:get_autologging_config",
    "get_default_conda_env": "mlflow.sklearn.flavor:get_default_conda_env",
    "get_default_pip_requirements": "mlflow.sklearn.flavor:get_default_pip_requirements",
    "get_instance_method_first_arg_value": (
        "mlflow._autolog.arguments:get_instance_method_first_arg_value"
    ),
    "get_total_file_size": UNBUILT,
    "is_databricks_uri": UNBUILT,
    "is_in_databricks_model_serving_environment": UNBUILT,
    "is_in_databricks_runtime": UNBUILT,
    "is_polars_dataframe": UNBUILT,
    "load_model": "mlflow.sklearn.flavor:load_model",
    "log_model": "mlflow.sklearn.flavor:log_model",
    "resolve_input_example_and_signature": (
        "mlflow._autolog.examples:resolve_input_example_and_signature"
    ),
    "safe_patch": "mlflow._autolog.patch:safe_patch",
    "save_model": "mlflow.sklearn.flavor:save_model",
    "update_wrapper_extended": "mlflow._autolog.patch:update_wrapper_extended",
    "write_to": UNBUILT,
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
