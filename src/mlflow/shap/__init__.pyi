# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow.exceptions import MlflowException as MlflowException
from mlflow.models.model import Model as Model
from mlflow.models.signature import ModelSignature as ModelSignature
from mlflow.shap.explanation import log_explanation as log_explanation
from mlflow.shap.flavor import get_underlying_model_flavor as get_underlying_model_flavor
import mlflow.models.info
import mlflow.models.model
import mlflow.models.signature
import os

NAMES: Final[dict[str, str]]
__all__ = [
    'MlflowException',
    'Model',
    'ModelSignature',
    '_load_pyfunc',
    'append_to_uri_path',
    'format_docstring',
    'get_default_conda_env',
    'get_default_pip_requirements',
    'get_underlying_model_flavor',
    'is_in_databricks_model_serving_environment',
    'is_in_databricks_runtime',
    'load_explainer',
    'log_explainer',
    'log_explanation',
    'save_explainer',
    'save_model',
    'write_to',
]
def _load_pyfunc(path: str | os.PathLike[str], model_config: Any = None) -> Any: ...
def append_to_uri_path(*args: Any, **kwargs: Any) -> NoReturn: ...
def format_docstring(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_default_conda_env() -> dict[str, Any]: ...
def get_default_pip_requirements() -> list[str]: ...
def is_in_databricks_model_serving_environment(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_in_databricks_runtime(*args: Any, **kwargs: Any) -> NoReturn: ...
def load_explainer(model_uri: str | os.PathLike[str]) -> Any: ...
def log_explainer(explainer: Any, artifact_path: str | None = None, serialize_model_using_mlflow: bool = True, conda_env: Any = None, code_paths: list[str] | None = None, registered_model_name: str | None = None, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, await_registration_for: int | None = 300, pip_requirements: Any = None, extra_pip_requirements: Any = None, name: str | None = None, metadata: dict[str, Any] | None = None, params: dict[str, Any] | None = None, tags: dict[str, Any] | None = None, model_type: str | None = None, step: int = 0, model_id: str | None = None) -> mlflow.models.info.ModelInfo: ...
def save_explainer(explainer: Any, path: str | os.PathLike[str], serialize_model_using_mlflow: bool = True, conda_env: Any = None, code_paths: list[str] | None = None, mlflow_model: mlflow.models.model.Model | None = None, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, pip_requirements: Any = None, extra_pip_requirements: Any = None, metadata: dict[str, Any] | None = None) -> None: ...
def save_model(explainer: Any, path: str | os.PathLike[str], serialize_model_using_mlflow: bool = True, conda_env: Any = None, code_paths: list[str] | None = None, mlflow_model: mlflow.models.model.Model | None = None, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, pip_requirements: Any = None, extra_pip_requirements: Any = None, metadata: dict[str, Any] | None = None) -> None: ...
def write_to(*args: Any, **kwargs: Any) -> NoReturn: ...
