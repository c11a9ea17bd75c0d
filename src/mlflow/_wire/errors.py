"""Errors on the wire: the body and the status of an answer, and back."""

from typing import Final

import msgspec

from mlflow.exceptions import BAD_REQUEST, MlflowException, RestException

_MAX_SHOWN: Final = 300
_MAX_MESSAGE: Final = 4_000
_LOWEST_ERROR: Final = 400


def error_body(error: MlflowException) -> bytes:
    """Return the JSON body of an error; what it repeats of the request is cut."""
    if len(error.message) > _MAX_MESSAGE:
        half = _MAX_MESSAGE // 2
        error.message = f"{error.message[:half]} ... {error.message[-half:]}"
    return error.serialize_as_json().encode()


def error_of(status: int, body: bytes, *, source: str) -> MlflowException | None:
    """Return the error that an answer holds, None when it is none.

    Args:
        status: The HTTP status.
        body: What came with it.
        source: What was asked, for an answer that says nothing itself.
    """
    if status < _LOWEST_ERROR:
        return None
    try:
        fields = msgspec.json.decode(body, type=dict)
    except msgspec.DecodeError:
        fields = {}
    if isinstance(fields.get("error_code"), (str, int)):
        return RestException(fields)
    text = " ".join(body.decode(errors="replace").split())
    page = text.lower().startswith(("<!doctype", "<html"))
    said = "an HTML page" if page else repr(text[:_MAX_SHOWN]) if text else "nothing"
    return MlflowException(f"{source} was answered with status {status} and {said}.", BAD_REQUEST)
