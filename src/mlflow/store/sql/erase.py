"""Deleting the rows of runs and logged models, in transactions of bounded size.

A transaction deletes about as many rows as a database does in a fraction of a second. What is large
by itself, such as a run of a million points, is worn away first.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from mlflow.store.sql.chunks import rows_for
from mlflow.store.sql.dialect import placeholders
from mlflow.store.sql.engine import Database
from mlflow.store.sql.session import Session

# Rows of one transaction; a document counts a row for each of so many bytes.
MAX_ROWS: Final = 50_000
_BYTES_OF_A_ROW: Final = 1_000
_MAX_DATASETS: Final = 200


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
    _Large(
        "hr_run_documents",
        "run_id",
        "run_id, name",
        f"SELECT run_id, SUM(size) / {_BYTES_OF_A_ROW} FROM hr_run_documents"
        " WHERE run_id IN ({}) GROUP BY run_id",
    ),
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


def erase_runs(database: Database, runs: Sequence[int]) -> None:
    """Delete the rows of runs and all that they hold; what is gone already is no error."""
    tables = [*((large.table, "run_id") for large in _RUN_LARGE)]
    tables += [(table, "run_id") for table in _RUN_SMALL]
    _erase(database, runs, _RUN_LARGE, [*tables, ("hr_runs", "id")])


def erase_models(database: Database, models: Sequence[int]) -> None:
    """Delete the rows of logged models and all that they hold."""
    tables = [(large.table, "model_id") for large in _MODEL_LARGE]
    _erase(database, models, _MODEL_LARGE, [*tables, ("hr_logged_models", "id")])


def erase_datasets(database: Database, experiment: int) -> None:
    """Delete the datasets of an experiment that has no runs left."""
    datasets = _Large("hr_datasets", "experiment_id", "id", "")
    while database.write(lambda s: datasets.delete_some(s, experiment, _MAX_DATASETS)):
        pass


def _erase(
    database: Database,
    owners: Sequence[int],
    large: Sequence[_Large],
    tables: Sequence[tuple[str, str]],
) -> None:
    counts = database.read(lambda session: _count(session, owners, large))
    for group in _groups(owners, counts):
        if len(group) == 1 and counts.get(group[0], 0) > MAX_ROWS:
            for one in large:
                _wear_away(database, one, group[0])
        database.write(partial(_delete, owners=group, tables=tables))


def _wear_away(database: Database, large: _Large, owner: int) -> None:
    def step(session: Session) -> int:
        return large.delete_some(session, owner, MAX_ROWS)

    while database.write(step) >= MAX_ROWS:
        pass


def _count(session: Session, owners: Sequence[int], large: Sequence[_Large]) -> Mapping[int, int]:
    counts: dict[int, int] = defaultdict(int)
    for one in large:
        for owner, count in rows_for(session, one.count, owners):
            counts[owner] += int(count)
    return counts


def _groups(owners: Sequence[int], counts: Mapping[int, int]) -> Iterator[list[int]]:
    """Yield the owners in groups that hold at most ``MAX_ROWS`` rows, or are one."""
    group: list[int] = []
    rows = 0
    for owner in owners:
        count = counts.get(owner, 0)
        if group and rows + count > MAX_ROWS:
            yield group
            group, rows = [], 0
        group.append(owner)
        rows += count
    if group:
        yield group


def _delete(session: Session, owners: Sequence[int], tables: Sequence[tuple[str, str]]) -> None:
    some = placeholders(len(owners))
    for table, column in tables:
        session.run(f"DELETE FROM {table} WHERE {column} IN ({some})", owners)
