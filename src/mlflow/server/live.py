"""What changes in experiments, told at once to everyone who follows them through this worker.

One task asks the store for the changes of all followed experiments together: at once after a write
through this worker, else once a second, so that writes of other workers, and those that reach the
database past every server, are seen too. The store is not asked while nobody follows. A follower
has a short queue; whoever does not keep up is dropped and comes back with the id that it has.

Topics, which are lists of experiments and models, are asked about in the same rounds, each by one
question for all its followers, and less often when that takes long.
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

    from mlflow.store.entities.change import Change, Changes, News

    Ask = Callable[[Sequence[str], str | None], Awaitable[Changes]]
    AskNews = Callable[[str, int | None], Awaitable[News]]

POLL_SECONDS: Final = 1.0
# However many writes hint, so long between two questions.
_CLOSEST_SECONDS: Final = 0.1
# Of a topic: it is asked about in one part of so many of the time, at the latest after so long.
_SHARE: Final = 20
_LONGEST_REST_SECONDS: Final = 5.0
# Of one event; more than these are said to be all.
_MAX_NAMES: Final = 200
KEEP_ALIVE_SECONDS: Final = 15.0
# After this a stream ends and its client, who reconnects by itself, is looked at anew.
LONGEST_SECONDS: Final = 3600.0
MAX_QUEUED_BYTES: Final = 1 << 20
# How often followers get a new id to come back with, and how long it may be: it is a header then.
_BOOKMARK_SECONDS: Final = 10.0
MAX_ID: Final = 4096
# What a client is told to wait before it comes back.
_RETRY_MS: Final = 1000


class Follower:
    """One stream and what waits to be sent on it."""

    def __init__(self, experiment_ids: Iterable[str], topics: Iterable[str] = ()) -> None:
        self.experiment_ids: Final = frozenset(experiment_ids)
        self.topics: Final = frozenset(topics)
        self.dropped = False
        self._frames: deque[bytes] = deque()
        self._size = 0
        self._wake = asyncio.Event()

    def put(self, frame: bytes) -> None:
        """Queue a frame; a follower whose queue is full is dropped."""
        if not frame:
            return
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

    def __init__(self, ask: Ask, ask_news: AskNews) -> None:
        """Begin without followers.

        Args:
            ask: The store's ``get_changes``, off the event loop's thread.
            ask_news: The stores' ``get_news``, so too.
        """
        self._ask: Final = ask
        self._ask_news: Final = ask_news
        self._news: dict[str, News] = {}
        self._news_due = 0.0
        self._followers: set[Follower] = set()
        self._hinted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._cursor: str | None = None
        self._bookmark_due: float | None = None
        self._stopped = False

    @property
    def count(self) -> int:
        """How many follow."""
        return len(self._followers)

    def followed(self) -> set[str]:
        """Return the experiments that anybody follows."""
        return {one for follower in self._followers for one in follower.experiment_ids}

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
        self,
        experiment_ids: Sequence[str],
        first: Changes,
        *,
        reset: bool,
        topics: Iterable[str] = (),
    ) -> AsyncGenerator[bytes, None]:
        """Yield the events of some experiments, as server-sent events, until the stream ends.

        Args:
            experiment_ids: The experiments.
            first: What happened since the client's cursor.
            reset: Whether the client's cursor is not known, so that it has to read all anew.
            topics: What else is followed.
        """
        follower = Follower(experiment_ids, topics)
        self._followers.add(follower)
        loop = asyncio.get_running_loop()
        until = loop.time() + LONGEST_SECONDS
        try:
            yield b"retry: %d\n\n" % _RETRY_MS
            yield encode_event("reset" if reset else "cursor", {}) + encode_id(first.cursor)
            yield encode_changes(first.items)
            for topic in topics:  # what changed while the client read what it shows
                news = await self._ask_news(topic, None)
                self._news.setdefault(topic, news)  # from where all are told, however late
                yield encode_news(topic, news.items)
            cursor, more = first.cursor, True
            while more:  # once at least: what happened since ``first`` was told to others only
                changes = await self._ask(experiment_ids, cursor)
                cursor, more = changes.cursor, changes.more
                yield encode_changes(changes.items)
            self._start(cursor)
            while not (follower.dropped or self._stopped) and loop.time() < until:
                yield await follower.take(KEEP_ALIVE_SECONDS) or b":\n\n"
        finally:
            self._followers.discard(follower)
            if not self._followers and self._task is not None:
                self._task.cancel()
                self._task = None
                self._news.clear()

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
                wanted = sorted(self.followed())
                changes = await self._ask(wanted, self._cursor)
                self._cursor, more = changes.cursor, changes.more
                self._tell(changes.items)
                await self._bookmark(wanted, told=bool(changes.items))
                await self._tell_news()

    async def _bookmark(self, experiment_ids: Sequence[str], *, told: bool) -> None:
        """Give all followers a new id, a little after something was told.

        The cursor of the poll itself remembers too much to be one; a fresh one repeats what
        happened in the last seconds, which does no harm.
        """
        now = asyncio.get_running_loop().time()
        if self._bookmark_due is None:
            self._bookmark_due = now + _BOOKMARK_SECONDS if told else None
        elif now >= self._bookmark_due:
            fresh = await self._ask(experiment_ids, None)
            self._bookmark_due = None
            frame = encode_id(fresh.cursor)
            for follower in list(self._followers):
                follower.put(frame)

    async def _tell_news(self) -> None:
        clock = asyncio.get_running_loop().time
        begun = clock()
        if begun < self._news_due:
            return
        topics = {topic for follower in self._followers for topic in follower.topics}
        self._news = {topic: news for topic, news in self._news.items() if topic in topics}
        for topic in topics:
            before = self._news.get(topic)
            news = await self._ask_news(topic, before and before.time_ms)
            self._news[topic] = news
            frame = encode_news(topic, news.items - (before.items if before else frozenset()))
            for follower in list(self._followers):
                follower.put(frame if topic in follower.topics else b"")
        self._news_due = clock() + min(_LONGEST_REST_SECONDS, _SHARE * (clock() - begun))

    async def _pause(self) -> None:
        await asyncio.sleep(_CLOSEST_SECONDS)
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._hinted.wait(), POLL_SECONDS - _CLOSEST_SECONDS)

    def _tell(self, items: Iterable[Change]) -> None:
        by_experiment: dict[str, list[Change]] = {}
        for change in items:
            by_experiment.setdefault(change.experiment_id, []).append(change)
        frames: dict[frozenset[str], bytes] = {}
        for follower in list(self._followers) if by_experiment else ():
            ids = follower.experiment_ids
            if ids not in frames:
                frames[ids] = b"".join(encode_changes(by_experiment.get(one, ())) for one in ids)
            follower.put(frames[ids])


def encode_changes(changes: Iterable[Change]) -> bytes:
    """Return an event for each change."""
    return b"".join(encode_event(change.kind, _detail(change)) for change in changes)


def encode_news(topic: str, items: Iterable[tuple[str, int]]) -> bytes:
    """Return an event with the names of what changed; null in place of very many."""
    names = sorted({name for name, _ in items})
    changed = names if len(names) <= _MAX_NAMES else None
    return encode_event(topic, {"changed": changed}) if names else b""


def encode_id(cursor: str) -> bytes:
    """Return what tells a client where to go on, nothing when it is too long for a header."""
    return b"id: %s\n\n" % cursor.encode() if len(cursor) <= MAX_ID else b""


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
