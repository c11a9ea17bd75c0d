"""What changes in experiments, told at once to everyone who follows them through this worker.

One task asks the store for the changes of all followed experiments together: at once after a write
through this worker, else once a second, so that writes of other workers, and those that reach the
database past every server, are seen too. Nobody is asked while nobody follows. A follower has a
short queue; whoever does not keep up is dropped and comes back with the cursor that it has.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec

from mlflow._core.guard import contained
from mlflow._wire.codec import double
from mlflow._wire.entities import run_info_message

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence

    from mlflow.store.entities.change import Change, Changes

    Ask = Callable[[Sequence[str], str | None], Awaitable[Changes]]

POLL_SECONDS: Final = 1.0
# However many writes hint, so long between two questions.
_CLOSEST_SECONDS: Final = 0.1
KEEP_ALIVE_SECONDS: Final = 15.0
# After this a stream ends and its client, who reconnects by itself, is looked at anew.
LONGEST_SECONDS: Final = 3600.0
MAX_QUEUED_BYTES: Final = 1 << 20
# What a client is told to wait before it comes back.
_RETRY_MS: Final = 1000


class Follower:
    """One stream and what waits to be sent on it."""

    def __init__(self, experiment_ids: Iterable[str]) -> None:
        self.experiment_ids: Final = frozenset(experiment_ids)
        self.dropped = False
        self._frames: deque[bytes] = deque()
        self._size = 0
        self._wake = asyncio.Event()

    def put(self, frame: bytes) -> None:
        """Queue a frame; a follower whose queue is full is dropped."""
        if self._size + len(frame) > MAX_QUEUED_BYTES and self._frames:
            self.drop()
        if not self.dropped:
            self._frames.append(frame)
            self._size += len(frame)
        self._wake.set()

    def drop(self) -> None:
        """End the stream."""
        self.dropped = True
        self._frames.clear()
        self._wake.set()

    async def take(self, seconds: float) -> bytes:
        """Return what waits, empty when there is nothing for so long."""
        if not self._frames and not self.dropped:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._wake.wait(), seconds)
        self._wake.clear()
        self._size = 0
        found = b"".join(self._frames)
        self._frames.clear()
        return found


class Hub:
    """All followers of this worker and the task that asks for them."""

    def __init__(self, ask: Ask) -> None:
        """Begin without followers.

        Args:
            ask: The store's ``get_changes``, off the event loop's thread.
        """
        self._ask: Final = ask
        self._followers: set[Follower] = set()
        self._hinted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._cursor: str | None = None
        self._stopped = False

    @property
    def count(self) -> int:
        """How many follow."""
        return len(self._followers)

    def hint(self, _done: object = None) -> None:
        """Say that something was written through this worker."""
        if self._followers:
            self._hinted.set()

    def stop(self) -> None:
        """End all streams, now and later."""
        self._stopped = True
        for follower in self._followers:
            follower.drop()

    async def follow(
        self, experiment_ids: Sequence[str], first: Changes, *, reset: bool
    ) -> AsyncGenerator[bytes, None]:
        """Yield the events of some experiments, as server-sent events, until the stream ends.

        Args:
            experiment_ids: The experiments.
            first: What happened since the client's cursor.
            reset: Whether the client's cursor is not known, so that it has to read all anew.
        """
        follower = Follower(experiment_ids)
        self._followers.add(follower)
        loop = asyncio.get_running_loop()
        until = loop.time() + LONGEST_SECONDS
        try:
            yield b"retry: %d\n\n" % _RETRY_MS
            kind = "reset" if reset else "cursor"
            yield encode_event(kind, {}) + encode_changes(first.items, cursor=first.cursor)
            cursor = first.cursor
            more = True
            while more:  # once at least: what happened since ``first`` was told to others only
                changes = await self._ask(experiment_ids, cursor)
                cursor, more = changes.cursor, changes.more
                if changes.items:
                    yield encode_changes(changes.items, cursor=cursor)
            self._start(cursor)
            while not (follower.dropped or self._stopped) and loop.time() < until:
                yield await follower.take(KEEP_ALIVE_SECONDS) or b":\n\n"
        finally:
            self._followers.discard(follower)
            if not self._followers and self._task is not None:
                self._task.cancel()
                self._task = None

    def _start(self, cursor: str) -> None:
        if self._task is None:
            self._cursor = cursor
            self._task = asyncio.get_running_loop().create_task(self._poll())

    async def _poll(self) -> None:
        more = False
        while True:
            if not more:
                await self._pause()
            self._hinted.clear()
            more = False
            with contained("Asking for changes", level=logging.DEBUG):
                wanted = {one for follower in self._followers for one in follower.experiment_ids}
                changes = await self._ask(sorted(wanted), self._cursor)
                self._cursor, more = changes.cursor, changes.more
                self._tell(changes)

    async def _pause(self) -> None:
        await asyncio.sleep(_CLOSEST_SECONDS)
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._hinted.wait(), POLL_SECONDS - _CLOSEST_SECONDS)

    def _tell(self, changes: Changes) -> None:
        if not changes.items:
            return
        by_experiment: dict[str, list[Change]] = {}
        for change in changes.items:
            by_experiment.setdefault(change.experiment_id, []).append(change)
        frames: dict[frozenset[str], bytes] = {}
        for follower in list(self._followers):
            ids = follower.experiment_ids
            if ids not in frames:
                found = [one for name in ids for one in by_experiment.get(name, ())]
                frames[ids] = encode_changes(found, cursor=changes.cursor) if found else b""
            if frames[ids]:
                follower.put(frames[ids])


def encode_changes(changes: Iterable[Change], *, cursor: str) -> bytes:
    """Return events; the last one bears the cursor, so that a broken stream repeats, not skips."""
    events = [encode_event(change.kind, _detail(change)) for change in changes]
    return b"".join(events) + b"id: %s\nevent: end\ndata: {}\n\n" % cursor.encode()


def encode_event(kind: str, detail: object) -> bytes:
    """Return one event; its data are JSON on one line."""
    return b"event: %s\ndata: %s\n\n" % (kind.encode(), msgspec.json.encode(detail))


def _detail(change: Change) -> dict[str, object]:
    detail: dict[str, object] = {"experiment_id": change.experiment_id, "run_id": change.run_id}
    if change.info is not None:
        detail["info"] = run_info_message(change.info)
    if change.kind == "metric":
        detail["points"] = change.points
        detail["metrics"] = [
            {
                "key": metric.key,
                "value": double(metric.value),
                "timestamp": metric.timestamp,
                "step": metric.step,
            }
            for metric in change.metrics
        ]
    if change.kind == "console":
        detail["position"] = change.position
    return detail
