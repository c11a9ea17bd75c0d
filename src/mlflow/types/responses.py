"""What agents that answer in items take and give, and conversions from and to chat completions.

Cloudpickled agents name the three classes here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mlflow.types.agent import CONTEXT, ChatContext
from mlflow.types.responses_helpers import (
    BaseRequestPayload,
    Message,
    OutputItem,
    Response,
    ResponseCompletedEvent,
    ResponseErrorEvent,
    ResponseOutputItemDoneEvent,
    ResponseTextAnnotationDeltaEvent,
    ResponseTextDeltaEvent,
    _Open,
)
from mlflow.types.schema import ColSpec, Schema
from mlflow.types.shorthand import schema_of, type_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

_DONE: Final = "response.output_item.done"


class ResponsesAgentRequest(BaseRequestPayload):
    """A request to an agent."""

    input: list[Message | OutputItem]
    custom_inputs: dict[str, Any] | None = None
    context: ChatContext | None = None


class ResponsesAgentResponse(Response):
    """What an agent answers."""

    custom_outputs: dict[str, Any] | None = None


class ResponsesAgentStreamEvent(_Open):
    """A piece of an agent's answer that is streamed."""

    _known: ClassVar = {
        _DONE: ResponseOutputItemDoneEvent,
        "response.output_text.delta": ResponseTextDeltaEvent,
        "response.output_text.annotation.added": ResponseTextAnnotationDeltaEvent,
        "error": ResponseErrorEvent,
        "response.completed": ResponseCompletedEvent,
    }
    _strict: ClassVar = False

    custom_outputs: dict[str, Any] | None = None


def create_text_delta(delta: str, item_id: str) -> dict[str, Any]:
    """Return the event of a piece of text.

    Args:
        delta: The piece.
        item_id: The id of the message that it belongs to.
    """
    return {"type": "response.output_text.delta", "item_id": item_id, "delta": delta}


def create_annotation_added(
    item_id: str, annotation: dict[str, Any], annotation_index: int | None = 0
) -> dict[str, Any]:
    """Return the event of an annotation.

    Args:
        item_id: The id of the message that it belongs to.
        annotation: The annotation.
        annotation_index: Its place among the message's annotations.
    """
    return {
        "type": "response.output_text.annotation.added",
        "item_id": item_id,
        "annotation_index": annotation_index,
        "annotation": annotation,
    }


