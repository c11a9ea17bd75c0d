# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow.pytorch.callbacks import MlflowModelCheckpointCallback as MlflowModelCheckpointCallback
from mlflow.pytorch.callbacks import load_checkpoint as load_checkpoint
from mlflow.pytorch.state_dicts import load_state_dict as load_state_dict
from mlflow.pytorch.state_dicts import log_state_dict as log_state_dict
from mlflow.pytorch.state_dicts import save_state_dict as save_state_dict
import mlflow.models.info
import mlflow.models.model
import mlflow.models.signature
import os

NAMES: Final[dict[str, str]]
__all__ = [
    'MlflowModelCheckpointCallback',
    '_load_pyfunc',
    'autolog',
    'get_default_conda_env',
    'get_default_pip_requirements',
    'load_checkpoint',
    'load_model',
    'load_state_dict',
    'log_model',
    'log_state_dict',
    'save_model',
    'save_state_dict',
]
def _load_pyfunc(path: str | os.PathLike[str], model_config: Any = None) -> Any: ...
def autolog(log_every_n_epoch: int = 1, log_every_n_step: int | None = None, log_models: bool = True, log_datasets: bool = True, disable: bool = False, exclusive: bool = False, disable_for_unsupported_versions: bool = False, silent: bool = False, registered_model_name: str | None = None, extra_tags: dict[str, str] | None = None, checkpoint: bool = True, checkpoint_monitor: str = 'val_loss', checkpoint_mode: str = 'min', checkpoint_save_best_only: bool = True, checkpoint_save_weights_only: bool = False, checkpoint_save_freq: str | int = 'epoch', log_model_signatures: bool = True) -> None: ...
def get_default_conda_env() -> dict[str, Any]: ...
def get_default_pip_requirements() -> list[str]: ...
def load_model(model_uri: str | os.PathLike[str], dst_path: str | None = None, **kwargs: Any) -> Any: ...
def log_model(pytorch_model: Any, artifact_path: str | None = None, conda_env: Any = None, code_paths: list[str] | None = None, pickle_module: Any = None, registered_model_name: str | None = None, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, await_registration_for: int | None = 300, extra_files: list[str] | None = None, pip_requirements: Any = None, extra_pip_requirements: Any = None, metadata: dict[str, Any] | None = None, name: str | None = None, params: dict[str, Any] | None = None, tags: dict[str, Any] | None = None, model_type: str | None = None, step: int = 0, model_id: str | None = None, export_model: bool = False, serialization_format: str | None = None, **kwargs: Any) -> mlflow.models.info.ModelInfo: ...
def save_model(pytorch_model: Any, path: str | os.PathLike[str], conda_env: Any = None, mlflow_model: mlflow.models.model.Model | None = None, code_paths: list[str] | None = None, pickle_module: Any = None, signature: mlflow.models.signature.ModelSignature | bool | None = None, input_example: Any = None, extra_files: list[str] | None = None, pip_requirements: Any = None, extra_pip_requirements: Any = None, metadata: dict[str, Any] | None = None, export_model: bool = False, serialization_format: str | None = None, **kwargs: Any) -> None: ...
