"""Writing a Python model: its pickle or its code, its artifacts, its signature."""

from __future__ import annotations

import logging
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_origin

from mlflow._core.guard import contained
from mlflow.exceptions import MlflowException
from mlflow.models.choke import dump_pickle
from mlflow.models.code import code_file, load_code
from mlflow.models.code_paths import imported_by
from mlflow.models.environment import installed_version
from mlflow.models.location import fetch_model
from mlflow.models.requirements import pickled_modules
from mlflow.models.saving import Dumped, signature_of_example
from mlflow.models.signature import ModelSignature, any_schema
from mlflow.pyfunc.model import (
    MODEL_FILE,
    PythonModelContext,
    PythonModelWrapper,
    as_python_model,
    streams,
)
from mlflow.pyfunc.shape import shape_of
from mlflow.types.infer import infer_param_schema
from mlflow.types.type_hints import (
    InvalidTypeHintException,
    UnsupportedTypeHintException,
    element_schema,
    has_no_schema,
    hint_schema,
    is_from_example,
    validate,
)

if TYPE_CHECKING:
    from mlflow.models.example import Example
    from mlflow.pyfunc.shape import Shape
    from mlflow.types.schema import Schema

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PythonSaving:
    """A Python model to be written, and what the user gave with it."""

    model: Any
    code: Path | None
    artifacts: dict[str, str] | None
    config: dict[str, Any] | None
    streamable: bool | None
    signature: Any

    @property
    def shape(self) -> Shape | None:
        """What is fixed about the model's kind."""
        return shape_of(self.model)

    def dump(self, folder: Path) -> Dumped:
        """Write the model and its artifacts into a folder."""
        shape = self.shape
        loader = shape.loader_module if shape is not None else "mlflow.pyfunc.model"
        function: dict[str, Any] = {
            "cloudpickle_version": installed_version("cloudpickle"),
            "streamable": bool(
                (shape is not None or streams(self.model))
                if self.streamable is None
                else self.streamable
            ),
        }
        if self.code is not None:
            loader = "mlflow.pyfunc.loaders.code_model"
            shutil.copy2(self.code, folder / self.code.name)
            function["model_code_path"] = self.code.name
            modules = frozenset(imported_by(self.code))
        else:
            function["python_model"] = MODEL_FILE
            dump_pickle(self.model, folder / MODEL_FILE)
            modules = frozenset(pickled_modules(folder / MODEL_FILE))
        if self.config is not None:
            function["model_config"] = self.config
        if self.artifacts:
            function["artifacts"] = _copy_artifacts(folder, self.artifacts)
        task = {} if shape is None else {"task": shape.task}
        return Dumped(loader, function, {}, modules, ("cloudpickle",), task)

    def sign(self, folder: Path, dumped: Dumped, example: Example | None) -> Any:
        """Return the model's signature, told from its shape, its type hints or its example."""
        shape = self.shape
        if shape is not None:
            self._check_answer(shape, folder, dumped, example)
            return ModelSignature(shape.inputs, shape.outputs)
        if self.signature is False:
            return None
        hints = self.model.predict_type_hints if hasattr(self.model, "predict_type_hints") else None
        if hints is None or has_no_schema(hints.input):
            return self._sign_by_example(
                folder,
                dumped,
                example,
                from_hint=is_from_example(hints and hints.input),
            )
        try:
            inputs = element_schema(hints.input)
        except (InvalidTypeHintException, UnsupportedTypeHintException) as error:
            _logger.warning("Failed to infer signature from type hint: %s", error.message)
            return self._sign_by_example(folder, dumped, example, from_hint=False)
        outputs = _output_schema(hints.output)
        params = infer_param_schema(example.params) if example and example.params else None
        if example is not None and not self._fits(folder, dumped, example, hints):
            outputs = any_schema()
        signature = ModelSignature(inputs, outputs, params)
        signature._from_type_hint = True  # noqa: SLF001 - the class's own mark
        if self.signature is not None and self.signature != signature:
            _logger.warning(
                "The given signature differs from the one that the type hints of `predict` say,"
                " which is used:\n%s",
                signature,
            )
        return signature

    def _sign_by_example(
        self, folder: Path, dumped: Dumped, example: Example | None, *, from_hint: bool
    ) -> Any:
        if example is None:
            if from_hint:
                _logger.warning(
                    "Input example must be provided when using TypeFromExample as type hint. Fix"
                    " this by passing `input_example` when logging your model."
                )
            return self.signature
        signature = self.signature
        if signature is None:
            signature = signature_of_example(self._loaded(folder, dumped).predict, example)
        if from_hint and isinstance(signature, ModelSignature):
            update_signature_for_type_hint_from_example(example.data, signature)
        return signature

    def _fits(self, folder: Path, dumped: Dumped, example: Example, hints: Any) -> bool:
        """Return whether what the model makes of its example fits its output's hint."""
        try:
            data = validate(example.data, hints.input)
        except MlflowException as error:
            _logger.warning(
                "Input example is not compatible with the type hint of the `predict` function."
                " Error: %s",
                error.message,
            )
            return True
        answer: Any = None
        ran = False
        # The model is the user's code, so it may raise anything; the hint stands then.
        with contained("Running the predict function on the input example"):
            answer = self._loaded(folder, dumped).predict(data, example.params)
            ran = True
        if not ran or hints.output is None or has_no_schema(hints.output):
            return True
        try:
            validate(answer, hints.output)
        except MlflowException as error:
            _logger.warning(
                "The output for the input example does not fit the type hint %s, so the output's"
                " type is Any. Error: %s",
                hints.output,
                error.message,
            )
            return False
        return True

    def _loaded(self, folder: Path, dumped: Dumped) -> Any:
        """Return the model with its context, as it will be loaded."""
        entries = (dumped.function or {}).get("artifacts", {})
        paths = {name: str(folder / entry["path"]) for name, entry in entries.items()}
        context = PythonModelContext(paths, self.config)
        if hasattr(self.model, "load_context"):
            self.model.load_context(context=context)
        shape = self.shape
        return (PythonModelWrapper if shape is None else shape.wrap)(self.model, context)

    def _check_answer(
        self, shape: Shape, folder: Path, dumped: Dumped, example: Example | None
    ) -> None:
        if self.signature:
            raise MlflowException.invalid_parameter_value(
                f"{shape.name} subclasses have a standard signature that is set automatically."
                " Please remove the `signature` parameter from the call to log_model() or"
                " save_model()."
            )
        if example is not None:
            self._loaded(folder, dumped).predict(example.data)


