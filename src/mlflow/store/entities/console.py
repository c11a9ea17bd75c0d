"""What a run wrote to its terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

ConsoleStream = Literal["stdout", "stderr"]


@dataclass(frozen=True, slots=True)
class ConsoleChunk:
    """Consecutive text of one stream of one run.

    Attributes:
        stream: Which stream.
        sequence: The chunk's number in its stream, growing with time; the same number again is
            the same chunk, and its text then is the newer one.
        time_ms: When its first character was written, in milliseconds since 1970.
        text: The text, with its control sequences; at most 65,536 characters.
    """

    stream: ConsoleStream
    sequence: int
    time_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class ConsolePage:
    """Chunks of both streams in the order in which they reached the store.

    Attributes:
        chunks: The chunks.
        next_position: What to pass as ``after`` to go on; the same as was passed when nothing
            more is there.
        dropped: How many chunks before the first one kept were dropped, because the run wrote
            more than is kept.
        first_position: Of a page that was asked for backwards, what to pass as ``before`` for the
            one in front of it; 0 when nothing is.
    """

    chunks: Sequence[ConsoleChunk]
    next_position: int
    dropped: int = 0
    first_position: int = 0
