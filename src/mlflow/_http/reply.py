"""An answer of a server."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Reply(NamedTuple):
    """An answer.

    Attributes:
        status: The HTTP status.
        headers: The headers by their names in lower case.
        body: All of it.
        tries: How often the request was sent for it.
        is_repetition: Whether the server may have done what was asked in an earlier try.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    tries: int = 1
    is_repetition: bool = False


@dataclass
class StreamedReply:
    """An answer whose body is read as it comes: once, inside the block that opened it."""

    status: int
    headers: dict[str, str]
    body: Iterator[bytes]
