# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow._flavor.embeddings import embeddings_answer as postprocess_output_for_llm_v1_embedding_task
from mlflow.exceptions import MlflowException as MlflowException
from mlflow.models.model import Model as Model
from mlflow.models.signature import ModelSignature as ModelSignature
from mlflow.pyfunc.python_api import infer_pip_requirements as infer_pip_requirements
from mlflow.types.schema import ColSpec as ColSpec
from mlflow.types.schema import Schema as Schema
from mlflow.types.schema import TensorSpec as TensorSpec
import mlflow.models.info
import mlflow.models.model
import mlflow.models.signature
import os

NAMES: Final[dict[str, str]]
__all__ = [
    'ColSpec',
    'MlflowException',
    'Model',
    'ModelSignature',
    'Prompt',
    'Schema',
    'TensorSpec',
    '_load_pyfunc',
    'docstring_version_compatibility_warning',
    'format_docstring',
    'get_default_conda_env',
    'get_default_pip_requirements',
    'get_total_file_size',
    'infer_pip_requirements',
    'load_model',
    'log_model',
    'postprocess_output_for_llm_v1_embedding_task',
    'save_model',
    'write_to',
]

class Prompt:
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def __getattr__(self, name: str) -> Any: ...
def _load_pyfunc(path: str | os.PathLike[str], model_config: Any = None) -> Any: ...
def docstring_version_compatibility_warning(*args: Any, **kwargs: Any) -> NoReturn: ...
def format_docstring(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_default_conda_env() -> dict[str, Any]: ...
def get_default_pip_requirements() -> list[str]: ...
def get_total_file_size(*args: Any, **kwargs: Any) -> NoReturn: ...
def load_model(model_uri: str | os.PathLike[str], dst_path: str | None = None) -> Any: ...
def log_model(model: Any, artifact_path: str | None = None, task: str | None = None, inference_config: dict[str, Any] | None = None, code_paths: list[str] | None = None, registered_model_name: str | None = None, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, await_registration_for: int | None = 300, pip_requirements: Any = None, extra_pip_requirements: Any = None, conda_env: Any = None, metadata: dict[str, Any] | None = None, extra_files: list[str] | None = None, prompts: list[Any] | None = None, name: str | None = None, params: dict[str, Any] | None = None, tags: dict[str, Any] | None = None, model_type: str | None = None, step: int = 0, model_id: str | None = None, **kwargs: Any) -> mlflow.models.info.ModelInfo: ...
def save_model(model: Any, path: str | os.PathLike[str], task: str | None = None, inference_config: dict[str, Any] | None = None, code_paths: list[str] | None = None, mlflow_model: mlflow.models.model.Model | None = None, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, pip_requirements: Any = None, extra_pip_requirements: Any = None, conda_env: Any = None, metadata: dict[str, Any] | None = None, extra_files: list[str] | None = None, **kwargs: Any) -> None: ...
def write_to(*args: Any, **kwargs: Any) -> NoReturn: ...
