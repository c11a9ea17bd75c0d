"""Groups of runs with statistics of their metrics, computed by the database from all matching runs.

The standard deviation is the sample's, by the two-pass algorithm: the squares of what is left when
the group's mean is taken off (T. F. Chan, G. H. Golub, R. J. LeVeque, "Algorithms for Computing the
Sample Variance", The American Statistician 37 (3), 1983). No database agrees with another in its
own function for it, and SQLite has none. Squares of values beyond 1e140 would not fit in a double:
such a metric is divided by its largest value on the way. NaN does not count; infinities make what
IEEE 754 makes of them.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mlflow._search.ast import FieldKind
from mlflow._search.columns import ColumnName, parse_column
from mlflow._wire.codec import double
from mlflow._wire.entities import view_type_of
from mlflow._wire.table_messages import (
    GroupMetric,
    RunGroup,
    RunGroupsResponse,
    SearchRunGroups,
)
from mlflow.exceptions import MlflowException
from mlflow.store.sql.dialect import Dialect
from mlflow.store.sql.run_table import column_keys, keyed_join
from mlflow.store.sql.search import checked_experiments, checked_max_results, prepare_runs
from mlflow.store.sql.search_compile import Sql
from mlflow.store.sql.search_runs import TARGET
from mlflow.store.sql.search_statement import is_one_of
from mlflow.store.sql.session import Session
from mlflow.store.sql.values import FINITE, NEGATIVE_INFINITY, NEGATIVE_ZERO, POSITIVE_INFINITY

MAX_RESULTS: Final = 10_000
_USUAL_RESULTS: Final = 1_000
_MOST_LEVELS: Final = 6
_MOST_METRICS: Final = 16
_LARGE: Final = 1e140
_ATTRIBUTES: Final = ("user_id", "status", "run_name")


def search_run_groups(session: Session, ask: SearchRunGroups) -> RunGroupsResponse:
    """Return the groups of the runs that pass a filter, the largest first.

    Raises:
        MlflowException: ``INVALID_PARAMETER_VALUE`` for an argument that is wrong.
    """
    limit = checked_max_results(ask.max_results or _USUAL_RESULTS, MAX_RESULTS)
    levels = [_level(text) for text in ask.group_by]
    metrics = [ColumnName(FieldKind.METRIC, key) for key in dict.fromkeys(ask.metrics)]
    if not 0 < len(levels) <= _MOST_LEVELS or len(metrics) > _MOST_METRICS:
        raise MlflowException.invalid_parameter_value(
            f"Runs are grouped by 1 to {_MOST_LEVELS} fields, with at most {_MOST_METRICS} metrics."
        )
    view = view_type_of(ask.run_view_type)
    search, _ = prepare_runs(session, ask.experiment_ids, ask.filter, view, ())
    matching = None if search is None else search.matching()
    if matching is None:
        return RunGroupsResponse(total=0)
    keys = column_keys(session, [*levels, *metrics])
    scales = _scales(session, checked_experiments(ask.experiment_ids), keys)
    query = _query(session.dialect, levels, metrics, keys, scales, matching)
    rows = session.rows(query.text, query.params)
    rows.sort(
        key=lambda row: (-row[len(levels)], [(v is None, str(v)) for v in row[: len(levels)]])
    )
    return RunGroupsResponse(
        groups=[_group(row, levels, metrics, scales) for row in rows[:limit]], total=len(rows)
    )


def _level(text: str) -> ColumnName:
    name = parse_column(text)
    if name.kind is FieldKind.METRIC or (
        name.kind is FieldKind.ATTRIBUTE and name.key not in _ATTRIBUTES
    ):
        raise MlflowException.invalid_parameter_value(
            f"Runs cannot be grouped by {text!r}: name a param, a tag or an attribute of"
            f" {', '.join(_ATTRIBUTES)}."
        )
    return name


def _scales(
    session: Session, experiments: Sequence[int], keys: Mapping[ColumnName, int]
) -> dict[str, float]:
    """Return what metrics with very large values are divided by."""
    names = {key: name.key for name, key in keys.items() if name.kind is FieldKind.METRIC}
    if not names:
        return {}
    scope = is_one_of(session.dialect, "experiment_id", experiments)
    wanted = is_one_of(session.dialect, "key_id", list(names))
    found = session.rows(
        "SELECT key_id, max(abs(value)) FROM hr_latest_metrics"
        f" WHERE {scope.text} AND {wanted.text} AND kind = {FINITE} GROUP BY key_id",
        (*scope.params, *wanted.params),
    )
    return {names[key]: float(most) for key, most in found if most > _LARGE}


def _query(
    dialect: Dialect,
    levels: Sequence[ColumnName],
    metrics: Sequence[ColumnName],
    keys: Mapping[ColumnName, int],
    scales: Mapping[str, float],
    matching: tuple[Sql, Sql],
) -> Sql:
    """Return the query of each group's values, number of runs and sums of the metrics."""
    inner, outer, joins = [], [], []
    for number, name in enumerate(levels):
        value = f"g{number}.value"
        if name.kind is FieldKind.ATTRIBUTE:
            value = TARGET.columns[name.key].sql
        elif name in keys:
            joins.append(keyed_join(name, f"g{number}", keys[name]))
        else:
            value = "CAST(NULL AS CHAR(1))"
        inner.append(f"{value} AS v{number}")
    # MariaDB and MySQL compare no more than 1,024 bytes of a text in a partition or a sort.
    key = "SHA2(v{}, 256)" if dialect.name == "mysql" else "v{}"
    group = ", ".join(map(key.format, range(len(levels))))
    values = [f"min(v{number})" for number in range(len(levels))]
    centred = ["s.*"]
    for number, name in enumerate(metrics):
        if name not in keys:
            outer.append("0, NULL, NULL, NULL, NULL, 0, 0")
            continue
        joins.append(keyed_join(name, f"m{number}", keys[name]))
        scale = f" / {scales[name.key]!r}" if name.key in scales else ""
        finite = f"m{number}.kind IN ({FINITE}, {NEGATIVE_ZERO})"
        inner.append(f"CASE WHEN {finite} THEN m{number}.value{scale} END AS x{number}")
        inner += [
            f"CASE WHEN m{number}.kind = {kind} THEN 1 ELSE 0 END AS {alias}{number}"
            for alias, kind in (("p", POSITIVE_INFINITY), ("n", NEGATIVE_INFINITY))
        ]
        x, a = f"x{number}", f"a{number}"
        centred.append(f"avg({x}) OVER (PARTITION BY {group}) AS {a}")
        outer.append(
            f"count({x}), max({a}), min({x}), max({x}), sum(({x} - {a}) * ({x} - {a})),"
            f" sum(p{number}), sum(n{number})"
        )
    source, condition = matching
    parts = (source, *joins, Sql(" WHERE "), condition)
    return Sql(
        f"SELECT {', '.join([*values, 'count(*)', *outer])} FROM (SELECT {', '.join(centred)} FROM"
        f" (SELECT {', '.join(inner)} FROM {''.join(part.text for part in parts)}) s) t"
        f" GROUP BY {group}",
        tuple(value for part in parts for value in part.params),
    )


