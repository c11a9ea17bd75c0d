"""An answer of a server."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Reply(NamedTuple):
    """An answer: the status, the headers by their names in lower case, the whole body."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class StreamedReply:
    """An answer whose body is read as it comes: once, inside the block that opened it."""

    status: int
    headers: dict[str, str]
    body: Iterator[bytes]
