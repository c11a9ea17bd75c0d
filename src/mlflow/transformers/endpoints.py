"""The tasks ``llm/v1/…``: pipelines that take requests and give answers of endpoints.

A task is a row: the pipeline's task, the signature, and the model as a Python function.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mlflow._core.clock import now_ms
from mlflow._flavor.embeddings import EMBEDDINGS, embeddings_answer
from mlflow.exceptions import MlflowException
from mlflow.models.signature import ModelSignature
from mlflow.transformers.pipelines import PipelineModel
from mlflow.types.llm import (
    CHAT_MODEL_INPUT_SCHEMA,
    CHAT_MODEL_OUTPUT_SCHEMA,
    COMPLETIONS_MODEL_INPUT_SCHEMA,
    COMPLETIONS_MODEL_OUTPUT_SCHEMA,
    EMBEDDING_MODEL_INPUT_SCHEMA,
    EMBEDDING_MODEL_OUTPUT_SCHEMA,
)

if TYPE_CHECKING:
    from mlflow.types.schema import Schema

CHAT: Final = "llm/v1/chat"
COMPLETIONS: Final = "llm/v1/completions"
_PREFIX: Final = "llm/"
# What a request may say that is what the pipeline does anyway.
_USUAL: Final = {"n": 1, "stream": False}


class _EmbeddingModel(PipelineModel):
    """A feature extraction pipeline that answers as an embeddings endpoint."""

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:  # noqa: ARG002
        """Return the answer to a request: for each text the vector of its first token."""
        import numpy as np  # noqa: PLC0415 - optional package
        import pandas as pd  # noqa: PLC0415 - optional package

        given = data["input"]
        texts = given.tolist() if isinstance(given, pd.Series) else given
        texts = [texts] if isinstance(texts, str) else list(texts)
        if texts and not isinstance(texts[0], str):  # one row that holds a list
            texts = [text for row in texts for text in row]
        pipeline = self._pipeline
        vectors = [np.array(pipeline(text)[0][0], np.float32) for text in texts]
        return embeddings_answer(texts, vectors, pipeline.tokenizer)


class _CompletionModel(PipelineModel):
    """A text generation pipeline that answers as a completions endpoint."""

    kind = "text_completion"
    asked = "prompt"

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """Return an answer for each request.

        Args:
            data: A request, a list of requests, or a DataFrame of them.
            params: Arguments of the pipeline.

        Raises:
            MlflowException: a request has no prompt, or the pipeline refuses what it asks for.
        """
        return [self._answer(request, params or {}) for request in _requests(data)]

    def _prompt(self, request: dict[str, Any]) -> str:
        return str(request[self.asked])

    def _choice(self, text: str) -> dict[str, Any]:
        return {"text": text}

    def _answer(self, request: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
        if self.asked not in request:
            raise MlflowException.invalid_parameter_value(f"A request needs {self.asked!r}")
        prompt = self._prompt(request)
        if self._template is not None:
            prompt = self._template.format(prompt=prompt)
        tokenizer = self._pipeline.tokenizer
        asked = {key: value for key, value in request.items() if key != self.asked}
        options = {**self._config, **params, **_generation(asked, tokenizer)}
        options.pop("return_full_text", None)  # there are tokens to cut it off by
        ids = self._generated(prompt, options)
        new = ids[len(tokenizer(prompt)["input_ids"]) :]
        told = len(tokenizer(prompt, add_special_tokens=False)["input_ids"])
        is_full = len(new) == options.get("max_new_tokens")
        return {
            "id": str(uuid.uuid4()),
            "object": self.kind,
            "created": now_ms() // 1000,
            "model": self._settings.get("source_model_name") or "",
            "usage": {
                "prompt_tokens": told,
                "completion_tokens": len(new),
                "total_tokens": told + len(new),
            },
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "length" if is_full else "stop",
                    **self._choice(tokenizer.decode(new, skip_special_tokens=True).strip()),
                }
            ],
        }

    def _generated(self, prompt: str, options: dict[str, Any]) -> list[int]:
        """Return the tokens of a prompt and what follows."""
        try:
            (answer,) = self._pipeline(prompt, return_tensors=True, **options)
        except (TypeError, ValueError, KeyError) as error:
            raise self._refused(error) from error
        return list(answer["generated_token_ids"])


class _ChatModel(_CompletionModel):
    """A text generation pipeline that answers as a chat endpoint."""

    kind = "chat.completion"
    asked = "messages"

    def _prompt(self, request: dict[str, Any]) -> str:
        from jinja2 import TemplateError  # noqa: PLC0415 - comes with torch

        messages = [_without_gaps(message) for message in request[self.asked]]
        try:
            text: str = self._pipeline.tokenizer.apply_chat_template(
                messages, tokenize=False, add_generation_prompt=True
            )
        except (TemplateError, TypeError, ValueError, IndexError, KeyError) as error:
            raise MlflowException(f"Failed to apply chat template: {error}") from error
        return text

    def _choice(self, text: str) -> dict[str, Any]:
        return {"message": {"role": "assistant", "content": text}}


class Endpoint(NamedTuple):
    """A task of an endpoint.

    Attributes:
        task: The pipeline's task.
        inputs: What a request has.
        outputs: What an answer has.
        model: The pipeline as a Python function.
    """

    task: str
    inputs: Schema
    outputs: Schema
    model: type[PipelineModel]


ENDPOINTS: Final = {
    COMPLETIONS: Endpoint(
        "text-generation",
        COMPLETIONS_MODEL_INPUT_SCHEMA,
        COMPLETIONS_MODEL_OUTPUT_SCHEMA,
        _CompletionModel,
    ),
    CHAT: Endpoint(
        "text-generation", CHAT_MODEL_INPUT_SCHEMA, CHAT_MODEL_OUTPUT_SCHEMA, _ChatModel
    ),
    EMBEDDINGS: Endpoint(
        "feature-extraction",
        EMBEDDING_MODEL_INPUT_SCHEMA,
        EMBEDDING_MODEL_OUTPUT_SCHEMA,
        _EmbeddingModel,
    ),
}


def is_endpoint(task: str | None) -> bool:
    """Return whether a task is one of an endpoint, known or not."""
    return task is not None and task.startswith(_PREFIX)


def pipeline_task(task: str | None) -> str | None:
    """Return the pipeline's task for a task; None where it says none.

    Args:
        task: A pipeline's task, or an endpoint's.
    """
    if not is_endpoint(task):
        return task
    return ENDPOINTS[str(task)].task if task in ENDPOINTS else None


def check_endpoint(task: str | None, pipeline: Any) -> None:
    """Refuse an endpoint's task that the pipeline does not do.

    Args:
        task: The task that was asked for.
        pipeline: The pipeline.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE.
    """
    able = [name for name, endpoint in ENDPOINTS.items() if endpoint.task == pipeline.task]
    if is_endpoint(task) and task not in able:
        raise MlflowException.invalid_parameter_value(
            f"The task provided is invalid. '{task}' is not a supported task for the"
            f" {pipeline.task} pipeline. Must be one of {able}"
        )


def endpoint_signature(task: str) -> ModelSignature | None:
    """Return the signature of an endpoint's task, or None if there is no such task."""
    found = ENDPOINTS.get(task)
    return ModelSignature(found.inputs, found.outputs) if found is not None else None


