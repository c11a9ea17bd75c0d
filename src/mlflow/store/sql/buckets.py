"""Charts: exact cells of many series, from what is kept ready and from the rows behind it."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple

from mlflow._core.clock import monotonic
from mlflow._core.limits import INT64_MAX, INT64_MIN
from mlflow._wire.columns import Cells, Chart, Series, positions
from mlflow.entities.lifecycle_stage import LifecycleStage
from mlflow.entities.run_status import RunStatus
from mlflow.exceptions import MlflowException
from mlflow.store.entities.metric_bucket import BucketAxis, ChartAxis
from mlflow.store.sampling import cell_end, cell_start, check_chart, level_for, on_axis
from mlflow.store.sql.cells import (
    PLACES,
    block_of,
    cells_of,
    coarsen,
    finished,
    merge,
    moved,
    together,
)
from mlflow.store.sql.chunks import chunks, rows_for
from mlflow.store.sql.dialect import placeholders
from mlflow.store.sql.engine import Database
from mlflow.store.sql.history import series_numbers
from mlflow.store.sql.keys import METRIC, key_ids
from mlflow.store.sql.points import SeriesKey, Span, count_points, extent, iter_points
from mlflow.store.sql.session import Row, Session
from mlflow.store.sql.summaries import (
    AXES,
    FEW_POINTS,
    HEADER_COLUMNS,
    Change,
    Header,
    next_change,
    write_change,
)

_COLUMNS: Final = {"step": "step", "time": "timestamp"}
# Cells that one transaction writes, some 4 MB, and series that it reads or writes.
_MOST_CELLS: Final = 100_000
_MOST_SERIES: Final = 50
_RUNS_A_QUERY: Final = 400


@dataclass(frozen=True, slots=True)
class _Asked:
    """A chart to make, checked."""

    run_ids: Sequence[str]
    metric_keys: Sequence[str]
    buckets: int
    axis: BucketAxis
    start: int | None
    end: int | None
    is_relative: bool
    groups: Sequence[str] | None


@dataclass(slots=True)
class _Found:
    """One series of a chart.

    Attributes:
        series: Its keys.
        run: Place of the run among those asked for.
        key: Place of the metric.
        total: How many points there are.
        first: The least step.
        last: The greatest step.
        header: What the cells cover; None when there are none, or they lack points.
        origin: Where the axis starts for this run.
    """

    series: SeriesKey
    run: int
    key: int
    total: int
    first: int
    last: int
    header: Header | None
    origin: int = 0

    @property
    def behind(self) -> int:
        """How many points the cells do not hold."""
        return self.total - (self.header.count if self.header else 0)


class _LateError(Exception):
    """Points came late to some series, whose cells lack them."""

    def __init__(self, series: Sequence[SeriesKey]) -> None:
        super().__init__(series)
        self.series: Final = series


def get_chart(
    database: Database,
    run_ids: Sequence[str],
    metric_keys: Sequence[str],
    *,
    buckets: int,
    axis: ChartAxis,
    start: int | None,
    end: int | None,
    groups: Sequence[str] | None = None,
) -> Chart:
    """Return exact cells of every point, having gathered what can be kept for the next time.

    Args:
        database: The database.
        run_ids: The runs.
        metric_keys: The metrics.
        buckets: How many cells at most, one a pixel.
        axis: ``step``, ``time``, or ``relative``: time since the start of each run. Cells of a run
            stay those of its time then, and lie where their last point does.
        start: A position in the first cell; None for the first point there is.
        end: A position in the last cell; None for the last point there is.
        groups: For each run the name of its group: series are of groups then, with mean and
            standard deviation of all points of all members, ``cells.together``.

    Raises:
        MlflowException: there is no such axis, no bucket, or too much is asked for.
    """
    runs, keys = check_chart(run_ids, metric_keys, buckets=buckets, axis=axis)
    if groups is not None and len(groups) != len(run_ids):
        raise MlflowException.invalid_parameter_value(
            f"Each of the {len(run_ids)} runs needs the name of its group; got {len(groups)} names."
        )
    of_runs = dict(zip(run_ids, groups, strict=True)) if groups is not None else None
    by: BucketAxis = "step" if axis == "step" else "time"
    asked = _Asked(
        runs, keys, buckets, by, on_axis(start), on_axis(end), axis == "relative",
        [of_runs[run_id] for run_id in runs] if of_runs is not None else None,
    )  # fmt: skip
    waiting = database.read(partial(_waiting, asked=asked))
    with suppress(MlflowException):  # what cannot be written, or now, is computed
        gather(database, waiting, by)
    try:
        return database.read(partial(_chart, asked=asked, strict=True))
    except _LateError as late:
        with suppress(MlflowException):
            gather(database, late.series, by)
    return database.read(partial(_chart, asked=asked, strict=False))


def gather(database: Database, waiting: Sequence[SeriesKey], axis: BucketAxis) -> None:
    """Make the cells of series cover their points.

    Args:
        database: The database.
        waiting: The series.
        axis: ``step`` or ``time``.
    """
    left = list(waiting)
    while left:
        changes = database.read(partial(_next_changes, waiting=left, axis=axis))
        some = [change for change in changes if change is not None]
        if some:
            database.write(partial(_write_changes, changes=some))
        # A series of many points takes several steps.
        left = [change.series for change in some if change.more] + left[len(changes) :]


def gather_ahead(database: Database, since_ms: int, seconds: float) -> bool:
    """Gather long series by step before anybody asks for a chart of them.

    Args:
        database: The database.
        since_ms: Of runs that are running, or ended since then.
        seconds: After how long to stop.

    Returns:
        Whether nothing is left to do.
    """
    until = monotonic() + seconds
    tried: set[SeriesKey] = set()
    while waiting := database.read(partial(_waiting_of_runs, since_ms=since_ms)):
        if tried.issuperset(waiting):
            return True  # what cannot be gathered: a run that is half erased
        tried.update(waiting)
        for series in waiting:
            if monotonic() > until:
                return False
            gather(database, [series], "step")
    return True


def _waiting_of_runs(session: Session, since_ms: int) -> list[SeriesKey]:
    """Return some series of runs with many points that no cell holds."""
    sql = (
        "SELECT l.run_id, l.key_id FROM hr_runs r JOIN hr_latest_metrics l ON l.run_id = r.id"
        " LEFT JOIN hr_series s ON s.run_id = l.run_id AND s.key_id = l.key_id"
        f" AND s.axis = {AXES['step']}"
        " WHERE r.lifecycle_stage = ? AND (r.status = ? OR r.end_time >= ?) AND l.count >= ?"
        f" AND (s.count IS NULL OR l.count - s.count >= ?) ORDER BY r.id DESC LIMIT {_MOST_SERIES}"
    )
    asked = (LifecycleStage.ACTIVE, RunStatus.RUNNING, since_ms, FEW_POINTS, FEW_POINTS)
    return [SeriesKey(*row) for row in session.rows(sql, asked)]


def _next_changes(
    session: Session, waiting: Sequence[SeriesKey], axis: BucketAxis
) -> list[Change | None]:
    if session.dialect.name == "postgresql":
        # A table that was filled just now has no statistics; each chunk would be a sort of all.
        session.run("SET LOCAL enable_bitmapscan = off")
    found: list[Change | None] = []
    size = 0
    for series in waiting[:_MOST_SERIES]:
        change = next_change(session, series, axis)
        found.append(change)
        size += change.size if change else 0
        if size > _MOST_CELLS:
            break
    return found


def _write_changes(session: Session, changes: Sequence[Change]) -> None:
    for change in sorted(changes, key=lambda change: change.series):
        write_change(session, change)


def _waiting(session: Session, asked: _Asked) -> list[SeriesKey]:
    """Return the series with many points that no cell holds."""
    return [found.series for found in _find(session, asked) if abs(found.behind) >= FEW_POINTS]


def _find(session: Session, asked: _Asked) -> list[_Found]:
    """Return the series there are, by key, then by run, both as asked."""
    numbers = series_numbers(session, asked.run_ids)
    ids = key_ids(session, METRIC, asked.metric_keys, create=False)
    runs = {numbers[run_id]: n for n, run_id in enumerate(asked.run_ids) if run_id in numbers}
    keys = {ids[key]: n for n, key in enumerate(asked.metric_keys) if key in ids}
    if not runs or not keys:
        return []
    sql = (
        "SELECT l.run_id, l.key_id, l.count, l.step, (SELECT m.step FROM hr_metrics m WHERE"
        " m.run_id = l.run_id AND m.key_id = l.key_id ORDER BY m.step LIMIT 1),"
        f" {HEADER_COLUMNS}"
        " FROM hr_latest_metrics l LEFT JOIN hr_series s"
        f" ON s.run_id = l.run_id AND s.key_id = l.key_id AND s.axis = {AXES[asked.axis]}"
        f" WHERE l.key_id IN ({placeholders(len(keys))}) AND l.run_id IN ({{}})"
    )
    found = [
        _Found(SeriesKey(run, key), runs[run], keys[key], total, first, last, Header.of_row(header))
        for run, key, total, last, first, *header in rows_for(
            session, sql, list(runs), before=list(keys)
        )
        if first is not None
    ]
    if asked.is_relative:
        starts = {
            run: int(start or 0)
            for run, start in rows_for(
                session, "SELECT id, start_time FROM hr_runs WHERE id IN ({})", list(runs)
            )
        }
        for one in found:
            one.origin = starts[one.series.run]
    return sorted(found, key=lambda one: (one.key, one.run))


class _Range(NamedTuple):
    """The part of the axis that a chart shows: whole cells of one level."""

    axis: BucketAxis
    level: int
    low: int
    high: int

    def of(self, one: _Found) -> "_Range":
        """Return the part of a run's own axis."""
        if not one.origin:
            return self
        low, high = (max(INT64_MIN, min(INT64_MAX, at + one.origin)) for at in self[2:])
        return self._replace(low=cell_start(low, self.level), high=cell_end(high, self.level))


