"""Page tokens: opaque to callers, inside them the place after the last row that was returned.

A keyset token costs the same on every page; a token with an offset, as other servers issue them, is
taken too, at the price of walking over what comes before.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Sequence

Scalar = str | int | float | None


@dataclass(frozen=True, slots=True)
class Position:
    """Where the next page begins.

    Attributes:
        after: The order terms of the last row; None for a token that counts rows.
        offset: How many rows come before, for a token that counts them.
    """

    after: tuple[Scalar, ...] | None = None
    offset: int = 0


START = Position()


def fingerprint(order: object) -> str:
    """Return a short name for an ordering, kept in its tokens."""
    return hashlib.blake2s(repr(order).encode(), digest_size=6).hexdigest()


def encode(after: Sequence[Scalar], order: str) -> str:
    """Return the token for the page after a row.

    Args:
        after: The order terms of the row.
        order: The fingerprint of the ordering.
    """
    body = json.dumps({"o": order, "a": list(after)}, separators=(",", ":"))
    return base64.urlsafe_b64encode(body.encode()).decode()


def decode(token: str | bytes | None, order: str, width: int) -> Position:
    """Return where a page begins.

    Args:
        token: As ``encode`` returned it, or one that counts rows; empty for the first page.
        order: The fingerprint of the ordering that is asked for.
        width: How many terms the ordering has.

    Raises:
        MlflowException: The token is damaged, or is of another ordering.
    """
    if not token:
        return START
    body = _load(token)
    if "offset" in body:
        try:
            offset = int(body["offset"])
        except (TypeError, ValueError, OverflowError):
            raise _damaged(token) from None
        return Position(offset=max(0, min(offset, 2**62)))
    after = body.get("a")
    if not isinstance(after, list) or not all(
        value is None or isinstance(value, (str, int, float)) for value in after
    ):
        raise _damaged(token)
    if body.get("o") != order or len(after) != width:
        raise MlflowException.invalid_parameter_value(
            "The page token is of a search with another order_by; repeat the search's first page "
            "with the order wanted."
        )
    return Position(after=tuple(after))


def _load(token: str | bytes) -> dict[str, Any]:
    try:
        raw = token.encode() if isinstance(token, str) else bytes(token)
        text = base64.b64decode(raw.translate(_STANDARD), validate=True)
        body = json.loads(text)
    except (AttributeError, TypeError, ValueError, binascii.Error, RecursionError):
        raise _damaged(token) from None
    if not isinstance(body, dict):
        raise _damaged(token)
    return body


_STANDARD = bytes.maketrans(b"-_", b"+/")


def _damaged(token: object) -> MlflowException:
    shown = repr(token)
    return MlflowException.invalid_parameter_value(
        f"Invalid page token {shown[:80]}: pass the token of the page before, unchanged."
    )
