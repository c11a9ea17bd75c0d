"""Identifiers: UUIDs of version 7, ordered in time and valid to every client."""

import os
import uuid

from mlflow._core.clock import now_ns


def _uuid7() -> int:
    """Return 128 bits as RFC 9562 section 5.7 lays them out.

    The twelve bits after the version hold the fraction of the millisecond (method 3 of section
    6.2), so ids of one process are ordered to a quarter of a microsecond without shared state.
    """
    milliseconds, rest = divmod(now_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    tail = int.from_bytes(os.urandom(8), "big") >> 2
    return (milliseconds & (2**48 - 1)) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | tail


def new_run_id() -> str:
    """Return an id for a run: 32 hex digits."""
    return f"{_uuid7():032x}"


def new_model_id() -> str:
    """Return an id for a logged model: ``m-`` and 32 hex digits."""
    return f"m-{_uuid7():032x}"


def new_uuid() -> str:
    """Return a random id of 32 hex digits for what needs no order."""
    return uuid.uuid4().hex
