"""Rows of one series in the order of their key, in chunks that fit in memory."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from mlflow.store.sql.session import Row, Session

# Few enough that other threads need not wait long for the interpreter.
CHUNK: Final = 5_000
_ORDER: Final = ("step", "timestamp", "value", "kind")
_COLUMNS: Final = ", ".join(_ORDER)

# A row of (step, timestamp, value, kind): where something starts or ends in the order of the key.
Place = tuple[int, int, float, int]


class SeriesKey(NamedTuple):
    """One metric of one run.

    Attributes:
        run: The run's key.
        key: The metric's key.
    """

    run: int
    key: int


class Span(NamedTuple):
    """Part of a series in the order of the key.

    Attributes:
        after: The row before the first; None for the first there is.
        upto: The last row; None for the last there is.
        low: The least step; None for any.
        high: The greatest step; None for any.
    """

    after: Place | None = None
    upto: Place | None = None
    low: int | None = None
    high: int | None = None


def iter_points(session: Session, series: SeriesKey, span: Span) -> Iterator[list[Row]]:
    """Yield the rows (step, timestamp, value, kind) of a part of a series, some at a time."""
    after = span.after
    while True:
        where, params = _where(session, series, span._replace(after=after))
        sql = f"SELECT {_COLUMNS} FROM hr_metrics WHERE {where} ORDER BY {_COLUMNS} LIMIT {CHUNK}"
        rows = session.rows(sql, params)
        if rows:
            yield rows
        if len(rows) < CHUNK:
            return
        after = rows[-1]


def count_points(session: Session, series: SeriesKey, span: Span) -> int:
    """Return how many rows a part of a series has."""
    where, params = _where(session, series, span)
    return int(session.scalar(f"SELECT COUNT(*) FROM hr_metrics WHERE {where}", params))


def count_times(
    session: Session, series: SeriesKey, span: Span, bits: int
) -> list[tuple[int, int, int, int]]:
    """Return how many rows of a part of a series lie in each ``2 ** bits`` milliseconds.

    Returns:
        Number of the time, count, least step and greatest step, for each time that has rows.
    """
    where, params = _where(session, series, span)
    time = f"timestamp >> {min(bits, 63)}"  # no time is negative
    sql = f"SELECT {time}, COUNT(*), MIN(step), MAX(step) FROM hr_metrics WHERE {where}"
    rows = session.rows(f"{sql} GROUP BY {time}", params)
    return [(int(number), int(count), int(low), int(high)) for number, count, low, high in rows]


def extent(session: Session, series: SeriesKey, span: Span, column: str) -> tuple[int, int] | None:
    """Return the least and the greatest step or timestamp; None where there is no row."""
    where, params = _where(session, series, span)
    # Two queries in one: each is a look at one end of the key, where the column leads it.
    ends = [f"(SELECT {end}({column}) FROM hr_metrics WHERE {where})" for end in ("MIN", "MAX")]
    found = session.row(f"SELECT {', '.join(ends)}", params * 2)
    return None if found is None or found[0] is None else (int(found[0]), int(found[1]))


def _where(session: Session, series: SeriesKey, span: Span) -> tuple[str, list[object]]:
    """Return a condition with one bound at each end, so that the index is walked between them."""
    parts, params = ["run_id = ? AND key_id = ?"], list[object](series)
    after, upto, low, high = span
    if after is not None and (low is None or low <= after[0]):
        _add(parts, params, _compared(session, ">", after))
    elif low is not None:
        _add(parts, params, ("step >= ?", [low]))
    if upto is not None and (high is None or high >= upto[0]):
        _add(parts, params, _compared(session, "<=", upto))
    elif high is not None:
        _add(parts, params, ("step <= ?", [high]))
    return " AND ".join(parts), params


def _add(parts: list[str], params: list[object], more: tuple[str, list[object]]) -> None:
    parts.append(more[0])
    params += more[1]


def _compared(session: Session, operator: str, place: Place) -> tuple[str, list[object]]:
    if session.dialect.name != "mysql":
        return f"({_COLUMNS}) {operator} (?, ?, ?, ?)", list(place)
    # MySQL and MariaDB walk an index for this form only.
    strict = operator[0]
    parts: list[str] = []
    params: list[object] = []
    for size in range(len(_ORDER)):
        last = operator if size == len(_ORDER) - 1 else strict
        same = "".join(f"{column} = ? AND " for column in _ORDER[:size])
        parts.append(f"({same}{_ORDER[size]} {last} ?)")
        params += place[: size + 1]
    return f"({' OR '.join(parts)})", params
