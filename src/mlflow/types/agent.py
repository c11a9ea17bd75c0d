"""What chat agents take and give, as Pydantic models; cloudpickled agents name them here."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, model_validator

from mlflow.types.chat import ChatUsage, ToolCall
from mlflow.types.llm import TOOL_CALL, USAGE
from mlflow.types.shorthand import schema_of

_HINT: Final = "You can use `str(uuid.uuid4())` to generate a unique ID."


class ChatAgentMessage(BaseModel):
    """A message of a conversation with an agent."""

    role: str
    content: str | None = None
    name: str | None = None
    id: str | None = None
    tool_calls: list[ToolCall] | None = None
    tool_call_id: str | None = None
    attachments: dict[str, str] | None = None

    @model_validator(mode="after")
    def check_content_and_tool_calls(self) -> ChatAgentMessage:
        """Refuse a message that says nothing."""
        if self.content is None and not self.tool_calls:
            raise ValueError("Either 'content' or 'tool_calls' must be provided.")
        return self

    @model_validator(mode="after")
    def check_tool_messages(self) -> ChatAgentMessage:
        """Refuse a tool's answer that does not say whose it is."""
        if self.role == "tool" and not (self.name and self.tool_call_id):
            raise ValueError("Both 'name' and 'tool_call_id' must be provided for tool messages.")
        return self


class ChatContext(BaseModel):
    """Whose conversation it is."""

    conversation_id: str | None = None
    user_id: str | None = None


class ChatAgentRequest(BaseModel):
    """A request to a chat agent."""

    messages: list[ChatAgentMessage]
    context: ChatContext | None = None
    custom_inputs: dict[str, Any] | None = None
    stream: bool | None = False


class ChatAgentResponse(BaseModel):
    """What a chat agent answers."""

    model_config = ConfigDict(validate_assignment=True)

    messages: list[ChatAgentMessage]
    finish_reason: str | None = None
    custom_outputs: dict[str, Any] | None = None
    usage: ChatUsage | None = None

    @model_validator(mode="after")
    def check_message_ids(self) -> ChatAgentResponse:
        """Refuse messages without an id of their own."""
        ids = [message.id for message in self.messages]
        if None in ids:
            raise ValueError(
                f"All ChatAgentMessage objects in field `messages` must have an ID. {_HINT}"
            )
        if len(set(ids)) < len(ids):
            raise ValueError(
                f"All ChatAgentMessage objects in field `messages` must have unique IDs. {_HINT}"
            )
        return self


class ChatAgentChunk(BaseModel):
    """A piece of an agent's answer that is streamed."""

    model_config = ConfigDict(validate_assignment=True)

    delta: ChatAgentMessage
    finish_reason: str | None = None
    custom_outputs: dict[str, Any] | None = None
    usage: ChatUsage | None = None

    @model_validator(mode="after")
    def check_message_id(self) -> ChatAgentChunk:
        """Refuse a piece that does not say of which message it is."""
        if self.delta.id is None:
            raise ValueError(
                "The field `delta` of ChatAgentChunk must contain a ChatAgentMessage object with"
                f" an ID; all pieces of one message have the same. {_HINT}"
            )
        return self


CONTEXT: Final = {"conversation_id?": "string", "user_id?": "string"}
_MESSAGE: Final = {
    "role": "string",
    **dict.fromkeys(("content?", "name?", "id?", "tool_call_id?"), "string"),
    "tool_calls?": [TOOL_CALL],
    "attachments?": {...: "string"},
}
CHAT_AGENT_INPUT_SCHEMA: Final = schema_of(
    {
        "messages": [_MESSAGE],
        "context?": CONTEXT,
        "custom_inputs?": {...: "any"},
        "stream?": "boolean",
    }
)
CHAT_AGENT_OUTPUT_SCHEMA: Final = schema_of(
    {
        "messages": [_MESSAGE],
        "finish_reason?": "string",
        "custom_outputs?": {...: "any"},
        "usage?": USAGE,
    }
)
CHAT_AGENT_INPUT_EXAMPLE: Final = {"messages": [{"role": "user", "content": "Hello!"}]}
