"""From a run's id to its row's key, whether it may be written to, and the note that it was."""

from functools import cache
from typing import Final, NamedTuple

from mlflow.entities.lifecycle_stage import LifecycleStage
from mlflow.exceptions import (
    INVALID_PARAMETER_VALUE,
    RESOURCE_DOES_NOT_EXIST,
    MlflowException,
)
from mlflow.store.sql.session import Session

# A run that is written to has a changed time that is no older than this.
QUIET_MS: Final = 500


class RunKey(NamedTuple):
    """What a write needs to know of its run."""

    id: int
    lifecycle_stage: str
    experiment_id: int
    quiet_ms: int  # how long ago it was noted that the run changed


@cache
def _one(now_ms: str) -> str:
    columns = f"id, lifecycle_stage, experiment_id, {now_ms} - changed_time"
    return f"SELECT {columns} FROM hr_runs WHERE run_uuid = ?"


@cache
def _note(now_ms: str) -> str:
    is_old = f"changed_time < {now_ms} - {QUIET_MS}"
    return f"UPDATE hr_runs SET changed_time = {now_ms} WHERE id = ? AND {is_old}"


def find_run(session: Session, run_id: object) -> RunKey:
    """Return the keys of a run, active or deleted.

    Raises:
        MlflowException: there is no run with this id.
    """
    text = run_id if isinstance(run_id, str) else str(run_id)
    known = session.known_runs
    run: RunKey | None = None if known is None else known.get(text)
    if run is not None:
        return run
    found = session.row(_one(session.dialect.now_ms), (text,))
    if found is None:
        raise unknown_run(run_id)
    run = RunKey._make(found)
    if known is not None:
        known[text] = run
    return run


def require_active_run(session: Session, run_id: object) -> RunKey:
    """Return the keys of a run that can be written to, and note that it is.

    Raises:
        MlflowException: it is deleted or not there.
    """
    run = find_run(session, run_id)
    if run.lifecycle_stage != LifecycleStage.ACTIVE:
        raise not_active(run_id, run.lifecycle_stage)
    if run.quiet_ms > QUIET_MS:
        # Who waited here for another one that noted it has nothing to do, and holds no lock.
        session.run(_note(session.dialect.now_ms), (run.id,))
        if session.known_runs is not None:
            session.known_runs[str(run_id)] = run._replace(quiet_ms=0)
    return run


def unknown_run(run_id: object) -> MlflowException:
    """Return the error for an id that no run has."""
    return MlflowException(f"Run with id={run_id} not found", RESOURCE_DOES_NOT_EXIST)


def not_active(run_id: object, stage: str) -> MlflowException:
    """Return the error for writing to a deleted run."""
    return MlflowException(
        f"The run {run_id} must be in the 'active' state. Current state is {stage}.",
        INVALID_PARAMETER_VALUE,
    )


def lock_active_run(session: Session, run_id: object) -> RunKey:
    """Return the keys of a run that can be written to, which nobody else writes to meanwhile.

    Raises:
        MlflowException: it is deleted or not there.
    """
    if session.dialect.name != "sqlite":  # where a transaction that writes is alone
        session.row(f"{_one(session.dialect.now_ms)} FOR UPDATE", (str(run_id),))
    return require_active_run(session, run_id)
