"""The scikit-learn flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach

NAMES: Final = {
    "CodeDatasetSource": UNBUILT,
    "DatasetInput": "mlflow.entities.dataset_input:DatasetInput",
    "InputTag": "mlflow.entities.input_tag:InputTag",
    "MlflowAutologgingQueueingClient": UNBUILT,
    "MlflowClient": "mlflow.tracking.client:MlflowClient",
    "MlflowException": "mlflow.exceptions:MlflowException",
    "Model": "mlflow.models.model:Model",
    "ModelSignature": "mlflow.models.signature:ModelSignature",
    "_load_pyfunc": "mlflow.sklearn.flavor:_load_pyfunc",
    "autolog": UNBUILT,
    "autologging_integration": UNBUILT,
    "disable_autologging": UNBUILT,
    "format_docstring": UNBUILT,
    "from_numpy": UNBUILT,
    "from_pandas": UNBUILT,
    "get_autologging_config": UNBUILT,
    "get_default_conda_env": "mlflow.sklearn.flavor:get_default_conda_env",
    "get_default_pip_requirements": "mlflow.sklearn.flavor:get_default_pip_requirements",
    "get_instance_method_first_arg_value": UNBUILT,
    "get_total_file_size": UNBUILT,
    "is_databricks_uri": UNBUILT,
    "is_in_databricks_model_serving_environment": UNBUILT,
    "is_in_databricks_runtime": UNBUILT,
    "is_polars_dataframe": UNBUILT,
    "load_model": "mlflow.sklearn.flavor:load_model",
    "log_model": "mlflow.sklearn.flavor:log_model",
    "resolve_input_example_and_signature": UNBUILT,
    "safe_patch": UNBUILT,
    "save_model": "mlflow.sklearn.flavor:save_model",
    "update_wrapper_extended": UNBUILT,
    "write_to": UNBUILT,
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
