"""Lanes: bounded, in order, and never stuck on what one job does."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

from mlflow._asgi import lanes
from mlflow._asgi.errors import Overloaded
from mlflow._asgi.lanes import Lane, one_by_one
from mlflow.exceptions import INVALID_STATE, MlflowException

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def test_what_waits_together_is_done_together() -> None:
    """While a group runs, what arrives waits and makes the next group, in order."""
    groups: list[int] = []
    gate = threading.Event()

    def run(calls: Sequence[Callable[[], Any]]) -> list[Any]:
        gate.wait(10)
        groups.append(len(calls))
        return one_by_one(calls)

    async def main() -> None:
        lane = Lane("test", run, threads=1, capacity=100)
        first = lane.submit(lambda: 0)
        rest = [lane.submit(lambda number=number: number) for number in range(1, 51)]  # type: ignore[misc]  # a default
        gate.set()
        assert await first == 0
        assert await asyncio.gather(*rest) == list(range(1, 51))
        assert lane.waiting == 0
        lane.close()

    asyncio.run(main())
    assert sum(groups) == 51
    assert len(groups) <= 3


def test_a_full_lane_refuses() -> None:
    """As many jobs as the capacity are taken on; the next is told to come again."""
    gate = threading.Event()

    async def main() -> None:
        lane = Lane("test", one_by_one, threads=1, capacity=2, group=1)
        taken = [lane.submit(lambda: gate.wait(10)) for _ in range(2)]
        with pytest.raises(Overloaded) as caught:
            lane.submit(lambda: None)
        assert caught.value.get_http_status_code() == 503
        gate.set()
        await asyncio.gather(*taken)
        assert await lane.submit(lambda: "again") == "again"
        lane.close()

    asyncio.run(main())


def test_one_failure_is_one_failure() -> None:
    """A refused job, and one that fails as nobody foresaw, leave the others alone."""

    def refuse() -> None:
        raise MlflowException("no", INVALID_STATE)

    def break_down() -> None:
        raise ZeroDivisionError("secret detail")

    async def main() -> None:
        lane = Lane("test", one_by_one, threads=1, capacity=10)
        found = await asyncio.gather(
            lane.submit(refuse),
            lane.submit(break_down),
            lane.submit(lambda: 3),
            return_exceptions=True,
        )
        assert isinstance(found[0], MlflowException)
        assert found[0].message == "no"
        assert isinstance(found[1], MlflowException)
        assert "secret" not in found[1].message
        assert found[2] == 3
        lane.close()

    asyncio.run(main())


def test_a_group_that_cannot_begin_fails_and_the_lane_goes_on() -> None:
    """What the store raises for a whole group is every job's answer; the thread lives."""
    broken = True

    def run(calls: Sequence[Callable[[], Any]]) -> list[Any]:
        if broken:
            raise MlflowException("the database is away", INVALID_STATE)
        return one_by_one(calls)

    async def main() -> None:
        nonlocal broken
        lane = Lane("test", run, threads=1, capacity=10)
        with pytest.raises(MlflowException, match="away"):
            await lane.submit(lambda: 1)
        broken = False
        assert await lane.submit(lambda: 2) == 2
        lane.close()

    asyncio.run(main())


def test_what_waits_behind_a_stuck_thread_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """When every thread hangs, those who wait are told so after a while, and are not run."""
    monkeypatch.setattr(lanes, "_MAX_WAIT_SECONDS", 0.05)
    monkeypatch.setattr(lanes, "_SWEEP_SECONDS", 0.05)
    gate, ran = threading.Event(), []

    async def main() -> None:
        lane = Lane("test", one_by_one, threads=1, capacity=10, group=1)
        stuck = lane.submit(lambda: gate.wait(10))
        with pytest.raises(Overloaded):
            await lane.submit(lambda: ran.append(1))
        gate.set()
        await stuck
        assert await lane.submit(lambda: "next") == "next"
        lane.close()

    asyncio.run(main())
    assert ran == []
