"""Loading any model as a Python function."""

from __future__ import annotations

import importlib
import inspect
import logging
import platform
import sys
from typing import TYPE_CHECKING, Any, Final

from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.models.choke import admit_code, admit_folder, reading_from
from mlflow.models.code import as_config
from mlflow.models.environment import CONDA_FILE, REQUIREMENTS_FILE
from mlflow.models.location import MLMODEL_FILE, fetch_model
from mlflow.models.model import Model
from mlflow.pyfunc.loaded_model import PyFuncModel
from mlflow.pyfunc.mismatches import warn_dependency_requirement_mismatches

if TYPE_CHECKING:
    from pathlib import Path

    from mlflow.models.location import ModelFolder

_logger = logging.getLogger(__name__)
FLAVOR_NAME: Final = "python_function"


def load_model(
    model_uri: str,
    suppress_warnings: bool = False,
    dst_path: str | None = None,
    model_config: str | Path | dict[str, Any] | None = None,
) -> PyFuncModel:
    """Load a model as a Python function.

    Args:
        model_uri: ``models:/m-…``, ``runs:/<run id>/<name>``, a path, a ``file:`` URI, or the URI
            of an artifact store.
        suppress_warnings: Say nothing of a Python version that differs from the model's.
        dst_path: Copy the model's files into this folder.
        model_config: Overrides the model's configuration: a dictionary or a YAML file.

    Raises:
        MlflowException: RESOURCE_DOES_NOT_EXIST where there is no such model, or it has no Python
            function; an error of the policy where reading it could run code.
    """
    return load_folder(fetch_model(model_uri, dst_path), suppress_warnings, model_config)


def load_folder(
    folder: ModelFolder,
    suppress_warnings: bool = False,
    model_config: str | Path | dict[str, Any] | None = None,
) -> PyFuncModel:
    """Load the model of a folder as a Python function.

    Args:
        folder: The folder, and where its files come from.
        suppress_warnings: See ``load_model``.
        model_config: See ``load_model``.
    """
    meta = Model.load(folder.path / MLMODEL_FILE)
    conf = function_conf(meta)
    if not suppress_warnings:
        _warn_of_python(conf.get("python_version"))
        if (requirements := folder.path / REQUIREMENTS_FILE).is_file():
            lines = requirements.read_text("utf-8").splitlines()
            warn_dependency_requirement_mismatches(lines)
    config = _merged_config(conf.get("config"), model_config)
    with reading_from(folder.origin):
        admit_folder(folder.path)
        implementation = _load_implementation(folder, conf, config)
    if config:
        meta.flavors[FLAVOR_NAME] = {**conf, "config": config}
    model = PyFuncModel(
        meta,
        implementation,
        predict_fn=conf.get("predict_fn", "predict"),
        predict_stream_fn=conf.get("predict_stream_fn"),
        model_id=folder.model_id or meta.model_id,
    )
    model._folder = folder.path  # noqa: SLF001 - the constructor's signature is recorded
    return model


def function_conf(meta: Model) -> dict[str, Any]:
    """Return the settings of a model's Python function.

    Raises:
        MlflowException: RESOURCE_DOES_NOT_EXIST where it has none.
    """
    conf: dict[str, Any] | None = meta.flavors.get(FLAVOR_NAME)
    if conf is None:
        raise MlflowException(
            f'Model does not have the "{FLAVOR_NAME}" flavor', RESOURCE_DOES_NOT_EXIST
        )
    return conf


def _load_implementation(
    folder: ModelFolder, conf: dict[str, Any], config: dict[str, Any] | None
) -> Any:
    add_code(folder.path, conf)
    name = conf["loader_module"]
    if not name.startswith("mlflow."):
        admit_code(f"Python module {name}", folder.path / MLMODEL_FILE)
    if conf.get("model_code_path"):
        admit_code("Python source", folder.path / str(conf["model_code_path"]))
    loader: Any = importlib.import_module(name)._load_pyfunc  # noqa: SLF001 - the flavors' contract
    data = folder.path / conf["data"] if conf.get("data") else folder.path
    if config is not None and "model_config" in inspect.signature(loader).parameters:
        return loader(str(data), model_config=config)
    return loader(str(data))


def add_code(folder: Path, conf: dict[str, Any]) -> None:
    """Make the code that a model brings importable.

    Args:
        folder: The model's folder.
        conf: The flavor's settings; ``code`` names the folder of the code, if there is some.
    """
    if not conf.get("code"):
        return
    code = (folder / conf["code"]).resolve()
    if not code.is_relative_to(folder.resolve()):
        raise MlflowException(f"The model's code folder {conf['code']!r} is outside the model")
    admit_code("Python source", code)
    if str(code) not in sys.path:
        sys.path.insert(0, str(code))
        importlib.invalidate_caches()


def _warn_of_python(version: str | None) -> None:
    here = platform.python_version()
    if version is not None and version.split(".")[:2] != here.split(".")[:2]:
        _logger.warning(
            "The model was saved with Python %s and is loaded with Python %s: predictions may"
            " differ, and pickled parts may fail to load.",
            version,
            here,
        )


def _merged_config(
    saved: dict[str, Any] | None, given: str | Path | dict[str, Any] | None
) -> dict[str, Any] | None:
    if given is None:
        return saved
    overrides = as_config(given) or {}
    known = saved or {}
    if unknown := [name for name in overrides if name not in known]:
        _logger.warning(
            "The model was logged without these keys of `model_config`, so they are ignored: %s."
            " It has: %s",
            unknown,
            list(known),
        )
    return {**known, **{name: overrides[name] for name in overrides if name in known}} or None


def load_pyfunc(model_uri: str, suppress_warnings: bool = False) -> PyFuncModel:
    """Load a model as a Python function; the older name of ``load_model``.

    Args:
        model_uri: See ``load_model``.
        suppress_warnings: See ``load_model``.
    """
    return load_model(model_uri, suppress_warnings)


def get_model_dependencies(model_uri: str, format: str = "pip") -> str:  # noqa: A002 - recorded
    """Return the path of the file that says what a model needs.

    Args:
        model_uri: See ``load_model``.
        format: ``pip`` or ``conda``.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for another format.
    """
    names = {"pip": REQUIREMENTS_FILE, "conda": CONDA_FILE}
    if format not in names:
        raise MlflowException.invalid_parameter_value(
            f"Illegal format argument '{format}': it is 'pip' or 'conda'."
        )
    return str(fetch_model(model_uri).path / names[format])
