"""Models that are Python code: the base class, and how one is loaded.

``loader_module: mlflow.pyfunc.model`` in MLmodel names this file; it cannot move.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

from mlflow._core.lazy import attach
from mlflow.exceptions import MlflowException
from mlflow.models.choke import load_pickle
from mlflow.models.code import load_code
from mlflow.models.dependencies_schemas import take_schemas
from mlflow.models.location import MLMODEL_FILE
from mlflow.models.model import Model
from mlflow.models.signature import _TypeHints
from mlflow.pyfunc.foreign import find, without_tracing
from mlflow.pyfunc.utils.data_validation import checked, hints_of, takes_context
from mlflow.types.type_hints import from_frame, has_no_schema, validate

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
    """The base class of a model that is Python code; subclasses define ``predict``.

    The type hint of its ``model_input``, a ``list[...]``, gives the model's signature, and what
    ``predict`` is given is checked against it.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        predict = cls.__dict__.get("predict")
        if inspect.isfunction(predict):
            cls.predict = cls._around(predict)

    _around = staticmethod(checked)  # what is put around `predict`

    def load_context(self, context: PythonModelContext) -> None:
        """Load what the model needs from its artifacts; called once, before any prediction.

        Args:
            context: Where the artifacts are.
        """

    @property
    def predict_type_hints(self) -> _TypeHints:
        """The type hints of ``predict``'s input and output."""
        if getattr(self, "_predict_type_hints", None) is None:
            self._predict_type_hints = _TypeHints(*hints_of(self._function()))
        return self._predict_type_hints

    def _function(self) -> Callable[..., Any]:
        function: Callable[..., Any] = type(self).predict
        return function

    if TYPE_CHECKING:  # subclasses take what they want of the context, the input, the parameters
        predict: Any
        predict_stream: Any
    else:

        def predict(
            self, context: Any, model_input: Any, params: dict[str, Any] | None = None
        ) -> Any:
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


class _FunctionPythonModel(PythonModel):
    """A plain function as a Python model; pickles name the class and both attributes."""

    def __init__(self, func: Callable[..., Any], signature: Any = None) -> None:
        self.signature = signature
        self.func = checked(func)

    def _function(self) -> Callable[..., Any]:
        return self.func

    def predict(self, model_input: Any, params: dict[str, Any] | None = None) -> Any:  # noqa: ARG002 - a function has none
        """Return what the function returns.

        Args:
            model_input: Its argument.
            params: Not used.
        """
        return self.func(model_input)


def as_python_model(given: Any) -> PythonModel:
    """Return a Python model for an object with ``predict`` or for a function.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where it is neither, or the function does not take
            exactly one argument.
    """
    if not isinstance(given, type) and callable(getattr(given, "predict", None)):
        return given  # type: ignore[no-any-return]  # whatever has the function
    if not callable(given):
        raise MlflowException.invalid_parameter_value(
            "`python_model` must be a PythonModel instance, callable object, or path to a script"
            f" that uses set_model(), got {type(given).__name__}"
        )
    count = len(inspect.signature(given).parameters)
    if count != 1:
        raise MlflowException.invalid_parameter_value(
            "When `python_model` is a callable object, it must accept exactly one argument. Found"
            f" {count} arguments."
        )
    return _FunctionPythonModel(given)


class PythonModelWrapper:
    """Calls a Python model with its context."""

    def __init__(self, python_model: Any, context: PythonModelContext) -> None:
        self.python_model = python_model
        self.context = context
        hints = getattr(python_model, "predict_type_hints", None)
        self._hint = None if hints is None or has_no_schema(hints.input) else hints.input
        self._predict = _caller(python_model.predict, context)
        if streams(python_model):
            self._stream = _caller(python_model.predict_stream, context)
            self.predict_stream = self._predict_stream

    def predict(self, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        """Return predictions.

        Args:
            model_input: The data.
            params: The parameters of inference.
        """
        if self._hint is not None and get_origin(self._hint) is list:
            model_input = from_frame(model_input, self._hint)
        return self._predict(model_input, params)

    def _predict_stream(self, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        """Return predictions piece by piece, for one input."""
        one = single(model_input)
        if self._hint is not None and get_origin(self._hint) is list:
            one = validate(one, get_args(self._hint)[0])
        return self._stream(one, params)

    def get_raw_model(self) -> Any:
        """Return the Python model."""
        return self.python_model


def streams(python_model: Any) -> bool:
    """Return whether a Python model answers piece by piece."""
    own = getattr(type(python_model), "predict_stream", None)
    return own is not None and own is not PythonModel.predict_stream


def single(data: Any) -> Any:
    """Return the one input in data: a list's item, a DataFrame's row as a dictionary.

    Raises:
        MlflowException: there are none or several.
    """
    if hasattr(data, "to_dict") and hasattr(data, "columns"):
        unnamed = data.columns.tolist() == [0]
        data = data.iloc[:, 0].tolist() if unnamed else data.to_dict(orient="records")
    if isinstance(data, list) or (type(data).__module__ == "numpy" and data.ndim):
        if len(data) != 1:
            raise MlflowException(
                f"'predict_stream' requires single input, but it got input data {data}"
            )
        return data.tolist()[0] if hasattr(data, "tolist") else data[0]
    return data


def _caller(function: Callable[..., Any], context: PythonModelContext) -> Callable[..., Any]:
    """Return a function of data and parameters that passes what ``function`` takes."""
    names = list(inspect.signature(function).parameters)
    wants_context, wants_params = takes_context(names), "params" in names

    def call(model_input: Any, params: dict[str, Any] | None) -> Any:
        first = (context, model_input) if wants_context else (model_input,)
        return function(*first, params=params) if wants_params else function(*first)

    return call


def load_python_model(
    path: str, model_config: dict[str, Any] | None = None
) -> tuple[Any, PythonModelContext]:
    """Return the Python model of a folder, its context loaded, and the context.

    Args:
        path: The folder.
        model_config: The model's configuration.
    """
    folder = Path(path)
    conf = Model.load(folder / MLMODEL_FILE).flavors["python_function"]
    name = conf.get("python_model")
    if name is None:
        code = inside(folder, Path(conf["model_code_path"]).name)
        loaded = load_code(code, model_config)
        take_schemas()  # they are in the metadata already
    else:
        loaded = without_tracing(
            load_pickle(inside(folder, name), format_name="cloudpickle", find=find)
        )
    python_model = as_python_model(loaded)
    artifacts = {
        key: str(inside(folder, entry["path"]))
        for key, entry in (conf.get("artifacts") or {}).items()
    }
    context = PythonModelContext(artifacts, model_config)
    if hasattr(python_model, "load_context"):
        python_model.load_context(context=context)
    return python_model, context


def _load_pyfunc(path: str, model_config: dict[str, Any] | None = None) -> PythonModelWrapper:
    """Load the Python model of a folder; the contract of a ``loader_module``."""
    return PythonModelWrapper(*load_python_model(path, model_config))


def inside(folder: Path, name: str) -> Path:
    """Return the path of a file that a model names.

    Raises:
        MlflowException: it leads out of the model's folder.
    """
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise MlflowException(f"The model names a file outside its folder: {name!r}")
    return path


# Pickles name these here; they live in files of their own, above this one.
__getattr__, __dir__, _ = attach(
    __name__,
    {
        "ChatAgent": "mlflow.pyfunc.chat_agent:ChatAgent",
        "ChatModel": "mlflow.pyfunc.chat_model:ChatModel",
        "ResponsesAgent": "mlflow.pyfunc.responses_agent:ResponsesAgent",
    },
)
