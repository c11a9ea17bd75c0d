"""The LightGBM flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach

NAMES: Final = {
    "CodeDatasetSource": "mlflow.data.code_dataset_source:CodeDatasetSource",
    "DatasetInput": "mlflow.entities.dataset_input:DatasetInput",
    "InputExampleInfo": "mlflow._autolog.examples:InputExampleInfo",
    "InputTag": "mlflow.entities.input_tag:InputTag",
    "MlflowAutologgingQueueingClient": "mlflow._autolog.client:MlflowAutologgingQueueingClient",
    "Model": "mlflow.models.model:Model",
    "ModelSignature": "mlflow.models.signature:ModelSignature",
    "_load_pyfunc": "mlflow.lightgbm.flavor:_load_pyfunc",
    "autolog": "mlflow.lightgbm.autologging:autolog",
    "autologging_integration": "mlflow._autolog.config:autologging_integration",
    "batch_metrics_logger": "mlflow._autolog.batch:batch_metrics_logger",
    "format_docstring": UNBUILT,
    "from_numpy": "mlflow.data.numpy_dataset:from_numpy",
    "from_pandas": "mlflow.data.pandas_dataset:from_pandas",
    "get_default_conda_env": "mlflow.lightgbm.flavor:get_default_conda_env",
    "get_default_pip_requirements": "mlflow.lightgbm.flavor:get_default_pip_requirements",
    "get_mlflow_run_params_for_fn_args": (
        "mlflow._autolog.arguments:get_mlflow_run_params_for_fn_args"
    ),
    "get_total_file_size": UNBUILT,
    "infer_signature": "mlflow.models.signature:infer_signature",
    "is_databricks_uri": UNBUILT,
    "is_in_databricks_runtime": UNBUILT,
    "is_polars_dataframe": UNBUILT,
    "load_model": "mlflow.lightgbm.flavor:load_model",
    "log_model": "mlflow.lightgbm.flavor:log_model",
    "picklable_exception_safe_function": UNBUILT,
    "resolve_input_example_and_signature": (
        "mlflow._autolog.examples:resolve_input_example_and_signature"
    ),
    "safe_patch": "mlflow._autolog.patch:safe_patch",
    "save_model": "mlflow.lightgbm.flavor:save_model",
    "write_to": UNBUILT,
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
