"""What chat models take and give: plain values that check themselves.

Fields are checked by their annotations, without conversion, but for dictionaries, which become the
class that the annotation names. Cloudpickled chat models name these classes here.
"""

from __future__ import annotations

import dataclasses
import types
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints
from uuid import uuid4

from mlflow._core.clock import now_ms
from mlflow.types.shorthand import schema_of

JSON_SCHEMA_TYPES: Final = ["string", "number", "integer", "object", "array", "boolean", "null"]
_Kind = Literal["string", "number", "integer", "object", "array", "boolean", "null"]


@cache
def _hints(owner: type) -> dict[str, Any]:
    return get_type_hints(owner)


def _now() -> int:
    return now_ms() // 1000


def _fit(name: str, value: Any, hint: Any) -> Any:
    """Return a value as its annotation wants it."""
    arms = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    if value is None:
        if type(None) not in arms:
            raise ValueError(f"`{name}` is required")
        return None
    hint = next(arm for arm in arms if arm is not type(None))
    origin = get_origin(hint)
    if origin is list:
        return _fit_list(name, value, get_args(hint)[0])
    if origin is dict:
        return _fit_dict(name, value, get_args(hint)[1])
    if origin is Literal:
        if value not in get_args(hint):
            raise ValueError(f"`{name}` must be one of {list(get_args(hint))}, got {value}")
        return value
    if dataclasses.is_dataclass(hint):
        return _fit_value(name, value, hint)
    if type(value) is not hint and not (hint is str and isinstance(value, str)):
        raise ValueError(f"`{name}` must be of type {hint.__name__}, got {type(value).__name__}")
    return value


def _fit_value(name: str, value: Any, owner: Any) -> Any:
    if isinstance(value, owner):
        return value
    if not isinstance(value, dict):
        raise ValueError(  # noqa: TRY004 - recorded
            f"Expected `{name}` to be either an instance of `{owner.__name__}` or a dict matching"
            f" the schema. Received `{type(value).__name__}`"
        )
    return owner.from_dict(value)


def _fit_list(name: str, value: Any, item: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"`{name}` must be a list, got {type(value).__name__}")  # noqa: TRY004 - recorded
    if dataclasses.is_dataclass(item):
        kind: Any = item
        if any(not isinstance(one, (dict, kind)) for one in value):
            raise ValueError(
                f"Items in `{name}` must all have the same type: {kind.__name__} or dict"
            )
        return [_fit_value(name, one, kind) for one in value]
    if any(not isinstance(one, item) for one in value):
        raise ValueError(f"All items in `{name}` must be of type {item.__name__}")
    return value


