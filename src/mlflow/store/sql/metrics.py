"""Metric points on their way in: the history and the latest values, in one transaction.

A point that is there already changes nothing, so count, least and greatest value move with every
new point exactly once. The latest value moves when (step, timestamp, value) is greater than what is
there: one guarded upsert, no lock and no read before it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from mlflow._core.limits import (
    INT64_MAX,
    INT64_MIN,
    validate_int64,
    validate_key,
    validate_metric_value,
    validate_timestamp,
)
from mlflow.entities.metric import Metric
from mlflow.store.sql.dialect import Dialect, placeholders
from mlflow.store.sql.keys import METRIC, key_ids
from mlflow.store.sql.session import Session
from mlflow.store.sql.values import FINITE, NAN, encode_metric

# A point as it is kept: step, timestamp, value column, kind. Tuples of this order compare as
# "later" is defined, with the kind to break a tie of NaN, 0.0 and -0.0.
Point = tuple[int, int, float, int]

_POINT: Final = ("run_id", "key_id", "step", "timestamp", "value", "kind")
LATEST_COLUMNS: Final = (
    "run_id", "key_id", "experiment_id", "value", "kind", "timestamp", "step", "min_value",
    "max_value", "count",
)  # fmt: skip
# The order of these matters on MySQL, which sees assignments to the left: once the value has moved,
# the guard still holds for the step and the timestamp, or they are equal.
_GUARDED: Final = ("kind", "value", "timestamp", "step")
_GUARD: Final = ("step", "timestamp", "value", "kind")


@dataclass(slots=True)
class Points:
    """The points of one request, checked and grouped by metric.

    Attributes:
        by_key: The points of each metric.
        of_models: The points that were measured on a logged model.
    """

    by_key: dict[str, list[Point]] = field(default_factory=dict)
    of_models: list[Metric] = field(default_factory=list)


class DuplicatePointsError(Exception):
    """Some points of a batch exist already; the transaction is to be run again with care."""


def check_points(metrics: Sequence[Metric]) -> Points:
    """Return the points of a request as they are kept.

    Raises:
        MlflowException: a key, value, timestamp or step cannot be kept.
    """
    points = Points()
    by_key = points.by_key
    for index, metric in enumerate(metrics):
        key = metric._key  # noqa: SLF001 - a thousand at a time: the slot, not the property
        value, timestamp, step = metric._value, metric._timestamp, metric._step  # noqa: SLF001
        group = by_key.get(key)
        if group is None:
            group = by_key[validate_key(key, f"metrics[{index}].name")] = []
        if (
            type(value) is float
            and type(step) is int
            and type(timestamp) is int
            and value
            and value - value == 0.0
            and 0 <= timestamp <= INT64_MAX
            and INT64_MIN <= step <= INT64_MAX
        ):
            group.append((step, timestamp, value, FINITE))
        else:
            group.append(_checked(key, value, timestamp, step, f"metrics[{index}]."))
        if metric._model_id is not None:  # noqa: SLF001
            points.of_models.append(metric)
    return points


def check_point(metric: Metric) -> tuple[str, Point]:
    """Return key and point of one metric as they are kept.

    Raises:
        MlflowException: the key, value, timestamp or step cannot be kept.
    """
    key = validate_key(metric.key, "name")
    return key, _checked(key, metric.value, metric.timestamp, metric.step, "")


def _checked(key: str, value: object, timestamp: object, step: object, path: str) -> Point:
    double = validate_metric_value(key, value, timestamp)
    what = f"metric {key!r}"
    column, kind = encode_metric(double)
    return (
        validate_int64(step, f"{path}step", what),
        validate_timestamp(timestamp, what),
        column,
        kind,
    )


def log_point(session: Session, run: int, experiment: int, key_id: int, point: Point) -> None:
    """Add one point."""
    sql = _statements(session.dialect)
    if session.run(sql.insert_point, (run, key_id, *point)):
        session.run(sql.move_latest, _latest_row(run, experiment, key_id, [point]))


def log_points(
    session: Session, run: int, experiment: int, points: Points, *, careful: bool = False
) -> None:
    """Add points.

    Args:
        session: The transaction.
        run: The run's key.
        experiment: The experiment's key.
        points: The points.
        careful: Whether each point is asked whether it is new; slow.

    Raises:
        DuplicatePointsError: some points exist already, so that which ones are new must be asked.
    """
    if not points.by_key:
        return
    ids = key_ids(session, METRIC, points.by_key, create=True)
    # In the order of the keys, so that two transactions on one run cannot deadlock.
    groups = sorted((ids[key], group) for key, group in points.by_key.items())
    sql = _statements(session.dialect)
    if careful:
        insert = _inserter(session, sql.insert_point, run)
        groups = [(key_id, [p for p in group if insert(key_id, p)]) for key_id, group in groups]
    else:
        rows = [(run, key_id, *point) for key_id, group in groups for point in group]
        if session.insert_new("hr_metrics", _POINT, _POINT, rows) != len(rows):
            raise DuplicatePointsError
    session.run_many(
        sql.move_latest,
        [_latest_row(run, experiment, key_id, group) for key_id, group in groups if group],
    )


def _inserter(session: Session, sql: str, run: int) -> Callable[[int, Point], bool]:
    return lambda key_id, point: session.run(sql, (run, key_id, *point)) > 0


def _latest_row(
    run: int, experiment: int, key_id: int, group: Sequence[Point]
) -> tuple[object, ...]:
    step, timestamp, value, kind = group[0] if len(group) == 1 else max(group)
    values = [point[2] for point in group if point[3] != NAN]
    return (
        run,
        key_id,
        experiment,
        value,
        kind,
        timestamp,
        step,
        min(values, default=None),
        max(values, default=None),
        len(group),
    )


@dataclass(frozen=True, slots=True)
class _Statements:
    insert_point: str
    move_latest: str


@cache
def latest_changes(dialect_name: str) -> tuple[str, ...]:
    """Return the assignments by which new points move a row of latest values."""
    mysql = dialect_name == "mysql"
    least, greatest = ("min", "max") if dialect_name == "sqlite" else ("least", "greatest")
    old = "" if mysql else "hr_latest_metrics."

    def new(column: str) -> str:
        return f"VALUES({column})" if mysql else f"excluded.{column}"

    guard = f"({', '.join(map(new, _GUARD))}) > ({', '.join(old + column for column in _GUARD)})"
    changes = [f"{c} = CASE WHEN {guard} THEN {new(c)} ELSE {old}{c} END" for c in _GUARDED]
    for column, function in (("min_value", least), ("max_value", greatest)):
        both = f"{old}{column}, {new(column)}"
        changes.append(f"{column} = COALESCE({function}({both}), {both})")
    return (*changes, f"count = {old}count + {new('count')}")


@cache
def _statements(dialect: Dialect) -> _Statements:
    mysql = dialect.name == "mysql"
    conflict = "ON DUPLICATE KEY UPDATE" if mysql else "ON CONFLICT (run_id, key_id) DO UPDATE SET"
    return _Statements(
        dialect.insert_ignore("hr_metrics", _POINT, _POINT),
        f"INSERT INTO hr_latest_metrics ({', '.join(LATEST_COLUMNS)})"
        f" VALUES ({placeholders(len(LATEST_COLUMNS))}) {conflict}"
        f" {', '.join(latest_changes(dialect.name))}",
    )