def _chart(session: Session, asked: _Asked, *, strict: bool) -> Chart:
    found = _find(session, asked)
    if not strict:
        for one in found:
            if one.header and count_points(session, one.series, _behind(one)) != one.behind:
                one.header = None
    span = _range(session, asked, found)
    if span is None:
        return _answer(asked, 0, [])
    ready = _ready(session, span, found)
    series: list[Series] = []
    late: list[SeriesKey] = []
    for one in found:
        cells, is_whole = _cells(session, span.of(one), one, ready.get(one.series))
        if not is_whole:
            late.append(one.series)
        elif cells:
            series.append(Series(one.run, one.key, moved(cells, -one.origin)))
    if late:
        raise _LateError(late)
    return _answer(asked, span.level, series)


def _answer(asked: _Asked, level: int, series: Sequence[Series]) -> Chart:
    """Return series, as they are gathered, as they are answered."""
    axis = "relative" if asked.is_relative else asked.axis
    if asked.groups is None:
        for one in series:
            finished(one.cells)
        return Chart(axis, level, asked.run_ids, asked.metric_keys, series)
    names = list(dict.fromkeys(asked.groups))
    groups = _of_groups(series, asked.groups, names, level)
    return Chart(axis, level, names, asked.metric_keys, groups, is_grouped=True)