def _fit_dict(name: str, value: Any, item: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(  # noqa: TRY004 - recorded
            f"Expected `{name}` to be a dictionary, received `{type(value).__name__}`"
        )
    for key in value:
        if not isinstance(key, str):
            raise ValueError(  # noqa: TRY004 - recorded
                f"Expected `{name}` to be of type `Dict[str, Any]`, received key of type"
                f" `{type(key).__name__}` (key: {key})"
            )
    if item is Any:
        return value
    for one in value.values():
        if not isinstance(one, (dict, item)):
            raise ValueError(  # noqa: TRY004 - recorded
                f"Items in `{name}` must be either an instance of `{item.__name__}` or a dict"
                f" matching the schema. Received `{type(one).__name__}`"
            )
    return {key: _fit_value(name, one, item) for key, one in value.items()}


def _present(items: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key: value for key, value in items if value is not None}


@dataclass
class _BaseDataclass:
    """A value that checks its fields by their annotations."""

    def __post_init__(self) -> None:
        hints = _hints(type(self))  # type: ignore[arg-type]  # a class has a hash
        for one in fields(self):
            setattr(self, one.name, _fit(one.name, getattr(self, one.name), hints[one.name]))

    def to_dict(self) -> dict[str, Any]:
        """Return the fields that are not None, as plain values."""
        plain = dataclasses.asdict(
            self,
            dict_factory=lambda items: {key: value for key, value in items if value is not None},
        )
        return plain  # noqa: RET504 - asdict returns Any

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Any:
        """Make the value of its fields; what it has no field for is ignored.

        Args:
            data: The fields.
        """
        known = {one.name for one in fields(cls)}
        return cls(**{key: value for key, value in data.items() if key in known})


@dataclass
class FunctionToolCallArguments(_BaseDataclass):
    """A function that the model wants called, its arguments as JSON text."""

    name: str
    arguments: str

    def to_tool_call(self, id: str | None = None) -> ToolCall:  # noqa: A002 - recorded
        """Return the call of the function.

        Args:
            id: The call's id; a new one by default.
        """
        return ToolCall(function=self) if id is None else ToolCall(function=self, id=id)


@dataclass
class ToolCall(_BaseDataclass):
    """A call of a tool that the model wants."""

    function: FunctionToolCallArguments
    id: str = field(default_factory=lambda: str(uuid4()))
    type: str = "function"


@dataclass
class ChatMessage(_BaseDataclass):
    """A message of a conversation."""

    role: str
    content: str | None = None
    refusal: str | None = None
    name: str | None = None
    tool_calls: list[ToolCall] | None = None
    tool_call_id: str | None = None

    def __post_init__(self) -> None:
        given: Any = self.content
        parts = given if isinstance(given, list) else None
        if parts is not None:
            if any(not isinstance(part, dict) for part in parts):
                raise ValueError("`content` list items must all be dicts (content parts)")
            self.content = None
        super().__post_init__()
        self.content = self.content if parts is None else given
        if self.refusal and self.content:
            raise ValueError("Both `content` and `refusal` cannot be set")
        if not self.tool_calls and not self.refusal and self.content is None:
            raise ValueError("`content` is required")


@dataclass
class ChatChoiceDelta(_BaseDataclass):
    """A piece of a message that is streamed."""

    role: str | None = "assistant"
    content: str | None = None
    refusal: str | None = None
    name: str | None = None
    tool_calls: list[ToolCall] | None = None


@dataclass
class ParamType(_BaseDataclass):
    """The type of a tool's parameter."""

    type: _Kind


@dataclass
class ParamProperty(ParamType):
    """A parameter of a tool."""

    description: str | None = None
    enum: list[str] | None = None
    items: ParamProperty | None = None


@dataclass
class ToolParamsSchema(_BaseDataclass):
    """The parameters of a tool."""

    properties: dict[str, ParamProperty]
    type: Literal["object"] = "object"
    required: list[str] | None = None
    additionalProperties: bool | None = None  # noqa: N815 - recorded


@dataclass
class FunctionToolDefinition(_BaseDataclass):
    """A function that the model may call."""

    name: str
    description: str | None = None
    parameters: ToolParamsSchema | None = None
    strict: bool = False

    def to_tool_definition(self) -> ToolDefinition:
        """Return the definition of the tool."""
        return ToolDefinition(function=self)


@dataclass
class ToolDefinition(_BaseDataclass):
    """A tool that the model may call."""

    function: FunctionToolDefinition
    type: Literal["function"] = "function"


@dataclass
class ChatParams(_BaseDataclass):
    """How a chat model answers."""

    temperature: float = 1.0
    max_tokens: int | None = None
    stop: list[str] | None = None
    n: int = 1
    stream: bool = False
    top_p: float | None = None
    top_k: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    custom_inputs: dict[str, Any] | None = None
    tools: list[ToolDefinition] | None = None

    @classmethod
    def keys(cls) -> set[str]:
        """Return the names of the fields."""
        return {one.name for one in fields(cls)}


@dataclass
class ChatCompletionRequest(ChatParams):
    """A request to a chat model."""

    messages: list[ChatMessage] = field(default_factory=list)


@dataclass
class TopTokenLogProb(_BaseDataclass):
    """A token that was likely at a place, and how likely."""

    token: str
    logprob: float
    bytes: list[int] | None = None


@dataclass
class TokenLogProb(_BaseDataclass):
    """A token of the answer, how likely it was, and what was likely beside it."""

    token: str
    logprob: float
    top_logprobs: list[TopTokenLogProb]
    bytes: list[int] | None = None


@dataclass
class ChatChoiceLogProbs(_BaseDataclass):
    """How likely each token of an answer was."""

    content: list[TokenLogProb] | None = None


@dataclass
class ChatChoice(_BaseDataclass):
    """One answer of a chat model."""

    message: ChatMessage
    index: int = 0
    finish_reason: str = "stop"
    logprobs: ChatChoiceLogProbs | None = None


@dataclass
class ChatChunkChoice(_BaseDataclass):
    """A piece of one answer that is streamed."""

    delta: ChatChoiceDelta
    index: int = 0
    finish_reason: str | None = None
    logprobs: ChatChoiceLogProbs | None = None


@dataclass
class TokenUsageStats(_BaseDataclass):
    """How many tokens a request and its answer have."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None


@dataclass
class ChatCompletionResponse(_BaseDataclass):
    """What a chat model answers."""

    choices: list[ChatChoice]
    usage: TokenUsageStats | None = None
    id: str | None = None
    model: str | None = None
    object: str = "chat.completion"
    created: int = field(default_factory=_now)
    custom_outputs: dict[str, Any] | None = None


@dataclass
class ChatCompletionChunk(_BaseDataclass):
    """A piece of an answer that is streamed."""

    choices: list[ChatChunkChoice]
    usage: TokenUsageStats | None = None
    id: str | None = None
    model: str | None = None
    object: str = "chat.completion.chunk"
    created: int = field(default_factory=_now)
    custom_outputs: dict[str, Any] | None = None


TOOL_CALL: Final = {
    "function": {"name": "string", "arguments": "string"},
    "id": "string",
    "type": "string",
}
_MESSAGE: Final = {
    "role": "string",
    **dict.fromkeys(("content?", "name?", "refusal?", "tool_call_id?"), "string"),
    "tool_calls?": [TOOL_CALL],
}
_PROPERTY: Final = {
    "type": "string",
    "description?": "string",
    "enum?": ["string"],
    "items?": {"type": "string"},
}
_FUNCTION: Final = {
    "name": "string",
    "description?": "string",
    "parameters": {
        "properties": {...: _PROPERTY},
        "type?": "string",
        "required?": ["string"],
        "additionalProperties?": "boolean",
    },
    "strict?": "boolean",
}
USAGE: Final = dict.fromkeys(("prompt_tokens", "completion_tokens", "total_tokens"), "long")
_SAMPLING: Final = {
    "temperature?": "double",
    "max_tokens?": "long",
    "stop?": ["string"],
    "n?": "long",
    "stream?": "boolean",
}
_ANSWER: Final = {"id": "string", "object": "string", "created": "long", "model": "string"}

CHAT_MODEL_INPUT_SCHEMA: Final = schema_of(
    {
        "messages": [_MESSAGE],
        **_SAMPLING,
        "top_p?": "double",
        "top_k?": "long",
        "frequency_penalty?": "double",
        "presence_penalty?": "double",
        "tools?": [{"type": "string", "function?": _FUNCTION}],
        "custom_inputs?": {...: "any"},
    }
)
CHAT_MODEL_OUTPUT_SCHEMA: Final = schema_of(
    {
        **_ANSWER,
        "choices": [{"index": "long", "message": _MESSAGE, "finish_reason": "string"}],
        "usage?": USAGE,
        "custom_outputs?": {...: "any"},
    }
)
CHAT_MODEL_INPUT_EXAMPLE: Final = {
    "messages": [{"role": "user", "content": "Hello!"}],
    "temperature": 1.0,
    "max_tokens": 10,
    "stop": ["\n"],
    "n": 1,
    "stream": False,
}
COMPLETIONS_MODEL_INPUT_SCHEMA: Final = schema_of({"prompt": "string", **_SAMPLING})
COMPLETIONS_MODEL_OUTPUT_SCHEMA: Final = schema_of(
    {
        **_ANSWER,
        "choices": [{"index": "long", "text": "string", "finish_reason": "string"}],
        "usage": USAGE,
    }
)
EMBEDDING_MODEL_INPUT_SCHEMA: Final = schema_of({"input": "string"})
EMBEDDING_MODEL_OUTPUT_SCHEMA: Final = schema_of(
    {
        "object": "string",
        "data": [{"index": "long", "object": "string", "embedding": ["double"]}],
        "usage": {"prompt_tokens": "long", "total_tokens": "long"},
    }
)
