"""Saving models that are Python code."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlflow.exceptions import MlflowException
from mlflow.models.code import as_config
from mlflow.models.environment import MLFLOW_LINE, conda_with_pip, pinned
from mlflow.models.model import Model
from mlflow.models.resources import written
from mlflow.models.saving import Dumped, SaveOptions, save_folder
from mlflow.models.uv_project import UvChoice
from mlflow.pyfunc.python_saving import python_saving

if TYPE_CHECKING:
    import os

    from mlflow.models.info import ModelInfo
    from mlflow.models.signature import ModelSignature


def get_default_pip_requirements() -> list[str]:
    """Return what a Python model needs by default."""
    return [pinned("cloudpickle")]


def get_default_conda_env() -> dict[str, Any]:
    """Return the conda environment of a Python model by default."""
    return conda_with_pip(None, [MLFLOW_LINE, *get_default_pip_requirements()])


def _check_python_model(
    loader_module: str | None, data_path: str | None, python_model: Any, artifacts: Any
) -> None:
    loader_given = loader_module is not None or data_path is not None
    if loader_given and (python_model is not None or artifacts is not None):
        raise MlflowException.invalid_parameter_value(
            "The parameters `loader_module` and `data_path` cannot be specified together with"
            " `python_model` and `artifacts`: give the one pair or the other."
        )
    if loader_module is None and python_model is None:
        raise MlflowException.invalid_parameter_value(
            "Either `loader_module` or `python_model` must be specified. A `loader_module` is the"
            " name of a Python module with `_load_pyfunc`; a `python_model` is an instance of a"
            " subclass of PythonModel, or a function."
        )


def _dump_loader(
    folder: Path, loader_module: str, data_path: str | None, config: dict[str, Any] | None
) -> Dumped:
    function: dict[str, Any] = {"streamable": False, "model_config": config}
    if data_path is not None:
        source = Path(data_path)
        target = folder / "data" / source.name
        target.parent.mkdir()
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy2(source, target)
        function["data"] = f"data/{source.name}"
    return Dumped(loader_module, function, {}, frozenset({loader_module}), ())


def save_model(
    path: str | os.PathLike[str],
    loader_module: str | None = None,
    data_path: str | None = None,
    code_paths: list[str] | None = None,
    infer_code_paths: bool = False,
    conda_env: Any = None,
    mlflow_model: Model | None = None,
    python_model: Any = None,
    artifacts: dict[str, str] | None = None,
    signature: ModelSignature | None = None,
    input_example: Any = None,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
    metadata: dict[str, Any] | None = None,
    model_config: Any = None,
    streamable: bool | None = None,
    resources: Any = None,
    auth_policy: Any = None,
    uv_project_path: str | Path | None = None,
    uv_groups: list[str] | None = None,
    uv_extras: list[str] | None = None,
    **kwargs: Any,
) -> None:
    """Save a model that is Python code into a folder.

    Args:
        path: The folder; it must not exist, or be empty.
        loader_module: A module whose ``_load_pyfunc`` loads the model.
        data_path: What that function is given; it is copied.
        code_paths: Files and folders of Python code that the model imports.
        infer_code_paths: Bring the user's own modules that the model imports.
        conda_env: A conda environment, as a dictionary or a file.
        mlflow_model: The MLmodel to fill in.
        python_model: An instance of a subclass of ``PythonModel``, a function, or the path of a
            file that names one of them with ``set_model``.
        artifacts: Paths or URIs of files that the model reads, by name.
        signature: The signature; by default it is inferred from the example.
        input_example: An example of the input.
        pip_requirements: What the model needs, instead of what is inferred.
        extra_pip_requirements: What it needs besides.
        metadata: What you want to say about the model.
        model_config: The model's configuration.
        streamable: Whether the model answers piece by piece.
        resources: What it needs to be served.
        auth_policy: Who may use the resources.
        uv_project_path: The folder of the project of uv whose lock says what the model needs; the
            working directory by default, if it is one. Its files are copied.
        uv_groups: Groups of the project's dependencies that the model needs besides.
        uv_extras: Extras of the project that it needs.
        **kwargs: Not used.
    """
    _check_python_model(loader_module, data_path, python_model, artifacts)
    if kwargs:
        raise TypeError(f"save_model() got unexpected keyword arguments {list(kwargs)}")
    if infer_code_paths and code_paths:
        raise MlflowException(
            "If 'infer_code_path' is set to True, 'code_paths' param cannot be set."
        )
    meta = mlflow_model if mlflow_model is not None else Model()
    meta.resources = meta.resources if resources is None else written(resources)
    meta.auth_policy = auth_policy if auth_policy is not None else meta.auth_policy
    saving = None
    if python_model is not None:
        saving = python_saving(
            python_model,
            artifacts=artifacts,
            config=as_config(model_config),
            streamable=streamable,
            signature=signature,
        )
    shape = saving.shape if saving is not None else None
    if shape is not None:
        input_example = shape.request(shape.example if input_example is None else input_example)
    options = SaveOptions(
        conda_env=conda_env,
        code_paths=code_paths,
        mlflow_model=meta,
        signature=signature,
        input_example=input_example,
        pip_requirements=pip_requirements,
        extra_pip_requirements=extra_pip_requirements,
        metadata=metadata,
        infer_code_paths=infer_code_paths,
        uv=UvChoice(uv_project_path, uv_groups or (), uv_extras or (), keeps_files=True),
    )

    def dump(folder: Path) -> Dumped:
        if saving is None:
            return _dump_loader(folder, str(loader_module), data_path, as_config(model_config))
        return saving.dump(folder)

    save_folder(path, options, dump=dump, sign=saving.sign if saving is not None else None)


def log_model(
    artifact_path: str | None = None,
    loader_module: str | None = None,
    data_path: str | None = None,
    code_paths: list[str] | None = None,
    infer_code_paths: bool = False,
    conda_env: Any = None,
    python_model: Any = None,
    artifacts: dict[str, str] | None = None,
    registered_model_name: str | None = None,
    signature: ModelSignature | None = None,
    input_example: Any = None,
    await_registration_for: int | None = 300,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
    metadata: dict[str, Any] | None = None,
    model_config: Any = None,
    streamable: bool | None = None,
    resources: Any = None,
    auth_policy: Any = None,
    uv_project_path: str | Path | None = None,
    uv_groups: list[str] | None = None,
    uv_extras: list[str] | None = None,
    prompts: Any = None,
    name: str | None = None,
    params: dict[str, Any] | None = None,
    tags: dict[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
) -> ModelInfo:
    """Log a model that is Python code, to the active run if there is one.

    Args:
        artifact_path: The older way to give the name.
        loader_module: See ``save_model``.
        data_path: See ``save_model``.
        code_paths: See ``save_model``.
        infer_code_paths: See ``save_model``.
        conda_env: See ``save_model``.
        python_model: See ``save_model``.
        artifacts: See ``save_model``.
        registered_model_name: Register the model under this name.
        signature: See ``save_model``.
        input_example: See ``save_model``.
        await_registration_for: Seconds to wait for the registration.
        pip_requirements: See ``save_model``.
        extra_pip_requirements: See ``save_model``.
        metadata: See ``save_model``.
        model_config: See ``save_model``.
        streamable: See ``save_model``.
        resources: See ``save_model``.
        auth_policy: See ``save_model``.
        uv_project_path: See ``save_model``.
        uv_groups: See ``save_model``.
        uv_extras: See ``save_model``.
        prompts: URIs of prompts that the model uses.
        name: The model's name.
        params: Parameters of the model.
        tags: Tags of the model.
        model_type: A free text.
        step: The step of the run at which it is logged.
        model_id: Log into this logged model instead of a new one.

    Returns:
        The model's identity, place and description.
    """
    return Model.log(
        artifact_path=artifact_path,
        name=name,
        flavor=sys.modules["mlflow.pyfunc"],
        registered_model_name=registered_model_name,
        await_registration_for=await_registration_for,
        metadata=metadata,
        resources=resources,
        auth_policy=auth_policy,
        prompts=prompts,
        params=params,
        tags=tags,
        model_type=model_type,
        step=step,
        model_id=model_id,
        loader_module=loader_module,
        data_path=data_path,
        code_paths=code_paths,
        infer_code_paths=infer_code_paths,
        conda_env=conda_env,
        python_model=python_model,
        artifacts=artifacts,
        signature=signature,
        input_example=input_example,
        pip_requirements=pip_requirements,
        extra_pip_requirements=extra_pip_requirements,
        model_config=model_config,
        streamable=streamable,
        uv_project_path=uv_project_path,
        uv_groups=uv_groups,
        uv_extras=uv_extras,
    )
