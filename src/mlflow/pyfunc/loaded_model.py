"""A loaded model: one ``predict`` for every flavor, its input checked against the signature.

The schema is compiled once, when the model is loaded; a call that needs no conversion costs a few
comparisons over the raw model.
"""

from __future__ import annotations

import inspect
import logging
from typing import TYPE_CHECKING, Any

from mlflow.exceptions import MlflowException
from mlflow.models.enforce import InputPlan, ParamsPlan
from mlflow.types.type_hints import like_example

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mlflow.models.model import Model

_logger = logging.getLogger(__name__)


class PyFuncModel:
    """A model that was loaded, with its metadata."""

    __module__ = "mlflow.pyfunc"  # where it is public, and where pickles name it

    def __init__(
        self,
        model_meta: Model,
        model_impl: Any,
        predict_fn: str = "predict",
        predict_stream_fn: str | None = None,
        model_id: str | None = None,
    ) -> None:
        """Compile the signature and find the functions.

        Args:
            model_meta: What MLmodel says.
            model_impl: What the flavor loaded.
            predict_fn: The name of the function that predicts.
            predict_stream_fn: The name of the one that predicts piece by piece.
            model_id: The logged model's id.

        Raises:
            MlflowException: there is no such function, or no metadata.
        """
        if not hasattr(model_impl, predict_fn):
            raise MlflowException(f"Model implementation is missing required {predict_fn} method.")
        if not model_meta:
            raise MlflowException("Model is missing metadata.")
        self._model_meta = model_meta
        self._model_impl = model_impl
        self._predict_fn = getattr(model_impl, predict_fn)
        stream = predict_stream_fn or "predict_stream"
        self._predict_stream_fn = getattr(model_impl, stream, None)
        self._model_id = model_id
        self._folder: Path | None = None
        self._kept_example: tuple[Any] | None = None
        inputs, params = model_meta.get_input_schema(), model_meta.get_params_schema()
        copy = not getattr(model_impl, "keeps_input", False)
        # Data for a type hint are checked by the function that has it.
        signature = model_meta.signature
        self._from_example = signature is not None and signature._type_hint_from_example  # noqa: SLF001
        if inputs is None or (signature is not None and signature._from_type_hint):  # noqa: SLF001
            self._inputs = None
        else:
            self._inputs = InputPlan(inputs, copy=copy)
        self._params = ParamsPlan(params)
        self._takes_params = _takes_params(self._predict_fn)

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """Return the model's predictions.

        Args:
            data: A DataFrame, Series, array, sparse matrix, list, dictionary or scalar; with a
                signature, whatever can be converted to it without loss.
            params: Parameters of inference, by name.

        Raises:
            MlflowException: INVALID_PARAMETER_VALUE where data or parameters do not fit.
        """
        given = self._params.enforce(params)
        if self._inputs is not None:
            data = self._inputs.enforce(data)
            if self._from_example:
                data = like_example(data, self._example())
        if self._takes_params:
            return self._predict_fn(data, params=given)
        if given:
            _logger.warning(
                "The model does not take parameters; these are ignored: %s", list(given)
            )
        return self._predict_fn(data)

    def predict_stream(self, data: Any, params: dict[str, Any] | None = None) -> Iterator[Any]:
        """Return the model's answer piece by piece.

        Args:
            data: See ``predict``.
            params: See ``predict``.

        Raises:
            MlflowException: the model cannot do that.
        """
        if self._predict_stream_fn is None:
            raise MlflowException("This model does not support predict_stream method.")
        given = self._params.enforce(params)
        if self._inputs is not None:
            data = self._inputs.enforce(data)
        if _takes_params(self._predict_stream_fn):
            pieces: Iterator[Any] = self._predict_stream_fn(data, params=given)
        else:
            pieces = self._predict_stream_fn(data)
        return pieces

    def unwrap_python_model(self) -> Any:
        """Return the ``PythonModel`` inside.

        Raises:
            MlflowException: there is none.
        """
        python_model = getattr(self._model_impl, "python_model", None)
        if python_model is None:
            raise MlflowException("Unable to retrieve base model object from pyfunc.")
        return python_model

    def get_raw_model(self) -> Any:
        """Return the model of the flavor's own library.

        Raises:
            NotImplementedError: the flavor does not give it.
        """
        if not hasattr(self._model_impl, "get_raw_model"):
            raise NotImplementedError("`get_raw_model` is not implemented by the underlying model")
        return self._model_impl.get_raw_model()

    @property
    def metadata(self) -> Model:
        """What MLmodel says."""
        if self._model_meta is None:
            raise MlflowException("Model is missing metadata.")
        return self._model_meta

    @property
    def model_config(self) -> dict[str, Any]:
        """The model's configuration."""
        config: dict[str, Any] | None = self._function().get("config")
        return config or {}

    @property
    def loader_module(self) -> str | None:
        """The module that loaded it."""
        module: str | None = self._function().get("loader_module")
        return module

    @property
    def model_id(self) -> str | None:
        """The logged model's id."""
        return self._model_id

    @property
    def input_example(self) -> Any:
        """The model's input example, without its parameters."""
        folder = str(self._folder) if self._folder is not None else None
        return self._model_meta.load_input_example(folder)

    def _example(self) -> Any:
        if self._kept_example is None:
            self._kept_example = (self.input_example,)
        return self._kept_example[0]

    def _function(self) -> dict[str, Any]:
        conf: dict[str, Any] = self._model_meta.flavors.get("python_function", {})
        return conf

    def __repr__(self) -> str:
        known = {
            "artifact_path": self._model_meta.artifact_path,
            "flavor": self.loader_module,
            "run_id": self._model_meta.run_id,
        }
        lines = [f"  {key}: {value}\n" for key, value in known.items() if value is not None]
        return "mlflow.pyfunc.loaded_model:\n" + "".join(lines)


def _takes_params(function: Any) -> bool:
    """Return whether a function has a parameter ``params``; ``**params`` is something else."""
    try:
        found = inspect.signature(function).parameters.get("params")
    except (TypeError, ValueError):
        return False
    return found is not None and found.kind is not inspect.Parameter.VAR_KEYWORD
