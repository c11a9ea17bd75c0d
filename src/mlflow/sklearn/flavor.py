"""The scikit-learn flavor: skops by default, pickle and cloudpickle on request."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.load import load, load_function, model_file
from mlflow._flavor.save import save
from mlflow._flavor.spec import Flavor
from mlflow.exceptions import MlflowException
from mlflow.models.choke import dump_pickle, load_pickle
from mlflow.models.environment import MLFLOW_LINE, conda_with_pip, installed_version, pinned
from mlflow.models.model import Model
from mlflow.models.requirements import pickled_modules
from mlflow.models.saving import Dumped, SaveOptions
from mlflow.sklearn import skops_format

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from pathlib import Path

    from mlflow.models.info import ModelInfo
    from mlflow.models.signature import ModelSignature

_logger = logging.getLogger(__name__)
SKOPS: Final = "skops"
PICKLE: Final = "pickle"
CLOUDPICKLE: Final = "cloudpickle"
FORMATS: Final = (SKOPS, PICKLE, CLOUDPICKLE)
_FUNCTIONS: Final = (
    "predict",
    "predict_proba",
    "predict_log_proba",
    "predict_joint_log_proba",
    "decision_function",
    "score",
    "transform",
    "fit_transform",
    "fit_predict",
)


class SklearnModel:
    """An estimator as a Python function; every function of the estimator can be the one called."""

    # Estimators leave their input as it is: a DataFrame that fits is passed without a copy.
    keeps_input = True

    def __init__(self, estimator: Any) -> None:
        self._estimator = estimator
        for name in _FUNCTIONS:
            if hasattr(estimator, name):
                setattr(self, name, getattr(estimator, name))

    def get_raw_model(self) -> Any:
        """Return the estimator."""
        return self._estimator


def _write(
    estimator: Any, folder: Path, format_name: str | None, trusted: Any
) -> tuple[Path, str, frozenset[str]]:
    if format_name not in (None, *FORMATS):
        raise MlflowException.invalid_parameter_value(
            f"Unrecognized serialization format: {format_name}. Please specify one of the"
            f" following supported formats: {list(FORMATS)}."
        )
    if format_name in (None, SKOPS):
        path = folder / "model.skops"
        modules, untrusted = skops_format.dump(estimator, path)
        unknown = [name for name in untrusted if name not in (trusted or ())]
        if not unknown:
            return path, SKOPS, modules
        path.unlink(missing_ok=True)
        if format_name == SKOPS or trusted is not None:
            raise MlflowException.invalid_parameter_value(
                f"The model holds types that skops does not vouch for: {unknown}. If you are sure"
                " that loading them is safe, list them in `skops_trusted_types`; or set"
                " `serialization_format` to 'cloudpickle'."
            )
        _logger.warning(
            "skops does not vouch for %s in this %s: it is saved with cloudpickle, which can run"
            " code when it is loaded. Pass skops_trusted_types to save it with skops.",
            ", ".join(unknown),
            type(estimator).__name__,
        )
    chosen = CLOUDPICKLE if format_name in (None, SKOPS) else str(format_name)
    path = folder / "model.pkl"
    dump_pickle(estimator, path, format_name=chosen)
    return path, chosen, frozenset(pickled_modules(path))


def _dumper(format_name: str | None, trusted: Any, predict_fn: str) -> Any:
    """Return the flavor's ``dump`` for one call's arguments."""

    def dump(estimator: Any, folder: Path) -> Dumped:
        path, chosen, modules = _write(estimator, folder, format_name, trusted)
        conf = {
            "pickled_model": path.name,
            "sklearn_version": installed_version("scikit-learn"),
            "serialization_format": chosen,
            "skops_trusted_types": list(trusted) if trusted else None,
        }
        function = {"model_path": path.name, "predict_fn": predict_fn}
        if not hasattr(estimator, predict_fn):
            _logger.warning(
                "The model has no function %r: its python_function flavor is left out.", predict_fn
            )
        needed = {SKOPS: (SKOPS,), CLOUDPICKLE: (CLOUDPICKLE,)}.get(chosen, ())
        return Dumped(
            loader_module="mlflow.sklearn",
            function=function if hasattr(estimator, predict_fn) else None,
            flavors={"sklearn": conf},
            modules=modules,
            distributions=("scikit-learn", *needed),
        )

    return dump


def _read(folder: Path, conf: Mapping[str, Any]) -> Any:
    path = model_file(folder, conf["pickled_model"])
    format_name = conf.get("serialization_format", PICKLE)
    if format_name == SKOPS:
        return skops_format.load(path)
    return load_pickle(path, format_name=format_name)


def _flavor(
    format_name: str | None = None, trusted: Any = None, predict_fn: str = "predict"
) -> Flavor:
    return Flavor(
        name="sklearn",
        dump=_dumper(format_name, trusted, predict_fn),
        load=_read,
        wrap=SklearnModel,
    )


def get_default_pip_requirements(
    include_cloudpickle: bool = False, include_skops: bool = False
) -> list[str]:
    """Return what a scikit-learn model needs by default.

    Args:
        include_cloudpickle: Add cloudpickle.
        include_skops: Add skops.
    """
    names = ["scikit-learn"]
    names += [CLOUDPICKLE] if include_cloudpickle else []
    names += [SKOPS] if include_skops else []
    return [pinned(name) for name in names]


def get_default_conda_env(
    include_cloudpickle: bool = False, include_skops: bool = False
) -> dict[str, Any]:
    """Return the conda environment of a scikit-learn model by default.

    Args:
        include_cloudpickle: Add cloudpickle.
        include_skops: Add skops.
    """
    lines = get_default_pip_requirements(include_cloudpickle, include_skops)
    return conda_with_pip(None, [MLFLOW_LINE, *lines])


def save_model(
    sk_model: Any,
    path: str | os.PathLike[str],
    conda_env: Any = None,
    code_paths: list[str] | None = None,
    mlflow_model: Model | None = None,
    serialization_format: str | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
    pyfunc_predict_fn: str = "predict",
    metadata: dict[str, Any] | None = None,
    skops_trusted_types: list[str] | None = None,
    extra_files: list[str] | None = None,
) -> None:
    """Save a scikit-learn model into a folder.

    Args:
        sk_model: The estimator or pipeline.
        path: The folder; it must not exist, or be empty.
        conda_env: A conda environment, as a dictionary or a file.
        code_paths: Files and folders of Python code that the model imports.
        mlflow_model: The MLmodel to fill in.
        serialization_format: ``skops``, ``cloudpickle`` or ``pickle``. By default skops, or
            cloudpickle with a warning where skops does not vouch for the model's types.
        signature: The signature; by default it is inferred from the example; False leaves it out.
        input_example: An example of the input.
        pip_requirements: What the model needs, instead of what is inferred.
        extra_pip_requirements: What it needs besides.
        pyfunc_predict_fn: The estimator's function that predicts.
        metadata: What you want to say about the model.
        skops_trusted_types: Types that skops does not vouch for and you do.
        extra_files: Further files for the folder.

    Raises:
        MlflowException: RESOURCE_ALREADY_EXISTS where the folder has files;
            INVALID_PARAMETER_VALUE for an unknown format, or types that nobody vouches for.
    """
    options = SaveOptions(
        conda_env=conda_env,
        code_paths=code_paths,
        mlflow_model=mlflow_model,
        signature=signature,
        input_example=input_example,
        pip_requirements=pip_requirements,
        extra_pip_requirements=extra_pip_requirements,
        metadata=metadata,
        extra_files=extra_files,
    )
    flavor = _flavor(serialization_format, skops_trusted_types, pyfunc_predict_fn)
    save(flavor, sk_model, path, options)


def log_model(
    sk_model: Any,
    artifact_path: str | None = None,
    conda_env: Any = None,
    code_paths: list[str] | None = None,
    serialization_format: str | None = None,
    registered_model_name: str | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    await_registration_for: int | None = 300,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
    pyfunc_predict_fn: str = "predict",
    metadata: dict[str, Any] | None = None,
    extra_files: list[str] | None = None,
    params: dict[str, Any] | None = None,
    tags: dict[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
    name: str | None = None,
    skops_trusted_types: list[str] | None = None,
    **kwargs: Any,
) -> ModelInfo:
    """Log a scikit-learn model, to the active run if there is one.

    Args:
        sk_model: The estimator or pipeline.
        artifact_path: The older way to give the name.
        conda_env: See ``save_model``.
        code_paths: See ``save_model``.
        serialization_format: See ``save_model``.
        registered_model_name: Register the model under this name.
        signature: See ``save_model``.
        input_example: See ``save_model``.
        await_registration_for: Seconds to wait for the registration.
        pip_requirements: See ``save_model``.
        extra_pip_requirements: See ``save_model``.
        pyfunc_predict_fn: See ``save_model``.
        metadata: See ``save_model``.
        extra_files: See ``save_model``.
        params: Parameters of the model.
        tags: Tags of the model.
        model_type: A free text.
        step: The step of the run at which it is logged.
        model_id: Log into this logged model instead of a new one.
        name: The model's name.
        skops_trusted_types: See ``save_model``.
        **kwargs: Further arguments of ``Model.log``: ``run_id``, ``prompts``, …

    Returns:
        The model's identity, place and description.
    """
    return Model.log(
        artifact_path=artifact_path,
        name=name,
        flavor=sys.modules["mlflow.sklearn"],
        registered_model_name=registered_model_name,
        await_registration_for=await_registration_for,
        metadata=metadata,
        params=params,
        tags=tags,
        model_type=model_type,
        step=step,
        model_id=model_id,
        sk_model=sk_model,
        conda_env=conda_env,
        code_paths=code_paths,
        serialization_format=serialization_format,
        signature=signature,
        input_example=input_example,
        pip_requirements=pip_requirements,
        extra_pip_requirements=extra_pip_requirements,
        pyfunc_predict_fn=pyfunc_predict_fn,
        skops_trusted_types=skops_trusted_types,
        extra_files=extra_files,
        **kwargs,
    )


def load_model(model_uri: str, dst_path: str | None = None) -> Any:
    """Return a scikit-learn model.

    Args:
        model_uri: ``models:/m-…``, ``runs:/<run id>/<name>``, a path or URI.
        dst_path: Copy the model's files into this folder.

    Raises:
        MlflowException: RESOURCE_DOES_NOT_EXIST where there is no such model; an error of the
            policy where reading it could run code.
    """
    return load(_flavor(), model_uri, dst_path)


def _load_pyfunc(path: str) -> SklearnModel:
    """Load the model of a folder with a Python function; the contract of a ``loader_module``."""
    model: SklearnModel = load_function(_flavor(), path)
    return model
