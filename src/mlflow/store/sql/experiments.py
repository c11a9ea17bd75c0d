"""Experiments: rows with a unique name, and their tags."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mlflow._core.clock import now_ms
from mlflow._core.limits import validate_experiment_name, validate_key, validate_text
from mlflow._wire.table_messages import ExperimentCounts, ExperimentCountsResponse
from mlflow.entities.experiment import Experiment
from mlflow.entities.experiment_tag import ExperimentTag
from mlflow.entities.lifecycle_stage import LifecycleStage
from mlflow.exceptions import (
    INVALID_PARAMETER_VALUE,
    RESOURCE_ALREADY_EXISTS,
    RESOURCE_DOES_NOT_EXIST,
    MlflowException,
)
from mlflow.store.sql.chunks import rows_for
from mlflow.store.sql.dialect import placeholders
from mlflow.store.sql.keyed_texts import KeyedTexts
from mlflow.store.sql.keys import EXPERIMENT_TAG
from mlflow.store.sql.locations import absolute, experiment_location, to_kept
from mlflow.store.sql.session import Row, Session
from mlflow.store.sql.texts import experiment_tag_pair

_COLUMNS: Final = "id, name, artifact_location, lifecycle_stage, creation_time, last_update_time"
_NEW: Final = ("name", "artifact_location", "lifecycle_stage", "creation_time", "last_update_time")
_MAX_ID: Final = 2**63 - 1
_TAGS: Final = KeyedTexts("hr_experiment_tags", "experiment_id", EXPERIMENT_TAG)
_CHUNK: Final = 500


def parse_experiment_id(experiment_id: object) -> int:
    """Return the integer key behind an experiment's id; None means the default experiment.

    Raises:
        MlflowException: it is no integer.
    """
    if experiment_id is None:
        return 0
    try:
        number = int(experiment_id)  # type: ignore[call-overload]  # refused below when it cannot be
    except (TypeError, ValueError):
        raise MlflowException.invalid_parameter_value(
            f"Invalid experiment ID {experiment_id!r}. Experiment ID must be a valid integer."
        ) from None
    return number if 0 <= number <= _MAX_ID else -1


def get_experiment(session: Session, experiment_id: object) -> Experiment:
    """Return an experiment, active or deleted.

    Raises:
        MlflowException: there is none with this id.
    """
    return load_experiments(session, [_row(session, experiment_id)[0]])[0]


def find_experiment_by_name(session: Session, name: str) -> Experiment | None:
    """Return the experiment with a name, active or deleted; None when there is none."""
    found = session.scalar("SELECT id FROM hr_experiments WHERE name = ?", (name,))
    return None if found is None else load_experiments(session, [found])[0]


def get_experiment_counts(session: Session, ids: Sequence[int]) -> ExperimentCountsResponse:
    """Return how many runs experiments have, by entries of an index, and their last change."""
    counts: dict[tuple[int, str], int] = {}
    found = []
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        some = placeholders(len(chunk))
        rows = session.rows(
            "SELECT experiment_id, lifecycle_stage, count(*) FROM hr_runs"
            f" WHERE experiment_id IN ({some}) GROUP BY experiment_id, lifecycle_stage",
            chunk,
        )
        counts.update({(number, stage): count for number, stage, count in rows})
        found += session.rows(
            "SELECT e.id, e.last_update_time, (SELECT max(r.changed_time) FROM hr_runs r"
            " WHERE r.experiment_id = e.id), (SELECT max(r.start_time) FROM hr_runs r"
            " WHERE r.experiment_id = e.id AND r.lifecycle_stage = 'active')"
            f" FROM hr_experiments e WHERE e.id IN ({some})",
            chunk,
        )
    return ExperimentCountsResponse(
        experiments=[
            ExperimentCounts(
                experiment_id=str(number),
                active_runs=counts.get((number, LifecycleStage.ACTIVE), 0),
                archived_runs=counts.get((number, LifecycleStage.DELETED), 0),
                last_activity=max(time or 0 for time in times),
            )
            for number, *times in found
        ]
    )


def load_experiments(session: Session, ids: Sequence[int]) -> list[Experiment]:
    """Return experiments in the order of their ids as given; unknown ids are left out."""
    sql = f"SELECT {_COLUMNS} FROM hr_experiments WHERE id IN ({{}})"
    rows = {row[0]: row for row in rows_for(session, sql, ids)}
    tags = _TAGS.load(session, ids)
    return [_entity(session, rows[i], tags[i]) for i in ids if i in rows]


def create_experiment(
    session: Session, name: object, artifact_location: str | None, tags: Sequence[ExperimentTag]
) -> str:
    """Create an experiment and return its id.

    Raises:
        MlflowException: the name is taken, also by a deleted one, or an argument is wrong.
    """
    text = validate_experiment_name(name)
    pairs = dict(experiment_tag_pair(tag) for tag in tags)
    kept = None
    if artifact_location:
        location = absolute(validate_text(artifact_location, "artifact_location"))
        kept = location if session.keeps_absolute else to_kept(location, session.artifact_root)
    created = _insert(session, text, kept)
    number, stage = _by_name(session, text)
    if not created:
        advice = (
            "It is deleted: restore it, or remove it for good with `mlflow gc`, or choose another"
            " name."
            if stage == LifecycleStage.DELETED
            else "Get it by its name, or choose another one."
        )
        raise MlflowException(
            f"Experiment(name={text}) already exists with id {number}. {advice}",
            RESOURCE_ALREADY_EXISTS,
        )
    _TAGS.put(session, number, pairs)
    return str(number)


def get_or_create_experiment(session: Session, name: object) -> Experiment:
    """Return the experiment with a name, created if there is none."""
    text = validate_experiment_name(name)
    found = find_experiment_by_name(session, text)
    if found is not None:
        return found
    _insert(session, text, None)
    return load_experiments(session, [_by_name(session, text)[0]])[0]


def is_default_unplaced(session: Session) -> bool:
    """Return whether no store has said yet where the artifacts of the default experiment lie.

    It is made with the schema, which knows no root. A database in a file always has its root.
    """
    if session.dialect.name == "sqlite":
        return False
    sql = "SELECT id FROM hr_experiments WHERE id = 0 AND artifact_location IS NULL"
    return session.row(sql) is not None


def place_default(session: Session) -> None:
    """Say where the artifacts of the default experiment lie, unless another store did first."""
    if session.keeps_absolute:
        _place(session, 0)
    else:
        _keep(session, 0, "0")


def rename_experiment(session: Session, experiment_id: object, new_name: object) -> None:
    """Give an active experiment another name.

    Raises:
        MlflowException: it is deleted or not there, or the name is taken.
    """
    text = validate_experiment_name(new_name)
    number, stage = _row(session, experiment_id)
    if stage != LifecycleStage.ACTIVE:
        raise MlflowException.invalid_parameter_value(
            f"Cannot rename a non-active experiment: {number} is {stage}. Restore it first."
        )
    taken = session.scalar(
        "SELECT id FROM hr_experiments WHERE name = ? AND id <> ?", (text, number)
    )
    if taken is not None:
        raise MlflowException(
            f"Cannot rename experiment {number}: Experiment(name={text}) already exists with id"
            f" {taken}.",
            RESOURCE_ALREADY_EXISTS,
        )
    session.run(
        "UPDATE hr_experiments SET name = ?, last_update_time = ? WHERE id = ?",
        (text, now_ms(), number),
    )


def delete_experiment(session: Session, experiment_id: object) -> None:
    """Mark an active experiment and its active runs as deleted.

    Raises:
        MlflowException: there is no active one with this id.
    """
    number = _require(session, experiment_id, LifecycleStage.ACTIVE)
    now = now_ms()
    _set_stage(session, number, LifecycleStage.DELETED, now)
    session.forget()
    session.run(
        "UPDATE hr_runs SET lifecycle_stage = ?, deleted_time = ?,"
        f" changed_time = {session.dialect.now_ms}"
        " WHERE experiment_id = ? AND lifecycle_stage = ?",
        (LifecycleStage.DELETED, now, number, LifecycleStage.ACTIVE),
    )


def restore_experiment(session: Session, experiment_id: object) -> None:
    """Make a deleted experiment and its runs active again.

    Raises:
        MlflowException: there is no deleted one with this id.
    """
    number = _require(session, experiment_id, LifecycleStage.DELETED)
    _set_stage(session, number, LifecycleStage.ACTIVE, now_ms())
    session.forget()
    session.run(
        "UPDATE hr_runs SET lifecycle_stage = ?, deleted_time = NULL,"
        f" changed_time = {session.dialect.now_ms}"
        " WHERE experiment_id = ? AND lifecycle_stage = ?",
        (LifecycleStage.ACTIVE, number, LifecycleStage.DELETED),
    )


def set_experiment_tag(session: Session, experiment_id: object, tag: ExperimentTag) -> None:
    """Set a tag of an active experiment.

    Raises:
        MlflowException: it is deleted or not there, or the tag cannot be kept.
    """
    key, value = experiment_tag_pair(tag)
    number = require_active(session, experiment_id)
    _TAGS.put(session, number, {key: value})
    _touch(session, number)


def delete_experiment_tag(session: Session, experiment_id: object, key: object) -> None:
    """Remove a tag of an active experiment.

    Raises:
        MlflowException: the experiment is deleted or not there, or it has no such tag.
    """
    text = validate_key(key, "key")
    number = require_active(session, experiment_id)
    if not _TAGS.remove(session, number, text):
        raise MlflowException(
            f"No tag with name: {text} in experiment with id {number}", RESOURCE_DOES_NOT_EXIST
        )
    _touch(session, number)


def require_active(session: Session, experiment_id: object) -> int:
    """Return the key of an experiment that can be written to.

    Raises:
        MlflowException: it is deleted or not there.
    """
    number, stage = _row(session, experiment_id)
    if stage != LifecycleStage.ACTIVE:
        raise MlflowException(
            f"The experiment {number} must be in the 'active' state. Current state is {stage}.",
            INVALID_PARAMETER_VALUE,
        )
    return number


def _row(session: Session, experiment_id: object) -> tuple[int, str]:
    number = parse_experiment_id(experiment_id)
    found = session.row("SELECT id, lifecycle_stage FROM hr_experiments WHERE id = ?", (number,))
    if found is None:
        raise _unknown(experiment_id)
    return int(found[0]), str(found[1])


def _require(session: Session, experiment_id: object, stage: str) -> int:
    number, current = _row(session, experiment_id)
    if current != stage:
        raise _unknown(experiment_id, f" in the '{stage}' state: it is {current}")
    return number


def _unknown(experiment_id: object, why: str = "") -> MlflowException:
    return MlflowException(
        f"No Experiment with id={experiment_id} exists{why}", RESOURCE_DOES_NOT_EXIST
    )


def _insert(session: Session, name: str, kept: str | None) -> bool:
    now = now_ms()
    # Looked up first: on two of the databases an insert that is ignored uses up an id.
    if session.scalar("SELECT id FROM hr_experiments WHERE name = ?", (name,)) is not None:
        return False
    sql = session.dialect.insert_ignore("hr_experiments", _NEW, ("name",))
    if not session.run(sql, (name, kept, LifecycleStage.ACTIVE, now, now)):
        return False
    if kept is None and session.keeps_absolute:
        _place(session, _by_name(session, name)[0])
    return True


def _place(session: Session, number: int) -> None:
    """Keep the absolute location that an experiment has now."""
    _keep(session, number, experiment_location(None, number, session.artifact_root))


def _keep(session: Session, number: int, kept: str) -> None:
    session.run(
        "UPDATE hr_experiments SET artifact_location = ? WHERE id = ? AND artifact_location IS"
        " NULL",
        (kept, number),
    )


def _by_name(session: Session, name: str) -> tuple[int, str]:
    sql = "SELECT id, lifecycle_stage FROM hr_experiments WHERE name = ?"
    found: Any = session.row(sql, (name,))
    return int(found[0]), str(found[1])


def _set_stage(session: Session, number: int, stage: str, now: int) -> None:
    session.run(
        "UPDATE hr_experiments SET lifecycle_stage = ?, last_update_time = ? WHERE id = ?",
        (stage, now, number),
    )


def _touch(session: Session, number: int) -> None:
    session.run("UPDATE hr_experiments SET last_update_time = ? WHERE id = ?", (now_ms(), number))


def _entity(session: Session, row: Row, texts: Mapping[str, str]) -> Experiment:
    number, name, kept, stage, created, updated = row
    location = experiment_location(kept, number, session.artifact_root)
    tags = [ExperimentTag(key, value) for key, value in texts.items()]
    return Experiment(str(number), name, location, stage, tags, created, updated)
