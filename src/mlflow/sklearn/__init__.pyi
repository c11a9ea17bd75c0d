# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow.entities.dataset_input import DatasetInput as DatasetInput
from mlflow.entities.input_tag import InputTag as InputTag
from mlflow.exceptions import MlflowException as MlflowException
from mlflow.models.model import Model as Model
from mlflow.models.signature import ModelSignature as ModelSignature
from mlflow.sklearn.flavor import _load_pyfunc as _load_pyfunc
from mlflow.sklearn.flavor import get_default_conda_env as get_default_conda_env
from mlflow.sklearn.flavor import get_default_pip_requirements as get_default_pip_requirements
from mlflow.sklearn.flavor import load_model as load_model
from mlflow.sklearn.flavor import log_model as log_model
from mlflow.sklearn.flavor import save_model as save_model
from mlflow.tracking.client import MlflowClient as MlflowClient

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

class CodeDatasetSource:
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def __getattr__(self, name: str) -> Any: ...

class MlflowAutologgingQueueingClient:
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def __getattr__(self, name: str) -> Any: ...
def autolog(*args: Any, **kwargs: Any) -> NoReturn: ...
def autologging_integration(*args: Any, **kwargs: Any) -> NoReturn: ...
def disable_autologging(*args: Any, **kwargs: Any) -> NoReturn: ...
def format_docstring(*args: Any, **kwargs: Any) -> NoReturn: ...
def from_numpy(*args: Any, **kwargs: Any) -> NoReturn: ...
def from_pandas(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_autologging_config(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_instance_method_first_arg_value(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_total_file_size(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_databricks_uri(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_in_databricks_model_serving_environment(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_in_databricks_runtime(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_polars_dataframe(*args: Any, **kwargs: Any) -> NoReturn: ...
def resolve_input_example_and_signature(*args: Any, **kwargs: Any) -> NoReturn: ...
def safe_patch(*args: Any, **kwargs: Any) -> NoReturn: ...
def update_wrapper_extended(*args: Any, **kwargs: Any) -> NoReturn: ...
def write_to(*args: Any, **kwargs: Any) -> NoReturn: ...
