"""Threads that do what blocks, each with a bounded queue, and the way back to the event loop.

Writes of SQLite have one thread, which takes all that waits and commits it as one group; reads,
and everything on other databases, have as many threads as the database's pool has connections.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from contextlib import suppress
from itertools import takewhile
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final, TypeVar

from mlflow._asgi.errors import Overloaded, internal_error
from mlflow._core.clock import monotonic
from mlflow._core.guard import contained
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Run = Callable[[Sequence[Callable[[], Any]]], Sequence[Any]]

T = TypeVar("T")

_MAX_GROUP: Final = 256
# What has waited longer is not begun: whoever asked has given up, or will be told to ask again.
_MAX_WAIT_SECONDS: Final = 10.0
_SWEEP_SECONDS: Final = 1.0
_END_SECONDS: Final = 1.0


class _Job:
    __slots__ = ("begun", "call", "future", "since")

    def __init__(self, call: Callable[[], Any], future: asyncio.Future[Any], since: float) -> None:
        self.call: Callable[[], Any] | None = call
        self.future: asyncio.Future[Any] | None = future
        self.since = since
        self.begun = False

    def __call__(self) -> Any:
        """Do it; what nobody foresaw becomes an error that may be shown."""
        call = self.call
        try:
            return None if call is None else call()
        except MlflowException:
            raise
        except Exception as error:
            raise internal_error("An operation", error) from error

    @property
    def is_over(self) -> bool:
        """Whether nobody waits for it."""
        return self.future is None or self.future.done()

    def end(self, result: Any) -> None:
        """Say what came of it and let go of it: the job waits for a sweep, its bytes must not."""
        future, self.future, self.call = self.future, None, None
        if future is None or future.done():
            return
        if isinstance(result, BaseException):
            future.set_exception(result)
        else:
            future.set_result(result)


class Lane:
    """A bounded queue and the threads that work it off.

    Attributes:
        waiting: Jobs that were taken on and are not finished.
        groups: Groups that were done.
    """

    def __init__(
        self, name: str, run: Run, *, threads: int, capacity: int, group: int = _MAX_GROUP
    ) -> None:
        """Make a lane; its threads begin with the first job.

        Args:
            name: Of the threads.
            run: Does the jobs of a group and returns a result or an error for each.
            threads: How many.
            capacity: Most jobs that are taken on at a time.
            group: Most jobs that are done together.
        """
        self.name: Final = name
        self.waiting = 0
        self.groups = 0
        self._run: Final = run
        self._threads: Final = threads
        self._capacity: Final = capacity
        self._group: Final = group
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._started: list[threading.Thread] = []
        self._pending: deque[_Job] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None

    def submit(self, call: Callable[[], T]) -> asyncio.Future[T]:
        """Take a job on, from the event loop's thread.

        Args:
            call: What to do.

        Returns:
            A future of its result.

        Raises:
            Overloaded: as many jobs wait as may.
        """
        self.check_room()
        loop = self._loop
        if loop is None:
            loop = self._loop = asyncio.get_running_loop()
        if not self._pending:
            loop.call_later(_SWEEP_SECONDS, self._sweep)
        if len(self._started) < self._threads and self.waiting >= len(self._started):
            self._start_thread()
        future: asyncio.Future[T] = loop.create_future()
        self.waiting += 1
        job = _Job(call, future, loop.time())
        self._pending.append(job)
        self._queue.put(job)
        return future

    def check_room(self) -> None:
        """Refuse what cannot be taken on now.

        Raises:
            Overloaded: as many jobs wait as may.
        """
        if self.waiting >= self._capacity:
            raise Overloaded("The server has as many operations waiting as it takes on.")

    def _sweep(self) -> None:
        """Answer what has waited for too long, also when every thread is stuck."""
        assert self._loop is not None  # noqa: S101 - set before the first job
        pending, oldest = self._pending, self._loop.time() - _MAX_WAIT_SECONDS
        while pending and pending[0].is_over:
            pending.popleft()
        for job in takewhile(lambda job: job.since < oldest, pending):
            if not job.begun:
                job.end(Overloaded("The operation waited too long."))
        if pending:
            self._loop.call_later(_SWEEP_SECONDS, self._sweep)

    def _start_thread(self) -> None:
        name = f"{self.name}-{len(self._started)}"
        thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._started.append(thread)
        thread.start()

    def close(self) -> None:
        """Let the threads end once the queue is empty, and wait for them for a moment."""
        for _ in self._started:
            self._queue.put(None)
        until = monotonic() + _END_SECONDS
        for thread in self._started:
            thread.join(max(0.0, until - monotonic()))

    def _work(self) -> None:
        while True:
            first = self._queue.get()
            if first is None:
                return
            jobs = [first]
            with suppress(Empty):
                while len(jobs) < self._group:
                    job = self._queue.get_nowait()
                    if job is None:
                        self._queue.put(None)
                        break
                    jobs.append(job)
            self._finish_group(jobs)

    def _finish_group(self, jobs: list[_Job]) -> None:
        for job in jobs:
            job.begun = True
        wanted = [job for job in jobs if not job.is_over]
        done = dict.fromkeys(jobs)
        done.update(zip(wanted, self._results(wanted), strict=True))
        self.groups += 1
        with suppress(RuntimeError):  # the loop is closed: nobody waits
            self._loop.call_soon_threadsafe(self._answer, done)  # type: ignore[union-attr]  # set before the first job

    def _results(self, jobs: list[_Job]) -> Sequence[Any]:
        unforeseen = MlflowException("Internal error. The server's log has more.")
        found: Sequence[Any] = [unforeseen] * len(jobs)
        with contained("A group of operations", level=logging.ERROR):
            try:
                found = self._run(jobs) if jobs else ()
            except MlflowException as error:
                found = [error] * len(jobs)
        return found

    def _answer(self, done: dict[_Job, Any]) -> None:
        self.waiting -= len(done)
        for job, result in done.items():
            job.end(result)


def one_by_one(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do jobs in turn and return what each returned, or the error that it raised."""
    return [_result_of(call) for call in calls]


def _result_of(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except MlflowException as error:
        return error
