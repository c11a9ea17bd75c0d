"""The fluent interface's own state: the experiment in force and what was active last."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

from mlflow.tracking.client import MlflowClient
from mlflow.tracking.stores import _get_store, get_tracking_uri

if TYPE_CHECKING:
    from mlflow.store.tracking.abstract_store import AbstractStore
    from mlflow.tracking._fluent.stack import ActiveRun

# Messages come from the module that people know.
logger: Final = logging.getLogger("mlflow.tracking.fluent")


class _FluentState:
    """What the fluent functions remember.

    Attributes:
        experiment_id: What ``set_experiment`` chose, for all threads.
    """

    def __init__(self) -> None:
        self.experiment_id: str | None = None


class _ThreadState(threading.local):
    """What they remember for each thread.

    Attributes:
        last_run_id: The run that was started last.
        last_uri: The tracking URI of its store.
    """

    last_run_id: str | None = None
    last_uri: str | None = None


state: Final = _FluentState()
thread_state: Final = _ThreadState()


def store_of(run: ActiveRun | None) -> AbstractStore:
    """Return the store that a run is kept in; a run stays with the store it was started in."""
    if run is not None and run.store is not None:
        return run.store
    return _get_store()


def uri_of(run: ActiveRun | None) -> str:
    """Return the tracking URI of the store that a run is kept in."""
    if run is not None and run.tracking_uri is not None:
        return run.tracking_uri
    return get_tracking_uri()


def client_of(run: ActiveRun | None) -> MlflowClient:
    """Return a client of the store that a run is kept in."""
    return MlflowClient(uri_of(run))
