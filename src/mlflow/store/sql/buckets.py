"""Exact buckets of metric points: what a chart needs, at most one bucket a pixel.

The database aggregates; only the last value of each bucket needs a second look, at the points that
share the bucket's greatest position.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from mlflow.store.entities.metric_bucket import BucketAxis, MetricBucket
from mlflow.store.sampling import axis_column
from mlflow.store.sql.dialect import placeholders
from mlflow.store.sql.history import series_numbers
from mlflow.store.sql.keys import METRIC, key_ids
from mlflow.store.sql.session import Row, Session
from mlflow.store.sql.values import (
    NAN,
    NEGATIVE_INFINITY,
    POSITIVE_INFINITY,
    decode_metric,
)

_COUNTED_KINDS: Final = (NAN, POSITIVE_INFINITY, NEGATIVE_INFINITY)
_LARGEST_SPAN: Final = 2**62
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class _Range:
    """The points to aggregate: which series, on which axis, from where to where."""

    runs: tuple[int, ...]
    keys: tuple[int, ...]
    column: str
    low: int
    high: int
    width: int

    @property
    def where(self) -> str:
        runs, keys = placeholders(len(self.runs)), placeholders(len(self.keys))
        return f"m.run_id IN ({runs}) AND m.key_id IN ({keys})"


def get_buckets(
    session: Session,
    run_ids: Sequence[str],
    metric_keys: Sequence[str],
    *,
    buckets: int,
    axis: BucketAxis,
    start: int | None,
    end: int | None,
) -> dict[str, list[MetricBucket]]:
    """Return exact aggregates of every point in equal parts of an axis.

    Args:
        session: The transaction.
        run_ids: The runs.
        metric_keys: The metrics.
        buckets: How many parts at most, one a pixel.
        axis: ``step`` or ``time``.
        start: Where the first part starts; None for the first point there is.
        end: Where the last part ends; None for the last point there is.

    Raises:
        MlflowException: there is no such axis, or no bucket.
    """
    column = axis_column(axis, buckets)
    numbers = series_numbers(session, run_ids)
    ids = key_ids(session, METRIC, metric_keys, create=False)
    answer: dict[str, list[MetricBucket]] = {key: [] for key in metric_keys}
    if not numbers or not ids:
        return answer
    chosen = _extent(session, numbers.values(), ids.values(), column, start, end)
    if chosen is None:
        return answer
    span = replace(chosen, width=-(-(chosen.high - chosen.low + 1) // buckets))
    names = {key_id: key for key, key_id in ids.items()}
    uuids = {number: run_id for run_id, number in numbers.items()}
    aggregates = _aggregate(session, span)
    lasts = _last_values(session, span, aggregates)
    rank = {number: position for position, number in enumerate(numbers.values())}
    for row in sorted(aggregates, key=lambda row: (rank[row[0]], row[2])):
        run, key_id, part = row[:3]
        first = span.low + part * span.width
        last = min(first + span.width - 1, span.high)
        bucket = MetricBucket(
            uuids[run],
            first,
            last,
            *_limits(row),
            lasts[run, key_id, part],
            row.count_all,
            row.count_nan,
        )
        answer[names[key_id]].append(bucket)
    return answer


class _Aggregate(NamedTuple):
    """One bucket as the database counted it."""

    run: int
    key: int
    part: int
    count_all: int
    count_nan: int
    count_positive_infinity: int
    count_negative_infinity: int
    least: float | None
    greatest: float | None
    top: int


def _extent(
    session: Session,
    runs: Iterable[int],
    keys: Iterable[int],
    column: str,
    start: int | None,
    end: int | None,
) -> _Range | None:
    """Return the part of the axis to look at; None when no point can lie on it."""
    span = _Range(tuple(runs), tuple(keys), column, 0, 0, 1)
    low, high = start, end
    if low is None or high is None:
        sql = f"SELECT MIN(m.{column}), MAX(m.{column}) FROM hr_metrics m WHERE {span.where}"
        found: Any = session.row(sql, (*span.runs, *span.keys))
        if found[0] is None:
            return None
        low = int(found[0]) if low is None else low
        high = int(found[1]) if high is None else high
    return replace(span, low=low, high=high) if low <= high else None


def _aggregate(session: Session, span: _Range) -> list[_Aggregate]:
    if span.high - span.low > _LARGEST_SPAN:
        return _aggregate_here(session, span)
    divide = "DIV" if session.dialect.name == "mysql" else "/"
    kinds = "".join(
        f", SUM(CASE WHEN m.kind = {kind} THEN 1 ELSE 0 END)"
        for kind in (NAN, POSITIVE_INFINITY, NEGATIVE_INFINITY)
    )
    value = f"CASE WHEN m.kind <> {NAN} THEN m.value END"
    sql = (
        f"SELECT m.run_id, m.key_id, (m.{span.column} - ?) {divide} ? AS part, COUNT(*){kinds},"
        f" MIN({value}), MAX({value}), MAX(m.{span.column}) FROM hr_metrics m"
        f" WHERE {span.where} AND m.{span.column} BETWEEN ? AND ?"
        " GROUP BY m.run_id, m.key_id, part"
    )
    params = (span.low, span.width, *span.runs, *span.keys, span.low, span.high)
    rows = session.rows(sql, params)
    return [_Aggregate._make((*map(int, row[:7]), *row[7:9], int(row[9]))) for row in rows]


def _aggregate_here(session: Session, span: _Range) -> list[_Aggregate]:
    """Do the same in Python, whose integers do not overflow on the widest axes."""
    sql = (
        f"SELECT m.run_id, m.key_id, m.{span.column}, m.value, m.kind FROM hr_metrics m"
        f" WHERE {span.where} AND m.{span.column} BETWEEN ? AND ?"
    )
    groups: dict[tuple[int, int, int], list[Row]] = defaultdict(list)
    for row in session.rows(sql, (*span.runs, *span.keys, span.low, span.high)):
        groups[row[0], row[1], (row[2] - span.low) // span.width].append(row)
    found = []
    for (run, key, part), rows in groups.items():
        values = [row[3] for row in rows if row[4] != NAN]
        counts = [sum(row[4] == kind for row in rows) for kind in _COUNTED_KINDS]
        least, greatest = min(values, default=None), max(values, default=None)
        top = max(row[2] for row in rows)
        found.append(_Aggregate._make((run, key, part, len(rows), *counts, least, greatest, top)))
    return found


def _limits(row: _Aggregate) -> tuple[float, float]:
    if row.least is None or row.greatest is None:
        return math.nan, math.nan
    least = -math.inf if row.count_negative_infinity else row.least
    greatest = math.inf if row.count_positive_infinity else row.greatest
    # All points at one end: the other limit is the same infinity.
    numbers = row.count_all - row.count_nan
    if row.count_negative_infinity == numbers:
        greatest = -math.inf
    if row.count_positive_infinity == numbers:
        least = math.inf
    return least, greatest


def _last_values(
    session: Session, span: _Range, aggregates: Sequence[_Aggregate]
) -> dict[tuple[int, int, int], float]:
    """Return the greatest value at each bucket's greatest position."""
    best: dict[tuple[int, int, int], tuple[float, int]] = {}
    tops: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in aggregates:
        tops[row.run, row.key].append(row.top)
    for (run, key), positions in tops.items():
        for start in range(0, len(positions), _CHUNK):
            chunk = positions[start : start + _CHUNK]
            sql = (
                f"SELECT {span.column}, value, kind FROM hr_metrics WHERE run_id = ? AND key_id = ?"
                f" AND {span.column} IN ({placeholders(len(chunk))})"
            )
            for position, value, kind in session.rows(sql, (run, key, *chunk)):
                place = (run, key, (position - span.low) // span.width)
                best[place] = max(best.get(place, (-math.inf, 0)), (value, kind))
    return {place: decode_metric(value, kind) for place, (value, kind) in best.items()}
