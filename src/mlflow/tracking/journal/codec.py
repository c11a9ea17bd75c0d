"""Calls as bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from mlflow.exceptions import MlflowException
from mlflow.tracking.journal.calls import name_of

if TYPE_CHECKING:
    from mlflow.tracking.journal.calls import Call

# Scalars of array libraries become plain numbers.
_encoder: Final = msgspec.msgpack.Encoder(enc_hook=lambda value: value.item())
_decoder: Final = msgspec.msgpack.Decoder()


def encode(call: Call) -> bytes:
    """Return a call as bytes.

    Raises:
        MlflowException: a value in it is none that a store could take.
    """
    try:
        return _encoder.encode(call)
    except (AttributeError, OverflowError, TypeError, ValueError) as error:
        raise MlflowException.invalid_parameter_value(
            f"Run {call[1]!r}: what {name_of(call)} was given cannot be kept: {error}"
        ) from error


def decode(payload: bytes) -> Call:
    """Return the call that was encoded."""
    return tuple(_decoder.decode(payload))
