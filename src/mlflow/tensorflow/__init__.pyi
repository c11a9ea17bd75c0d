# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow._autolog.keras_callbacks import MlflowModelCheckpointCallback as MlflowModelCheckpointCallback
from mlflow._autolog.keras_callbacks import TensorflowCallback as MLflowCallback
from mlflow._autolog.keras_callbacks import TensorflowCallback as MlflowCallback
from mlflow._autolog.keras_callbacks import load_checkpoint as load_checkpoint
from mlflow.tensorflow.flavor import get_global_custom_objects as get_global_custom_objects
import mlflow.models.info
import mlflow.models.model
import mlflow.models.signature
import os

NAMES: Final[dict[str, str]]
__all__ = [
    'MLflowCallback',
    'MlflowCallback',
    'MlflowModelCheckpointCallback',
    '_load_pyfunc',
    'autolog',
    'get_default_conda_env',
    'get_default_pip_requirements',
    'get_global_custom_objects',
    'load_checkpoint',
    'load_model',
    'log_model',
    'save_model',
]
def _load_pyfunc(path: str | os.PathLike[str], model_config: Any = None) -> Any: ...
def autolog(log_models: bool = True, log_datasets: bool = True, disable: bool = False, exclusive: bool = False, disable_for_unsupported_versions: bool = False, silent: bool = False, registered_model_name: str | None = None, log_input_examples: bool = False, log_model_signatures: bool = True, saved_model_kwargs: dict[str, Any] | None = None, keras_model_kwargs: dict[str, Any] | None = None, extra_tags: dict[str, str] | None = None, log_every_epoch: bool = True, log_every_n_steps: int | None = None, checkpoint: bool = True, checkpoint_monitor: str = 'val_loss', checkpoint_mode: str = 'min', checkpoint_save_best_only: bool = True, checkpoint_save_weights_only: bool = False, checkpoint_save_freq: str | int = 'epoch') -> None: ...
def get_default_conda_env(include_cloudpickle: bool = False) -> dict[str, Any]: ...
def get_default_pip_requirements(include_cloudpickle: bool = False) -> list[str]: ...
def load_model(model_uri: str | os.PathLike[str], dst_path: str | None = None, saved_model_kwargs: dict[str, Any] | None = None, keras_model_kwargs: dict[str, Any] | None = None) -> Any: ...
def log_model(model: Any, artifact_path: str | None = None, custom_objects: dict[str, Any] | None = None, conda_env: Any = None, code_paths: list[str] | None = None, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, registered_model_name: str | None = None, await_registration_for: int | None = 300, pip_requirements: Any = None, extra_pip_requirements: Any = None, saved_model_kwargs: dict[str, Any] | None = None, keras_model_kwargs: dict[str, Any] | None = None, metadata: dict[str, Any] | None = None, extra_files: list[str] | None = None, name: str | None = None, params: dict[str, Any] | None = None, tags: dict[str, Any] | None = None, model_type: str | None = None, step: int = 0, model_id: str | None = None, **kwargs: Any) -> mlflow.models.info.ModelInfo: ...
def save_model(model: Any, path: str | os.PathLike[str], conda_env: Any = None, code_paths: list[str] | None = None, mlflow_model: mlflow.models.model.Model | None = None, custom_objects: dict[str, Any] | None = None, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, pip_requirements: Any = None, extra_pip_requirements: Any = None, saved_model_kwargs: dict[str, Any] | None = None, keras_model_kwargs: dict[str, Any] | None = None, metadata: dict[str, Any] | None = None, extra_files: list[str] | None = None) -> None: ...
