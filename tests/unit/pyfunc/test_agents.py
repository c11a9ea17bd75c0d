"""Chat models and agents: what they are given, what is written, what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.models import Model, infer_signature
from mlflow.pyfunc import ChatAgent, ChatModel, ResponsesAgent
from mlflow.types.agent import ChatAgentChunk, ChatAgentMessage, ChatAgentResponse
from mlflow.types.llm import (
    ChatChoice,
    ChatChoiceDelta,
    ChatChunkChoice,
    ChatCompletionChunk,
    ChatCompletionResponse,
    ChatMessage,
)
from mlflow.types.responses import (
    ResponsesAgentResponse,
    ResponsesAgentStreamEvent,
    output_to_responses_items_stream,
    to_chat_completions_input,
)

if TYPE_CHECKING:
    from pathlib import Path

MESSAGES = [{"role": "user", "content": "hi"}]


class _Chat(ChatModel):
    def predict(self, context: Any, messages: Any, params: Any) -> Any:
        text = f"{messages[0].content} {params.temperature} {params.max_tokens}"
        choice = ChatChoice(message=ChatMessage(role="assistant", content=text))
        return ChatCompletionResponse(choices=[choice], created=1)

    def predict_stream(self, context: Any, messages: Any, params: Any) -> Any:
        for message in messages:
            delta = ChatChoiceDelta(content=message.content)
            yield ChatCompletionChunk(choices=[ChatChunkChoice(delta=delta)], created=1)


class _Agent(ChatAgent):
    def predict(self, messages: Any, context: Any = None, custom_inputs: Any = None) -> Any:
        user = context.user_id if context else None
        text = f"{messages[0].content} {user} {custom_inputs}"
        return ChatAgentResponse(
            messages=[ChatAgentMessage(role="assistant", content=text, id="1")]
        )

    def predict_stream(self, messages: Any, context: Any = None, custom_inputs: Any = None) -> Any:
        yield ChatAgentChunk(delta=ChatAgentMessage(role="assistant", content="a", id="1"))
        yield {"delta": {"role": "assistant", "content": "b", "id": "1"}}


class _Answers(ResponsesAgent):
    def predict(self, request: Any) -> Any:
        item: Any = self.create_text_output_item(text=request.input[0].content, id="1")
        return ResponsesAgentResponse(output=[item], custom_outputs=request.custom_inputs)

    def predict_stream(self, request: Any) -> Any:
        yield self.create_text_delta("a", "1")
        item = self.create_text_output_item(text="a", id="1")
        event: Any = {"type": "response.output_item.done", "item": item}
        yield ResponsesAgentStreamEvent(**event)


def _loaded(folder: Path, model: Any, **options: Any) -> Any:
    mlflow.pyfunc.save_model(folder / "m", python_model=model, **options)
    return mlflow.pyfunc.load_model(str(folder / "m"))


def _text(answer: Any) -> Any:
    return answer["choices"][0]["message"]["content"]


def test_a_chat_model_gets_messages_and_parameters(tmp_path: Path) -> None:
    """A request is taken apart; what the schema refuses never reaches the model."""
    model = _loaded(tmp_path, _Chat())
    assert _text(model.predict({"messages": MESSAGES})) == "hi 1.0 None"
    request = {"messages": MESSAGES, "temperature": 1, "max_tokens": 3, "bogus": 1}
    assert _text(model.predict(request)) == "hi 1.0 3"
    chunks = list(model.predict_stream({"messages": MESSAGES}))
    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": "hi"}
    for wrong in ({"messages": "x"}, {"messages": [{"content": "x"}]}, MESSAGES, "hi"):
        with pytest.raises(MlflowException):
            model.predict(wrong)
    with pytest.raises(ValueError, match="content"):
        model.predict({"messages": [{"role": "user"}]})


def test_an_agent_gets_its_parts(tmp_path: Path) -> None:
    """Messages, context and inputs of its own; streamed answers may be dictionaries."""
    model = _loaded(tmp_path, _Agent())
    request = {"messages": MESSAGES, "context": {"user_id": "u"}, "custom_inputs": {"a": [1]}}
    assert model.predict(request)["messages"][0]["content"] == "hi u {'a': [1]}"
    deltas = [chunk["delta"]["content"] for chunk in model.predict_stream(request)]
    assert deltas == ["a", "b"]
    direct: Any = _Agent()
    assert direct.predict(request).messages[0].content == "hi u {'a': [1]}"
    with pytest.raises(MlflowException, match="ChatAgentRequest"):
        direct.predict({"messages": 1})


def test_an_agent_that_answers_in_items(tmp_path: Path) -> None:
    """The request reaches it as one value; a dictionary becomes one outside a loaded model too."""
    model = _loaded(tmp_path, _Answers())
    request = {"input": MESSAGES, "custom_inputs": {"a": 1}}
    answer = model.predict(request)
    assert answer["output"][0]["content"][0]["text"] == "hi"
    assert answer["custom_outputs"] == {"a": 1}
    events = [event["type"] for event in model.predict_stream(request)]
    assert events == ["response.output_text.delta", "response.output_item.done"]
    assert _Answers().predict(request).custom_outputs == {"a": 1}
    with pytest.raises(MlflowException):
        model.predict({"input": "x"})


@pytest.mark.parametrize(
    ("model", "task"),
    [
        (_Chat(), "agent/v1/chat"),
        (_Agent(), "agent/v2/chat"),
        (_Answers(), "agent/v1/responses"),
    ],
)
def test_a_shape_is_written(tmp_path: Path, model: Any, task: str) -> None:
    """Task, signature and a request as the example stand in the folder without being given."""
    mlflow.pyfunc.save_model(tmp_path / "m", python_model=model, metadata={"own": 1})
    meta = Model.load(tmp_path / "m")
    assert meta.metadata == {"task": task, "own": 1}
    assert meta.signature is not None
    assert meta.flavors["python_function"]["streamable"] is True
    body = json.loads(str(meta.get_serving_input(str(tmp_path / "m"))))
    assert body == meta.load_input_example(str(tmp_path / "m"))
    with pytest.raises(MlflowException, match="standard signature"):
        mlflow.pyfunc.save_model(
            tmp_path / "n", python_model=model, signature=infer_signature(["a"])
        )
    with pytest.raises(MlflowException):
        mlflow.pyfunc.save_model(tmp_path / "o", python_model=model, input_example="bad")


class _Wrong(ChatAgent):
    def predict(self, messages: Any, context: Any = None, custom_inputs: Any = None) -> Any:
        return {"messages": [{"role": "assistant", "content": "without an id"}]}


class _WrongChat(ChatModel):
    def predict(self, context: Any, messages: Any, params: Any) -> Any:
        return "text"


@pytest.mark.parametrize("model", [_Wrong(), _WrongChat()])
def test_an_answer_of_the_wrong_kind_is_found_when_it_is_saved(tmp_path: Path, model: Any) -> None:
    """The example is predicted, and what comes back checked."""
    with pytest.raises(MlflowException, match="Failed to save"):
        mlflow.pyfunc.save_model(tmp_path / "m", python_model=model)


def test_a_stream_that_is_not_defined_says_so(tmp_path: Path) -> None:
    """Asking for pieces from an agent without them is an error, at the first piece."""
    with pytest.raises(NotImplementedError, match="predict_stream"):
        list(ChatAgent.predict_stream(_Wrong(), []))


def test_chunks_of_a_completion_become_items() -> None:
    """Text is streamed as it comes and complete at the end; calls are put together."""

    def chunk(**delta: Any) -> dict[str, Any]:
        return {"id": "i", "choices": [{"delta": delta}]}

    kept: list[dict[str, Any]] = []
    texts = iter([chunk(content="a"), chunk(content="b"), {"choices": []}])
    events = list(output_to_responses_items_stream(texts, kept))
    assert [event.type for event in events][-1] == "response.output_item.done"
    assert kept[0]["content"][0]["text"] == "ab"
    call = {"id": "c", "function": {"name": "f", "arguments": "{"}}
    calls = iter([chunk(tool_calls=[call]), chunk(tool_calls=[{"function": {"arguments": "}"}}])])
    [event] = output_to_responses_items_stream(calls)
    assert event.model_dump()["item"]["arguments"] == "{}"


def test_items_become_messages_of_a_completion() -> None:
    """Every kind of item that has a counterpart is turned into it."""
    items = [
        {"role": "user", "content": "x", "status": "completed"},
        ResponsesAgent.create_text_output_item("a", "1"),
        ResponsesAgent.create_function_call_item("1", "c", "f", "{}"),
        ResponsesAgent.create_function_call_output_item("c", "o"),
        ResponsesAgent.create_reasoning_item("1", "r"),
        {"type": "file_search_call", "id": "1"},
    ]
    messages = to_chat_completions_input(items)
    roles = [message["role"] for message in messages]
    assert roles == ["user", "assistant", "assistant", "tool", "assistant"]
    assert messages[0] == {"role": "user", "content": "x"}