def _requests(data: Any) -> list[dict[str, Any]]:
    import pandas as pd  # noqa: PLC0415 - optional package

    rows: Any = data.to_dict("records") if isinstance(data, pd.DataFrame) else data
    rows = rows if isinstance(rows, list) else [rows]
    if not all(isinstance(row, dict) for row in rows):
        raise MlflowException.invalid_parameter_value(
            "Requests are dictionaries, a list of these, or a DataFrame"
        )
    return [_without_gaps(row) for row in rows]


def _without_gaps(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without what it does not have: None, or a table's NaN."""
    return {
        key: value
        for key, value in row.items()
        if value is not None and not (isinstance(value, float) and value != value)  # noqa: PLR0124
    }


def _generation(asked: dict[str, Any], tokenizer: Any) -> dict[str, Any]:
    """Return a request's arguments as the pipeline has them."""
    options = {key: value for key, value in asked.items() if _USUAL.get(key, ...) != value}
    most, stops = options.pop("max_tokens", None), options.pop("stop", None)
    if most:
        options["max_new_tokens"] = int(most)
    if options.get("temperature") == 0:  # which the library does not take
        del options["temperature"]
        options["do_sample"] = False
    if stops is not None and len(stops):
        options["stopping_criteria"] = _stopping([str(stop) for stop in stops], tokenizer)
    if not options.get("tools", True):
        del options["tools"]
    return options


def _stopping(stops: list[str], tokenizer: Any) -> Any:
    """Return what ends a generation whose last tokens are those of one of the texts."""
    import torch  # noqa: PLC0415 - optional package
    import transformers  # noqa: PLC0415 - optional package

    ends = [tokenizer(stop, add_special_tokens=False)["input_ids"] for stop in stops]

    class Stop(transformers.StoppingCriteria):  # type: ignore[misc]  # transformers may be absent
        """Ends each row by itself."""

        def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:  # noqa: ARG002
            """Return for each row whether it ends."""
            return torch.tensor(
                [any(row[-len(end) :] == end for end in ends) for row in input_ids.tolist()],
                device=input_ids.device,
            )

    return transformers.StoppingCriteriaList([Stop()])
