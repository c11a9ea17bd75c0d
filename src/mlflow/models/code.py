"""Models from code: a Python file that says with ``set_model`` which object is the model.

No pickle is written; the file is kept, and run when the model is loaded.
"""

from __future__ import annotations

import importlib.util
import sys
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final

from mlflow._core.ids import new_uuid
from mlflow.exceptions import MlflowException
from mlflow.models import yamlfile
from mlflow.models.choke import admit_code

_UNSET: Final = object()
# What a file that is being run sets and reads: the model, and the model's configuration.
_model: ContextVar[Any] = ContextVar("mlflow_model_from_code", default=None)
_config: ContextVar[Any] = ContextVar("mlflow_model_config", default=_UNSET)


def set_model(model: Any) -> None:
    """Say which object of a file is the model, where the file is logged as a model from code.

    Args:
        model: A ``PythonModel``, a function, or the object of a flavor that takes code.

    Raises:
        MlflowException: it can be no model.
    """
    if not (callable(model) or hasattr(model, "predict") or _of_a_library(model)):
        raise MlflowException(
            "Model should either be an instance of PyFuncModel, Langchain type, or LlamaIndex"
            f" index; got {type(model).__name__}. A PythonModel or a function is one."
        )
    _model.set(model)


def _of_a_library(model: Any) -> bool:
    module = type(model).__module__.partition(".")[0]
    return module.startswith(("langchain", "langgraph", "llama_index"))


def load_code(path: Path, model_config: dict[str, Any] | None) -> Any:
    """Run a file and return the model that it sets; the policy of formats with code decides.

    Args:
        path: The file.
        model_config: What ``ModelConfig`` reads in it.

    Raises:
        MlflowException: the policy refuses it, it fails, or it sets no model.
    """
    admit_code("Python source", path)
    name = f"code_model_{new_uuid()}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise MlflowException(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    model, config = _model.set(None), _config.set(model_config)
    try:
        spec.loader.exec_module(module)
        found = _model.get()
    except Exception as error:
        del sys.modules[name]
        raise MlflowException(f"Failed to run user code from {path}. Error: {error}.") from error
    finally:
        _model.reset(model)
        _config.reset(config)
    if found is None:
        del sys.modules[name]
        raise MlflowException(
            f"{path.name} sets no model: call mlflow.models.set_model(...) in it to specify the"
            " model object."
        )
    return found


class ModelConfig:
    """The configuration that the code of a model reads, other in development than when served."""

    def __init__(self, *, development_config: str | dict[str, Any] | None = None) -> None:
        """Find the configuration: the logged one in a loaded model, the given one elsewhere.

        Args:
            development_config: A dictionary or the path of a YAML file, for runs of the file by
                itself.

        Raises:
            FileNotFoundError: there is none.
        """
        logged = _config.get()
        given = development_config if logged is _UNSET else logged
        if not given:
            raise FileNotFoundError(
                "Config file is not provided which is needed to load the model. Please provide a"
                " valid path."
            )
        self._values = given if isinstance(given, dict) else _read(given)

    def get(self, key: str) -> Any:
        """Return a value.

        Args:
            key: Its name.

        Raises:
            KeyError: there is none.
        """
        if key not in self._values:
            raise KeyError(f"Key {key!r} not found in configuration: {self._values}.")
        return self._values[key]

    def to_dict(self) -> dict[str, Any]:
        """Return all values."""
        return dict(self._values)


def _read(path: Any) -> dict[str, Any]:
    if not Path(str(path)).is_file():
        raise FileNotFoundError(f"Config file '{path}' not found.")
    values: dict[str, Any] = yamlfile.load(Path(path))
    return values


def as_config(given: Any) -> dict[str, Any] | None:
    """Return a model's configuration from what ``log_model`` was given.

    Args:
        given: A dictionary, or the path of a YAML file; None is none.
    """
    return _read(given) if isinstance(given, (str, Path)) else given


def code_file(given: str | Path) -> Path:
    """Return the file of a model from code.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where it is no Python file.
    """
    path = Path(given).resolve()
    if not path.exists():
        raise MlflowException.invalid_parameter_value(
            f"The provided model path '{path}' does not exist. Ensure the file path is valid and"
            " try again."
        )
    if not path.is_file() or path.suffix != ".py":
        raise MlflowException.invalid_parameter_value(
            f"The provided model path '{path}' is not a valid Python file path."
        )
    return path
