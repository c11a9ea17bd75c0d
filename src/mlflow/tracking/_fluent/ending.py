"""How runs end: by a call, by an exception, at exit, by SIGTERM."""

from __future__ import annotations

import _thread
import atexit
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Final

from mlflow._core.clock import now_ms, sleep
from mlflow._core.guard import contained
from mlflow.entities.run_status import RunStatus
from mlflow.tracking._fluent.company import note_failure
from mlflow.tracking._fluent.sharing import disown, final_status
from mlflow.tracking._fluent.stack import ActiveRun, active_runs
from mlflow.tracking._fluent.state import logger, store_of, thread_state
from mlflow.tracking.async_artifacts import flush_before_end
from mlflow.tracking.async_logging import log_later, raise_rejected
from mlflow.tracking.journal.calls import update_call
from mlflow.tracking.journal.store import begin_exit, end_at_exit

if TYPE_CHECKING:
    from types import FrameType

_FINISHED: Final = RunStatus.to_string(RunStatus.FINISHED)
_FAILED: Final = RunStatus.to_string(RunStatus.FAILED)
_KILLED: Final = RunStatus.to_string(RunStatus.KILLED)

# How long a terminated process waits for its store.
_TERMINATION_SECONDS: Final = 10.0


class _Ending:
    """The state of this module."""

    def __init__(self) -> None:
        self.exiting = False
        self.registered = False
        self.terminating = False

    def begin_exit(self) -> None:
        """Note that the interpreter is about to end."""
        self.exiting = True
        begin_exit()


_ending: Final = _Ending()


def end_run(status: str = _FINISHED) -> None:
    """End the active run; nothing happens when there is none.

    At exit it ends every run that is still open, and ``atexit.unregister(mlflow.end_run)`` keeps
    it from doing so. Of several processes that share a run, one ends it; the others leave it.

    Args:
        status: FINISHED, FAILED or KILLED.

    Raises:
        MlflowException: no run has such a status, or the store refuses the change.
    """
    if _ending.exiting:
        _end_all(status)
        return
    run = active_runs.top()
    if run is not None:
        _end(run, status)


def _end(run: ActiveRun, status: str) -> None:
    number = RunStatus.from_string(status)
    active_runs.remove(run)
    thread_state.last_run_id, thread_state.last_uri = run.info.run_id, run.tracking_uri
    for step in run.on_end:
        with contained(f"Ending what accompanies run {run.info.run_id}"):
            step()
    disown(run.info.run_id)
    flush_before_end()
    store = store_of(run)
    final = final_status(store, run.info.run_id, run.share, number)
    if final is not None and _ending.exiting:
        end_at_exit(store, run.info.run_id, final, now_ms())
    elif final is not None and run.ends_later:
        call = update_call(run.info.run_id, final, now_ms(), None)
        log_later(store, call).forgive()
    elif final is not None:
        store.update_run_info(run.info.run_id, final, now_ms(), None)
    if not active_runs.open_runs():
        _restore_signal()
    raise_rejected(store, run.info.run_id)


def _end_all(status: str) -> None:
    """End every open run; one that cannot be ended keeps no other from it."""
    for run in active_runs.open_runs():
        with contained(f"Ending run {run.info.run_id}"):
            _end(run, status)


def finish_block(run: ActiveRun, exc_type: type[BaseException] | None) -> None:
    """End a run, and those started on top of it, as its ``with`` block ends."""
    if exc_type is None:
        for one in active_runs.above(run):
            _end(one, _FINISHED)
        return
    status = _KILLED if issubclass(exc_type, KeyboardInterrupt) else _FAILED
    for one in active_runs.above(run):
        note_failure(one)
        # What ended the block is what the caller has to see.
        with contained(f"Ending run {one.info.run_id}"):
            _end(one, status)


def prepare_ending() -> None:
    """See to it that open runs end when the process does."""
    if not _ending.registered:
        _ending.registered = True
        atexit.register(end_run)
        atexit.register(_ending.begin_exit)  # registered last: runs first
    if (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    ):
        signal.signal(signal.SIGTERM, _on_sigterm)


def _restore_signal() -> None:
    """Give SIGTERM its default back when no run is open, unless someone else has taken it."""
    if (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGTERM) is _on_sigterm
    ):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _on_sigterm(number: int, _frame: FrameType | None) -> None:
    """End the open runs as killed, then let the signal do what it does by default.

    The main thread may be in the middle of a write and hold its locks: another thread ends the
    runs while the main thread goes on, and then sends the signal again. A second signal from
    outside ends the process at once.
    """
    if _ending.terminating or not active_runs.open_runs():
        _die(number)
        return
    _ending.terminating = True
    # Not threading.Thread: the main thread may hold the lock that starting one needs.
    _thread.start_new_thread(_terminate, (number,))
    _thread.start_new_thread(_give_up, (number,))


def _terminate(number: int) -> None:
    runs = active_runs.open_runs()
    logger.warning("Terminated: %d open run(s) end as %s.", len(runs), _KILLED)
    _end_all(_KILLED)
    os.kill(os.getpid(), number)


def _give_up(number: int) -> None:
    """End the process when the store does not answer."""
    sleep(_TERMINATION_SECONDS)
    os.kill(os.getpid(), number)


def _die(number: int) -> None:
    for stream in (sys.stdout, sys.stderr):
        with contained("Flushing output"):
            stream.flush()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _forget_parent() -> None:
    """Give the child of a fork the default handler: it has no run to end."""
    _ending.terminating = False
    _restore_signal()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_parent)
