"""The sentence-transformers flavor: models in their library's own folder, texts to vectors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.embeddings import EMBEDDINGS, embeddings_answer, embeddings_signature
from mlflow._flavor.functions import public_functions
from mlflow._flavor.load import model_file
from mlflow._flavor.spec import Argument, Flavor
from mlflow.exceptions import MlflowException
from mlflow.models.choke import admit_code
from mlflow.models.environment import installed_version
from mlflow.models.saving import Dumped
from mlflow.models.signature import ModelSignature
from mlflow.types.schema import ColSpec, Schema, TensorSpec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FOLDER: Final = "model.sentence_transformer"
_CONFIG_FILE: Final = "inference_config"
_NEEDED: Final = ("sentence-transformers", "transformers", "torch")


class EncodingModel:
    """A model as a Python function of texts."""

    def __init__(self, model: Any, task: str | None) -> None:
        self._model = model
        self._task = task

    def get_raw_model(self) -> Any:
        """Return the model."""
        return self._model

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """Return a vector for each text, or the answer of an embeddings endpoint.

        Args:
            data: A text, a list of texts, or a DataFrame, of which the first column counts;
                for the task a dictionary or DataFrame with ``input``.
            params: Arguments of the model's ``encode``.
        """
        import pandas as pd  # noqa: PLC0415 - optional package

        if isinstance(data, dict):
            data = data["input"] if self._task else next(iter(data.values()))
        if isinstance(data, pd.DataFrame):
            data = list(data["input"] if self._task else data.iloc[:, 0])
        texts = [data] if isinstance(data, str) else list(data)
        if texts and not isinstance(texts[0], str):  # one row that holds a list
            texts = [text for row in texts for text in row]
        vectors = self._model.encode(texts, **(params or {}))
        if self._task is None:
            return vectors
        return embeddings_answer(texts, vectors, self._model.tokenizer)


def _signature(_model: Any, example: Any, *, task: str | None, **_: Any) -> ModelSignature | None:
    import numpy as np  # noqa: PLC0415 - optional package

    if task is not None:
        return embeddings_signature(task)
    if example is not None:
        return None
    vectors = Schema([TensorSpec(np.dtype("float64"), (-1,))])
    return ModelSignature(Schema([ColSpec("string")]), vectors)


def _dump(
    model: Any, folder: Path, *, task: str | None, inference_config: dict[str, Any] | None
) -> Dumped:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - optional package

    if not isinstance(model, SentenceTransformer):
        raise MlflowException.invalid_parameter_value(
            f"A SentenceTransformer is wanted, got {type(model).__name__}"
        )
    model.save(str(folder / _FOLDER))
    if inference_config is not None:
        (folder / _CONFIG_FILE).write_text(json.dumps(inference_config), "utf-8")
    inner = getattr(model[0], "auto_model", None)
    conf = {
        "source_model_name": getattr(getattr(inner, "config", None), "_name_or_path", None),
        "pipeline_model_type": type(inner).__name__,
        "sentence_transformers_version": installed_version("sentence-transformers"),
    }
    function: dict[str, Any] = {"data": _FOLDER}
    if task is not None:
        function["model_config"] = {"task": task}
    return Dumped(
        "mlflow.sentence_transformers",
        function,
        {"sentence_transformers": conf},
        frozenset(),
        _NEEDED,
        {"task": task} if task else {},
    )


def _read(folder: Path, _: Mapping[str, Any]) -> Any:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - optional package

    modules = model_file(folder, f"{_FOLDER}/modules.json")
    for module in json.loads(modules.read_text("utf-8")):
        if not str(module.get("type")).startswith("sentence_transformers."):
            admit_code(f"class {module.get('type')}", modules)
    return SentenceTransformer(str(folder / _FOLDER), local_files_only=True)


def _open(folder: Path, conf: Mapping[str, Any], config: Any) -> EncodingModel:
    return EncodingModel(_read(folder, conf), (config or {}).get("task"))


FLAVOR: Final = Flavor(
    name="sentence_transformers",
    title="a sentence-transformers model",
    model="model",
    dump=_dump,
    load=_read,
    wrap=lambda model, _: EncodingModel(model, None),
    open_function=_open,
    signature=_signature,
    requirements=_NEEDED,
    own={
        "task": Argument(
            None, str | None, f"``{EMBEDDINGS}`` makes it answer as an embeddings endpoint."
        ),
        "inference_config": Argument(
            None, dict[str, Any] | None, "Kept beside the model, for whoever serves it."
        ),
    },
    save=(
        "MODEL path OWN code_paths mlflow_model EXAMPLE PIP conda_env metadata extra_files **kwargs"
    ),
    log=(
        "MODEL artifact_path OWN code_paths registered_model_name EXAMPLE await_registration_for"
        " PIP conda_env metadata extra_files prompts LOGGED **kwargs"
    ),
)
FUNCTIONS: Final = public_functions(FLAVOR)
