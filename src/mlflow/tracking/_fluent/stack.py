"""The active runs of each thread, and of each asyncio task within it.

A thread has a list of runs. A run that a task started belongs to that task: other tasks of the
same thread do not see it, tasks that it starts do, and once the task is done everyone in the
thread does, so that a run started in one notebook cell is active in the next. Runs started outside
of tasks are seen by all of the thread.
"""

from __future__ import annotations

import os
import sys
import threading
import weakref
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from mlflow.entities.run import Run
from mlflow.tracking._fluent.sharing import Share

if TYPE_CHECKING:
    from asyncio import Task
    from collections.abc import Callable, Iterable, Iterator

    from typing_extensions import Self

    from mlflow.store.tracking.abstract_store import AbstractStore
    from mlflow.tracking.console.run_console import RunConsole


class ActiveRun(Run):
    """A run that logging goes to; as a context manager it ends the run.

    Attributes:
        store: Where the run is kept, None when the URI in force decides.
        tracking_uri: That store's URI.
        on_end: What to do before the run ends.
        share: This process's part in the run.
        ends_later: Whether its end goes through the journal, so that nobody waits for it.
        console: What takes the text that is printed for the run, None when nothing does.
    """

    def __init__(self, run: Run) -> None:
        """Take over a run's values."""
        super().__init__(run.info, run.data, run.inputs, run.outputs)
        self.store: AbstractStore | None = None
        self.tracking_uri: str | None = None
        self.on_end: list[Callable[[], None]] = []
        self.share = Share()
        self.console: RunConsole | None = None
        self.ends_later = False
        self.finish: Callable[[ActiveRun, type[BaseException] | None], None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: object, traceback: object
    ) -> None:
        if self.finish is not None:
            self.finish(self, exc_type)


class _ThreadRuns(threading.local):
    """One thread's runs, the oldest first, and the tasks that own some of them."""

    def __init__(self) -> None:
        self.runs: list[ActiveRun] = []
        self.owners: dict[str, weakref.ref[Task[Any]]] = {}


class RunStack:
    """The active runs as the caller sees them; reads like a list, newest last.

    Attributes:
        newest: Of all threads' runs the one that was started last, None when there is none.
    """

    def __init__(self) -> None:
        self.newest: ActiveRun | None = None
        self._local = _ThreadRuns()
        self._inherited: ContextVar[tuple[str, ...]] = ContextVar("inherited_runs", default=())
        self._open: dict[int, ActiveRun] = {}

    def top(self) -> ActiveRun | None:
        """Return the run that logging goes to, None when there is none."""
        local = self._local
        if not local.runs:
            return None
        if not local.owners:
            return local.runs[-1]
        visible = self.get()
        return visible[-1] if visible else None

    def get(self) -> list[ActiveRun]:
        """Return the runs that the caller sees; outside of tasks it is the list itself."""
        local = self._local
        if not local.owners:
            return local.runs
        task, inherited = _current_task(), self._inherited.get()
        left: list[ActiveRun] = []
        mine: list[ActiveRun] = []
        for run in local.runs:
            reference = local.owners.get(run.info.run_id)
            if reference is None or run.info.run_id in inherited:
                mine.append(run)
                continue
            owner = reference()
            if owner is task:
                mine.append(run)
            elif owner is None or owner.done():
                left.append(run)
        return left + mine

    def set(self, value: Iterable[ActiveRun]) -> None:
        """Replace the thread's runs."""
        self._local.runs = list(value)
        self._local.owners.clear()

    def reset(self) -> None:
        """Forget the thread's runs."""
        self.set(())

    def push(self, run: ActiveRun) -> None:
        """Make a run the active one."""
        local = self._local
        task = _current_task()
        if task is not None:
            local.owners[run.info.run_id] = weakref.ref(task)
            self._inherited.set((*self._inherited.get(), run.info.run_id))
        local.runs.append(run)
        self._open[id(run)] = self.newest = run

    def remove(self, run: ActiveRun) -> None:
        """Take a run out, of whichever thread calls; nothing happens when it is not in."""
        local = self._local
        self._open.pop(id(run), None)
        if self.newest is run:
            self.newest = next(iter(list(self._open.values())[::-1]), None)
        kept = [one for one in local.runs if one is not run]
        local.runs[:] = kept
        if not any(one.info.run_id == run.info.run_id for one in kept):
            local.owners.pop(run.info.run_id, None)

    def above(self, run: ActiveRun) -> list[ActiveRun]:
        """Return a run and those started on top of it, the newest first; none when not active."""
        visible = self.get()
        for position, one in enumerate(visible):
            if one is run:
                return visible[position:][::-1]
        return []

    def open_runs(self) -> list[ActiveRun]:
        """Return the runs of all threads, the newest first."""
        everywhere = list(self._open.values())
        here = [run for run in self._local.runs if id(run) not in self._open]
        return [*here[::-1], *everywhere[::-1]]

    def clear_after_fork(self) -> None:
        """Start without runs in a child: those of the parent are the parent's to end."""
        self._local = _ThreadRuns()
        self._open = {}
        self.newest = None

    def append(self, run: ActiveRun) -> None:
        """Make a run the active one, as a list would."""
        self.push(run)

    def pop(self, index: int = -1) -> ActiveRun:
        """Take a run out and return it, as a list would; the run is not ended."""
        run = self.get()[index]
        self.remove(run)
        return run

    def __len__(self) -> int:
        return len(self.get())

    def __iter__(self) -> Iterator[ActiveRun]:
        return iter(list(self.get()))

    def __getitem__(self, index: int) -> ActiveRun:
        return self.get()[index]

    def __contains__(self, run: object) -> bool:
        return any(one is run for one in self.get())


def _current_task() -> Task[Any] | None:
    """Return the asyncio task that runs now; a program without asyncio does not load it."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None:
        return None
    try:
        task: Task[Any] | None = asyncio.current_task()
    except RuntimeError:
        return None
    return task


active_runs: Final = RunStack()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=active_runs.clear_after_fork)
