"""Writes a run's documents in the background: its environment and the uncommitted changes.

One short-lived thread serves all runs of a process. It is no daemon, so that the interpreter waits
for it at exit; what it does is bounded in time and size. A failure is logged, never raised.
"""

import json
import os
from collections import deque
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Final, Protocol

from mlflow._core.clock import monotonic
from mlflow._core.guard import contained
from mlflow.environment_variables import HEADRACE_RUN_DOCUMENTS
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


class DocumentStore(Protocol):
    """What of a tracking store is needed here."""

    def log_run_document(self, run_id: str, name: str, content: bytes, content_type: str) -> None:
        """Keep a document with a run; one of the same name is replaced."""


@dataclass(frozen=True, slots=True)
class _Documents:
    environment: bytes
    diff: bytes


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

    def __init__(self, *, done: bool = False) -> None:
        self._done = Event()
        if done:
            self._done.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the documents are written, or have failed.

        Args:
            timeout: Seconds to wait at most; no limit when None.

        Returns:
            Whether it is over.
        """
        return self._done.wait(timeout)

    def finish(self) -> None:
        """Say that it is over."""
        self._done.set()


class _Worker:
    """Does the captures of a process, one after the other."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: deque[tuple[DocumentStore, str, CaptureHandle]] = deque()
        self._running = False
        self._documents: _Documents | None = None
        self._fresh_until = 0.0

    def put(self, store: DocumentStore, run_id: str) -> CaptureHandle:
        handle = CaptureHandle()
        with self._lock:
            self._waiting.append((store, run_id, handle))
            if self._running:
                return handle
            self._running = True
        try:
            Thread(target=self._work, name="mlflow-run-documents").start()
        except RuntimeError:  # the interpreter is ending, or no thread is to be had
            self._work()
        return handle

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._running = False
                    return
                store, run_id, handle = self._waiting.popleft()
            try:
                with contained(f"Keeping the documents of run {run_id}"):
                    self._write(store, run_id)
            finally:
                handle.finish()

    def _write(self, store: DocumentStore, run_id: str) -> None:
        documents = self._current()
        store.log_run_document(
            run_id, ENVIRONMENT_DOCUMENT, documents.environment, ENVIRONMENT_TYPE
        )
        if documents.diff:
            store.log_run_document(run_id, DIFF_DOCUMENT, documents.diff, DIFF_TYPE)

    def _current(self) -> _Documents:
        started = monotonic()
        if self._documents is None or started >= self._fresh_until:
            self._documents = take_documents()
            ended = monotonic()
            self._fresh_until = ended + max(_FRESH_SECONDS, _COST_SHARE * (ended - started))
        return self._documents

    def forget(self) -> None:
        """Start anew in a forked child: the parent's thread and its captures stay with it."""
        for _, _, handle in self._waiting:
            handle.finish()
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
        return CaptureHandle(done=True)
    return _worker.put(store, run_id)