def _of_groups(
    series: Sequence[Series], groups: Sequence[str], names: Sequence[str], level: int
) -> list[Series]:
    """Return the cells of all points of each group."""
    places = {name: place for place, name in enumerate(names)}
    members: dict[tuple[int, int], list[Cells]] = defaultdict(list)
    for one in series:
        members[one.key, places[groups[one.run]]].append(one.cells)
    return [
        Series(group, key, together(some, level)) for (key, group), some in sorted(members.items())
    ]


def _range(session: Session, asked: _Asked, found: Sequence[_Found]) -> _Range | None:
    """Return the cells to show; None when no point can lie in them."""
    low, high = asked.start, asked.end
    if not found:
        return None
    if low is None or high is None:
        ends = [end - one.origin for one in found for end in _extent(session, asked.axis, one)]
        low = min(ends) if low is None else low
        high = max(ends) if high is None else high
    if low > high:
        return None
    level = level_for(low, high, asked.buckets)
    return _Range(asked.axis, level, cell_start(low, level), cell_end(high, level))


def _extent(session: Session, axis: BucketAxis, one: _Found) -> Iterator[int]:
    if axis == "step":
        yield from (one.first, one.last)
        return
    if one.header:
        yield from (one.header.low, one.header.high)
    if one.behind:
        yield from extent(session, one.series, _behind(one), _COLUMNS[axis]) or ()


def _behind(one: _Found) -> Span:
    """Return where the points lie that no cell holds."""
    return Span(after=one.header.upto if one.header else None)


