"""A tracking store in front of another: what cannot be written now is written later.

Calls go straight to the store. A call that logs to a run and finds the store away goes to the
journal instead, as do the later ones until the store is back; so do calls of a run of which the
journal still holds earlier ones. Reads wait until the journal has delivered what they could see.
"""

from __future__ import annotations

import os
import sys
import threading
import weakref
from typing import TYPE_CHECKING, Any, Final, cast

from mlflow._core.clock import monotonic
from mlflow._core.lazy import resolve
from mlflow._core.uri import is_local_uri
from mlflow._http.patience import within
from mlflow.entities.lifecycle_stage import LifecycleStage
from mlflow.entities.run_info import RunInfo
from mlflow.entities.run_status import RunStatus
from mlflow.environment_variables import (
    HEADRACE_ASYNC_EXIT_TIMEOUT_SECONDS,
    HEADRACE_ON_SERVER_FAULT,
    HEADRACE_SERVER_PATIENCE_SECONDS,
)
from mlflow.exceptions import MlflowException
from mlflow.store.tracking.abstract_store import AbstractStore
from mlflow.tracking.journal.calls import (
    delete_tag_call,
    inputs_call,
    is_fault,
    outputs_call,
    update_call,
    values_call,
)
from mlflow.tracking.journal.recovery import deliver_left
from mlflow.tracking.run_artifacts import remember_artifact_uri

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlflow.entities.dataset_input import DatasetInput
    from mlflow.entities.logged_model_input import LoggedModelInput
    from mlflow.entities.logged_model_output import LoggedModelOutput
    from mlflow.entities.metric import Metric
    from mlflow.entities.param import Param
    from mlflow.entities.run import Run
    from mlflow.entities.run_tag import RunTag
    from mlflow.tracking.journal.calls import Call
    from mlflow.tracking.journal.sender import Sender

RAISE: Final = "raise"
# Stores on this machine: a call to them is done soon, or never.
_NEAR: Final = ("sqlite", "file", "offline")
_SENDER: Final = "mlflow.tracking.journal.sender:Sender"

# Reads of one run, which is their first argument, and of many.
_READS_ONE: Final = (
    "get_run",
    "get_metric_history",
    "delete_run",
    "restore_run",
)
_READS_MANY: Final = (
    "search_runs",
    "_search_runs",
    "get_metric_history_bulk",
    "get_metric_history_bulk_interval",
    "get_metric_buckets",
    "search_datasets",
)


class _Journalled:
    """The state of this module: the stores that have a journal.

    Attributes:
        stores: Those that are alive.
        exit_deadline: When the exit stops to wait; None before the exit.
        has_children: Whether this process forked others, which may have left journals.
        drain_of: The process in which multiprocessing was told to drain.
    """

    def __init__(self) -> None:
        self.stores: weakref.WeakSet[JournalledStore] = weakref.WeakSet()
        self.exit_deadline: float | None = None
        self.has_children = False
        self.drain_of = 0

    def note_child(self) -> None:
        """Note that there is a child."""
        self.has_children = True

    def forget(self) -> None:
        """Start without journals in the child of a fork."""
        self.exit_deadline, self.has_children = None, False
        for store in self.stores:
            store.forget()

    def senders(self) -> list[Sender]:
        """Return the senders of all stores."""
        return [store.sender for store in self.stores if store.has_sender]


journalled: Final = _Journalled()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=journalled.forget, after_in_parent=journalled.note_child)


def begin_exit() -> float:
    """Note when the exit began, and return until when it may last."""
    if journalled.exit_deadline is None:
        journalled.exit_deadline = monotonic() + HEADRACE_ASYNC_EXIT_TIMEOUT_SECONDS.get()
    return journalled.exit_deadline


def drain_at_exit() -> None:
    """Deliver what waits, at most for so long as the exit may last."""
    deadline = begin_exit()
    for sender in journalled.senders():
        sender.drain(max(0.0, deadline - monotonic()))
    for store in list(journalled.stores) if journalled.has_children else ():
        # A child that ended by os._exit has drained nothing.
        thread = deliver_left(store.inner, store.uri) if store.uri else None
        if thread is not None:
            thread.join(max(0.0, deadline - monotonic()))


