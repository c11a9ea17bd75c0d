"""Metric points on their way out: whole histories, pages and samples."""

import base64
import json
from collections.abc import Sequence
from typing import Any, Final

from mlflow._core.collection import paused_collection
from mlflow._core.limits import INT64_MAX, INT64_MIN
from mlflow.entities.metric import Metric
from mlflow.exceptions import MlflowException
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.sampling import evenly_spread
from mlflow.store.sql.dialect import placeholders
from mlflow.store.sql.keys import METRIC, key_ids
from mlflow.store.sql.session import Row, Session
from mlflow.store.sql.values import decode_metric

_CHUNK: Final = 500
_ALL_POINTS: Final = (
    "SELECT timestamp, step, value, kind FROM hr_metrics WHERE run_id = ? AND key_id = ?"
)
_ORDER: Final = "timestamp, step, value, kind"


def get_history(
    session: Session,
    run_id: str,
    key: str,
    max_results: int | None,
    page_token: str | None,
) -> PagedList[Metric]:
    """Return the points of one metric, ordered by (timestamp, step, value).

    Args:
        session: The transaction.
        run_id: The run; one that is not there has no points.
        key: The metric.
        max_results: Size of a page; None for all points.
        page_token: Where a page starts, from the page before.

    Raises:
        MlflowException: the token is not one of ours.
    """
    series = _series(session, run_id, key)
    if series is None or (max_results is not None and max_results <= 0):
        return PagedList([], None)
    with paused_collection():
        if max_results is None and not page_token:
            rows = session.rows(_ALL_POINTS, series)
            rows.sort()  # mostly sorted already: the table is clustered by step
            return PagedList(_metrics(key, rows), None)
        return _page(session, key, series, max_results, page_token)


def _page(
    session: Session,
    key: str,
    series: tuple[int, int],
    max_results: int | None,
    page_token: str | None,
) -> PagedList[Metric]:
    where, params, offset = "", list[object](series), 0
    if page_token:
        start = _parse_token(page_token)
        if isinstance(start, int):
            offset = start
        else:
            where = f" AND ({_ORDER}) > (?, ?, ?, ?)"
            params += start
    limit = INT64_MAX if max_results is None else min(max_results, INT64_MAX - 1) + 1
    sql = f"{_ALL_POINTS}{where} ORDER BY {_ORDER} LIMIT ? OFFSET ?"
    rows = session.rows(sql, (*params, limit, offset))
    if max_results is None or len(rows) <= max_results:
        return PagedList(_metrics(key, rows), None)
    rows.pop()
    return PagedList(_metrics(key, rows), _token(rows[-1]))


def get_history_of_runs(
    session: Session, run_ids: Sequence[str], key: str, max_results: int
) -> list[Metric]:
    """Return the first points of one metric in several runs, ordered by run, then as a history."""
    key_id = key_ids(session, METRIC, (key,), create=False).get(key)
    if key_id is None or max_results <= 0:
        return []
    found: list[Metric] = []
    for run_id, number in sorted(series_numbers(session, run_ids).items()):
        sql = f"{_ALL_POINTS} ORDER BY {_ORDER} LIMIT ?"
        rows = session.rows(sql, (number, key_id, max_results - len(found)))
        found += _metrics(key, rows, run_id)
        if len(found) >= max_results:
            break
    return found


def get_sample(
    session: Session,
    run_ids: Sequence[str],
    key: str,
    max_results: int,
    start_step: int | None,
    end_step: int | None,
) -> list[Metric]:
    """Return points of several runs at evenly spread steps.

    Args:
        session: The transaction.
        run_ids: The runs.
        key: The metric.
        max_results: At how many steps at most; first and last step of each run come in addition.
        start_step: First step to look at; None for the first there is.
        end_step: Last step to look at; None for the last there is.

    Returns:
        The points at these steps, ordered by run, step, timestamp and value.
    """
    key_id = key_ids(session, METRIC, (key,), create=False).get(key)
    numbers = series_numbers(session, run_ids)
    if key_id is None or not numbers:
        return []
    low = INT64_MIN if start_step is None else start_step
    high = INT64_MAX if end_step is None else end_step
    between = "run_id = ? AND key_id = ? AND step BETWEEN ? AND ?"
    found: list[Metric] = []
    by_run: dict[str, list[int]] = {}
    sql = f"SELECT DISTINCT step FROM hr_metrics WHERE {between}"
    for run_id, number in numbers.items():
        by_run[run_id] = sorted(row[0] for row in session.rows(sql, (number, key_id, low, high)))
    chosen = evenly_spread(sorted(set().union(*by_run.values())), max_results)
    for run_id, steps in by_run.items():
        wanted = [step for step in steps if step in chosen or step in (steps[0], steps[-1])]
        found += _points_at(session, key, key_id, run_id, numbers[run_id], wanted)
    return found


def _points_at(
    session: Session, key: str, key_id: int, run_id: str, number: int, steps: list[int]
) -> list[Metric]:
    rows: list[Row] = []
    for start in range(0, len(steps), _CHUNK):
        chunk = steps[start : start + _CHUNK]
        sql = f"{_ALL_POINTS} AND step IN ({placeholders(len(chunk))})"
        rows += session.rows(sql, (number, key_id, *chunk))
    rows.sort(key=lambda row: (row[1], row[0], row[2]))
    return _metrics(key, rows, run_id)


def series_numbers(session: Session, run_ids: Sequence[str]) -> dict[str, int]:
    """Return the keys of runs by id, in the order given; unknown ids are left out."""
    found: dict[str, int] = {}
    for start in range(0, len(run_ids), _CHUNK):
        chunk = run_ids[start : start + _CHUNK]
        sql = f"SELECT run_uuid, id FROM hr_runs WHERE run_uuid IN ({placeholders(len(chunk))})"
        found.update(session.rows(sql, chunk))
    return {run_id: found[run_id] for run_id in run_ids if run_id in found}


def _series(session: Session, run_id: str, key: str) -> tuple[int, int] | None:
    number = series_numbers(session, (run_id,)).get(run_id)
    key_id = key_ids(session, METRIC, (key,), create=False).get(key)
    return None if number is None or key_id is None else (number, key_id)


def _metrics(key: str, rows: list[Row], run_id: str | None = None) -> list[Metric]:
    """Return entities for rows of (timestamp, step, value, kind)."""
    if run_id is None:
        # The usual case by itself: 20,000 points take 20 ms in all, and each test here is one.
        return [
            Metric(key, decode_metric(value, kind) if kind else value, timestamp, step)
            for timestamp, step, value, kind in rows
        ]
    return [
        Metric(key, decode_metric(value, kind) if kind else value, timestamp, step, run_id=run_id)
        for timestamp, step, value, kind in rows
    ]


def _token(row: Row) -> str:
    return base64.urlsafe_b64encode(json.dumps({"after": row}).encode()).decode()


def _parse_token(token: str | bytes) -> int | list[Any]:
    """Return where a page starts: after a row, or at an offset as upstream's tokens have it."""
    try:
        content = json.loads(base64.urlsafe_b64decode(token))
        if "offset" in content and int(content["offset"]) >= 0:
            return int(content["offset"])
        timestamp, step, value, kind = content["after"]
        return [int(timestamp), int(step), float(value), int(kind)]
    except (ValueError, TypeError, KeyError):
        raise MlflowException.invalid_parameter_value(
            f"Invalid page token {token!r}: pass the token of the page before, unchanged."
        ) from None
