"""Records in a journal: how bytes become a frame that can be told from damage, and back.

A frame is the payload's length, a CRC-32 over length and payload, and the payload. A length of zero
ends a segment: segments are made full of zeros and written once, from front to back.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Final
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterator
    from mmap import mmap

_HEADER: Final = Struct("<II")

OVERHEAD: Final = _HEADER.size


def frame(payload: bytes) -> bytes:
    """Return a payload, never empty, as it is written."""
    size = len(payload)
    return _HEADER.pack(size, crc32(payload, size)) + payload


def read_frame(source: bytes | mmap, start: int) -> bytes | None:
    """Return the payload of the frame at a position.

    Args:
        source: A segment's content.
        start: Where the frame begins.

    Returns:
        None where there is no whole, undamaged frame.
    """
    if start + OVERHEAD > len(source):
        return None
    size, checksum = _HEADER.unpack_from(source, start)
    begin = start + OVERHEAD
    if not size or begin + size > len(source):
        return None
    payload = source[begin : begin + size]
    return payload if crc32(payload, size) == checksum else None


def iter_frames(source: bytes | mmap, start: int) -> Iterator[bytes]:
    """Yield payloads from a position up to the end, or to the first damage."""
    while (payload := read_frame(source, start)) is not None:
        start += OVERHEAD + len(payload)
        yield payload
