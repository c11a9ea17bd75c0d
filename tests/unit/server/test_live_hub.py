"""The hub asks for all followers at once, only while there are any, and drops who is slow."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest

from mlflow._asgi.errors import Overloaded
from mlflow._asgi.request import Request
from mlflow._asgi.response import StreamResponse
from mlflow.entities import RunStatus
from mlflow.server import live, live_routes
from mlflow.server.live import Hub
from mlflow.server.settings import ServerSettings
from mlflow.server.state import ServerState
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from pathlib import Path

    from mlflow._asgi.request import Message
    from mlflow.store.entities.change import Changes, News


class Asked:
    """A store's changes, with a note of each question."""

    def __init__(self, store: SqlAlchemyStore) -> None:
        self.store = store
        self.questions: list[tuple[str, ...]] = []
        self.topics: list[str] = []
        self._asked = asyncio.Event()

    async def __call__(self, experiment_ids: Sequence[str], cursor: str | None) -> Changes:
        """Answer in the loop's own thread."""
        self.questions.append(tuple(experiment_ids))
        self._asked.set()
        return self.store.get_changes(experiment_ids, cursor)

    async def news(self, topic: str, since_ms: int | None) -> News:
        """Answer what topics ask."""
        self.topics.append(topic)
        return self.store.get_news(topic, since_ms)

    async def again(self) -> None:
        """Wait for the next question."""
        self._asked.clear()
        await asyncio.wait_for(self._asked.wait(), 10)

    async def follow(self, hub: Hub, *experiments: str) -> AsyncGenerator[bytes, None]:
        """Return a stream that is past its beginning."""
        stream = hub.follow(experiments, await self(experiments, None), reset=False)
        async for part in stream:
            if b"event: cursor" in part:
                break
        return stream


def _store(folder: Path) -> SqlAlchemyStore:
    return SqlAlchemyStore(f"sqlite:///{folder / 'store.db'}", str(folder))


async def _until(stream: AsyncGenerator[bytes, None], text: bytes) -> bytes:
    async for part in stream:
        if text in part:
            return part
    raise AssertionError("the stream has ended")


def test_many_followers_cost_one_question(tmp_path: Path) -> None:
    """Ten streams are told from one poll, each of its own experiments."""
    store = _store(tmp_path)
    other = store.create_experiment("other")

    async def work() -> None:
        asked = Asked(store)
        hub = Hub(asked, asked.news)
        streams = [await asked.follow(hub, *ids) for ids in [("0",), ("0", other)] * 5]
        waiting = [asyncio.ensure_future(_until(one, b"event: run")) for one in streams]
        while hub.count < len(streams) or len(asked.questions) < 2 * len(streams):
            await asked.again()
        before = len(asked.questions)
        store.create_run("0", "u", 1, [], None)
        hub.hint()
        await asyncio.gather(*waiting)
        assert asked.questions[before:] == [("0", other)] * (len(asked.questions) - before)
        assert len(asked.questions) - before < len(streams)
        for stream in streams:
            await stream.aclose()
        assert hub.count == 0

    asyncio.run(work())
    SqlAlchemyStore.forget(f"sqlite:///{tmp_path / 'store.db'}")


def test_nobody_is_asked_while_nobody_follows(tmp_path: Path) -> None:
    """With the last stream the polling ends."""
    store = _store(tmp_path)

    async def work() -> None:
        asked = Asked(store)
        hub = Hub(asked, asked.news)
        stream = await asked.follow(hub, "0")
        waiting = asyncio.ensure_future(_until(stream, b"event: status"))
        run_id = store.create_run("0", "u", 1, [], None).info.run_id
        hub.hint()
        while len(asked.questions) < 3:
            await asked.again()
        store.update_run_info(run_id, RunStatus.FINISHED, 9, None)
        hub.hint()
        assert b"FINISHED" in await waiting
        await stream.aclose()
        before = len(asked.questions)
        hub.hint()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 1.5 * live.POLL_SECONDS)
        assert len(asked.questions) == before
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(work())
    SqlAlchemyStore.forget(f"sqlite:///{tmp_path / 'store.db'}")


def test_news_wait_for_a_rest_and_are_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What changes while no question is due is told after it, even beyond what one looks back."""
    monkeypatch.setattr(live, "_SHARE", 1_000_000)
    monkeypatch.setattr(live, "_LONGEST_REST_SECONDS", 4.0)
    store = _store(tmp_path)

    async def work() -> None:
        asked = Asked(store)
        hub = Hub(asked, asked.news)
        first = hub.follow([], await asked([], None), reset=False, topics=["logged_models"])
        reading = asyncio.ensure_future(_until(first, b"never"))
        while len(asked.topics) < 2:  # what it begins with, and the question before the rest
            await asked.again()
        reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reading
        await first.aclose()
        second = hub.follow([], await asked([], None), reset=False, topics=["logged_models"])
        waiting = asyncio.ensure_future(_until(second, b"event: logged_models"))
        while len(asked.topics) < 3:
            await asked.again()
        store.create_logged_model("0")
        assert b'{"changed":["0"]}' in await waiting
        await second.aclose()

    asyncio.run(work())
    SqlAlchemyStore.forget(f"sqlite:///{tmp_path / 'store.db'}")


def test_a_slow_follower_is_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever does not read is dropped when its queue is full; the others hear on."""
    monkeypatch.setattr(live, "MAX_QUEUED_BYTES", 2000)
    store = _store(tmp_path)

    async def work() -> None:
        asked = Asked(store)
        hub = Hub(asked, asked.news)
        slow = await asked.follow(hub, "0")
        await slow.__anext__()
        quick = await asked.follow(hub, "0")
        for number in range(20):
            run_id = store.create_run("0", "u", 1, [], None).info.run_id
            hub.hint()
            await _until(quick, run_id.encode())
            if number == 0:
                await _until(slow, run_id.encode())
        assert [part async for part in slow if part] == []
        assert hub.count == 1
        await quick.aclose()

    asyncio.run(work())
    SqlAlchemyStore.forget(f"sqlite:///{tmp_path / 'store.db'}")


@pytest.mark.parametrize("limit", ["MAX_STREAMS", "MAX_TOGETHER"])
def test_streams_are_bounded(limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more than may be is told to come again, and leaves nothing behind."""
    monkeypatch.setattr(live_routes, limit, 1)
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    state = ServerState(ServerSettings(backend_store_uri=uri), _store(tmp_path))
    scope = {
        "method": "GET",
        "raw_path": b"/api/headrace/live",
        "query_string": b"experiment_id=0",
        "headers": [],
        "scheme": "http",
    }

    async def receive() -> Message:
        return {"type": "http.request"}

    async def work() -> None:
        first = await live_routes.follow(Request(scope, receive), state)
        assert isinstance(first, StreamResponse)
        await _until(first.chunks, b"event: cursor")
        other = {**scope, "query_string": b"experiment_id=1"}
        with pytest.raises(Overloaded):
            await live_routes.follow(Request(other, receive), state)
        await first.chunks.aclose()
        second = await live_routes.follow(Request(scope, receive), state)
        assert isinstance(second, StreamResponse)
        await _until(second.chunks, b"event: cursor")
        state.live.stop()
        assert b"event" not in b"".join([part async for part in second.chunks])

    asyncio.run(work())
    state.close()
    SqlAlchemyStore.forget(uri)
