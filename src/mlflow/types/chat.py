"""Chat completions as Pydantic models: what agents' messages, tools and usage are made of."""

from __future__ import annotations

import warnings
from typing import Annotated, Any, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

_Type = Literal["array", "boolean", "integer", "null", "number", "object", "string"]
_OPEN = ConfigDict(extra="allow")


class TextContentPart(BaseModel):
    """A part of a message that is text."""

    type: Literal["text"]
    text: str


class ImageUrl(BaseModel):
    """Where an image is."""

    url: str
    detail: Literal["auto", "low", "high"] | None = None


class ImageContentPart(BaseModel):
    """A part of a message that is an image."""

    type: Literal["image_url"]
    image_url: ImageUrl


class InputAudio(BaseModel):
    """Sound, as base64."""

    data: str
    format: Literal["wav", "mp3"]


class AudioContentPart(BaseModel):
    """A part of a message that is sound."""

    type: Literal["input_audio"]
    input_audio: InputAudio


class ReasoningSummaryPart(BaseModel):
    """A piece of a summary of reasoning."""

    type: Literal["summary_text"]
    text: str


class ReasoningContentPart(BaseModel):
    """A part of a message that is reasoning."""

    model_config = _OPEN
    type: Literal["reasoning"]
    summary: list[ReasoningSummaryPart] = Field(default_factory=list)


_Part = Annotated[
    TextContentPart | ImageContentPart | AudioContentPart | ReasoningContentPart,
    Field(discriminator="type"),
]
ContentType = Annotated[str | list[_Part], Field(union_mode="left_to_right")]


class Function(BaseModel):
    """A function that the model wants called."""

    name: str | None = None
    arguments: str | None = None

    def to_tool_call(self, id: str | None = None) -> ToolCall:  # noqa: A002 - recorded
        """Return the call of the function.

        Args:
            id: The call's id; a new one by default.
        """
        return ToolCall(id=str(uuid4()) if id is None else id, function=self)


class ToolCall(BaseModel):
    """A call of a tool that the model wants."""

    id: str
    type: str = Field(default="function")
    function: Function
    thought_signature: str | None = None


class ToolCallDelta(BaseModel):
    """A piece of a tool call that is streamed."""

    index: int
    id: str | None = None
    type: str | None = None
    function: Function
    thought_signature: str | None = None


class ChatMessage(BaseModel):
    """A message of a conversation."""

    role: str
    content: ContentType | None = None
    tool_calls: list[ToolCall] | None = None
    refusal: str | None = None
    tool_call_id: str | None = None


class ParamType(BaseModel):
    """The type of a tool's parameter."""

    type: _Type | list[_Type] | None = None


class ParamProperty(ParamType):
    """A parameter of a tool."""

    description: str | None = None
    enum: list[str | int | float | bool] | None = None
    items: ParamProperty | None = None


class FunctionParams(BaseModel):
    """The parameters of a tool."""

    properties: dict[str, ParamProperty]
    type: Literal["object"] = "object"
    required: list[str] | None = None
    additionalProperties: bool | None = None  # noqa: N815 - recorded


class FunctionToolDefinition(BaseModel):
    """A function that the model may call."""

    name: str
    description: str | None = None
    parameters: FunctionParams | None = None
    strict: bool | None = None


class ChatTool(BaseModel):
    """A tool that the model may call."""

    type: Literal["function"]
    function: FunctionToolDefinition | None = None


class ToolChoiceFunction(BaseModel):
    """The function that must be called."""

    name: str


class ToolChoice(BaseModel):
    """The tool that must be called."""

    type: Literal["function"]
    function: ToolChoiceFunction


with warnings.catch_warnings():  # the recorded name hides an old method of the base class
    warnings.filterwarnings("ignore", message='Field name "schema"')

    class JsonSchemaSpec(BaseModel):
        """The schema that an answer must have."""

        model_config = _OPEN
        name: str
        schema: dict[str, Any]  # type: ignore[assignment]  # recorded
        strict: bool = True


class ResponseFormat(BaseModel):
    """The form of an answer."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: JsonSchemaSpec | None = None


class BaseRequestPayload(BaseModel):
    """What every request has."""

    n: int = Field(default=1, gt=0)
    stop: list[str] | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    stream: bool | None = None
    stream_options: dict[str, Any] | None = None
    model: str | None = None
    response_format: ResponseFormat | None = None
    temperature: float | None = None
    top_p: float | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    top_k: int | None = None


class ChatCompletionRequest(BaseRequestPayload):
    """A request to a chat model."""

    messages: list[ChatMessage] = Field(min_length=1)
    tools: list[ChatTool] | None = None
    tool_choice: Literal["none", "auto", "required"] | ToolChoice | None = None


class PromptTokensDetails(BaseModel):
    """More about the tokens of a request."""

    model_config = _OPEN
    cached_tokens: int | None = None


class ChatUsage(BaseModel):
    """How many tokens a request and its answer have."""

    model_config = _OPEN
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    prompt_tokens_details: PromptTokensDetails | None = None


class ChatChoice(BaseModel):
    """One answer of a chat model."""

    index: int
    message: ChatMessage
    finish_reason: str | None = None


class ChatCompletionResponse(BaseModel):
    """What a chat model answers."""

    id: str | None = None
    object: str = "chat.completion"
    created: int
    model: str
    choices: list[ChatChoice]
    usage: ChatUsage


class ChatChoiceDelta(BaseModel):
    """A piece of a message that is streamed."""

    role: str | None = None
    content: str | None = None
    tool_calls: list[ToolCallDelta] | None = None


class ChatChunkChoice(BaseModel):
    """A piece of one answer that is streamed."""

    index: int
    finish_reason: str | None = None
    delta: ChatChoiceDelta


class ChatCompletionChunk(BaseModel):
    """A piece of an answer that is streamed."""

    id: str | None = None
    object: str = "chat.completion.chunk"
    created: int
    model: str
    choices: list[ChatChunkChoice]
    usage: ChatUsage | None = None
