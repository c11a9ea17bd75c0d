"""Agents that take and answer items: messages, calls of functions and what they returned."""

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
from mlflow.types import responses
from mlflow.types.responses import (
    RESPONSES_AGENT_INPUT_EXAMPLE,
    RESPONSES_AGENT_INPUT_SCHEMA,
    RESPONSES_AGENT_OUTPUT_SCHEMA,
    ResponsesAgentRequest,
    ResponsesAgentResponse,
    ResponsesAgentStreamEvent,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator


class ResponsesAgent(PythonModel, ABC):
    """The base class of an agent."""

    __module__ = "mlflow.pyfunc.model"  # where pickles name it
    _shape: Shape
    _around = staticmethod(unchanged)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in ("predict", "predict_stream"):
            if name in cls.__dict__:
                wrapped = from_dictionary(cls.__dict__[name], ResponsesAgentRequest, unpack=False)
                setattr(cls, name, wrapped)

    @abstractmethod
    def predict(self, request: ResponsesAgentRequest) -> ResponsesAgentResponse:
        """Return the agent's answer.

        Args:
            request: The request; a dictionary becomes one.
        """

    def predict_stream(
        self, request: ResponsesAgentRequest
    ) -> Generator[ResponsesAgentStreamEvent, None, None]:
        """Return the agent's answer piece by piece.

        Args:
            request: The request; a dictionary becomes one.
        """
        raise NotImplementedError(
            "Streaming implementation not provided. Please override the `predict_stream` method on"
            " your model to generate streaming predictions"
        )

    create_annotation_added = staticmethod(responses.create_annotation_added)
    create_function_call_item = staticmethod(responses.create_function_call_item)
    create_function_call_output_item = staticmethod(responses.create_function_call_output_item)
    create_reasoning_item = staticmethod(responses.create_reasoning_item)
    create_text_delta = staticmethod(responses.create_text_delta)
    create_text_output_item = staticmethod(responses.create_text_output_item)
    output_to_responses_items_stream = staticmethod(responses.output_to_responses_items_stream)
    prep_msgs_for_cc_llm = staticmethod(responses.to_chat_completions_input)
    responses_agent_output_reducer = staticmethod(responses.responses_agent_output_reducer)


class _Wrapper(ShapeWrapper):
    def predict(self, model_input: Any, params: dict[str, Any] | None = None) -> dict[str, Any]:  # noqa: ARG002 - the engine's call
        answer = self.python_model.predict(ResponsesAgentRequest(**row_of(model_input)))
        return answer_of(ResponsesAgentResponse, answer, owner="ResponsesAgent")

    def predict_stream(
        self,
        model_input: Any,
        params: dict[str, Any] | None = None,  # noqa: ARG002 - the engine's call
    ) -> Iterator[dict[str, Any]]:
        request = ResponsesAgentRequest(**row_of(model_input))
        for event in self.python_model.predict_stream(request):
            yield answer_of(ResponsesAgentStreamEvent, event, owner="ResponsesAgent")


def _request(example: Any) -> dict[str, Any]:
    request = request_of(ResponsesAgentRequest, example, what="ResponsesRequest")
    if isinstance(example, dict):
        return plain(example)  # type: ignore[no-any-return]  # a dictionary stays one
    return request.model_dump(exclude_none=True)  # type: ignore[no-any-return]  # a dictionary


def _load_pyfunc(path: str, model_config: dict[str, Any] | None = None) -> Any:
    """Load an agent of a folder; the contract of a ``loader_module``."""
    return _Wrapper(*load_python_model(path, model_config))


ResponsesAgent._shape = Shape(  # noqa: SLF001 - its own class
    "ResponsesAgent",
    "mlflow.pyfunc.loaders.responses_agent",
    "agent/v1/responses",
    RESPONSES_AGENT_INPUT_SCHEMA,
    RESPONSES_AGENT_OUTPUT_SCHEMA,
    RESPONSES_AGENT_INPUT_EXAMPLE,
    _request,
    _Wrapper,
)
