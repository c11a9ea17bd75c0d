# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow._autolog.arguments import get_mlflow_run_params_for_fn_args as get_mlflow_run_params_for_fn_args
from mlflow._autolog.batch import batch_metrics_logger as batch_metrics_logger
from mlflow._autolog.client import MlflowAutologgingQueueingClient as MlflowAutologgingQueueingClient
from mlflow._autolog.config import autologging_integration as autologging_integration
from mlflow._autolog.examples import InputExampleInfo as InputExampleInfo
from mlflow._autolog.examples import resolve_input_example_and_signature as resolve_input_example_and_signature
from mlflow._autolog.patch import safe_patch as safe_patch
from mlflow.data.code_dataset_source import CodeDatasetSource as CodeDatasetSource
from mlflow.data.numpy_dataset import from_numpy as from_numpy
from mlflow.data.pandas_dataset import from_pandas as from_pandas
from mlflow.entities.dataset_input import DatasetInput as DatasetInput
from mlflow.entities.input_tag import InputTag as InputTag
from mlflow.models.model import Model as Model
from mlflow.models.signature import ModelSignature as ModelSignature
from mlflow.models.signature import infer_signature as infer_signature
import mlflow.models.info
import mlflow.models.model
import mlflow.models.signature
import os

NAMES: Final[dict[str, str]]
__all__ = [
    'CodeDatasetSource',
    'DatasetInput',
    'InputExampleInfo',
    'InputTag',
    'MlflowAutologgingQueueingClient',
    'Model',
    'ModelSignature',
    '_load_pyfunc',
    'autolog',
    'autologging_integration',
    'batch_metrics_logger',
    'format_docstring',
    'from_numpy',
    'from_pandas',
    'get_default_conda_env',
    'get_default_pip_requirements',
    'get_mlflow_run_params_for_fn_args',
    'get_total_file_size',
    'infer_signature',
    'is_databricks_uri',
    'is_in_databricks_runtime',
    'is_polars_dataframe',
    'load_model',
    'log_model',
    'picklable_exception_safe_function',
    'resolve_input_example_and_signature',
    'safe_patch',
    'save_model',
    'write_to',
]
def _load_pyfunc(path: str | os.PathLike[str], model_config: Any = None) -> Any: ...
def autolog(log_input_examples: bool = False, log_model_signatures: bool = True, log_models: bool = True, log_datasets: bool = True, disable: bool = False, exclusive: bool = False, disable_for_unsupported_versions: bool = False, silent: bool = False, registered_model_name: str | None = None, extra_tags: dict[str, str] | None = None) -> None: ...
def format_docstring(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_default_conda_env(include_cloudpickle: bool = False, include_skops: bool = False) -> dict[str, Any]: ...
def get_default_pip_requirements(include_cloudpickle: bool = False, include_skops: bool = False) -> list[str]: ...
def get_total_file_size(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_databricks_uri(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_in_databricks_runtime(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_polars_dataframe(*args: Any, **kwargs: Any) -> NoReturn: ...
def load_model(model_uri: str | os.PathLike[str], dst_path: str | None = None) -> Any: ...
def log_model(lgb_model: Any, artifact_path: str | None = None, conda_env: Any = None, code_paths: list[str] | None = None, registered_model_name: str | None = None, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, await_registration_for: int | None = 300, pip_requirements: Any = None, extra_pip_requirements: Any = None, metadata: dict[str, Any] | None = None, extra_files: list[str] | None = None, name: str | None = None, params: dict[str, Any] | None = None, tags: dict[str, Any] | None = None, model_type: str | None = None, step: int = 0, model_id: str | None = None, serialization_format: str | None = None, skops_trusted_types: list[str] | None = None, **kwargs: Any) -> mlflow.models.info.ModelInfo: ...
def picklable_exception_safe_function(*args: Any, **kwargs: Any) -> NoReturn: ...
def save_model(lgb_model: Any, path: str | os.PathLike[str], conda_env: Any = None, code_paths: list[str] | None = None, mlflow_model: mlflow.models.model.Model | None = None, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, pip_requirements: Any = None, extra_pip_requirements: Any = None, metadata: dict[str, Any] | None = None, serialization_format: str | None = None, skops_trusted_types: list[str] | None = None, extra_files: list[str] | None = None, **kwargs: Any) -> None: ...
def write_to(*args: Any, **kwargs: Any) -> NoReturn: ...
