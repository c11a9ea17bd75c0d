"""Saving a model: the folder that every flavor writes, its parts in order."""

from __future__ import annotations

import logging
import platform
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.guard import contained
from mlflow.exceptions import RESOURCE_ALREADY_EXISTS, MlflowException
from mlflow.models.code_paths import local_code
from mlflow.models.dependencies_schemas import take_schemas
from mlflow.models.enforce import InputPlan
from mlflow.models.environment import ENV, check_arguments, make_environment
from mlflow.models.example import Example, make_example
from mlflow.models.location import MLMODEL_FILE
from mlflow.models.model import Model
from mlflow.models.signature import ModelSignature, any_schema
from mlflow.models.uv_project import UvChoice, copy_uv_project_files, needed
from mlflow.types.infer import infer_param_schema, infer_schema

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    from mlflow.types.schema import Schema

_logger = logging.getLogger(__name__)
FUNCTION_NAME: Final = "python_function"
CODE_FOLDER: Final = "code"
EXTRA_FOLDER: Final = "extra_files"


@dataclass(frozen=True)
class SaveOptions:
    """The arguments that every ``save_model`` has.

    Attributes:
        conda_env: A conda environment, as a dictionary or a file.
        code_paths: Files and folders of Python code that the model imports.
        mlflow_model: The MLmodel to fill in; a new one by default.
        signature: The signature; None infers it from the example, False leaves it out.
        input_example: An example of the input.
        pip_requirements: What the model needs, instead of what is inferred.
        extra_pip_requirements: What it needs besides.
        metadata: What the user says about it.
        extra_files: Further files for the folder.
        infer_code_paths: Bring the user's own modules that the model imports.
        uv: The project of uv that says what it needs.
    """

    conda_env: Any = None
    code_paths: list[str] | None = None
    mlflow_model: Model | None = None
    signature: Any = None
    input_example: Any = None
    pip_requirements: Any = None
    extra_pip_requirements: Any = None
    metadata: dict[str, Any] | None = None
    extra_files: list[str] | None = None
    infer_code_paths: bool = False
    uv: UvChoice = field(default_factory=UvChoice)


@dataclass(frozen=True)
class Dumped:
    """What a flavor wrote.

    Attributes:
        loader_module: The public module whose ``_load_pyfunc`` loads it; it stands on disk.
        function: Further settings of its Python function; None if it has none.
        flavors: For each other flavor, its settings.
        modules: The modules that the files name, from which requirements are told.
        distributions: What is needed to load the files, whatever they name.
        metadata: What MLmodel says about it besides what the user does.
    """

    loader_module: str
    function: dict[str, Any] | None
    flavors: dict[str, dict[str, Any]]
    modules: frozenset[str] = frozenset()
    distributions: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)


def save_folder(
    path: str | os.PathLike[str],
    options: SaveOptions,
    *,
    dump: Callable[[Path], Dumped],
    predictor: Callable[[Dumped], Any] | None = None,
    sign: Callable[[Path, Dumped, Example | None], Any] | None = None,
) -> None:
    """Write a model's folder.

    Args:
        path: The folder; it must not exist, or be empty.
        options: What the user gave.
        dump: Writes the model itself.
        predictor: Returns the function that predicts, for the example; None if there is none.
        sign: Returns the signature, instead of what the options and the example say.

    Raises:
        MlflowException: RESOURCE_ALREADY_EXISTS where the folder has files.
        ValueError: arguments contradict one another.
    """
    check_arguments(options.conda_env, options.pip_requirements, options.extra_pip_requirements)
    folder = prepare_folder(path)
    meta = options.mlflow_model if options.mlflow_model is not None else Model()
    if options.metadata is not None:
        meta.metadata = options.metadata
    code = copy_into(folder, CODE_FOLDER, options.code_paths)
    extra = copy_into(folder, EXTRA_FOLDER, options.extra_files)
    example = make_example(options.input_example) if options.input_example is not None else None
    if example is not None:
        example.save(folder)
        meta.saved_input_example_info = example.info()
    dumped = dump(folder)
    if metadata := {**dumped.metadata, **take_schemas(), **(meta.metadata or {})}:
        meta.metadata = metadata
    if options.infer_code_paths:
        code = copy_into(folder, CODE_FOLDER, [str(path) for path in local_code(dumped.modules)])
    _add_flavors(meta, dumped, code=code, extra=extra)
    signature = options.signature
    if sign is not None:
        signature = sign(folder, dumped, example)
    elif signature is None and example is not None:
        predict = predictor(dumped) if predictor is not None else None
        signature = signature_of_example(predict, example)
    _set_signature(meta, signature)
    meta.model_size_bytes = folder_size(folder)
    meta.save(folder / MLMODEL_FILE)
    given = options.conda_env is not None or options.pip_requirements is not None
    make_environment(
        inferred=None if given else needed(dumped.modules, dumped.distributions, options.uv),
        conda_env=options.conda_env,
        pip_requirements=options.pip_requirements,
        extra_pip_requirements=options.extra_pip_requirements,
    ).save(folder)
    project = options.uv.folder() if options.uv.keeps_files else None
    if project is not None:
        copy_uv_project_files(folder, project)


