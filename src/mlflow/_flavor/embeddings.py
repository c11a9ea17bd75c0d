"""The task ``llm/v1/embeddings``: requests and answers as embeddings endpoints have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow.exceptions import MlflowException
from mlflow.models.signature import ModelSignature
from mlflow.types.llm import EMBEDDING_MODEL_INPUT_SCHEMA, EMBEDDING_MODEL_OUTPUT_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable

EMBEDDINGS: Final = "llm/v1/embeddings"


def embeddings_signature(task: str) -> ModelSignature:
    """Return the signature of a model with this task.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for another task.
    """
    if task != EMBEDDINGS:
        raise MlflowException.invalid_parameter_value(
            f"Received invalid parameter value for `task` argument {task}. Task type could only be"
            f" {EMBEDDINGS}"
        )
    return ModelSignature(EMBEDDING_MODEL_INPUT_SCHEMA, EMBEDDING_MODEL_OUTPUT_SCHEMA)


def embeddings_answer(
    input_prompts: list[str], output_tensors: Iterable[Any], tokenizer: Any
) -> dict[str, Any]:
    """Return the answer to a request.

    Args:
        input_prompts: The request's texts.
        output_tensors: A vector for each.
        tokenizer: Counts the tokens.
    """
    count = sum(len(ids) for ids in tokenizer(input_prompts)["input_ids"]) if input_prompts else 0
    items = [
        {"object": "embedding", "index": index, "embedding": vector}
        for index, vector in enumerate(output_tensors)
    ]
    usage = {"prompt_tokens": count, "total_tokens": count}
    return {"object": "list", "data": items, "usage": usage}
