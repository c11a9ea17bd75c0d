# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow._autolog.arguments import get_instance_method_first_arg_value as get_instance_method_first_arg_value
from mlflow._autolog.client import MlflowAutologgingQueueingClient as MlflowAutologgingQueueingClient
from mlflow._autolog.config import autologging_integration as autologging_integration
from mlflow._autolog.config import disable_autologging as disable_autologging
from mlflow._autolog.config import get_autologging_config as get_autologging_config
from mlflow._autolog.examples import resolve_input_example_and_signature as resolve_input_example_and_signature
from mlflow._autolog.patch import safe_patch as safe_patch
from mlflow._autolog.patch import update_wrapper_extended as update_wrapper_extended
from mlflow.data.code_dataset_source import CodeDatasetSource as CodeDatasetSource
from mlflow.data.numpy_dataset import from_numpy as from_numpy
from mlflow.data.pandas_dataset import from_pandas as from_pandas
from mlflow.entities.dataset_input import DatasetInput as DatasetInput
from mlflow.entities.input_tag import InputTag as InputTag
from mlflow.exceptions import MlflowException as MlflowException
from mlflow.models.model import Model as Model
from mlflow.models.signature import ModelSignature as ModelSignature
from mlflow.tracking.client import MlflowClient as MlflowClient
import mlflow.models.info
import mlflow.models.model
import mlflow.models.signature
import os

NAMES: Final[dict[str, str]]
__all__ = [
    'CodeDatasetSource',
    'DatasetInput',
    'InputTag',
    'MlflowAutologgingQueueingClient',
    'MlflowClient',
    'MlflowException',
    'Model',
    'ModelSignature',
    '_load_pyfunc',
    'autolog',
    'autologging_integration',
    'disable_autologging',
    'format_docstring',
    'from_numpy',
    'from_pandas',
    'get_autologging_config',
    'get_default_conda_env',
    'get_default_pip_requirements',
    'get_instance_method_first_arg_value',
    'get_total_file_size',
    'is_databricks_uri',
    'is_in_databricks_model_serving_environment',
    'is_in_databricks_runtime',
    'is_polars_dataframe',
    'load_model',
    'log_model',
    'resolve_input_example_and_signature',
    'safe_patch',
    'save_model',
    'update_wrapper_extended',
    'write_to',
]
def _load_pyfunc(path: str | os.PathLike[str], model_config: Any = None) -> Any: ...
def autolog(log_input_examples: bool = False, log_model_signatures: bool = True, log_models: bool = True, log_datasets: bool = True, disable: bool = False, exclusive: bool = False, disable_for_unsupported_versions: bool = False, silent: bool = False, max_tuning_runs: int | None = 5, log_post_training_metrics: bool = True, serialization_format: str = 'cloudpickle', registered_model_name: str | None = None, pos_label: Any = None, extra_tags: dict[str, str] | None = None) -> None: ...
def format_docstring(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_default_conda_env(include_cloudpickle: bool = False, include_skops: bool = False) -> dict[str, Any]: ...
def get_default_pip_requirements(include_cloudpickle: bool = False, include_skops: bool = False) -> list[str]: ...
def get_total_file_size(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_databricks_uri(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_in_databricks_model_serving_environment(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_in_databricks_runtime(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_polars_dataframe(*args: Any, **kwargs: Any) -> NoReturn: ...
def load_model(model_uri: str | os.PathLike[str], dst_path: str | None = None) -> Any: ...
def log_model(sk_model: Any, artifact_path: str | None = None, conda_env: Any = None, code_paths: list[str] | None = None, serialization_format: str | None = None, registered_model_name: str | None = None, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, await_registration_for: int | None = 300, pip_requirements: Any = None, extra_pip_requirements: Any = None, pyfunc_predict_fn: str = 'predict', metadata: dict[str, Any] | None = None, extra_files: list[str] | None = None, params: dict[str, Any] | None = None, tags: dict[str, Any] | None = None, model_type: str | None = None, step: int = 0, model_id: str | None = None, name: str | None = None, skops_trusted_types: list[str] | None = None, **kwargs: Any) -> mlflow.models.info.ModelInfo: ...
def save_model(sk_model: Any, path: str | os.PathLike[str], conda_env: Any = None, code_paths: list[str] | None = None, mlflow_model: mlflow.models.model.Model | None = None, serialization_format: str | None = None, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, pip_requirements: Any = None, extra_pip_requirements: Any = None, pyfunc_predict_fn: str = 'predict', metadata: dict[str, Any] | None = None, skops_trusted_types: list[str] | None = None, extra_files: list[str] | None = None) -> None: ...
def write_to(*args: Any, **kwargs: Any) -> NoReturn: ...
