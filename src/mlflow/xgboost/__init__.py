"""The XGBoost flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach, grouped
from mlflow._flavor.names import FLAVOR_NAMES

NAMES: Final = grouped(
    {
        "mlflow._autolog.arguments": "get_mlflow_run_params_for_fn_args",
        "mlflow._autolog.batch": "batch_metrics_logger",
        "mlflow._autolog.client": "MlflowAutologgingQueueingClient",
        "mlflow._autolog.config": "autologging_integration get_autologging_config",
        "mlflow._autolog.examples": "InputExampleInfo resolve_input_example_and_signature",
        "mlflow._autolog.patch": "safe_patch",
        "mlflow.data.code_dataset_source": "CodeDatasetSource",
        "mlflow.data.numpy_dataset": "from_numpy",
        "mlflow.data.pandas_dataset": "from_pandas",
        "mlflow.entities.dataset_input": "DatasetInput",
        "mlflow.entities.input_tag": "InputTag",
        "mlflow.models.model": "Model",
        "mlflow.models.signature": "ModelSignature infer_signature",
        "mlflow.xgboost.autologging": "autolog",
        "mlflow.xgboost.flavor:FUNCTIONS": FLAVOR_NAMES,
        UNBUILT: "format_docstring get_total_file_size picklable_exception_safe_function write_to",
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
