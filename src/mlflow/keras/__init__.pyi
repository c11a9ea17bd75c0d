# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow._autolog.keras_callbacks import KerasCallback as MLflowCallback
from mlflow._autolog.keras_callbacks import KerasCallback as MlflowCallback
import mlflow.models.info
import mlflow.models.model
import mlflow.models.signature
import os

NAMES: Final[dict[str, str]]
__all__ = [
    'MLflowCallback',
    'MlflowCallback',
    '_load_pyfunc',
    'autolog',
    'get_default_conda_env',
    'get_default_pip_requirements',
    'load_model',
    'log_model',
    'save_model',
]
def _load_pyfunc(path: str | os.PathLike[str], model_config: Any = None) -> Any: ...
def autolog(log_every_epoch: bool = True, log_every_n_steps: int | None = None, log_models: bool = True, log_model_signatures: bool = True, save_exported_model: bool = False, log_datasets: bool = True, log_input_examples: bool = False, disable: bool = False, exclusive: bool = False, disable_for_unsupported_versions: bool = False, silent: bool = False, registered_model_name: str | None = None, save_model_kwargs: dict[str, Any] | None = None, extra_tags: dict[str, str] | None = None) -> None: ...
def get_default_conda_env() -> dict[str, Any]: ...
def get_default_pip_requirements() -> list[str]: ...
def load_model(model_uri: str | os.PathLike[str], dst_path: str | None = None, custom_objects: dict[str, Any] | None = None, load_model_kwargs: dict[str, Any] | None = None) -> Any: ...
def log_model(model: Any, artifact_path: str | None = None, save_exported_model: bool = False, conda_env: Any = None, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, registered_model_name: str | None = None, await_registration_for: int | None = 300, pip_requirements: Any = None, extra_pip_requirements: Any = None, save_model_kwargs: dict[str, Any] | None = None, metadata: dict[str, Any] | None = None, name: str | None = None, params: dict[str, Any] | None = None, tags: dict[str, Any] | None = None, model_type: str | None = None, step: int = 0, model_id: str | None = None) -> mlflow.models.info.ModelInfo: ...
def save_model(model: Any, path: str | os.PathLike[str], save_exported_model: bool = False, conda_env: Any = None, mlflow_model: mlflow.models.model.Model | None = None, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, pip_requirements: Any = None, extra_pip_requirements: Any = None, save_model_kwargs: dict[str, Any] | None = None, metadata: dict[str, Any] | None = None) -> None: ...
