"""Models that are Python code: the base class, and how one is loaded.

``loader_module: mlflow.pyfunc.model`` in MLmodel names this file; it cannot move.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlflow.exceptions import MlflowException
from mlflow.models.choke import load_pickle
from mlflow.models.location import MLMODEL_FILE
from mlflow.models.model import Model

if TYPE_CHECKING:
    from collections.abc import Callable

MODEL_FILE: Final = "python_model.pkl"


class PythonModelContext:
    """What a Python model gets with its files: where they are, and its configuration."""

    def __init__(self, artifacts: dict[str, str], model_config: dict[str, Any] | None) -> None:
        self._artifacts = artifacts
        self._model_config = model_config

    @property
    def artifacts(self) -> dict[str, str]:
        """The path of each artifact, by name."""
        return self._artifacts

    @property
    def model_config(self) -> dict[str, Any] | None:
        """The model's configuration."""
        return self._model_config


class PythonModel:
    """The base class of a model that is Python code; subclasses define ``predict``."""

    def load_context(self, context: PythonModelContext) -> None:
        """Load what the model needs from its artifacts; called once, before any prediction.

        Args:
            context: Where the artifacts are.
        """

    @property
    def predict_type_hints(self) -> Any:
        """The type hints of ``predict``; not built yet."""
        return None

    def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        """Return predictions.

        Args:
            context: The artifacts and the configuration.
            model_input: What ``PyFuncModel.predict`` was given.
            params: The parameters of inference.
        """
        raise NotImplementedError("A PythonModel defines `predict`.")

    def predict_stream(
        self, context: Any, model_input: Any, params: dict[str, Any] | None = None
    ) -> Any:
        """Return predictions piece by piece.

        Args:
            context: The artifacts and the configuration.
            model_input: What ``PyFuncModel.predict_stream`` was given.
            params: The parameters of inference.
        """
        raise NotImplementedError("This PythonModel does not define `predict_stream`.")


class FunctionModel(PythonModel):
    """A plain function as a Python model."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:  # noqa: ARG002 - the base's
        """Return what the function returns.

        Args:
            context: Not used.
            model_input: Its first argument.
            params: Its ``params``, if it takes them.
        """
        if "params" in inspect.signature(self.function).parameters:
            return self.function(model_input, params=params)
        return self.function(model_input)


class PythonModelWrapper:
    """Calls a Python model with its context."""

    def __init__(self, python_model: Any, context: PythonModelContext) -> None:
        self.python_model = python_model
        self.context = context
        self._predict = _caller(python_model.predict, context)
        self._stream = _caller(python_model.predict_stream, context)

    def predict(self, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        """Return predictions.

        Args:
            model_input: The data.
            params: The parameters of inference.
        """
        return self._predict(model_input, params)

    def predict_stream(self, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        """Return predictions piece by piece.

        Args:
            model_input: The data.
            params: The parameters of inference.
        """
        return self._stream(model_input, params)

    def get_raw_model(self) -> Any:
        """Return the Python model."""
        return self.python_model


def _caller(function: Callable[..., Any], context: PythonModelContext) -> Callable[..., Any]:
    """Return a function of data and parameters that passes what ``function`` takes."""
    names = list(inspect.signature(function).parameters)
    wants_context = bool(names) and names[0] == "context"
    wants_params = "params" in names

    def call(model_input: Any, params: dict[str, Any] | None) -> Any:
        first = (context, model_input) if wants_context else (model_input,)
        return function(*first, params=params) if wants_params else function(*first)

    return call


def _load_pyfunc(path: str, model_config: dict[str, Any] | None = None) -> PythonModelWrapper:
    """Load the Python model of a folder; the contract of a ``loader_module``."""
    folder = Path(path)
    conf = Model.load(folder / MLMODEL_FILE).flavors["python_function"]
    name = conf.get("python_model")
    if name is None:
        raise MlflowException(
            "This Python model was logged from code (models from code); that is not built yet:"
            " COMPATIBILITY.md lists what is."
        )
    loaded = load_pickle(_inside(folder, name), format_name="cloudpickle")
    python_model = loaded if hasattr(loaded, "predict") else FunctionModel(loaded)
    artifacts = {
        key: str(_inside(folder, entry["path"]))
        for key, entry in (conf.get("artifacts") or {}).items()
    }
    context = PythonModelContext(artifacts, model_config)
    python_model.load_context(context)
    return PythonModelWrapper(python_model, context)


def _inside(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise MlflowException(f"The model names a file outside its folder: {name!r}")
    return path
