"""The parts of requests to agents that answer in items, and of their answers, as Pydantic models.

An open item keeps all its fields; where its type is known, the class of that type checks them.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Status(BaseModel):
    """How far an item is."""

    status: str | None = None

    @model_validator(mode="after")
    def check_status(self) -> Status:
        """Refuse a status that there is not."""
        if self.status not in (None, "in_progress", "completed", "incomplete"):
            raise ValueError(
                f"Invalid status: {self.status} for {type(self).__name__}. Must be 'in_progress',"
                " 'completed', or 'incomplete'."
            )
        return self


class _Open(BaseModel):
    """An item of any known type."""

    model_config = ConfigDict(extra="allow")
    _known: ClassVar[dict[str, Any]] = {}  # the class that checks a type's fields, or None
    _what: ClassVar[str] = "type"
    _strict: ClassVar[bool] = True

    type: str

    @model_validator(mode="after")
    def check_type(self) -> _Open:
        """Check the fields by the class of the type."""
        if self.type not in self._known:
            if self._strict:
                raise ValueError(f"Invalid {self._what}: {self.type} for {type(self).__name__}")
            return self
        model = self._known[self.type]
        if model is not None:
            model(**self.model_dump())
        return self


class AnnotationFileCitation(BaseModel):
    """A file that a text cites."""

    file_id: str
    index: int
    type: str = "file_citation"


class AnnotationURLCitation(BaseModel):
    """A page that a text cites."""

    end_index: int | None = None
    start_index: int | None = None
    title: str
    type: str = "url_citation"
    url: str


class AnnotationFilePath(BaseModel):
    """A file that a text names."""

    file_id: str
    index: int
    type: str = "file_path"


class Annotation(_Open):
    """What a text refers to."""

    _known: ClassVar = {
        "file_citation": AnnotationFileCitation,
        "url_citation": AnnotationURLCitation,
        "file_path": AnnotationFilePath,
    }
    _what: ClassVar = "annotation type"


class ResponseOutputText(BaseModel):
    """A text of an answer."""

    annotations: list[Annotation] = Field(default_factory=list)
    text: str
    type: str = "output_text"


class ResponseOutputRefusal(BaseModel):
    """A refusal to answer."""

    refusal: str
    type: str = "refusal"


class Content(_Open):
    """A part of a message of an answer."""

    _known: ClassVar = {"output_text": ResponseOutputText, "refusal": ResponseOutputRefusal}
    _what: ClassVar = "content type"


class ResponseOutputMessage(Status):
    """A message of an answer."""

    id: str
    content: list[Content]
    role: str = "assistant"
    type: str = "message"

    @model_validator(mode="after")
    def check_role(self) -> ResponseOutputMessage:
        """Refuse another role."""
        if self.role != "assistant":
            raise ValueError(f"Invalid role: {self.role}. Must be 'assistant'.")
        return self

    @model_validator(mode="after")
    def check_content(self) -> ResponseOutputMessage:
        """Refuse a message without content."""
        if not self.content:
            raise ValueError("content must not be an empty list")
        return self


class ResponseFunctionToolCall(Status):
    """A function that the agent wants called."""

    arguments: str
    call_id: str
    name: str
    type: str = "function_call"
    id: str | None = None


class Summary(BaseModel):
    """A piece of a summary of reasoning."""

    text: str
    type: str = "summary_text"


class ResponseReasoningItem(Status):
    """What the agent thought."""

    id: str
    summary: list[Summary]
    type: str = "reasoning"


class McpApprovalRequest(Status):
    """A question whether a tool of a server may be called."""

    id: str
    arguments: str
    name: str
    server_label: str
    type: str = "mcp_approval_request"


class McpApprovalResponse(Status):
    """The answer to it."""

    approval_request_id: str
    approve: bool
    type: str = "mcp_approval_response"
    id: str | None = None
    reason: str | None = None


class FunctionCallOutput(Status):
    """What a function returned."""

    call_id: str
    output: str | list[dict[str, Any]]
    type: str = "function_call_output"


class OutputItem(_Open):
    """An item of an answer."""

    _known: ClassVar = {
        "message": ResponseOutputMessage,
        "function_call": ResponseFunctionToolCall,
        "reasoning": ResponseReasoningItem,
        "function_call_output": FunctionCallOutput,
        "mcp_approval_request": McpApprovalRequest,
        "mcp_approval_response": McpApprovalResponse,
        **dict.fromkeys(("file_search_call", "computer_call", "web_search_call")),
    }


class ResponseInputTextParam(BaseModel):
    """A text of a request."""

    text: str
    type: str = "input_text"


class Message(Status):
    """A message of a request."""

    content: str | list[ResponseInputTextParam | dict[str, Any]]
    role: str
    type: str = "message"

    @model_validator(mode="after")
    def check_content(self) -> Message:
        """Refuse parts of types that there are not."""
        for part in self.content if isinstance(self.content, list) else ():
            if not isinstance(part, dict):
                continue
            if "type" not in part:
                raise ValueError("dictionary type content field values must have key 'type'")
            if part["type"] not in ("input_text", "input_image", "input_file"):
                raise ValueError(f"Invalid type: {part['type']}.")
        return self

    @model_validator(mode="after")
    def check_role(self) -> Message:
        """Refuse a role that there is not."""
        if self.role not in ("user", "assistant", "system", "developer"):
            raise ValueError(
                f"Invalid role: {self.role}. Must be 'user', 'assistant', 'system', or 'developer'."
            )
        return self


class FunctionTool(BaseModel):
    """A function that the agent may call."""

    name: str
    parameters: dict[str, Any]
    strict: bool | None = None
    type: str = "function"
    description: str | None = None


class Tool(_Open):
    """A tool that the agent may call."""

    _known: ClassVar = {"function": FunctionTool}
    _strict: ClassVar = False


class ToolChoiceFunction(BaseModel):
    """The function that must be called."""

    name: str
    type: str = "function"


class ToolChoice(BaseModel):
    """Which tools may be called."""

    tool_choice: str | ToolChoiceFunction | None = None


class Truncation(BaseModel):
    """What happens to a conversation that is too long."""

    truncation: str | None = None


class ReasoningParams(BaseModel):
    """How the agent thinks."""

    effort: str | None = None
    generate_summary: str | None = None


class ResponseError(BaseModel):
    """Why there is no answer."""

    code: str | None = None
    message: str


class IncompleteDetails(BaseModel):
    """Why an answer is incomplete."""

    reason: str | None = None


class InputTokensDetails(BaseModel):
    """More about the tokens of a request."""

    cached_tokens: int


class OutputTokensDetails(BaseModel):
    """More about the tokens of an answer."""

    reasoning_tokens: int


class ResponseUsage(BaseModel):
    """How many tokens a request and its answer have."""

    input_tokens: int
    input_tokens_details: InputTokensDetails
    output_tokens: int
    output_tokens_details: OutputTokensDetails
    total_tokens: int


class BaseRequestPayload(Truncation, ToolChoice):
    """What every request has."""

    max_output_tokens: int | None = None
    metadata: dict[str, str] | None = None
    parallel_tool_calls: bool | None = None
    tools: list[Tool] | None = None
    reasoning: ReasoningParams | None = None
    store: bool | None = None
    stream: bool | None = None
    temperature: float | None = None
    text: Any | None = None
    top_p: float | None = None
    user: str | None = None
    background: bool | None = None


class Response(Truncation, ToolChoice):
    """An answer."""

    id: str | None = None
    created_at: float | None = None
    error: ResponseError | None = None
    incomplete_details: IncompleteDetails | None = None
    instructions: str | None = None
    metadata: dict[str, str] | None = None
    model: str | None = None
    object: str = "response"
    output: list[OutputItem]
    parallel_tool_calls: bool | None = None
    temperature: float | None = None
    tools: list[Tool] | None = None
    top_p: float | None = None
    max_output_tokens: int | None = None
    previous_response_id: str | None = None
    reasoning: ReasoningParams | None = None
    status: str | None = None
    text: Any | None = None
    usage: ResponseUsage | None = None
    user: str | None = None

    @property
    def output_text(self) -> str:
        """All texts of the answer's messages."""
        parts = [
            part if isinstance(part, dict) else part.model_dump()
            for item in self.output
            if item.type == "message"
            for part in item.content  # type: ignore[attr-defined]  # a message has it
        ]
        return "".join(part["text"] for part in parts if part.get("type") == "output_text")


class ResponseErrorEvent(BaseModel):
    """An error while an answer is streamed."""

    code: str | None = None
    message: str
    param: str | None = None
    type: str = "error"


class ResponseTextDeltaEvent(BaseModel):
    """A piece of a text that is streamed."""

    content_index: int | None = None
    delta: str
    item_id: str
    output_index: int | None = None
    type: str = "response.output_text.delta"


class ResponseTextAnnotationDeltaEvent(BaseModel):
    """What a text that is streamed refers to."""

    annotation: Annotation
    annotation_index: int
    content_index: int | None = None
    item_id: str
    output_index: int | None = None
    type: str = "response.output_text.annotation.added"


class ResponseOutputItemDoneEvent(BaseModel):
    """An item of an answer that is complete."""

    item: OutputItem
    output_index: int | None = None
    type: str = "response.output_item.done"


class ResponseCompletedEvent(BaseModel):
    """The end of an answer that was streamed."""

    response: Response
    type: str = "response.completed"
