"""Removing for good what was deleted: runs, logged models, whole experiments.

What goes is entombed first, in one transaction: it gets a stage and an id that nothing asks for, so
that from then on it is gone for everybody. Its artifacts and rows follow in transactions that are
short enough for others to write between them. Who is killed half-way leaves tombs, which the next
collection finds and clears.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from mlflow._core.clock import now_ms
from mlflow._core.ids import new_uuid
from mlflow.entities.lifecycle_stage import LifecycleStage
from mlflow.exceptions import (
    INVALID_PARAMETER_VALUE,
    RESOURCE_DOES_NOT_EXIST,
    MlflowException,
)
from mlflow.store.sql.chunks import chunks, rows_for
from mlflow.store.sql.dialect import placeholders
from mlflow.store.sql.engine import Database
from mlflow.store.sql.erase import (
    Pace,
    erase_datasets,
    erase_models,
    erase_old_keys,
    erase_runs,
    erase_unused_contents,
)
from mlflow.store.sql.experiments import parse_experiment_id
from mlflow.store.sql.locations import below, experiment_location
from mlflow.store.sql.news import LOGGED_MODELS, forget
from mlflow.store.sql.session import Session

T = TypeVar("T")

SLICE: Final = 500
_PURGED: Final = "purged"
# Before every time of a deletion, and found through the same index.
_TOMB_TIME: Final = 0


@dataclass(frozen=True, slots=True)
class _Kind:
    """A table whose rows have a stage, an id for users, artifacts and an experiment."""

    what: str
    table: str
    id_column: str
    location_column: str
    deleted_time: str
    erase: Callable[[Pace, Sequence[int]], None]

    def entomb(self) -> str:
        """Return the statement that makes tombs of rows, ``{}`` for their keys."""
        time = "deleted_time" if self.table == "hr_runs" else "last_update_time"
        return (
            f"UPDATE {self.table} SET lifecycle_stage = ?, {time} = ?,"
            f" {self.id_column} = 'purged-' || id WHERE id IN ({{}})"
        )


_RUNS: Final = _Kind("Run", "hr_runs", "run_uuid", "artifact_uri", "deleted_time", erase_runs)
_MODELS: Final = _Kind(
    "Logged model",
    "hr_logged_models",
    "model_uuid",
    "artifact_location",
    "last_update_time",
    erase_models,
)


@dataclass(frozen=True, slots=True)
class Collector:
    """Removes things from one database, and tells where their artifacts lie.

    Every method that removes returns the locations of the artifacts that belong to what it
    removed. When ``remove_artifacts`` is given it is called with each of them before the rows go,
    so that a collection that is killed can be repeated; it must not mind what is gone already.

    Attributes:
        database: The database.
        artifact_root: The store's root of artifacts.
        remove_artifacts: What removes the artifacts at a location.
    """

    database: Database
    artifact_root: str
    remove_artifacts: Callable[[str], None] | None = None

    def deleted_runs(self, *, older_than_ms: int = 0) -> list[str]:
        """Return the ids of runs that were deleted at least so long ago."""
        return self.database.read(partial(deleted_runs, older_than_ms=older_than_ms))

    def deleted_models(self, *, older_than_ms: int = 0) -> list[str]:
        """Return the ids of logged models that were deleted at least so long ago."""
        return self.database.read(partial(deleted_models, older_than_ms=older_than_ms))

    def deleted_experiments(self, *, older_than_ms: int = 0) -> list[str]:
        """Return the ids of experiments that were deleted at least so long ago."""
        return self.database.read(partial(deleted_experiments, older_than_ms=older_than_ms))

    def require_deleted(self, run_ids: Sequence[str], model_ids: Sequence[str]) -> None:
        """Check, before anything is removed, that all of these can be.

        Raises:
            MlflowException: one is not there, or is not deleted.
        """
        for kind, ids in ((_RUNS, run_ids), (_MODELS, model_ids)):
            for part in chunks(ids):
                self.database.read(partial(_deleted_keys, kind=kind, ids=part))

    def runs(self, run_ids: Sequence[str]) -> list[str]:
        """Remove deleted runs with all that they hold.

        Raises:
            MlflowException: a run is not there, or is not deleted.
        """
        return self._remove(_RUNS, run_ids)

    def models(self, model_ids: Sequence[str]) -> list[str]:
        """Remove deleted logged models.

        Raises:
            MlflowException: a model is not there, or is not deleted.
        """
        return self._remove(_MODELS, model_ids)

    def experiment(self, experiment_id: object) -> list[str]:
        """Remove a deleted experiment with all its runs and logged models.

        Raises:
            MlflowException: there is no deleted experiment with this id.
        """
        number = self.database.write(lambda session: _entomb_experiment(session, experiment_id))
        return self._clear_experiment(number)

    def resume(self) -> list[str]:
        """Finish what earlier collections left half done."""
        locations: list[str] = []
        pace = Pace(self.database)
        experiments = self.database.read(_purged_experiments)
        for number in experiments:
            locations += self._clear_experiment(number)
        for kind in (_RUNS, _MODELS):
            for tombs in iter(partial(self._tombs, kind), []):
                locations += self._clear(kind, tombs, pace)
        erase_unused_contents(pace)
        erase_old_keys(pace)
        return locations

    def _remove(self, kind: _Kind, ids: Sequence[str]) -> list[str]:
        locations: list[str] = []
        pace = Pace(self.database)
        for part in chunks(list(dict.fromkeys(ids)), SLICE):
            keys = self.database.write(partial(_entomb, kind=kind, ids=part))
            locations += self._clear(kind, keys, pace)
        return locations

    def _clear_experiment(self, number: int) -> list[str]:
        locations: list[str] = []
        pace = Pace(self.database)
        while not self.database.write(lambda session: _drop_experiment(session, number)):
            for kind in (_RUNS, _MODELS):
                for keys in self._members(kind, number):
                    locations += self._clear(kind, keys, pace)
            erase_datasets(pace, number)
        return locations

    def _members(self, kind: _Kind, experiment: int) -> Iterator[list[int]]:
        """Yield what belongs to an experiment, entombed, a slice at a time, until all is gone."""

        def entomb(session: Session) -> list[int]:
            sql = f"SELECT id FROM {kind.table} WHERE experiment_id = ? ORDER BY id LIMIT {SLICE}"
            keys = [key for (key,) in session.rows(sql, (experiment,))]
            if keys:
                sql = kind.entomb().format(placeholders(len(keys)))
                session.run(sql, [_PURGED, _TOMB_TIME, *keys])
            return keys

        return iter(lambda: self.database.write(entomb), [])

    def _tombs(self, kind: _Kind) -> list[int]:
        sql = (
            f"SELECT id FROM {kind.table} WHERE {kind.deleted_time} = ? AND lifecycle_stage = ?"
            f" ORDER BY id LIMIT {SLICE}"
        )
        rows = self.database.read(lambda session: session.rows(sql, (_TOMB_TIME, _PURGED)))
        return [key for (key,) in rows]

    def _clear(self, kind: _Kind, keys: Sequence[int], pace: Pace) -> list[str]:
        """Remove the artifacts and then the rows of tombs."""
        root = self.artifact_root
        locations = self.database.read(lambda session: _locations(session, kind, keys, root))
        if self.remove_artifacts is not None:
            for location in locations:
                self.remove_artifacts(location)
        kind.erase(pace, keys)
        return locations


def deleted_runs(session: Session, *, older_than_ms: int = 0) -> list[str]:
    """Return the ids of runs that were deleted at least so long ago."""
    return _deleted(session, _RUNS, older_than_ms)


def deleted_models(session: Session, *, older_than_ms: int = 0) -> list[str]:
    """Return the ids of logged models that were deleted at least so long ago."""
    return _deleted(session, _MODELS, older_than_ms)


def deleted_experiments(session: Session, *, older_than_ms: int = 0) -> list[str]:
    """Return the ids of experiments that were deleted at least so long ago."""
    rows = session.rows(
        "SELECT id FROM hr_experiments WHERE lifecycle_stage = ? AND last_update_time <= ?"
        " ORDER BY id",
        (LifecycleStage.DELETED, now_ms() - older_than_ms),
    )
    return [str(number) for (number,) in rows]


def _deleted(session: Session, kind: _Kind, older_than_ms: int) -> list[str]:
    rows = session.rows(
        f"SELECT {kind.id_column} FROM {kind.table}"
        f" WHERE lifecycle_stage = ? AND {kind.deleted_time} <= ? ORDER BY id",
        (LifecycleStage.DELETED, now_ms() - older_than_ms),
    )
    return [found for (found,) in rows]


def _entomb(session: Session, kind: _Kind, ids: Sequence[str]) -> list[int]:
    lock = "" if session.dialect.name == "sqlite" else " FOR UPDATE"
    keys = _deleted_keys(session, kind, ids, lock)
    session.forget()
    session.run(kind.entomb().format(placeholders(len(keys))), [_PURGED, _TOMB_TIME, *keys])
    return keys


def _deleted_keys(session: Session, kind: _Kind, ids: Sequence[str], lock: str = "") -> list[int]:
    """Return the keys of rows that are deleted; others are errors."""
    rows = session.rows(
        f"SELECT {kind.id_column}, id, lifecycle_stage FROM {kind.table}"
        f" WHERE {kind.id_column} IN ({placeholders(len(ids))}) ORDER BY id{lock}",
        ids,
    )
    found = {user_id: (key, stage) for user_id, key, stage in rows}
    for user_id in ids:
        if user_id not in found:
            raise MlflowException(
                f"{kind.what} with id={user_id} not found", RESOURCE_DOES_NOT_EXIST
            )
        if found[user_id][1] != LifecycleStage.DELETED:
            raise MlflowException(
                f"{kind.what} {user_id} is not in the 'deleted' state. Delete it first; only what"
                " is deleted can be removed for good.",
                INVALID_PARAMETER_VALUE,
            )
    return [key for key, _ in found.values()]


def _locations(session: Session, kind: _Kind, keys: Sequence[int], root: str) -> list[str]:
    rows = rows_for(
        session,
        f"SELECT t.id, t.{kind.location_column}, t.experiment_id, e.artifact_location"
        f" FROM {kind.table} t JOIN hr_experiments e ON e.id = t.experiment_id"
        " WHERE t.id IN ({})",
        keys,
    )
    return [
        below(kept, experiment_location(location, experiment, root))
        for _, kept, experiment, location in sorted(rows)
    ]


def _entomb_experiment(session: Session, experiment_id: object) -> int:
    number = parse_experiment_id(experiment_id)
    changed = session.run(
        "UPDATE hr_experiments SET lifecycle_stage = ?, name = ? WHERE id = ?"
        " AND lifecycle_stage = ?",
        (_PURGED, f"purged {number} {new_uuid()}", number, LifecycleStage.DELETED),
    )
    if not changed:
        raise MlflowException(
            f"No deleted Experiment with id={experiment_id} exists; delete it before it is removed"
            " for good.",
            RESOURCE_DOES_NOT_EXIST,
        )
    return number


def _purged_experiments(session: Session) -> list[int]:
    rows = session.rows(
        "SELECT id FROM hr_experiments WHERE lifecycle_stage = ? ORDER BY id", (_PURGED,)
    )
    return [number for (number,) in rows]


def _drop_experiment(session: Session, number: int) -> bool:
    """Remove the row of an experiment that holds nothing; say whether it does."""
    for table in ("hr_runs", "hr_logged_models", "hr_datasets"):
        sql = f"SELECT id FROM {table} WHERE experiment_id = ? LIMIT 1"
        if session.row(sql, (number,)) is not None:
            return False
    session.run("DELETE FROM hr_experiment_tags WHERE experiment_id = ?", (number,))
    forget(session, LOGGED_MODELS, number)
    session.run("DELETE FROM hr_experiments WHERE id = ?", (number,))
    return True
