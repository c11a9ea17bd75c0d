"""Writes a run's documents in the background: its environment and the uncommitted changes.

One short-lived thread serves all runs of a process and writes the documents of runs that start
close together at once, so that a thousand short runs cost a few transactions. It is no daemon, so
that the interpreter waits for it at exit; what it does is bounded in time and size. A failure is
logged, never raised.
"""

import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event, Lock, Thread, main_thread
from typing import Final, Protocol

from mlflow._core.clock import monotonic
from mlflow._core.guard import contained
from mlflow._http.patience import within
from mlflow.environment_variables import HEADRACE_RUN_DOCUMENTS
from mlflow.exceptions import MlflowException
from mlflow.tracking.context.environment import describe_environment
from mlflow.tracking.context.git import git_state
from mlflow.tracking.context.working_tree import read_diff

DIFF_DOCUMENT: Final = "git.diff"
DIFF_TYPE: Final = "text/x-diff"
ENVIRONMENT_DOCUMENT: Final = "environment.json"
ENVIRONMENT_TYPE: Final = "application/json"
DIFF_SECONDS: Final = 2.0
DIFF_BYTES: Final = 1_000_000
# A capture is used again for a second, or for as long as keeps the cost under a twentieth.
_FRESH_SECONDS: Final = 1.0
_COST_SHARE: Final = 20
# How long the first run of a batch waits for others, in steps that notice the program's end.
_GATHER_STEPS: Final = 10
_GATHER_STEP_SECONDS: Final = 0.02
_BATCH_RUNS: Final = 100
_BATCH_BYTES: Final = 4 * DIFF_BYTES
# A server that is away costs this at most, the program's end and other stores' documents included.
_STORE_SECONDS: Final = 30.0
_NOT_KEPT: Final = "NOT_IMPLEMENTED"

_logger: Final = logging.getLogger(__name__)

Document = tuple[str, str, bytes, str]


class DocumentStore(Protocol):
    """What of a tracking store is needed here."""

    def log_run_document(self, run_id: str, name: str, content: bytes, content_type: str) -> None:
        """Keep a document with a run; one of the same name is replaced."""

    def log_run_documents(self, found: Sequence[Document]) -> None:
        """Keep documents of several runs, each (run id, name, content, content type)."""


@dataclass(frozen=True, slots=True)
class _Documents:
    environment: bytes
    diff: bytes

    def of(self, run_id: str) -> list[Document]:
        """Return the documents of a run."""
        found = [(run_id, ENVIRONMENT_DOCUMENT, self.environment, ENVIRONMENT_TYPE)]
        if self.diff:
            found.append((run_id, DIFF_DOCUMENT, self.diff, DIFF_TYPE))
        return found


def take_documents() -> _Documents:
    """Read what the documents hold."""
    content = describe_environment()
    diff = b""
    state = git_state()
    if state is not None:
        found = read_diff(
            state.root,
            has_commit=state.commit is not None,
            seconds=DIFF_SECONDS,
            limit=DIFF_BYTES,
        )
        diff = found.patch
        content["git"] = {
            "commit": state.commit,
            "branch": state.branch,
            "repository": state.repository_url,
            "dirty": bool(found.patch or found.left_out),
            "diff_complete": found.complete and not found.left_out,
            "diff_left_out": list(found.left_out),
        }
    return _Documents(json.dumps(content, indent=1).encode("ascii"), diff)


class CaptureHandle:
    """A capture that is under way."""

    def __init__(self, hurry: Event | None = None) -> None:
        """Make a handle.

        Args:
            hurry: What tells the worker that somebody waits; None when there is nothing to do.
        """
        self._done = Event()
        self._hurry = hurry
        if hurry is None:
            self._done.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the documents are written, or have failed.

        Args:
            timeout: Seconds to wait at most; no limit when None.

        Returns:
            Whether it is over.
        """
        if self._hurry is not None and not self._done.is_set():
            self._hurry.set()
        return self._done.wait(timeout)

    def finish(self) -> None:
        """Say that it is over."""
        self._done.set()


@dataclass(frozen=True, slots=True)
class _Request:
    store: DocumentStore
    run_id: str
    handle: CaptureHandle


class _Worker:
    """Does the captures of a process, a batch at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[_Request] = []
        self._hurry = Event()
        self._running = False
        self._documents: _Documents | None = None
        self._fresh_until = 0.0

    def put(self, store: DocumentStore, run_id: str) -> CaptureHandle:
        handle = CaptureHandle(self._hurry)
        with self._lock:
            self._waiting.append(_Request(store, run_id, handle))
            if self._running:
                return handle
            self._running = True
        try:
            Thread(target=self._work, name="mlflow-run-documents").start()
        except RuntimeError:  # the interpreter is ending, or no thread is to be had
            self._work()
        return handle

    def _work(self) -> None:
        with contained("Reading the documents of a run"):
            self._current()
        while True:
            self._gather()
            with self._lock:
                if not self._waiting:
                    self._running = False
                    return
                store = self._waiting[0].store
                batch = [one for one in self._waiting if one.store is store][:_BATCH_RUNS]
                self._waiting = [one for one in self._waiting if one not in batch]
            try:
                with contained("Keeping the documents of runs"), within(_STORE_SECONDS):
                    self._write(store, [one.run_id for one in batch])
            finally:
                for one in batch:
                    one.handle.finish()

    def _gather(self) -> None:
        """Wait a little for further runs; not when somebody waits, or the program is ending."""
        for _ in range(_GATHER_STEPS):
            if not main_thread().is_alive() or self._hurry.wait(_GATHER_STEP_SECONDS):
                break
        self._hurry.clear()

    def _write(self, store: DocumentStore, run_ids: list[str]) -> None:
        documents = self._current()
        size = len(documents.environment) + len(documents.diff)
        at_once = max(1, _BATCH_BYTES // size)
        for start in range(0, len(run_ids), at_once):
            part = run_ids[start : start + at_once]
            done = False
            with contained("Keeping the documents of several runs at once", level=logging.DEBUG):
                try:
                    store.log_run_documents([one for run in part for one in documents.of(run)])
                except MlflowException as error:
                    if error.error_code != _NOT_KEPT:
                        raise
                    _logger.debug("This store keeps no documents of runs: %s", error)
                done = True
            for run_id in () if done else part:  # one of them was deleted meanwhile, perhaps
                with contained(f"Keeping the documents of run {run_id}"):
                    for document in documents.of(run_id):
                        store.log_run_document(*document)

    def _current(self) -> _Documents:
        started = monotonic()
        if self._documents is None or started >= self._fresh_until:
            self._documents = take_documents()
            ended = monotonic()
            self._fresh_until = ended + max(_FRESH_SECONDS, _COST_SHARE * (ended - started))
        return self._documents

    def forget(self) -> None:
        """Start anew in a forked child: the parent's thread and its captures stay with it."""
        for one in self._waiting:
            one.handle.finish()
        self.__init__()  # type: ignore[misc]  # the lock may be held by a thread that is not here


_worker: Final = _Worker()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_worker.forget)


def start_capture(store: DocumentStore, run_id: str) -> CaptureHandle:
    """Keep the environment and the uncommitted changes with a run, in the background.

    Args:
        store: Where the run is.
        run_id: The run.

    Returns:
        A handle to wait on. It is over at once when ``HEADRACE_RUN_DOCUMENTS`` is false.
    """
    if not HEADRACE_RUN_DOCUMENTS.get():
        return CaptureHandle()
    return _worker.put(store, run_id)