def _drain_with_multiprocessing() -> None:
    """Drain at the end of a process that multiprocessing runs: it ends without ``atexit``."""
    module = sys.modules.get("multiprocessing.util")
    if module is not None and journalled.drain_of != os.getpid():
        journalled.drain_of = os.getpid()
        module.Finalize(None, drain_at_exit, exitpriority=0)


class JournalledStore(AbstractStore):
    """The store of a tracking URI, with a journal."""

    def __init__(self, inner: AbstractStore, uri: str | None) -> None:
        """Stand in front of a store.

        Args:
            inner: The store.
            uri: Its tracking URI; None keeps the journal in memory only.
        """
        self.inner: Final = inner
        self.uri: Final = uri
        self._sender: Sender | None = None
        self._lock = threading.Lock()
        journalled.stores.add(self)

    def __getattr__(self, name: str) -> Any:
        """Return what only this kind of store has."""
        if name == "inner":  # not set yet
            raise AttributeError(name)
        return getattr(self.inner, name)

    @property
    def has_sender(self) -> bool:
        """Whether anything went through the journal."""
        return self._sender is not None

    @property
    def sender(self) -> Sender:
        """The journal and its thread, made at their first use."""
        sender = self._sender
        if sender is None:
            with self._lock:
                sender = self._sender
                if sender is None:
                    sender = self._sender = resolve(_SENDER)(self.inner, self.uri)
                    _drain_with_multiprocessing()
        return sender

    def forget(self) -> None:
        """Start without a journal in the child of a fork."""
        self._lock = threading.Lock()
        sender, self._sender = self._sender, None
        if sender is not None:
            sender.forget()

    def close_journal(self) -> None:
        """Remove the journal when everything is delivered; the next call makes another."""
        sender, self._sender = self._sender, None
        if sender is not None:
            sender.close()

    def settle(self, run_id: str | None = None) -> None:
        """Wait until the journal has delivered the calls of a run, or all.

        Raises:
            MlflowException: the store takes nothing.
        """
        sender = self._sender
        if sender is not None and sender.pending and not sender.wait(run_id=run_id):
            raise sender.not_delivered()

    def _write(
        self, run_id: str, direct: Callable[[], Any], journalled_call: Callable[[], Call]
    ) -> Any:
        """Do a call now, or journal it."""
        sender = self._sender
        if sender is None or not sender.holds(run_id):
            if HEADRACE_ON_SERVER_FAULT.get() == RAISE:
                return direct()
            try:
                with within(HEADRACE_SERVER_PATIENCE_SECONDS.get()):
                    return direct()
            except MlflowException as error:
                if not is_fault(error):
                    raise
                sender = self.sender
                sender.note_fault(error)
        elif HEADRACE_ON_SERVER_FAULT.get() == RAISE:
            self.settle(run_id)
            return direct()
        number = sender.submit(journalled_call())
        if not sender.behind and sender.wait(number):
            refused = sender.error_of(number)
            if refused is not None:
                raise refused
        return None

    # What goes through the journal

    def log_metric(self, run_id: str, metric: Metric) -> None:
        """Add a point to a metric's history and move its latest value."""
        self._write(
            run_id,
            lambda: self.inner.log_metric(run_id, metric),
            lambda: values_call(run_id, [metric], (), ()),
        )

    def log_param(self, run_id: str, param: Param) -> None:
        """Set a param once; another value for the same key is an error naming both."""
        self._write(
            run_id,
            lambda: self.inner.log_param(run_id, param),
            lambda: values_call(run_id, (), [param], ()),
        )

    def set_tag(self, run_id: str, tag: RunTag) -> None:
        """Set a tag."""
        self._write(
            run_id,
            lambda: self.inner.set_tag(run_id, tag),
            lambda: values_call(run_id, (), (), [tag]),
        )

    def delete_tag(self, run_id: str, key: str) -> None:
        """Remove a tag; a missing one is an error."""
        self._write(
            run_id,
            lambda: self.inner.delete_tag(run_id, key),
            lambda: delete_tag_call(run_id, key),
        )

    def log_batch(
        self,
        run_id: str,
        metrics: Sequence[Metric],
        params: Sequence[Param],
        tags: Sequence[RunTag],
    ) -> None:
        """Log all of these in one transaction."""
        self._write(
            run_id,
            lambda: self.inner.log_batch(run_id, metrics, params, tags),
            lambda: values_call(run_id, metrics, params, tags),
        )

    def log_inputs(
        self,
        run_id: str,
        datasets: Sequence[DatasetInput] | None = None,
        models: Sequence[LoggedModelInput] | None = None,
    ) -> None:
        """Record what a run read."""
        self._write(
            run_id,
            lambda: self.inner.log_inputs(run_id, datasets, models),
            lambda: inputs_call(run_id, datasets, models),
        )

    def log_outputs(self, run_id: str, models: Sequence[LoggedModelOutput]) -> None:
        """Record the models that a run made."""
        self._write(
            run_id,
            lambda: self.inner.log_outputs(run_id, models),
            lambda: outputs_call(run_id, models),
        )

    def update_run_info(
        self, run_id: str, run_status: int | None, end_time: int | None, run_name: str | None
    ) -> RunInfo:
        """Change an active run's status, end and name; None leaves a field as it is."""
        info = self._write(
            run_id,
            lambda: self.inner.update_run_info(run_id, run_status, end_time, run_name),
            lambda: update_call(run_id, run_status, end_time, run_name),
        )
        if isinstance(info, RunInfo):
            return info
        # What is known of a run whose store cannot be asked.
        status = RunStatus.to_string(run_status or RunStatus.RUNNING)
        active = LifecycleStage.ACTIVE
        return RunInfo(run_id, "", "", status, 0, end_time, active, None, run_name)

    # Others that do more than go on to the store

    def create_run(self, *args: Any, **kwargs: Any) -> Run:
        """Create a running run; a missing name is made up."""
        run = self.inner.create_run(*args, **kwargs)
        if run.info.artifact_uri:
            remember_artifact_uri(self, run.info.run_id, run.info.artifact_uri)
        return run


