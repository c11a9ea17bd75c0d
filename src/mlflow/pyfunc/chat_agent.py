"""Chat agents: Python models that take messages and answer with messages."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from mlflow.pyfunc.model import PythonModel, load_python_model
from mlflow.pyfunc.shape import (
    Shape,
    ShapeWrapper,
    answer_of,
    from_dictionary,
    plain,
    request_of,
    row_of,
    unchanged,
)
from mlflow.types.agent import (
    CHAT_AGENT_INPUT_EXAMPLE,
    CHAT_AGENT_INPUT_SCHEMA,
    CHAT_AGENT_OUTPUT_SCHEMA,
    ChatAgentChunk,
    ChatAgentMessage,
    ChatAgentRequest,
    ChatAgentResponse,
    ChatContext,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator


class ChatAgent(PythonModel, ABC):
    """The base class of a chat agent; ``ResponsesAgent`` is the one to prefer."""

    __module__ = "mlflow.pyfunc.model"  # where pickles name it
    _shape: Shape
    _around = staticmethod(unchanged)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in ("predict", "predict_stream"):
            if name in cls.__dict__:
                wrapped = from_dictionary(cls.__dict__[name], ChatAgentRequest, unpack=True)
                setattr(cls, name, wrapped)

    @abstractmethod
    def predict(
        self,
        messages: list[ChatAgentMessage],
        context: ChatContext | None = None,
        custom_inputs: dict[str, Any] | None = None,
    ) -> ChatAgentResponse:
        """Return the agent's answer.

        Args:
            messages: The conversation, or the whole request as a dictionary.
            context: Whose conversation it is.
            custom_inputs: What the agent wants besides.
        """

    def predict_stream(
        self,
        messages: list[ChatAgentMessage],
        context: ChatContext | None = None,
        custom_inputs: dict[str, Any] | None = None,
    ) -> Generator[ChatAgentChunk, None, None]:
        """Return the agent's answer piece by piece.

        Args:
            messages: The conversation, or the whole request as a dictionary.
            context: Whose conversation it is.
            custom_inputs: What the agent wants besides.
        """
        raise NotImplementedError(
            "Streaming implementation not provided. Please override the `predict_stream` method on"
            " your model to generate streaming predictions"
        )


class _Wrapper(ShapeWrapper):
    def predict(self, model_input: Any, params: dict[str, Any] | None = None) -> dict[str, Any]:  # noqa: ARG002 - the engine's call
        answer = self.python_model.predict(*_parts(model_input))
        return answer_of(ChatAgentResponse, answer, owner="ChatAgent")

    def predict_stream(
        self,
        model_input: Any,
        params: dict[str, Any] | None = None,  # noqa: ARG002 - the engine's call
    ) -> Iterator[dict[str, Any]]:
        for chunk in self.python_model.predict_stream(*_parts(model_input)):
            yield answer_of(ChatAgentChunk, chunk, owner="ChatAgent")


def _parts(model_input: Any) -> tuple[Any, Any, Any]:
    request = ChatAgentRequest(**row_of(model_input))
    return request.messages, request.context, request.custom_inputs


def _request(example: Any) -> dict[str, Any]:
    request = request_of(ChatAgentRequest, example, what="ChatAgentRequest")
    if isinstance(example, dict):
        return plain(example)  # type: ignore[no-any-return]  # a dictionary stays one
    return request.model_dump(exclude_none=True)  # type: ignore[no-any-return]  # a dictionary


def _load_pyfunc(path: str, model_config: dict[str, Any] | None = None) -> Any:
    """Load a chat agent of a folder; the contract of a ``loader_module``."""
    return _Wrapper(*load_python_model(path, model_config))


ChatAgent._shape = Shape(  # noqa: SLF001 - its own class
    "ChatAgent",
    "mlflow.pyfunc.loaders.chat_agent",
    "agent/v2/chat",
    CHAT_AGENT_INPUT_SCHEMA,
    CHAT_AGENT_OUTPUT_SCHEMA,
    CHAT_AGENT_INPUT_EXAMPLE,
    _request,
    _Wrapper,
)
