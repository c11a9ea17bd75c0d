"""Runs: their rows, and runs put together with all that they hold."""

import re
from collections.abc import Sequence
from typing import Any, Final

from mlflow._core.clock import now_ms
from mlflow._core.ids import new_run_id
from mlflow._core.limits import (
    validate_int64,
    validate_length,
    validate_text,
)
from mlflow._core.names import random_run_name
from mlflow._core.tags import MLFLOW_RUN_NAME
from mlflow.entities.lifecycle_stage import LifecycleStage
from mlflow.entities.run import Run
from mlflow.entities.run_data import RunData
from mlflow.entities.run_info import RunInfo
from mlflow.entities.run_inputs import RunInputs
from mlflow.entities.run_outputs import RunOutputs
from mlflow.entities.run_status import RunStatus
from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import RESOURCE_ALREADY_EXISTS, MlflowException
from mlflow.store.sql import tags as run_tags
from mlflow.store.sql.dialect import placeholders
from mlflow.store.sql.experiments import require_active
from mlflow.store.sql.run_keys import find_run, not_active, unknown_run
from mlflow.store.sql.run_loading import INFO, load_runs, run_info
from mlflow.store.sql.session import Session
from mlflow.store.sql.texts import tag_pair

_CHUNK: Final = 1_000
_MAX_USER_LENGTH: Final = 256
_NEW: Final = (
    "run_uuid, experiment_id, name, user_id, status, lifecycle_stage, start_time, artifact_uri"
)
_RUN_ID: Final = re.compile("[0-9a-f]{32}")


def create_run(
    session: Session,
    experiment_id: object,
    user_id: object,
    start_time: int | None,
    tags: Sequence[RunTag],
    run_name: str | None,
    *,
    run_id: str | None = None,
) -> Run:
    """Create a running run in an active experiment, or return the one that was created before.

    Args:
        session: The transaction.
        experiment_id: The experiment.
        user_id: Whose run it is.
        start_time: Milliseconds since 1970; now when None.
        tags: The first tags.
        run_name: The name; made up when missing.
        run_id: The id that the client chose; made when None.

    Raises:
        MlflowException: the experiment is deleted or not there, the id is that of a run in another
            experiment, or an argument is wrong.
    """
    user = validate_text("" if user_id is None else user_id, "user_id")
    validate_length("user_id", _MAX_USER_LENGTH, user)
    start = now_ms() if start_time is None else validate_int64(start_time, "start_time", "a run")
    pairs = dict(tag_pair(tag) for tag in tags)
    name = _name_of(run_name, pairs)
    experiment = require_active(session, experiment_id)
    run_uuid = new_run_id() if run_id is None else _chosen(run_id)
    kept = f"{run_uuid}/artifacts"
    status = RunStatus.RUNNING
    values = (run_uuid, experiment, name, user, status, LifecycleStage.ACTIVE, start, kept)
    if run_id is None:
        number = session.insert(_insert(session), values)
    else:
        is_new = session.run(_insert(session, unless="run_uuid"), values)
        found = find_run(session, run_uuid)
        if found.experiment_id != experiment:
            raise MlflowException(
                f"A run with id={run_uuid} exists in experiment {found.experiment_id}. Choose"
                " another id, or none.",
                RESOURCE_ALREADY_EXISTS,
            )
        if not is_new:
            return load_runs(session, [found.id])[0]
        number = found.id
    run_tags.put_tags(session, number, pairs)
    location = session.scalar(
        "SELECT artifact_location FROM hr_experiments WHERE id = ?", (experiment,)
    )
    row = (number, run_uuid, experiment, *values[2:7], None, kept, location)
    data = RunData.of([], {}, pairs)
    return Run(run_info(session, row), data, RunInputs([], []), RunOutputs([]))


def _insert(session: Session, *, unless: str = "") -> str:
    now = session.dialect.now_ms
    row = f"INTO hr_runs ({_NEW}, changed_time) VALUES ({placeholders(8)}, {now})"
    if not unless:
        return f"INSERT {row}"
    if session.dialect.name == "mysql":
        return f"INSERT IGNORE {row}"
    return f"INSERT {row} ON CONFLICT ({unless}) DO NOTHING"


