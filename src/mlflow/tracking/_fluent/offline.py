"""Runs that start while the server cannot be reached: in a directory, to be copied later."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Final

from mlflow._core.ids import new_uuid
from mlflow._core.tags import HEADRACE_EXPERIMENT_ID
from mlflow._http.patience import within
from mlflow.entities.experiment_tag import ExperimentTag
from mlflow.environment_variables import (
    HEADRACE_OFFLINE,
    HEADRACE_SERVER_PATIENCE_SECONDS,
    MLFLOW_EXPERIMENT_ID,
)
from mlflow.tracking._fluent.state import logger, state
from mlflow.tracking.journal.calls import is_fault
from mlflow.tracking.journal.place import journal_root
from mlflow.tracking.stores import (
    OFFLINE,
    _get_store,
    get_tracking_uri,
    note_target,
    set_tracking_uri,
)

if TYPE_CHECKING:
    from mlflow.exceptions import MlflowException
    from mlflow.store.tracking.abstract_store import AbstractStore

_AUTO: Final = "auto"
_DEFAULT_ID: Final = "0"


def first_contact() -> AbstractContextManager[None]:
    """Bound the wait for a server that may be away, where there is something to do about it."""
    if HEADRACE_OFFLINE.get() != _AUTO:
        return nullcontext()
    return within(HEADRACE_SERVER_PATIENCE_SECONDS.get())


def go_offline(error: MlflowException) -> AbstractStore:
    """Make a directory the store in force, because the server cannot be reached.

    Args:
        error: What the server's store raised.

    Returns:
        The directory's store.

    Raises:
        MlflowException: the error, when it is another one or nobody asked for this.
    """
    server = get_tracking_uri()
    if HEADRACE_OFFLINE.get() != _AUTO or not is_fault(error) or server.startswith(OFFLINE):
        raise error
    folder = journal_root() / "offline" / new_uuid()
    set_tracking_uri(f"{OFFLINE}{folder}")
    store = _get_store()
    note_target(folder, server)
    known = state.experiment_id or MLFLOW_EXPERIMENT_ID.get()
    if known and known != _DEFAULT_ID:
        state.experiment_id = offline_experiment(store, known)
        MLFLOW_EXPERIMENT_ID.set(state.experiment_id)
    logger.warning(
        "The store cannot be reached: %s This program works offline from now on, in %s. Look at it "
        "by `mlflow ui --backend-store-uri %s`; upload it by `mlflow sync %s`.",
        error.message,
        folder,
        folder,
        folder,
    )
    return store


def offline_experiment(store: AbstractStore, server_id: str) -> str:
    """Return the id of an offline experiment whose runs are meant for one of the server's."""
    experiment = store.get_or_create_experiment(f"Experiment {server_id} of the server")
    tag = ExperimentTag(HEADRACE_EXPERIMENT_ID, server_id)
    store.set_experiment_tag(experiment.experiment_id, tag)
    return str(experiment.experiment_id)
