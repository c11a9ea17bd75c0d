"""Runs: start, resume, the active one, and those of the store in force by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow._core.clock import now_ms
from mlflow._core.guard import contained
from mlflow._core.tags import (
    MLFLOW_PARENT_RUN_ID,
    MLFLOW_RUN_NAME,
    MLFLOW_RUN_NOTE,
    MLFLOW_USER,
)
from mlflow.entities.lifecycle_stage import LifecycleStage
from mlflow.entities.run_status import RunStatus
from mlflow.entities.run_tag import RunTag
from mlflow.environment_variables import MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING, MLFLOW_RUN_ID
from mlflow.exceptions import INTERNAL_ERROR, INVALID_STATE, MlflowException
from mlflow.system_metrics.system_metrics_monitor import start_monitor
from mlflow.tracking._fluent.company import accompany
from mlflow.tracking._fluent.ending import finish_block, prepare_ending
from mlflow.tracking._fluent.experiments import _get_experiment_id
from mlflow.tracking._fluent.offline import first_contact, go_offline, offline_experiment
from mlflow.tracking._fluent.sharing import Share, own, share_of
from mlflow.tracking._fluent.stack import ActiveRun, active_runs
from mlflow.tracking._fluent.state import logger, state, thread_state
from mlflow.tracking.batches import Batch
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.context.capture import start_capture
from mlflow.tracking.context.registry import resolve_tags
from mlflow.tracking.recording import as_dict, record_batch
from mlflow.tracking.run_artifacts import remember_artifact_uri
from mlflow.tracking.stores import _get_store, get_tracking_uri

if TYPE_CHECKING:
    from mlflow.entities.run import Run
    from mlflow.store.tracking.abstract_store import AbstractStore

_UNKNOWN_USER = "unknown"


def start_run(
    run_id: str | None = None,
    experiment_id: str | None = None,
    run_name: str | None = None,
    nested: bool = False,
    parent_run_id: str | None = None,
    tags: dict[str, Any] | None = None,
    description: str | None = None,
    log_system_metrics: bool | None = None,
) -> ActiveRun:
    """Start a run, or resume one, and make it the active run of this thread or asyncio task.

    As a context manager the run ends with the block: FINISHED, FAILED on an exception, KILLED on
    Ctrl-C. A run that is still open at exit ends then. When several processes resume one run, the
    first rank of a launcher ends it, or the program that started both the run and the processes.

    Args:
        run_id: A run to resume; ``MLFLOW_RUN_ID`` counts once when None.
        experiment_id: Where a new run goes; the experiment in force by default.
        run_name: The name; made up for a new run when None.
        nested: Whether a run may already be active; a new run becomes its child.
        parent_run_id: The parent of a new run.
        tags: Tags; values are kept as text.
        description: A text shown with the run.
        log_system_metrics: Whether to record the machine's load; the environment decides when None.

    Returns:
        The active run.

    Raises:
        MlflowException: a run is already active and ``nested`` is False, an id is unknown, or
            what is named is deleted.
    """
    top = active_runs.top()
    resumed_id = run_id or MLFLOW_RUN_ID.get()
    if top is not None and not nested:
        raise MlflowException(
            f"Run with UUID {top.info.run_id} is already active. To start a new run, first end the "
            "current run with mlflow.end_run(). To start a nested run, call start_run with "
            "nested=True",
            INVALID_STATE,
        )
    uri = get_tracking_uri()
    store = _get_store(uri)
    own_tags = _own_tags(tags, description)
    share = Share()
    if resumed_id:
        if run_id is None:
            MLFLOW_RUN_ID.unset()
        share = share_of(resumed_id, given=run_id is not None)
        run = _resume(store, resumed_id, run_name, own_tags, share)
    else:
        try:
            with first_contact():
                parent_id = _parent(store, top, parent_run_id)
                run = _create(store, experiment_id, run_name, parent_id, own_tags)
        except MlflowException as error:
            store = go_offline(error)
            uri = get_tracking_uri()
            chosen = experiment_id and offline_experiment(store, str(experiment_id))
            run = _create(store, chosen, run_name, None, own_tags)
    active = _activate(run, store, uri, share)
    if not resumed_id:
        with contained("Recording the run's documents"):
            start_capture(store, run.info.run_id)
    wanted = log_system_metrics
    if wanted is None:
        wanted = MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING.get()
    if wanted and share.first_here:
        _monitor(active, store, resumed=bool(resumed_id))
    return active


def _own_tags(tags: dict[str, Any] | None, description: str | None) -> dict[str, str]:
    own = {str(key): str(value) for key, value in as_dict(tags or {}, "tags").items()}
    if description:
        if MLFLOW_RUN_NOTE in own:
            raise MlflowException.invalid_parameter_value(
                f"Description is already set via the tag {MLFLOW_RUN_NOTE} in tags. Remove the key "
                f"{MLFLOW_RUN_NOTE} from the tags or omit the description."
            )
        own[MLFLOW_RUN_NOTE] = description
    return own


def _parent(store: AbstractStore, top: ActiveRun | None, parent_run_id: str | None) -> str | None:
    """Return the parent of a new run."""
    if top is not None and parent_run_id and parent_run_id != top.info.run_id:
        raise MlflowException(
            f"Current run with UUID {top.info.run_id} does not match the specified parent_run_id "
            f"{parent_run_id}. To start a new nested run under another parent, first end the "
            "current run with mlflow.end_run().",
            INTERNAL_ERROR,
        )
    if parent_run_id:
        parent = store.get_run(parent_run_id)
        if parent.info.lifecycle_stage != LifecycleStage.ACTIVE:
            raise MlflowException(
                f"Cannot start run under parent run with ID {parent_run_id} because it is in the "
                "deleted state. Restore it with mlflow.restore_run first.",
                INTERNAL_ERROR,
            )
        return parent_run_id
    return None if top is None else top.info.run_id


def _create(
    store: AbstractStore,
    experiment_id: str | None,
    run_name: str | None,
    parent_id: str | None,
    own_tags: dict[str, str],
) -> Run:
    if parent_id is not None:
        own_tags[MLFLOW_PARENT_RUN_ID] = parent_id
    if run_name:
        own_tags[MLFLOW_RUN_NAME] = run_name
    tags = {key: str(value) for key, value in resolve_tags(own_tags).items()}
    return store.create_run(
        _get_experiment_id() if experiment_id is None else str(experiment_id),
        tags.get(MLFLOW_USER, _UNKNOWN_USER),
        now_ms(),
        [RunTag(key, value) for key, value in tags.items()],
        tags.get(MLFLOW_RUN_NAME),
    )


def _resume(
    store: AbstractStore,
    run_id: str,
    run_name: str | None,
    own_tags: dict[str, str],
    share: Share,
) -> Run:
    run = store.get_run(run_id)
    if run.info.lifecycle_stage != LifecycleStage.ACTIVE:
        raise MlflowException(
            f"Cannot start run with ID {run_id} because it is in the deleted state. Restore it "
            "with mlflow.restore_run first.",
            INTERNAL_ERROR,
        )
    if state.experiment_id is not None and run.info.experiment_id != state.experiment_id:
        raise MlflowException(
            f"Cannot start run with ID {run_id} because active experiment ID does not match "
            f"environment run ID: the run belongs to the experiment {run.info.experiment_id}, "
            f"set_experiment() chose {state.experiment_id}. Call mlflow.set_experiment("
            f"experiment_id={run.info.experiment_id!r}) first.",
            INTERNAL_ERROR,
        )
    if share.leads:
        store.update_run_info(run_id, RunStatus.RUNNING, None, run_name)
    elif run_name:
        store.update_run_info(run_id, None, None, run_name)
    if own_tags:
        batch = Batch((), (), [RunTag(key, value) for key, value in own_tags.items()])
        record_batch(store, run_id, batch, synchronous=True)
    return store.get_run(run_id)


def _activate(run: Run, store: AbstractStore, uri: str, share: Share) -> ActiveRun:
    active = ActiveRun(run)
    active.store, active.tracking_uri, active.finish = store, uri, finish_block
    active.share = share
    if run.info.artifact_uri:
        remember_artifact_uri(store, run.info.run_id, run.info.artifact_uri)
    prepare_ending()
    active_runs.push(active)
    if share.leads:
        own(run.info.run_id)
    accompany(active, store)
    thread_state.last_run_id, thread_state.last_uri = run.info.run_id, uri
    return active


def _monitor(run: ActiveRun, store: AbstractStore, *, resumed: bool) -> None:
    with contained("Recording system metrics"):
        monitor = start_monitor(store, run.info.run_id, resume=resumed)
        if monitor is not None:
            run.on_end.append(monitor.finish)


def active_run() -> ActiveRun | None:
    """Return the run that logging goes to, None when there is none; its data are not refreshed."""
    return active_runs.top()


def _get_or_start_run() -> ActiveRun:
    """Return the active run, started now when there is none."""
    run = active_runs.top()
    if run is not None:
        return run
    logger.info("No active run found: a new one is started.")
    return start_run()


def last_active_run() -> Run | None:
    """Return the active run, else the one that was active last in this thread, with fresh data."""
    run = active_runs.top()
    if run is not None:
        return MlflowClient(run.tracking_uri).get_run(run.info.run_id)
    if thread_state.last_run_id is None:
        return None
    return MlflowClient(thread_state.last_uri).get_run(thread_state.last_run_id)


def get_run(run_id: str) -> Run:
    """Return a run with its latest metrics, params, tags, inputs and outputs."""
    return MlflowClient().get_run(run_id)


def get_parent_run(run_id: str) -> Run | None:
    """Return the run that a nested run belongs to, None for any other."""
    return MlflowClient().get_parent_run(run_id)


def delete_run(run_id: str) -> None:
    """Mark a run as deleted."""
    MlflowClient().delete_run(run_id)


def restore_run(run_id: str) -> None:
    """Make a deleted run active again."""
    MlflowClient().restore_run(run_id)