def add_to_model(
    model: Model,
    loader_module: str,
    data: str | None = None,
    code: str | None = None,
    conda_env: Any = None,
    python_env: Any = None,
    model_config: Any = None,
    model_code_path: str | None = None,
    **kwargs: Any,
) -> Model:
    """Add the Python function to a model's flavors; return the model.

    Args:
        model: What MLmodel will say.
        loader_module: The module whose ``_load_pyfunc`` loads it.
        data: What that function is given, relative to the folder; the folder by default.
        code: The folder of the model's own code, relative to the folder.
        conda_env: The name of the conda environment's file.
        python_env: The name of the Python environment's file.
        model_config: The model's configuration.
        model_code_path: The model's code, for models from code.
        **kwargs: Further settings.
    """
    settings = dict(kwargs, loader_module=loader_module, python_version=platform.python_version())
    environment = {"conda": conda_env, "virtualenv": python_env}
    optional = {
        "code": code,
        "data": data,
        "env": {key: value for key, value in environment.items() if value} or None,
        "config": model_config,
        "model_code_path": model_code_path,
    }
    settings.update({key: value for key, value in optional.items() if value})
    return model.add_flavor(FUNCTION_NAME, **settings)


def prepare_folder(path: str | os.PathLike[str]) -> Path:
    """Return a folder that exists and is empty.

    Raises:
        MlflowException: RESOURCE_ALREADY_EXISTS where it has files.
    """
    folder = Path(path)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise MlflowException(
            f"Path '{path}' already exists and is not empty", RESOURCE_ALREADY_EXISTS
        )
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def copy_into(folder: Path, name: str, paths: list[str] | None) -> list[str]:
    """Copy files and folders below a model's folder; return their paths in it.

    Args:
        folder: The model's folder.
        name: The folder in it.
        paths: What to copy; None copies nothing.

    Raises:
        TypeError: ``paths`` is no list.
    """
    if paths is None:
        return []
    if not isinstance(paths, (list, tuple)):
        raise TypeError(f"Expected a list of paths, got {type(paths).__name__}")
    copied = []
    for path in paths:
        source = Path(path).resolve()
        target = folder / name / source.name
        target.parent.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy2(source, target)
        copied.append(f"{name}/{source.name}")
    return copied


def _add_flavors(meta: Model, dumped: Dumped, *, code: list[str], extra: list[str]) -> None:
    code_folder = CODE_FOLDER if code else None
    if dumped.function is not None:
        add_to_model(
            meta,
            loader_module=dumped.loader_module,
            conda_env=ENV["conda"],
            python_env=ENV["virtualenv"],
            code=code_folder,
            **dumped.function,
        )
        if not dumped.flavors:  # of a model that is nothing but Python the file says so
            meta.flavors[FUNCTION_NAME].setdefault("code", None)
    files = {"extra_files": [{"path": path} for path in extra]} if extra else {}
    for name, conf in dumped.flavors.items():
        meta.add_flavor(name, **{**conf, "code": code_folder, **files})


def folder_size(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _set_signature(meta: Model, signature: Any) -> None:
    if isinstance(signature, ModelSignature):
        meta.signature = signature
    elif signature is not None and signature is not False:
        raise MlflowException.invalid_parameter_value(
            f"signature must be a ModelSignature, None or False, got {type(signature).__name__}"
        )


def signature_of_example(predict: Any, example: Example) -> ModelSignature | None:
    """Return the signature that a model's example and its prediction show.

    A model that cannot predict its example gets none, and a warning says why.

    Args:
        predict: The model's function; None gives a signature without outputs.
        example: The example.
    """
    signature = None
    # The model is the user's code, so it may raise anything; then there is no signature.
    with contained("Inferring the model's signature from its input example"):
        inputs = infer_schema(example.data)
        params = infer_param_schema(example.params) if example.params else None
        data = InputPlan(inputs).enforce(example.data)
        outputs = _output_schema(predict(data), inputs) if predict is not None else None
        signature = ModelSignature(inputs, outputs, params)
    return signature  # noqa: RET504 - None where the block failed


def _output_schema(output: Any, inputs: Schema) -> Schema:
    """Return the schema of a prediction; for columns in, a one-dimensional array is a column."""
    if not inputs.is_tensor_spec() and getattr(output, "ndim", 0) == 1 and _is_array(output):
        import pandas as pd  # noqa: PLC0415 - optional package

        output = pd.Series(output)
    try:
        return infer_schema(output)
    except MlflowException as error:
        _logger.warning("The output's type is Any: %s", error.message)
        return any_schema()


def _is_array(value: Any) -> bool:
    return type(value).__module__ == "numpy"
