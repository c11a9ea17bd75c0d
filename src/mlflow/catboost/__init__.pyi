# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow.models.model import Model as Model
from mlflow.models.signature import ModelSignature as ModelSignature
import mlflow.models.info
import mlflow.models.model
import mlflow.models.signature
import os

NAMES: Final[dict[str, str]]
__all__ = [
    'Model',
    'ModelSignature',
    '_load_pyfunc',
    'format_docstring',
    'get_default_conda_env',
    'get_default_pip_requirements',
    'get_total_file_size',
    'load_model',
    'log_model',
    'save_model',
    'write_to',
]
def _load_pyfunc(path: str | os.PathLike[str], model_config: Any = None) -> Any: ...
def format_docstring(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_default_conda_env() -> dict[str, Any]: ...
def get_default_pip_requirements() -> list[str]: ...
def get_total_file_size(*args: Any, **kwargs: Any) -> NoReturn: ...
def load_model(model_uri: str | os.PathLike[str], dst_path: str | None = None) -> Any: ...
def log_model(cb_model: Any, artifact_path: str | None = None, conda_env: Any = None, code_paths: list[str] | None = None, registered_model_name: str | None = None, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, await_registration_for: int | None = 300, pip_requirements: Any = None, extra_pip_requirements: Any = None, metadata: dict[str, Any] | None = None, extra_files: list[str] | None = None, name: str | None = None, params: dict[str, Any] | None = None, tags: dict[str, Any] | None = None, model_type: str | None = None, step: int = 0, model_id: str | None = None, **kwargs: Any) -> mlflow.models.info.ModelInfo: ...
def save_model(cb_model: Any, path: str | os.PathLike[str], conda_env: Any = None, code_paths: list[str] | None = None, mlflow_model: mlflow.models.model.Model | None = None, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, pip_requirements: Any = None, extra_pip_requirements: Any = None, metadata: dict[str, Any] | None = None, extra_files: list[str] | None = None, **kwargs: Any) -> None: ...
def write_to(*args: Any, **kwargs: Any) -> NoReturn: ...