def create_text_output_item(
    text: str,
    id: str,  # noqa: A002 - recorded
    annotations: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return a message of one text.

    Args:
        text: The text.
        id: The message's id.
        annotations: What the text refers to.
    """
    part = {"text": text, "type": "output_text", "annotations": annotations or []}
    return {"id": id, "content": [part], "role": "assistant", "type": "message"}


def create_reasoning_item(id: str, reasoning_text: str) -> dict[str, Any]:  # noqa: A002 - recorded
    """Return an item of what the agent thought.

    Args:
        id: Its id.
        reasoning_text: The text.
    """
    summary = [{"type": "summary_text", "text": reasoning_text}]
    return {"type": "reasoning", "summary": summary, "id": id}


def create_function_call_item(
    id: str,  # noqa: A002 - recorded
    call_id: str,
    name: str,
    arguments: str,
) -> dict[str, Any]:
    """Return an item that wants a function called.

    Args:
        id: Its id.
        call_id: The call's id, which its output names.
        name: The function.
        arguments: Its arguments as JSON text.
    """
    return {
        "type": "function_call",
        "id": id,
        "call_id": call_id,
        "name": name,
        "arguments": arguments,
    }


def create_function_call_output_item(call_id: str, output: str) -> dict[str, Any]:
    """Return an item of what a function returned.

    Args:
        call_id: The call's id.
        output: What it returned.
    """
    return {"type": "function_call_output", "call_id": call_id, "output": output}


def create_mcp_approval_request_item(
    id: str,  # noqa: A002 - recorded
    arguments: str,
    name: str,
    server_label: str,
) -> dict[str, Any]:
    """Return an item that asks whether a tool of a server may be called.

    Args:
        id: Its id.
        arguments: The call's arguments as JSON text.
        name: The tool.
        server_label: The server.
    """
    return {
        "type": "mcp_approval_request",
        "id": id,
        "arguments": arguments,
        "name": name,
        "server_label": server_label,
    }


def create_mcp_approval_response_item(
    id: str,  # noqa: A002 - recorded
    approval_request_id: str,
    approve: bool,
    reason: str | None = None,
) -> dict[str, Any]:
    """Return the answer to such a question.

    Args:
        id: Its id.
        approval_request_id: The question's id.
        approve: Whether the tool may be called.
        reason: Why.
    """
    return {
        "type": "mcp_approval_response",
        "id": id,
        "approval_request_id": approval_request_id,
        "approve": approve,
        "reason": reason,
    }


def responses_to_cc(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return an item as messages of a chat completion; items without a counterpart give none.

    Args:
        message: The item, or a message of a chat completion already.
    """
    kind = message.get("type")
    if kind == "message" and isinstance(message.get("content"), list):
        return [
            {"role": message["role"], "content": part.get("text", part.get("refusal", ""))}
            for part in message["content"]
        ]
    if kind in ("function_call", "mcp_approval_request"):
        is_call = kind == "function_call"
        function = {"arguments": message["arguments"], "name": message["name"]}
        call = {
            "id": message["call_id" if is_call else "id"],
            "type": "function",
            "function": function,
        }
        content = "tool call" if is_call else "mcp approval request"
        return [{"role": "assistant", "content": content, "tool_calls": [call]}]
    if kind == "reasoning":
        return [{"role": "assistant", "content": json.dumps(message["summary"])}]
    if kind == "function_call_output":
        output = message["output"]
        text = output if isinstance(output, str) else json.dumps(output)
        return [{"role": "tool", "content": text, "tool_call_id": message["call_id"]}]
    if kind == "mcp_approval_response":
        return [
            {
                "role": "tool",
                "content": str(message["approve"]),
                "tool_call_id": message["approval_request_id"],
            }
        ]
    known = ("role", "content", "name", "tool_calls", "tool_call_id")
    return [{key: message[key] for key in message if key in known}] if "role" in message else []


def to_chat_completions_input(
    responses_input: Sequence[dict[str, Any] | Message | OutputItem],
) -> list[dict[str, Any]]:
    """Return the input of a request as messages of a chat completion.

    Args:
        responses_input: The items.
    """
    plain = [
        item if isinstance(item, dict) else item.model_dump(exclude_none=True)
        for item in responses_input
    ]
    return [message for item in plain for message in responses_to_cc(item)]


def _text_of(content: Any) -> str | None:
    """Return the text of a delta's content, None where it has none."""
    if isinstance(content, list):
        parts = [part.get("text", "") for part in content if part.get("type") == "text"]
        return "".join(parts) if parts else None
    return content  # type: ignore[no-any-return]  # text or None


def output_to_responses_items_stream(
    chunks: Iterator[dict[str, Any]], aggregator: list[dict[str, Any]] | None = None
) -> Generator[ResponsesAgentStreamEvent, None, None]:
    """Return the events of an answer from the chunks of a chat completion.

    Args:
        chunks: The chunks, as dictionaries.
        aggregator: Where each complete item is put too.
    """
    text, calls, last_id = "", [], None
    has_text = False
    for chunk in chunks:
        if not chunk.get("choices"):
            continue
        last_id, delta = chunk.get("id"), chunk["choices"][0]["delta"]
        for piece in delta.get("tool_calls") or []:
            if piece.get("id"):
                calls.append(
                    {"id": piece["id"], "name": piece["function"]["name"], "arguments": ""}
                )
            if calls:
                calls[-1]["arguments"] += piece["function"].get("arguments") or ""
        content = _text_of(delta.get("content"))
        if content is not None and not calls:
            has_text, text = True, text + content
            yield ResponsesAgentStreamEvent(**create_text_delta(content, str(last_id)))
    items = [
        create_function_call_item(str(last_id), call["id"], call["name"], call["arguments"])
        for call in calls
    ]
    if has_text and not calls:
        items.append(create_text_output_item(text, str(last_id)))
    for item in items:
        if aggregator is not None:
            aggregator.append(item)
        event: dict[str, Any] = {"type": _DONE, "item": item}
        yield ResponsesAgentStreamEvent(**event)


def responses_agent_output_reducer(
    chunks: list[ResponsesAgentStreamEvent | dict[str, Any]],
) -> dict[str, Any]:
    """Return the answer that events make.

    Args:
        chunks: The events.
    """
    events = [
        chunk if isinstance(chunk, dict) else chunk.model_dump(exclude_none=True)
        for chunk in chunks
    ]
    items = [event["item"] for event in events if event.get("type") == _DONE]
    return ResponsesAgentResponse(output=items).model_dump(exclude_none=True)


_REASONING: Final = {"effort?": "string", "generate_summary?": "string"}
_SHARED: Final = {
    "max_output_tokens?": "long",
    "metadata?": {...: "string"},
    "parallel_tool_calls?": "boolean",
    "reasoning?": _REASONING,
}
_ANYTHING: Final = {
    "temperature?": "double",
    "text?": "any",
    "tool_choice?": "any",
    "tools?": [{"type": "string"}],
    "top_p?": "double",
    "truncation?": "string",
    "user?": "string",
}
RESPONSES_AGENT_INPUT_SCHEMA: Final = schema_of(
    {
        "background?": "boolean",
        "context?": CONTEXT,
        "custom_inputs?": {...: "any"},
        "input": ["any"],
        **_SHARED,
        "store?": "boolean",
        "stream?": "boolean",
        **_ANYTHING,
    }
)
_USAGE: Final = {
    **dict.fromkeys(("input_tokens", "output_tokens", "total_tokens"), "long"),
    "input_tokens_details": {"cached_tokens": "long"},
    "output_tokens_details": {"reasoning_tokens": "long"},
}
_ANSWER: Final = {
    **dict.fromkeys(
        ("id?", "instructions?", "model?", "object", "previous_response_id?", "status?"), "string"
    ),
    "created_at?": "double",
    "custom_outputs?": {...: "any"},
    "error?": {"code?": "string", "message": "string"},
    "incomplete_details?": {"reason?": "string"},
    "output": [{"type": "string"}],
    "usage?": _USAGE,
    **_SHARED,
    **_ANYTHING,
}
RESPONSES_AGENT_OUTPUT_SCHEMA: Final = Schema([ColSpec(type_of(_ANSWER))])
RESPONSES_AGENT_INPUT_EXAMPLE: Final = {"input": [{"role": "user", "content": "Hello!"}]}