def _ready(session: Session, span: _Range, found: Sequence[_Found]) -> dict[SeriesKey, Cells]:
    """Return the cells that are kept, of those series that have such fine ones."""
    levels: dict[int, dict[SeriesKey, Cells]] = defaultdict(dict)
    for one in found:
        if one.header and one.header.level <= span.level:
            levels[min(span.level, one.header.top)][one.series] = Cells()
    ready: dict[SeriesKey, Cells] = {}
    for level, wanted in levels.items():
        of_level = span._replace(level=level)
        spans = {one.series.run: of_level.of(one) for one in found if one.series in wanted}
        for runs in chunks(sorted(spans), _RUNS_A_QUERY):
            _load(session, {run: spans[run] for run in runs}, wanted)
        if level < span.level:
            for series, cells in wanted.items():
                wanted[series] = coarsen(cells, span.level)
        ready.update(wanted)
    return ready


def _load(session: Session, spans: Mapping[int, _Range], wanted: Mapping[SeriesKey, Cells]) -> None:
    """Read the cells that are kept, of each run those of its part of the axis."""
    keys = sorted({series.key for series in wanted})
    ends: dict[tuple[int, int], list[int]] = defaultdict(list)
    for run, span in spans.items():
        ends[block_of(span.low, span.level), block_of(span.high, span.level)].append(run)
    parts = [
        f"(block BETWEEN ? AND ? AND run_id IN ({placeholders(len(runs))}))"
        for runs in ends.values()
    ]
    bound = [value for places, runs in ends.items() for value in (*places, *runs)]
    some = next(iter(spans.values()))
    sql = (
        "SELECT run_id, key_id, block, content FROM hr_series_cells"
        f" WHERE axis = ? AND level = ? AND key_id IN ({placeholders(len(keys))})"
        f" AND ({' OR '.join(parts)}) ORDER BY run_id, key_id, axis, level, block"
    )
    for run, key, block, content in session.rows(sql, (AXES[some.axis], some.level, *keys, *bound)):
        cells = wanted.get(SeriesKey(run, key))
        if cells is None:
            continue
        span = spans[run]
        if block_of(span.low, span.level) < block < block_of(span.high, span.level):
            cells.read(content)
        else:
            at = positions(content)
            cells.read(content, bisect_left(at, span.low), bisect_right(at, span.high))


def _cells(session: Session, span: _Range, one: _Found, ready: Cells | None) -> tuple[Cells, bool]:
    """Return the cells of a series, and whether those that are kept lacked no point."""
    cells = Cells() if ready is None else ready
    if ready is None:
        if span.axis == "step":
            steps = Span(low=span.low, high=span.high)
            return _gathered(cells, iter_points(session, one.series, steps), span), True
        if one.header:
            before = _steps_between(session, span, one, one.header)
            if before:
                cells = _gathered(cells, iter_points(session, one.series, before), span)
    if not one.behind:
        return cells, True
    seen = 0

    def counted() -> Iterator[list[Row]]:
        nonlocal seen
        for rows in iter_points(session, one.series, _behind(one)):
            seen += len(rows)
            yield rows

    cells = _gathered(cells, counted(), span)
    return cells, seen == one.behind or one.header is None


def _steps_between(session: Session, span: _Range, one: _Found, header: Header) -> Span | None:
    """Return the steps between which covered points of a time lie; None when there are none."""
    first, last = block_of(span.low, header.level), block_of(span.high, header.level)
    sql = (
        "SELECT MIN(first_step), MAX(last_step) FROM hr_series_cells WHERE run_id = ?"
        " AND key_id = ? AND axis = ? AND level = ? AND block BETWEEN ? AND ?"
    )
    found = session.row(sql, (*one.series, AXES[span.axis], header.level, first, last))
    if found is None or found[0] is None:
        return None
    return Span(upto=header.upto, low=int(found[0]), high=int(found[1]))


def _gathered(cells: Cells, found: Iterator[list[Row]], span: _Range) -> Cells:
    """Return cells and points behind them, gathered on the level of a chart."""
    place = PLACES[span.axis]
    for rows in found:
        inside = [row for row in rows if span.low <= row[place] <= span.high]
        cells = merge(cells, cells_of(inside, span.axis, span.level), span.level)
    return cells
