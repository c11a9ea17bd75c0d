"""Everything that a run printed, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlflow.store.entities.console import ConsoleChunk
    from mlflow.store.tracking.abstract_store import AbstractStore


def read_console(
    store: AbstractStore, run_id: str, *, contains: str | None = None
) -> tuple[list[ConsoleChunk], int]:
    """Return the chunks of both streams by time, and how many older ones were dropped.

    Args:
        store: Where the run is.
        run_id: The run.
        contains: Only chunks with this text in them.
    """
    found: dict[tuple[str, int], ConsoleChunk] = {}
    position = 0
    while True:
        page = store.get_console(run_id, position, contains=contains)
        # A chunk that comes again, because it grew while we read, takes the place of the older.
        found |= {(chunk.stream, chunk.sequence): chunk for chunk in page.chunks}
        if page.next_position == position:
            ordered = sorted(found.values(), key=lambda chunk: (chunk.time_ms, chunk.sequence))
            return ordered, page.dropped
        position = page.next_position