def _chosen(run_id: object) -> str:
    if isinstance(run_id, str) and _RUN_ID.fullmatch(run_id):
        return run_id
    raise MlflowException.invalid_parameter_value(
        f"The run id {run_id!r} cannot be chosen: it must be 32 lower-case hexadecimal digits."
    )


def _name_of(run_name: str | None, pairs: dict[str, str]) -> str:
    """Return a new run's name and put it among its tags."""
    tagged = pairs.get(MLFLOW_RUN_NAME)
    if run_name and tagged and run_name != tagged:
        raise MlflowException.invalid_parameter_value(
            f"Both 'run_name' argument and '{MLFLOW_RUN_NAME}' tag are specified, but with"
            f" different values (run_name={run_name!r}, {MLFLOW_RUN_NAME}={tagged!r})."
        )
    name = run_name or tagged or random_run_name()
    _, pairs[MLFLOW_RUN_NAME] = tag_pair(RunTag(MLFLOW_RUN_NAME, name))
    return pairs[MLFLOW_RUN_NAME]


def get_run(session: Session, run_id: object) -> Run:
    """Return a run with all that it holds.

    Raises:
        MlflowException: there is no run with this id.
    """
    return load_runs(session, [find_run(session, run_id).id])[0]


def update_run_info(
    session: Session,
    run_id: object,
    run_status: int | None,
    end_time: int | None,
    run_name: str | None,
) -> RunInfo:
    """Change an active run's status, end and name; None leaves a field as it is.

    Raises:
        MlflowException: the run is deleted or not there, or an argument is wrong.
    """
    changes: dict[str, Any] = {}
    if run_status is not None:
        RunStatus.to_string(run_status)
        changes["status"] = run_status
    if end_time is not None:
        changes["end_time"] = validate_int64(end_time, "end_time", "a run")
    if run_name:
        _, changes["name"] = tag_pair(RunTag(MLFLOW_RUN_NAME, run_name))
    row = session.row(f"{INFO} WHERE r.run_uuid = ?", (run_id,))
    if row is None:
        raise unknown_run(run_id)
    if row[6] != LifecycleStage.ACTIVE:
        raise not_active(run_id, row[6])
    if changes:
        columns = ", ".join(f"{column} = ?" for column in changes)
        columns += f", changed_time = {session.dialect.now_ms}"
        session.run(f"UPDATE hr_runs SET {columns} WHERE id = ?", (*changes.values(), row[0]))
    if run_name:
        run_tags.put_tags(session, row[0], {MLFLOW_RUN_NAME: changes["name"]})
    return run_info(
        session,
        (
            *row[:3],
            changes.get("name", row[3]),
            row[4],
            changes.get("status", row[5]),
            *row[6:8],
            changes.get("end_time", row[8]),
            *row[9:],
        ),
    )


def delete_run(session: Session, run_id: object) -> None:
    """Mark a run as deleted; a deleted one stays so.

    Raises:
        MlflowException: there is no run with this id.
    """
    run = find_run(session, run_id)
    session.forget()
    session.run(
        "UPDATE hr_runs SET lifecycle_stage = ?, deleted_time = ?,"
        f" changed_time = {session.dialect.now_ms} WHERE id = ?"
        " AND lifecycle_stage <> ?",
        (LifecycleStage.DELETED, now_ms(), run.id, LifecycleStage.DELETED),
    )


def restore_run(session: Session, run_id: object) -> None:
    """Make a deleted run active again.

    Raises:
        MlflowException: there is no run with this id.
    """
    run = find_run(session, run_id)
    session.forget()
    session.run(
        "UPDATE hr_runs SET lifecycle_stage = ?, deleted_time = NULL,"
        f" changed_time = {session.dialect.now_ms} WHERE id = ?",
        (LifecycleStage.ACTIVE, run.id),
    )
