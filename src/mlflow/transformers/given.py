"""What users give as a model of transformers: a pipeline, its components, or a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from mlflow.exceptions import MlflowException
from mlflow.transformers.adapters import is_adapted
from mlflow.transformers.endpoints import pipeline_task

_KEYS: Final = ("model", "tokenizer", "feature_extractor", "image_processor", "torch_dtype")
_CONFIG: Final = "config.json"


def pipeline_of(
    model: Any,
    *,
    task: str | None,
    torch_dtype: Any,
    save_pretrained: bool,
    base_model_path: str | None,
    **_: Any,
) -> Any:
    """Return the pipeline that the user gave: itself, its components, or its folder.

    Args:
        model: What was given.
        task: The task, where it is no pipeline.
        torch_dtype: The type of the weights.
        save_pretrained: Whether the weights are to be saved.
        base_model_path: The folder of the model below an adapter.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for what no pipeline can be made of.
    """
    import transformers  # noqa: PLC0415 - optional package

    if isinstance(model, transformers.Pipeline):
        pipeline = model
    else:
        options: dict[str, Any] = {"dtype": torch_dtype} if torch_dtype is not None else {}
        if isinstance(model, dict):
            options |= _components(model)
        elif isinstance(model, (str, Path)):
            options["model"] = _checkpoint(str(model), task, save_pretrained=save_pretrained)
        else:
            raise MlflowException.invalid_parameter_value(
                "The `transformers_model` must be one of the following types: a transformers"
                " Pipeline, a dictionary of its components, or the path of a folder with a"
                f" checkpoint, got {type(model)}"
            )
        pipeline = _made(task, options)
    _check_base(pipeline.model, base_model_path)
    return pipeline


def _components(given: dict[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(given) - set(_KEYS))
    if unknown or "model" not in given:
        raise MlflowException.invalid_parameter_value(
            f"Invalid dictionary submitted for 'transformers_model'. The key(s) {unknown} are"
            f" not permitted, and 'model' is needed. Must be one of: {_KEYS}"
        )
    if not hasattr(given["model"], "name_or_path") and not is_adapted(given["model"]):
        raise MlflowException.invalid_parameter_value(
            f"The submitted model type {type(given['model']).__name__} is no pre-trained model of"
            " transformers: it is missing the attribute 'name_or_path'"
        )
    options = dict(given)
    dtype = options.pop("torch_dtype", None)
    return options if dtype is None else {**options, "dtype": dtype}


def _checkpoint(path: str, task: str | None, *, save_pretrained: bool) -> str:
    if task is None:
        raise MlflowException.invalid_parameter_value(
            "The `task` argument must be specified when logging a model from a local checkpoint."
        )
    if not save_pretrained:
        raise MlflowException.invalid_parameter_value(
            "The `save_pretrained` argument must be set to True when logging a model from a local"
            " checkpoint."
        )
    if not Path(path, _CONFIG).is_file():
        raise MlflowException.invalid_parameter_value(
            f"The provided directory {path} does not contain a {_CONFIG} file"
        )
    return path


def _made(task: str | None, options: dict[str, Any]) -> Any:
    import transformers  # noqa: PLC0415 - optional package

    inner = pipeline_task(task)
    if inner is None:
        raise MlflowException.invalid_parameter_value(
            "The task could not be inferred from the model: provide the `task` argument"
        )
    try:
        return transformers.pipeline(inner, **options)
    except (AttributeError, ImportError, KeyError, OSError, TypeError, ValueError) as error:
        raise MlflowException.invalid_parameter_value(
            "The provided model configuration cannot be created as a Pipeline. Please verify that"
            f" all required and compatible components are specified: {error}"
        ) from error


def _check_base(model: Any, base_model_path: str | None) -> None:
    if base_model_path is None:
        return
    if not is_adapted(model):
        raise MlflowException.invalid_parameter_value(
            "The `base_model_path` parameter is only supported for PEFT models. The provided model"
            " is not a PEFT model."
        )
    if not Path(base_model_path).is_dir():
        raise MlflowException.invalid_parameter_value(
            f"The specified base_model_path '{base_model_path}' does not exist or is not a"
            " directory."
        )
