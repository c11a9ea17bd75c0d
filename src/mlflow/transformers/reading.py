"""Reading a model of transformers: from its folder, from the hub, or from a folder beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.load import model_folder
from mlflow.environment_variables import (
    MLFLOW_DEFAULT_PREDICTION_DEVICE,
    MLFLOW_HUGGINGFACE_DEVICE_MAP_STRATEGY,
    MLFLOW_HUGGINGFACE_USE_DEVICE_MAP,
)
from mlflow.exceptions import MlflowException
from mlflow.models.choke import admitted, is_untrusted
from mlflow.models.location import MLMODEL_FILE
from mlflow.models.model import Model
from mlflow.transformers.adapters import read_adapted
from mlflow.transformers.endpoints import ENDPOINTS
from mlflow.transformers.pipelines import PipelineModel
from mlflow.transformers.writing import COMPONENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

_RETURNED: Final = ("pipeline", "components")
_BASE: Final = "local_base_model_path"
_AUTO: Final = {
    "tokenizer": "AutoTokenizer",
    "feature_extractor": "AutoFeatureExtractor",
    "image_processor": "AutoImageProcessor",
    "processor": "AutoProcessor",
}


def read(
    folder: Path,
    conf: Mapping[str, Any],
    return_type: str = "pipeline",
    device: Any = None,
    base_model_path: str | None = None,
    **options: Any,
) -> Any:
    """Return the pipeline of a folder, or its components.

    Args:
        folder: The folder.
        conf: The flavor's settings.
        return_type: ``pipeline`` or ``components``.
        device: Where the pipeline runs.
        base_model_path: The folder of the model below an adapter, if it is another one now.
        **options: Arguments of ``from_pretrained`` (``dtype``, ``device_map``) and of the pipeline.

    Raises:
        MlflowException: something of the model is missing, or an error of the policy where
            reading it could run code.
    """
    import transformers  # noqa: PLC0415 - optional package

    if return_type not in _RETURNED:
        raise MlflowException.invalid_parameter_value(
            f"The specified return_type mode '{return_type}' is unsupported. Please select one of:"
            f" {_RETURNED}."
        )
    known: dict[str, Any] = {
        key: options.pop(key) for key in ("device_map", "dtype") if key in options
    }
    if "torch_dtype" in options:
        known["dtype"] = options.pop("torch_dtype")
    found = components(folder, _based(conf, base_model_path), known)
    if return_type == "components":
        return {"task": conf["task"], "dtype": found["model"].dtype, **found}
    where = device if device is not None else MLFLOW_DEFAULT_PREDICTION_DEVICE.get()
    if where is not None and not MLFLOW_HUGGINGFACE_USE_DEVICE_MAP.get():
        options["device"] = int(where) if str(where).lstrip("-").isdigit() else where
    if conf["task"] not in transformers.pipelines.PIPELINE_REGISTRY.get_supported_tasks():
        raise MlflowException(f"This version of transformers has no task {conf['task']!r}")
    return transformers.pipeline(conf["task"], **found, **options)


def _based(conf: Mapping[str, Any], base_model_path: str | None) -> Mapping[str, Any]:
    """Return the settings with another folder of the model below an adapter."""
    if base_model_path is None:
        return conf
    if _BASE not in conf:
        raise MlflowException.invalid_parameter_value(
            "The `base_model_path` parameter can only be used with models that were saved with"
            " `base_model_path`."
        )
    return {**conf, _BASE: base_model_path}


def components(
    folder: Path, conf: Mapping[str, Any], options: dict[str, Any], *, only_named: bool = False
) -> dict[str, Any]:
    """Return the model and the other components.

    Args:
        folder: The folder.
        conf: The flavor's settings.
        options: Arguments of the model's ``from_pretrained``.
        only_named: Return what is named in MLmodel and is not in the folder: no adapter either.
    """
    import torch  # noqa: PLC0415 - optional package

    dtype = getattr(torch, str(conf.get("torch_dtype") or "").removeprefix("torch."), None)
    if isinstance(dtype, torch.dtype):
        options = {"dtype": dtype, **options}
    if MLFLOW_HUGGINGFACE_USE_DEVICE_MAP.get():
        options.setdefault("device_map", MLFLOW_HUGGINGFACE_DEVICE_MAP_STRATEGY.get())
    if is_untrusted():
        options["use_safetensors"] = True
    place = _model_place(folder, conf)
    model = _loaded(conf["pipeline_model_type"], "AutoModel", place, options)
    if conf.get("peft_adaptor") and not only_named:
        model = read_adapted(model, model_folder(folder, conf["peft_adaptor"]))
    found = {"model": model}
    names = [*conf.get("components", ()), *(["processor"] if conf.get("processor_type") else [])]
    for name in dict.fromkeys(names):
        if only_named and f"{name}_name" not in conf:
            continue
        part = _place(folder, f"{COMPONENTS}/{name}", conf, name)
        found[name] = _loaded(conf[f"{name}_type"], _AUTO[name], part, {})
    return found


def _model_place(folder: Path, conf: Mapping[str, Any]) -> dict[str, Any]:
    if conf.get("model_binary"):
        return _inside(folder, conf["model_binary"])
    local = conf.get(_BASE)
    if local is None:
        return _repository(conf, "source_model")
    if not Path(local).is_dir():
        raise MlflowException.invalid_parameter_value(
            f"The specified base_model_path '{local}' does not exist or is not a directory."
        )
    return {"pretrained_model_name_or_path": str(local), "local_files_only": True}


def _place(folder: Path, name: str, conf: Mapping[str, Any], part: str) -> dict[str, Any]:
    return _repository(conf, part) if f"{part}_name" in conf else _inside(folder, name)


def _inside(folder: Path, name: str) -> dict[str, Any]:
    place = model_folder(folder, name)
    return {"pretrained_model_name_or_path": str(place), "local_files_only": True}


def _repository(conf: Mapping[str, Any], part: str) -> dict[str, Any]:
    name, revision = conf.get(f"{part}_name"), conf.get(f"{part}_revision")
    if not name or not revision:
        raise MlflowException("The model has neither weights nor the name of a repository")
    return {"pretrained_model_name_or_path": name, "revision": revision}


def _loaded(name: str, base: str, place: Mapping[str, Any], options: dict[str, Any]) -> Any:
    """Load a component by its class; code of the model's own passes the choke point."""
    import transformers  # noqa: PLC0415 - optional package

    kind = getattr(transformers, name, None)
    trusted: dict[str, Any] = {}
    if not (isinstance(kind, type) and hasattr(kind, "from_pretrained")):
        kind = getattr(transformers, base)
        path = Path(place["pretrained_model_name_or_path"])
        trusted["trust_remote_code"] = bool(admitted(f"Python code of {name}", path))
    try:
        return kind.from_pretrained(**place, **trusted, **options)
    except OSError as error:
        where = place["pretrained_model_name_or_path"]
        raise MlflowException(f"The model's {name} cannot be read from {where}: {error}") from error


def wrap(
    pipeline: Any, conf: Mapping[str, Any], config: Any = None, template: str | None = None
) -> PipelineModel:
    """Return a pipeline as a Python function.

    Args:
        pipeline: The pipeline.
        conf: The flavor's settings.
        config: Arguments for every prediction.
        template: The prompt's template.
    """
    endpoint = ENDPOINTS.get(str(conf.get("inference_task")))
    kind = endpoint.model if endpoint is not None else PipelineModel
    return kind(pipeline, conf, config, template)


def open_function(folder: Path, conf: Mapping[str, Any], config: Any) -> PipelineModel:
    """Return the Python function of a folder.

    Args:
        folder: The folder.
        conf: The flavor's settings.
        config: The model's configuration.
    """
    options = dict(config or {})
    device = options.pop("device", None)
    pipeline = read(folder, conf, device=device)
    meta = Model.load(folder / MLMODEL_FILE)
    return wrap(pipeline, conf, options, (meta.metadata or {}).get("prompt_template"))
