"""From the parts of a request to the bytes of its answer: decode → handler → encode."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from mlflow._core.collection import paused_collection
from mlflow._core.limits import INT64_MAX
from mlflow._wire.codec import decode_json, decode_query, encode_json, require
from mlflow._wire.endpoints import Endpoint
from mlflow._wire.headers import IDEMPOTENCY_KEY, JOURNAL
from mlflow._wire.messages import Empty, Message
from mlflow.exceptions import MlflowException
from mlflow.server.operations import HANDLERS
from mlflow.store.entities.request_key import IdempotencyKey, JournalKey, RequestKey
from mlflow.store.model_registry.abstract_store import AbstractStore as Registry
from mlflow.store.tracking.abstract_store import AbstractStore

_NOTHING: Final = encode_json(Empty())
_MAX_KEY: Final = 200
_MAX_JOURNAL_ID: Final = 64


def decode_request(
    row: Endpoint, *, query: str, body: bytes, path_fields: Mapping[str, str]
) -> Message:
    """Return the message of a request, checked.

    Args:
        row: The operation.
        query: The text after the question mark; the fields of a GET.
        body: The JSON body of other verbs.
        path_fields: Decoded fields that stand in the path; they win over others of their name.

    Raises:
        MlflowException: a field is missing or wrong (INVALID_PARAMETER_VALUE).
    """
    if row.method == "GET":
        ask = decode_query(row.request, query)
    else:
        ask = decode_json(row.request, body)
    for name, value in path_fields.items():
        setattr(ask, name, value)
    if row.required:
        require(ask, row.required)
    return ask


def request_key(
    row: Endpoint, *, idempotency_key: str | None, journal: str | None, caller: str
) -> RequestKey | None:
    """Return what a request is known by, from its headers.

    Args:
        row: The operation; keys of different operations are different.
        idempotency_key: The header ``Idempotency-Key``.
        journal: The header ``Headrace-Journal``.
        caller: Who asks; keys of different callers are different.

    Raises:
        MlflowException: a header is malformed (INVALID_PARAMETER_VALUE).
    """
    if journal is not None:
        parts = journal.split(";")
        numbers = [int(part) for part in parts[1:] if part.isascii() and part.isdigit()]
        if len(numbers) != 2 or len(parts) != 3 or not _is_name(parts[0], _MAX_JOURNAL_ID):  # noqa: PLR2004 - id;sequence;floor
            raise MlflowException.invalid_parameter_value(
                f"The header {JOURNAL} must be '<journal id>;<sequence>;<floor>'."
            )
        if max(numbers) > INT64_MAX:
            raise MlflowException.invalid_parameter_value(f"A number in {JOURNAL} is too large.")
        return JournalKey(parts[0], *numbers)
    if idempotency_key is None:
        return None
    if not _is_name(idempotency_key, _MAX_KEY):
        raise MlflowException.invalid_parameter_value(
            f"The header {IDEMPOTENCY_KEY} must be 1 to {_MAX_KEY} visible ASCII characters."
        )
    whole = f"{row.name}\n{caller}\n{idempotency_key}"
    return IdempotencyKey(sha256(whole.encode()).hexdigest())


def _is_name(text: str, most: int) -> bool:
    return 0 < len(text) <= most and text.isascii() and text.isprintable() and " " not in text


def perform(
    store: AbstractStore | Registry, row: Endpoint, ask: Message, key: RequestKey | None
) -> bytes:
    """Run an operation and return the body of its answer; a keyed one has its effect once.

    Args:
        store: The tracking store, or the registry for its operations.
        row: The operation.
        ask: The request.
        key: What makes a repetition harmless, if anything does.

    Raises:
        MlflowException: the store refused it.
    """

    def call() -> bytes:
        answer = HANDLERS[row.name](store, ask)
        return _NOTHING if answer is None else encode_json(answer)

    if not row.writes:
        with paused_collection():  # a page is tens of thousands of objects that are gone together
            return call()
    return call() if key is None else store.once(key, call) or _NOTHING
