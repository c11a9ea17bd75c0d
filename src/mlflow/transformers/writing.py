"""What a folder of a model of transformers holds, and what MLmodel says of it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Final

from mlflow.environment_variables import MLFLOW_HUGGINGFACE_MODEL_MAX_SHARD_SIZE
from mlflow.models.environment import installed_version
from mlflow.models.saving import Dumped
from mlflow.transformers import adapters
from mlflow.transformers.endpoints import check_endpoint, is_endpoint
from mlflow.transformers.hub import find_revision, name_of
from mlflow.transformers.tasks import check_template, find_task

_logger = logging.getLogger(__name__)
MODEL: Final = "model"
COMPONENTS: Final = "components"
PARTS: Final = ("tokenizer", "feature_extractor", "image_processor", "processor")
_CARD: Final = "model_card.md"
_NEEDED: Final = ("transformers", "torch")
_BESIDES: Final = ("torchvision", "accelerate")  # needed by some models, where they are installed


def requirements(model: Any) -> list[str]:
    """Return the distributions that a model needs.

    Args:
        model: The model; one with an adapter needs PEFT.
    """
    adapted = ["peft"] if model is not None and adapters.is_adapted(model) else []
    return [*_NEEDED, *(name for name in _BESIDES if installed_version(name)), *adapted]


def dump(
    pipeline: Any,
    folder: Path,
    *,
    processor: Any,
    task: str | None,
    torch_dtype: Any,
    model_card: Any,
    model_config: dict[str, Any] | None,
    prompt_template: str | None,
    save_pretrained: bool,
    base_model_path: str | None,
    **_: Any,
) -> Dumped:
    """Write a pipeline into a folder; the arguments are those of ``save_model``."""
    check_template(prompt_template, pipeline)
    check_endpoint(task, pipeline)
    model, parts = pipeline.model, _parts(pipeline, processor)
    base = adapters.base_of(model)
    if adapters.is_adapted(model):
        model.save_pretrained(folder / adapters.FOLDER)
    if base_model_path is not None:
        weights = {
            "local_base_model_path": str(Path(base_model_path).resolve()),
            **_saved(folder, parts),
        }
    elif not save_pretrained or model is not base:
        weights = _named(folder, model, parts)
    else:
        weights = {**write_model(folder, model), **_saved(folder, parts)}
    if model_card is not None:
        text = getattr(model_card, "content", model_card)
        (folder / _CARD).write_text(str(text), "utf-8")
    endpoint = task if is_endpoint(task) else None
    conf: dict[str, Any] = {
        "transformers_version": installed_version("transformers"),
        "task": pipeline.task,
        "instance_type": type(pipeline).__name__,
        "source_model_name": name_of(base),
        "pipeline_model_type": type(base).__name__,
        "torch_dtype": str(torch_dtype or model.dtype),
        "components": list(parts),
        **{f"{name}_type": type(part).__name__ for name, part in parts.items()},
        **weights,
        **({"peft_adaptor": adapters.FOLDER} if model is not base else {}),
        **({"inference_task": endpoint} if endpoint else {}),
    }
    config = dict(model_config or {})
    if prompt_template is not None and pipeline.task == "text-generation":
        config.setdefault("return_full_text", False)
    told = {"prompt_template": prompt_template, "task": endpoint}
    return Dumped(
        "mlflow.transformers",
        {"model_config": config} if find_task(pipeline) is not None else None,
        {"transformers": conf},
        frozenset(),
        tuple(requirements(model)),
        {key: value for key, value in told.items() if value is not None},
    )


def _parts(pipeline: Any, processor: Any) -> dict[str, Any]:
    found = {name: getattr(pipeline, name, None) for name in PARTS}
    found["processor"] = processor if processor is not None else found["processor"]
    return {name: part for name, part in found.items() if part is not None}


def write_model(folder: Path, model: Any) -> dict[str, Any]:
    """Write a model's weights, those below its adapter; return what MLmodel says of them.

    Args:
        folder: The folder of the whole.
        model: The model.
    """
    size = MLFLOW_HUGGINGFACE_MODEL_MAX_SHARD_SIZE.get()
    weights = {"state_dict": adapters.base_weights(model)} if adapters.is_adapted(model) else {}
    adapters.base_of(model).save_pretrained(folder / MODEL, max_shard_size=size, **weights)
    return {"model_binary": MODEL}


def write_part(folder: Path, name: str, part: Any) -> None:
    """Write a component into its folder."""
    part.save_pretrained(folder / COMPONENTS / name)


def _saved(folder: Path, parts: dict[str, Any]) -> dict[str, Any]:
    for name, part in parts.items():
        write_part(folder, name, part)
    return {}


def _named(folder: Path, model: Any, parts: dict[str, Any]) -> dict[str, Any]:
    """Name the repositories of a model and its components; what has none is saved."""
    source = name_of(adapters.base_of(model))
    revision = find_revision(source)
    if revision is None:
        _logger.warning(
            "The model's weights are saved: it does not come from a repository of the hub (%r).",
            source,
        )
        return {**write_model(folder, model), **_saved(folder, parts)}
    told = {"source_model_revision": revision}
    for name, part in parts.items():
        own = name_of(part)
        commit = revision if own == source else find_revision(own)
        if commit is None:
            write_part(folder, name, part)
        else:
            told |= {f"{name}_name": own, f"{name}_revision": commit}
    return told