def _group(
    row: Sequence[Any],
    levels: Sequence[ColumnName],
    metrics: Sequence[ColumnName],
    scales: Mapping[str, float],
) -> RunGroup:
    values = []
    for name, value in zip(levels, row, strict=False):
        names = TARGET.columns[name.key].names if name.kind is FieldKind.ATTRIBUTE else None
        values.append(value if names is None else names[value])
    sums = iter(row[len(levels) + 1 :])
    return RunGroup(
        values=values,
        runs=row[len(levels)],
        metrics=[_metric(name.key, sums, scales.get(name.key, 1.0)) for name in metrics],
    )


def _metric(key: str, sums: Iterator[Any], scale: float) -> GroupMetric:
    count, mean, low, high, squares, plus, minus = (next(sums) for _ in range(7))
    found = GroupMetric(key=key, count=int(count + plus + minus))
    if not found.count:
        return found
    infinite = math.nan if plus and minus else math.inf if plus else -math.inf
    has_none = not (plus or minus)
    found.mean = double(mean * scale if has_none else infinite)
    found.min = double(-math.inf if minus else low * scale if count else math.inf)
    found.max = double(math.inf if plus else high * scale if count else -math.inf)
    if found.count > 1:
        found.std = double(math.sqrt(squares / (count - 1)) * scale if has_none else math.nan)
    return found
