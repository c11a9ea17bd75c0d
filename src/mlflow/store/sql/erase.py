"""Deleting the rows of runs and logged models, in transactions that are short.

A transaction deletes about as many rows as this database deletes in a tenth of a second, which is
learned on the way. What is large by itself, such as a run of a million points, is worn away first.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from mlflow._core.clock import monotonic
from mlflow.store.sql.chunks import chunks, rows_for
from mlflow.store.sql.dialect import placeholders
from mlflow.store.sql.document_contents import digests_of_runs, remove_unused, unused_digests
from mlflow.store.sql.engine import Database
from mlflow.store.sql.requests import forget_some
from mlflow.store.sql.session import Session

T = TypeVar("T")

# Rows of one transaction: at first, at least and at most.
_FIRST_ROWS: Final = 4_000
_MIN_ROWS: Final = 400
MAX_ROWS: Final = 100_000
_TARGET_SECONDS: Final = 0.1
_MAX_DATASETS: Final = 200
_MAX_KEYS: Final = 5_000
# A megabyte each at most.
_MAX_CONTENTS: Final = 10


@dataclass(slots=True)
class Pace:
    """How much to delete at once, so that others wait for a tenth of a second only.

    Attributes:
        database: The database.
        rows: How many rows the next transaction may delete.
    """

    database: Database
    rows: int = _FIRST_ROWS

    def write(self, work: Callable[[Session], T]) -> T:
        """Run work that deletes about ``rows`` rows, and learn from how long it took."""
        started = 0.0

        def timed(session: Session) -> T:
            nonlocal started
            started = monotonic()  # here, because to wait for the others is no work
            return work(session)

        result = self.database.write(timed)
        seconds = monotonic() - started
        if seconds > _TARGET_SECONDS:
            self.rows = max(_MIN_ROWS, int(self.rows * max(0.1, _TARGET_SECONDS / seconds)))
        elif seconds < _TARGET_SECONDS / 3:
            self.rows *= 2
        self.rows = min(MAX_ROWS, self.rows)
        return result


@dataclass(frozen=True, slots=True)
class _Large:
    """A table in which one run or model can have any number of rows.

    Attributes:
        table: The table.
        owner: The column of the run or model.
        key: The primary key.
        count: What counts the rows of some owners, ``{}`` for their keys.
    """

    table: str
    owner: str
    key: str
    count: str

    def delete_some(self, session: Session, owner: int, limit: int) -> int:
        """Delete at most so many rows of one owner and return how many there were."""
        some = f"FROM {self.table} WHERE {self.owner} = ?"
        if session.dialect.name == "mysql":
            return session.run(f"DELETE {some} LIMIT {limit}", (owner,))
        row = "ctid" if session.dialect.name == "postgresql" else f"({self.key})"
        columns = "ctid" if row == "ctid" else self.key
        picked = f"SELECT {columns} {some} LIMIT {limit}"
        inside = f"= ANY(ARRAY({picked}))" if row == "ctid" else f"IN ({picked})"
        return session.run(f"DELETE FROM {self.table} WHERE {row} {inside}", (owner,))


def _counted(table: str, owner: str) -> str:
    return f"SELECT {owner}, COUNT(*) FROM {table} WHERE {owner} IN ({{}}) GROUP BY {owner}"


_POINT: Final = "step, timestamp"
_RUN_LARGE: Final = (
    # Before the points that they hold.
    _Large("hr_series", "run_id", "run_id, key_id, axis", _counted("hr_series", "run_id")),
    _Large(
        "hr_series_cells",
        "run_id",
        "run_id, key_id, axis, level, block",
        _counted("hr_series_cells", "run_id"),
    ),
    _Large(
        "hr_metrics",
        "run_id",
        f"run_id, key_id, {_POINT}, value, kind",
        # The latest values know how many points there are, without a walk over them.
        "SELECT run_id, SUM(count) FROM hr_latest_metrics WHERE run_id IN ({}) GROUP BY run_id",
    ),
    _Large(
        "hr_model_metrics",
        "run_id",
        f"model_id, key_id, {_POINT}, run_id, dataset_name, dataset_digest, value, kind",
        _counted("hr_model_metrics", "run_id"),
    ),
    *(
        _Large(table, "run_id", "run_id, key_id", _counted(table, "run_id"))
        for table in ("hr_latest_metrics", "hr_params", "hr_tags")
    ),
    _Large("hr_console", "run_id", "run_id, position", _counted("hr_console", "run_id")),
    _Large("hr_run_documents", "run_id", "run_id, name", _counted("hr_run_documents", "run_id")),
)
_RUN_SMALL: Final = ("hr_dataset_inputs", "hr_input_tags", "hr_model_inputs", "hr_model_outputs")
_MODEL_LARGE: Final = (
    _Large(
        "hr_model_metrics",
        "model_id",
        f"model_id, key_id, {_POINT}, run_id, dataset_name, dataset_digest, value, kind",
        _counted("hr_model_metrics", "model_id"),
    ),
    *(
        _Large(table, "model_id", "model_id, key_id", _counted(table, "model_id"))
        for table in ("hr_model_tags", "hr_model_params")
    ),
)


def erase_runs(pace: Pace, runs: Sequence[int]) -> None:
    """Delete the rows of runs and all that they hold; what is gone already is no error."""
    tables = [*((large.table, "run_id") for large in _RUN_LARGE)]
    tables += [(table, "run_id") for table in _RUN_SMALL]
    digests = pace.database.read(lambda session: digests_of_runs(session, runs))
    _erase(pace, runs, _RUN_LARGE, [*tables, ("hr_runs", "id")])
    _erase_contents(pace, digests)


def erase_old_keys(pace: Pace) -> None:
    """Delete the idempotency keys that are older than they need be."""
    while pace.write(lambda session: forget_some(session, min(pace.rows, _MAX_KEYS))):
        pass


def erase_unused_contents(pace: Pace) -> None:
    """Delete the contents of documents that no run holds: of replaced ones, for example."""
    digests = [""]
    while digests:
        digests = pace.database.read(partial(unused_digests, after=digests[-1]))
        _erase_contents(pace, digests)


def _erase_contents(pace: Pace, digests: Sequence[str]) -> None:
    for some in chunks(digests, _MAX_CONTENTS):
        pace.write(partial(remove_unused, digests=some))


def erase_models(pace: Pace, models: Sequence[int]) -> None:
    """Delete the rows of logged models and all that they hold."""
    tables = [(large.table, "model_id") for large in _MODEL_LARGE]
    tables.append(("hr_model_manifests", "model_id"))
    _erase(pace, models, _MODEL_LARGE, [*tables, ("hr_logged_models", "id")])


def erase_datasets(pace: Pace, experiment: int) -> None:
    """Delete the datasets of an experiment that has no runs left."""
    datasets = _Large("hr_datasets", "experiment_id", "id", "")
    while pace.database.write(lambda s: datasets.delete_some(s, experiment, _MAX_DATASETS)):
        pass


def _erase(
    pace: Pace,
    owners: Sequence[int],
    large: Sequence[_Large],
    tables: Sequence[tuple[str, str]],
) -> None:
    counts = pace.database.read(lambda session: _count(session, owners, large))
    start = 0
    while start < len(owners):
        group = _group(owners[start:], counts, min(pace.rows, MAX_ROWS))
        if counts.get(group[0], 0) > pace.rows:
            for one in large:
                _wear_away(pace, one, group[0])
        pace.write(partial(_delete, owners=group, tables=tables))
        start += len(group)


def _wear_away(pace: Pace, large: _Large, owner: int) -> None:
    limit = deleted = 0
    while deleted >= limit:
        limit = min(pace.rows, MAX_ROWS)
        deleted = pace.write(partial(large.delete_some, owner=owner, limit=limit))


def _count(session: Session, owners: Sequence[int], large: Sequence[_Large]) -> Mapping[int, int]:
    counts: dict[int, int] = defaultdict(int)
    for one in large:
        for owner, count in rows_for(session, one.count, owners):
            counts[owner] += int(count)
    return counts


def _group(owners: Sequence[int], counts: Mapping[int, int], limit: int) -> Sequence[int]:
    """Return the first owners, one at least, that hold no more rows than the limit."""
    rows = 0
    for index, owner in enumerate(owners):
        rows += counts.get(owner, 0)
        if rows > limit and index:
            return owners[:index]
    return owners


def _delete(session: Session, owners: Sequence[int], tables: Sequence[tuple[str, str]]) -> None:
    some = placeholders(len(owners))
    for table, column in tables:
        session.run(f"DELETE FROM {table} WHERE {column} IN ({some})", owners)
