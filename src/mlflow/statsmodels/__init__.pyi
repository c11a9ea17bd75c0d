# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow._autolog.arguments import log_fn_args_as_params as log_fn_args_as_params
from mlflow._autolog.config import autologging_integration as autologging_integration
from mlflow._autolog.config import get_autologging_config as get_autologging_config
from mlflow._autolog.patch import safe_patch as safe_patch
from mlflow.exceptions import MlflowException as MlflowException
from mlflow.models.model import Model as Model
from mlflow.models.signature import ModelSignature as ModelSignature
import mlflow.models.info
import mlflow.models.model
import mlflow.models.signature
import os

NAMES: Final[dict[str, str]]
__all__ = [
    'AutologHelpers',
    'MlflowException',
    'Model',
    'ModelSignature',
    'ThreadLocalVariable',
    '_load_pyfunc',
    'autolog',
    'autologging_integration',
    'format_docstring',
    'get_autologging_config',
    'get_default_conda_env',
    'get_default_pip_requirements',
    'get_total_file_size',
    'is_in_databricks_model_serving_environment',
    'is_in_databricks_runtime',
    'load_model',
    'log_fn_args_as_params',
    'log_model',
    'safe_patch',
    'save_model',
    'write_to',
]

class AutologHelpers:
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def __getattr__(self, name: str) -> Any: ...

class ThreadLocalVariable:
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def __getattr__(self, name: str) -> Any: ...
def _load_pyfunc(path: str | os.PathLike[str], model_config: Any = None) -> Any: ...
def autolog(log_models: bool = True, log_datasets: bool = True, disable: bool = False, exclusive: bool = False, disable_for_unsupported_versions: bool = False, silent: bool = False, registered_model_name: str | None = None, extra_tags: dict[str, str] | None = None) -> None: ...
def format_docstring(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_default_conda_env() -> dict[str, Any]: ...
def get_default_pip_requirements() -> list[str]: ...
def get_total_file_size(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_in_databricks_model_serving_environment(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_in_databricks_runtime(*args: Any, **kwargs: Any) -> NoReturn: ...
def load_model(model_uri: str | os.PathLike[str], dst_path: str | None = None) -> Any: ...
def log_model(statsmodels_model: Any, artifact_path: str | None = None, conda_env: Any = None, code_paths: list[str] | None = None, registered_model_name: str | None = None, remove_data: bool = False, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, await_registration_for: int | None = 300, pip_requirements: Any = None, extra_pip_requirements: Any = None, metadata: dict[str, Any] | None = None, extra_files: list[str] | None = None, name: str | None = None, params: dict[str, Any] | None = None, tags: dict[str, Any] | None = None, model_type: str | None = None, step: int = 0, model_id: str | None = None, **kwargs: Any) -> mlflow.models.info.ModelInfo: ...
def save_model(statsmodels_model: Any, path: str | os.PathLike[str], conda_env: Any = None, code_paths: list[str] | None = None, mlflow_model: mlflow.models.model.Model | None = None, remove_data: bool = False, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, pip_requirements: Any = None, extra_pip_requirements: Any = None, metadata: dict[str, Any] | None = None, extra_files: list[str] | None = None) -> None: ...
def write_to(*args: Any, **kwargs: Any) -> NoReturn: ...
