"""Chat models: Python models that take messages and answer with a completion."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from mlflow.exceptions import MlflowException
from mlflow.pyfunc.model import PythonModel, load_python_model
from mlflow.pyfunc.shape import Shape, ShapeWrapper, plain, row_of, unchanged
from mlflow.types.llm import (
    CHAT_MODEL_INPUT_EXAMPLE,
    CHAT_MODEL_INPUT_SCHEMA,
    CHAT_MODEL_OUTPUT_SCHEMA,
    ChatCompletionChunk,
    ChatCompletionRequest,
    ChatCompletionResponse,
    ChatMessage,
    ChatParams,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from mlflow.pyfunc.model import PythonModelContext


class ChatModel(PythonModel, ABC):
    """The base class of a chat model; ``ResponsesAgent`` is the one to prefer."""

    __module__ = "mlflow.pyfunc.model"  # where pickles name it
    _shape: Shape
    _around = staticmethod(unchanged)

    @abstractmethod
    def predict(
        self,
        context: PythonModelContext,
        messages: list[ChatMessage],
        params: ChatParams,
    ) -> ChatCompletionResponse:
        """Return the completion of a conversation.

        Args:
            context: The artifacts and the configuration.
            messages: The conversation.
            params: How to answer.
        """

    def predict_stream(
        self,
        context: PythonModelContext,
        messages: list[ChatMessage],
        params: ChatParams,
    ) -> Generator[ChatCompletionChunk, None, None]:
        """Return the completion piece by piece.

        Args:
            context: The artifacts and the configuration.
            messages: The conversation.
            params: How to answer.
        """
        raise NotImplementedError(
            "Streaming implementation not provided. Please override the `predict_stream` method on"
            " your model to generate streaming predictions"
        )


class _Wrapper(ShapeWrapper):
    def predict(self, model_input: Any, params: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self._call(self.python_model.predict, model_input, params)
        if not isinstance(answer, ChatCompletionResponse):
            raise MlflowException(
                "Failed to save ChatModel. Please ensure that the model's predict() method returns"
                " a ChatCompletionResponse object. If your predict() method currently returns a"
                " dict, use `ChatCompletionResponse.from_dict(output)`"
            )
        return answer.to_dict()

    def predict_stream(
        self, model_input: Any, params: dict[str, Any] | None = None
    ) -> Iterator[dict[str, Any]]:
        for chunk in self._call(self.python_model.predict_stream, model_input, params):
            if not isinstance(chunk, ChatCompletionChunk):
                raise MlflowException(
                    "Model returned an invalid response. Expected a ChatCompletionChunk, but got"
                    f" {type(chunk)} instead."
                )
            yield chunk.to_dict()

    def _call(self, function: Any, model_input: Any, params: dict[str, Any] | None) -> Any:
        row = {**row_of(model_input), **(params or {})}
        messages = [ChatMessage.from_dict(message) for message in row.pop("messages", [])]
        arguments = (messages, ChatParams.from_dict(row))
        if "context" in inspect.signature(function).parameters:
            return function(self.context, *arguments)
        return function(*arguments)


def _request(example: Any) -> dict[str, Any]:
    params: dict[str, Any] = {}
    if isinstance(example, tuple):
        example, params = example
    if isinstance(example, list):
        example = {"messages": example}
    if not isinstance(example, dict):
        raise MlflowException.invalid_parameter_value(
            "The input example of a ChatModel is a dictionary with `messages`, or a list of"
            f" messages; got {type(example).__name__}"
        )
    request = plain({**example, **params})
    ChatCompletionRequest.from_dict(request)
    return request  # type: ignore[no-any-return]  # a dictionary stays one


def _load_pyfunc(path: str, model_config: dict[str, Any] | None = None) -> Any:
    """Load a chat model of a folder; the contract of a ``loader_module``."""
    return _Wrapper(*load_python_model(path, model_config))


ChatModel._shape = Shape(  # noqa: SLF001 - its own class
    "ChatModel",
    "mlflow.pyfunc.loaders.chat_model",
    "agent/v1/chat",
    CHAT_MODEL_INPUT_SCHEMA,
    CHAT_MODEL_OUTPUT_SCHEMA,
    CHAT_MODEL_INPUT_EXAMPLE,
    _request,
    _Wrapper,
)
