"""What goes along with an active run until it ends: its console and its heartbeat.

What is printed goes to the active run of the printing thread; a thread that has none prints for
the run that was started last in the process. A nested run that ends gives the console back.
"""

from __future__ import annotations

import traceback
from functools import partial
from typing import TYPE_CHECKING

from mlflow._core.guard import contained
from mlflow.tracking._fluent.stack import active_runs
from mlflow.tracking.console.capture import close_console, open_console
from mlflow.tracking.liveness import start_heartbeat

if TYPE_CHECKING:
    from mlflow.store.tracking.abstract_store import AbstractStore
    from mlflow.tracking._fluent.stack import ActiveRun
    from mlflow.tracking.console.run_console import RunConsole


def accompany(run: ActiveRun, store: AbstractStore) -> None:
    """Begin to keep the console of a run and to say that it lives."""
    with contained("Keeping the console"):
        run.console = open_console(store, run.info.run_id, find=_console_here, rank=run.share.rank)
        if run.console is not None:
            run.on_end.append(partial(close_console, run.console))
    with contained("Starting heartbeats"):
        stop = start_heartbeat(store, run.info.run_id)
        if stop is not None:
            run.on_end.append(stop)


def _console_here() -> RunConsole | None:
    run = active_runs.top() or active_runs.newest
    return None if run is None else run.console


def note_failure(run: ActiveRun) -> None:
    """Keep the error that ends a run's block: it is printed, if at all, when the run is over."""
    if run.console is not None:
        with contained("Keeping an error with the console"):
            run.console.add("stderr", traceback.format_exc())