def python_saving(
    python_model: Any,
    *,
    artifacts: dict[str, str] | None,
    config: dict[str, Any] | None,
    streamable: bool | None,
    signature: Any,
) -> PythonSaving:
    """Return a Python model to be written, from what ``save_model`` was given.

    Args:
        python_model: A ``PythonModel``, a function, or the path of a file with ``set_model``.
        artifacts: Paths or URIs of files that the model reads, by name.
        config: The model's configuration.
        streamable: Whether the model answers piece by piece.
        signature: The signature; None infers it, False leaves it out.
    """
    code = code_file(python_model) if isinstance(python_model, (str, Path)) else None
    model = load_code(code, config) if code is not None else python_model
    return PythonSaving(as_python_model(model), code, artifacts, config, streamable, signature)


def _output_schema(hint: Any) -> Schema:
    if hint is None:
        return any_schema()
    try:
        return element_schema(hint) if get_origin(hint) is list else hint_schema(hint)
    except MlflowException as error:
        _logger.warning("The output's type is Any: %s", error.message)
        return any_schema()


def update_signature_for_type_hint_from_example(
    input_example: Any, signature: ModelSignature
) -> None:
    """Mark a signature as one of the type hint that stands for the input example.

    Args:
        input_example: The example; the mark is for DataFrames, Series and lists.
        signature: The signature.
    """
    pandas = sys.modules.get("pandas")
    tables = () if pandas is None else (pandas.DataFrame, pandas.Series)
    if isinstance(input_example, (list, *tables)):
        signature._type_hint_from_example = True  # noqa: SLF001 - the class's own mark
    else:
        _logger.warning(
            "Input example must be one of pandas.DataFrame, pandas.Series or list when using"
            " TypeFromExample as type hint, got %s.",
            type(input_example),
        )


def _copy_artifacts(folder: Path, artifacts: dict[str, str]) -> dict[str, dict[str, str]]:
    sources = {name: fetch_model(uri).path for name, uri in artifacts.items()}
    places = {}
    names = [source.name for source in dict.fromkeys(sources.values())]
    for place, source in enumerate(dict.fromkeys(sources.values())):
        # Two artifacts of one name would overwrite each other: each gets a folder of its own.
        own = f"{place}/" if names.count(source.name) > 1 else ""
        target = folder / "artifacts" / own / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, target)
        places[source] = f"artifacts/{own}{source.name}"
    return {
        name: {"path": places[source], "uri": artifacts[name]} for name, source in sources.items()
    }