def _delegate(name: str) -> Callable[..., Any]:
    def method(self: JournalledStore, *args: Any, **kwargs: Any) -> Any:
        return getattr(self.inner, name)(*args, **kwargs)

    return method


def _delegate_read_of_one(name: str) -> Callable[..., Any]:
    def method(self: JournalledStore, run_id: str, *args: Any, **kwargs: Any) -> Any:
        self.settle(run_id)
        return getattr(self.inner, name)(run_id, *args, **kwargs)

    return method


def _delegate_read_of_many(name: str) -> Callable[..., Any]:
    def method(self: JournalledStore, *args: Any, **kwargs: Any) -> Any:
        self.settle()
        return getattr(self.inner, name)(*args, **kwargs)

    return method


def _complete() -> None:
    """Give the class every other method of the contract."""
    for name, value in vars(AbstractStore).items():
        if not callable(value) or name in vars(JournalledStore) or name.startswith("__"):
            continue
        if name in _READS_ONE:
            made = _delegate_read_of_one(name)
        elif name in _READS_MANY:
            made = _delegate_read_of_many(name)
        else:
            made = _delegate(name)
        made.__name__, made.__doc__ = name, value.__doc__
        setattr(JournalledStore, name, made)


_complete()


# The class is completed when this module is loaded, which a type checker cannot see.
new_journalled: Final[Callable[[AbstractStore, str | None], JournalledStore]] = cast(
    "Callable[[AbstractStore, str | None], JournalledStore]", JournalledStore
)


def journalled_store(inner: AbstractStore, uri: str) -> AbstractStore:
    """Return a store with a journal, and deliver what dead processes left for it.

    Args:
        inner: The store.
        uri: Its tracking URI.
    """
    deliver_left(inner, uri)
    return new_journalled(inner, uri)


def end_at_exit(store: AbstractStore, run_id: str, run_status: int, end_time: int) -> None:
    """End a run without waiting longer than an exit may take, where the store is far away."""
    uri = getattr(store, "uri", None) or ""
    if not isinstance(store, JournalledStore) or is_local_uri(uri) or uri.startswith(_NEAR):
        store.update_run_info(run_id, run_status, end_time, None)
        return
    # The drain at the exit comes after this: it was registered before the first run started.
    store.sender.submit(update_call(run_id, run_status, end_time, None))
