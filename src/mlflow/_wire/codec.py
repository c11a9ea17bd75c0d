"""Messages to and from JSON and query strings, as protobuf's JSON form is read and written.

Integers may arrive as texts or as whole floats, enums are names, doubles that are not finite are
texts. The fast way decodes straight into typed messages; only when that fails does a slow one look
for the field that is wrong, to word the error.
"""

import types
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

import msgspec

from mlflow._wire.messages import Double, Message
from mlflow.exceptions import MlflowException

M = TypeVar("M", bound=Message)

_MAX_SHOWN: Final = 200
_SEE_DOCS: Final = "See the API docs for more information about request parameters."
_MALFORMED: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_encoder: Final = msgspec.json.Encoder()


def double(value: float) -> Double:
    """Return how a double is written: itself, or the text of what JSON has no number for."""
    if value - value == 0:
        return value
    if value != value:  # noqa: PLR0124 - only NaN differs from itself
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def encode_json(message: Message) -> bytes:
    """Return a message as compact JSON, absent fields left out."""
    return _encoder.encode(message)


@lru_cache(maxsize=256)
def _decoder(cls: type[M]) -> msgspec.json.Decoder[M]:
    return msgspec.json.Decoder(cls, strict=False)


def decode_json(cls: type[M], body: bytes) -> M:
    """Return the message that a JSON body holds; an empty body is an empty message.

    Args:
        cls: The class of the message.
        body: UTF-8 text.

    Raises:
        MlflowException: it is no JSON object, or a field is of a wrong type
            (INVALID_PARAMETER_VALUE).
    """
    try:
        found: M = _decoder(cls).decode(body or b"{}")
    except msgspec.ValidationError as error:
        raise _wrong_field(cls, body, str(error)) from None
    except _MALFORMED as error:
        raise _malformed(error) from None
    return found


def decode_query(cls: type[M], query: str | Iterable[tuple[str, str]]) -> M:
    """Return the message that a query string holds; a repeated field is a repeated name.

    Args:
        cls: The class of the message.
        query: The text after the question mark, or its decoded pairs.

    Raises:
        MlflowException: a field is of a wrong type (INVALID_PARAMETER_VALUE).
    """
    pairs = _pairs(query) if isinstance(query, str) else query
    repeated = _repeated(cls)
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in repeated:
            fields.setdefault(name, []).append(value)
        else:
            fields.setdefault(name, value)
    try:
        return msgspec.convert(fields, cls, strict=False)
    except msgspec.ValidationError as error:
        raise _wrong_value(cls, fields, str(error)) from None


def _pairs(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=10_000)
    except ValueError:
        raise MlflowException.invalid_parameter_value(
            "The request's query string is not valid UTF-8, or has more than 10,000 fields."
        ) from None


@lru_cache(maxsize=256)
def _repeated(cls: type[Message]) -> frozenset[str]:
    return frozenset(
        field.name for field in msgspec.structs.fields(cls) if get_origin(field.type) is list
    )


def require(message: Message, names: Iterable[str]) -> None:
    """Check that fields are there: an empty text or list counts as missing.

    Args:
        message: A request.
        names: The fields; ``run_id`` is also there under its old name ``run_uuid``, and is moved.

    Raises:
        MlflowException: one is missing (INVALID_PARAMETER_VALUE).
    """
    for name in names:
        value = getattr(message, name)
        if not value and name == "run_id" and getattr(message, "run_uuid", None):
            value = message.run_id = message.run_uuid  # type: ignore[attr-defined]  # it has both
        if value is None or value in ("", []):
            raise MlflowException.invalid_parameter_value(
                f"Missing value for required parameter '{name}'. {_SEE_DOCS}"
            )


# The slow way


def _malformed(error: Exception) -> MlflowException:
    return MlflowException.invalid_parameter_value(
        f"The request's body is not valid JSON: {error}. {_SEE_DOCS}"
    )


def _wrong_field(cls: type[Message], body: bytes, reason: str) -> MlflowException:
    try:
        fields = msgspec.json.decode(body)
    except _MALFORMED as error:
        return _malformed(error)
    if not isinstance(fields, dict):
        return MlflowException.invalid_parameter_value(
            f"The request's body must be a JSON object, not {_kind(fields)}. {_SEE_DOCS}"
        )
    return _wrong_value(cls, fields, reason)


def _wrong_value(cls: type[Message], fields: dict[str, Any], reason: str) -> MlflowException:
    hints = get_type_hints(cls, include_extras=True)
    for name, value in fields.items():
        if name not in hints:
            continue
        try:
            msgspec.convert(value, hints[name], strict=False)
        except msgspec.ValidationError as error:
            found, expected, where = _innermost(value, hints[name], name, str(error))
            shown = msgspec.json.encode(found).decode()[:_MAX_SHOWN]
            return MlflowException.invalid_parameter_value(
                f"Invalid value {shown} for parameter '{where}' supplied:  Hint: Value was of type"
                f" '{_kind(found)}', {expected} was expected. {_SEE_DOCS}"
            )
    return MlflowException.invalid_parameter_value(f"{reason}. {_SEE_DOCS}")


def _innermost(value: Any, hint: Any, where: str, reason: str) -> tuple[Any, str, str]:
    """Return the value that is wrong, what was expected there, and the path to it."""
    if get_origin(hint) is list and isinstance(value, list):
        (inner,) = get_args(hint)
        for index, item in enumerate(value):
            failure = _failure(item, inner)
            if failure:
                return _innermost(item, inner, f"{where}[{index}]", failure)
    cls = _message_class(hint)
    if cls is not None and isinstance(value, dict):
        hints = get_type_hints(cls, include_extras=True)
        for name, item in value.items():
            failure = _failure(item, hints[name]) if name in hints else ""
            if failure:
                return _innermost(item, hints[name], f"{where}.{name}", failure)
    expected = reason.removeprefix("Expected ").split(", got")[0].replace("`", "")
    return value, expected.replace(" | null", ""), where


def _failure(value: Any, hint: Any) -> str:
    try:
        msgspec.convert(value, hint, strict=False)
    except msgspec.ValidationError as error:
        return str(error)
    return ""


def _message_class(hint: Any) -> type[Message] | None:
    options = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    for option in options:
        if isinstance(option, type) and issubclass(option, Message):
            return option
    return None


def _kind(value: object) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer"}
    return names.get(type(value), "null" if value is None else "number")
