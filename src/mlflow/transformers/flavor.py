"""The transformers flavor: pipelines and their components, weights as safetensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.embeddings import EMBEDDINGS
from mlflow._flavor.functions import public_functions
from mlflow._flavor.spec import REQUIRED, Argument, Flavor
from mlflow.exceptions import MlflowException
from mlflow.transformers.endpoints import CHAT, COMPLETIONS, endpoint_signature, is_endpoint
from mlflow.transformers.given import pipeline_of
from mlflow.transformers.reading import open_function, read, wrap
from mlflow.transformers.tasks import default_signature, written_example
from mlflow.transformers.writing import dump, requirements

if TYPE_CHECKING:
    from mlflow.models.saving import SaveOptions
    from mlflow.models.signature import ModelSignature


def _check(options: SaveOptions, *, task: str | None, **_: Any) -> None:
    if is_endpoint(task) and options.signature is not None:
        raise MlflowException(
            f"The task {task} has a signature of its own: do not give another one"
        )


def _signature(pipeline: Any, example: Any, *, task: str | None, **_: Any) -> ModelSignature | None:
    if is_endpoint(task):
        return endpoint_signature(str(task))
    return default_signature(pipeline) if example is None else None


_TEXT: Final = str | None
FLAVOR: Final = Flavor(
    name="transformers",
    title="a transformers pipeline",
    model="transformers_model",
    check=_check,
    prepare=pipeline_of,
    dump=dump,
    load=read,
    wrap=wrap,
    open_function=open_function,
    signature=_signature,
    example=written_example,
    requirements=requirements,
    own={
        "processor": Argument(None, Any, "A processor that the pipeline does not hold."),
        "task": Argument(
            None,
            _TEXT,
            "The task, where components are given; or an endpoint's:\n"
            f"        ``{CHAT}``, ``{COMPLETIONS}``, ``{EMBEDDINGS}``.",
        ),
        "torch_dtype": Argument(None, Any, "The type in which the weights are loaded again."),
        "model_card": Argument(None, Any, "A model card, as a text or of ``huggingface_hub``."),
        "model_config": Argument(
            None, dict[str, Any] | None, "Arguments of the pipeline for every prediction."
        ),
        "prompt_template": Argument(None, _TEXT, "A text with ``{prompt}``, for each input."),
        "save_pretrained": Argument(
            True, bool, "False names the hub's repository of the weights instead of saving them."
        ),
        "return_type": Argument("pipeline", str, "``pipeline`` or ``components``."),
        "device": Argument(None, Any, "Where the pipeline runs."),
        "base_model_path": Argument(
            None, _TEXT, "The folder of the model below an adapter, which is not saved."
        ),
        "model": Argument(REQUIRED, Any, "A model."),
    },
    save=(
        "MODEL path processor task torch_dtype model_card code_paths mlflow_model EXAMPLE PIP"
        " conda_env metadata model_config prompt_template save_pretrained base_model_path **kwargs"
    ),
    log=(
        "MODEL artifact_path processor task torch_dtype model_card code_paths"
        " registered_model_name EXAMPLE await_registration_for PIP conda_env metadata model_config"
        " prompt_template save_pretrained prompts LOGGED base_model_path **kwargs"
    ),
    read="model_uri dst_path return_type device base_model_path **kwargs",
    defaults="model",
)
FUNCTIONS: Final = public_functions(FLAVOR)
