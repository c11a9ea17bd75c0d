"""Long series kept ready for charts: their points gathered in cells on every level.

Beside the rows of a series lie its cells, 256 to a block: on the finest level two to sixteen points
a cell, on each next one two of its cells in one, up to a single cell. A header says which rows they
cover: those up to a place in the order of the key. Nothing is noted when points are logged. Whether
points came late, before that place, follows from the count that the latest values keep: it is the
cells' count and that of the rows behind, or the blocks that miss some are made anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from mlflow._core.limits import INT64_MAX, INT64_MIN
from mlflow._wire.columns import CELL_BYTES, Cells
from mlflow.store.sampling import WHOLE, level_for
from mlflow.store.sql.cells import (
    PLACES,
    block_bits,
    block_ends,
    block_of,
    blocks_of,
    cells_of,
    child_blocks,
    coarsen,
    merge,
    parent_block,
)
from mlflow.store.sql.points import (
    CHUNK,
    Place,
    SeriesKey,
    Span,
    count_points,
    count_times,
    iter_points,
)
from mlflow.store.sql.session import Row, Session

# So many rows behind the cells are read with each chart; more are gathered first.
FEW_POINTS: Final = 256
# The newest points, among which late ones are likely, are left for the next time.
_LEFT: Final = 32
# How many points a cell of the finest level holds: so few that a chart of the whole series, a
# thousand pixels wide, needs no row; in long series no fewer than need be for a closer look.
_POINTS_A_CELL: Final = 16
_LEAST_A_CELL: Final = 2
_PIXELS: Final = 1000
# Of one step of work: what fits in memory and in a short transaction.
_MOST_POINTS: Final = 500_000
# 0 and 1 held cells without means.
AXES: Final = {"step": 2, "time": 3}
_HEADER: Final = (
    "level", "built", "cells", "count", "step", "timestamp", "value", "kind", "low", "high",
)  # fmt: skip
HEADER_COLUMNS: Final = ", ".join(f"s.{column}" for column in _HEADER)
_KEY: Final = ("run_id", "key_id", "axis")
_BLOCK: Final = ("points", "first_step", "last_step", "content")


@dataclass(frozen=True, slots=True)
class Header:
    """What the cells of a series cover.

    Attributes:
        level: The finest level.
        built: How many points there were when the level was chosen.
        cells: How many cells the finest level has.
        count: How many points the cells hold.
        upto: The last of them in the order of the key.
        low: The least position on the axis.
        high: The greatest position.
    """

    level: int
    built: int
    cells: int
    count: int
    upto: Place
    low: int
    high: int

    @property
    def top(self) -> int:
        """The coarsest level: all points in one cell."""
        return max(self.level, level_for(self.low, self.high, 1))

    @classmethod
    def of_row(cls, row: Sequence[Any]) -> "Header | None":
        """Return the header in a row of ``HEADER_COLUMNS``; None where they are NULL."""
        if row[0] is None:
            return None
        level, built, cells, count, step, timestamp, value, kind, low, high = row
        upto = (int(step), int(timestamp), float(value), int(kind))
        return cls(int(level), int(built), int(cells), int(count), upto, int(low), int(high))

    def row(self) -> tuple[object, ...]:
        """Return the values of the header's columns."""
        return self.level, self.built, self.cells, self.count, *self.upto, self.low, self.high


@dataclass(slots=True)
class _Block:
    """Cells that lie side by side; in time, with the steps between which their points lie."""

    cells: Cells
    first_step: int | None = None
    last_step: int | None = None


@dataclass(slots=True)
class Change:
    """What is to be written for one series.

    Attributes:
        series: The series.
        axis: ``step`` or ``time``.
        before: The header that this follows; None for none.
        after: The header to write.
        anew: Whether what is there is to be removed first.
        more: Whether there are points left for another step.
        blocks: Blocks to write, by level and number.
    """

    series: SeriesKey
    axis: str
    before: Header | None
    after: Header
    anew: bool
    more: bool = False
    blocks: dict[tuple[int, int], _Block] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many cells are to be written."""
        return sum(len(block.cells) for block in self.blocks.values())


def find_header(session: Session, series: SeriesKey, axis: str) -> Header | None:
    """Return the header of a series; None when it has no cells."""
    sql = f"SELECT {HEADER_COLUMNS} FROM hr_series s WHERE run_id = ? AND key_id = ? AND axis = ?"
    found = session.row(sql, (*series, AXES[axis]))
    return None if found is None else Header.of_row(found)


def next_change(session: Session, series: SeriesKey, axis: str) -> Change | None:
    """Return the next step towards cells that cover a series; None when there is none to take."""
    header = find_header(session, series, axis)
    sql = "SELECT count FROM hr_latest_metrics WHERE run_id = ? AND key_id = ?"
    total = int(session.scalar(sql, series) or 0)
    if header is None:
        return _advance(session, series, axis, None, total) if total >= FEW_POINTS else None
    if total == header.count:
        return None
    behind = count_points(session, series, Span(after=header.upto))
    if header.count + behind != total:
        if header.count + behind < total:
            return _repair(session, series, axis, header, total - behind)
        return _advance(session, series, axis, header, total)
    if behind < FEW_POINTS:
        return None
    anew = total >= 4 * header.built
    return _advance(session, series, axis, header, total, None if anew else header)


def _advance(
    session: Session,
    series: SeriesKey,
    axis: str,
    before: Header | None,
    total: int,
    base: Header | None = None,
) -> Change | None:
    """Add points behind those that are covered; from the start where there is no ``base``."""
    work = _Work(session, series, axis, base, base.built if base else total)
    for rows in iter_points(session, series, Span(after=base.upto if base else None)):
        some = rows if len(rows) == CHUNK else rows[:-_LEFT]
        if some:
            work.add(some)
        if work.added >= _MOST_POINTS:
            break
    if not work.added:
        return None
    change = work.change(before)
    change.more = work.added >= _MOST_POINTS
    return change


def _repair(session: Session, series: SeriesKey, axis: str, header: Header, total: int) -> Change:
    """Make those blocks anew that lack points."""
    work = _Work(session, series, axis, header, header.built)
    incomplete = _incomplete_steps if axis == "step" else _incomplete_times
    for block, (low, high) in dict(incomplete(session, series, header)).items():
        span = Span(upto=header.upto, low=low, high=high)
        place = PLACES[axis]
        rows = [
            row
            for rows in iter_points(session, series, span)
            for row in rows
            if block_of(row[place], header.level) == block
        ]
        work.replace(block, rows)
    work.count = total
    return work.change(header)


# A block and the steps between which its points lie.
_Incomplete = Iterator[tuple[int, tuple[int, int]]]


def _incomplete_steps(session: Session, series: SeriesKey, header: Header) -> _Incomplete:
    """Yield the blocks of steps that hold fewer points than there are rows."""
    free = INT64_MIN
    for block, points in _block_points(session, series, "step", header):
        low, high = block_ends(block, header.level)
        if free < low:
            yield from _strays(session, series, header, free, low - 1)
        span = Span(upto=header.upto, low=low, high=high)
        if count_points(session, series, span) != points:
            yield block, (low, high)
        free = high + 1
    if free <= INT64_MAX:
        yield from _strays(session, series, header, free, INT64_MAX)


def _strays(
    session: Session, series: SeriesKey, header: Header, low: int, high: int
) -> _Incomplete:
    """Yield the blocks of rows that lie where no block is."""
    for rows in iter_points(session, series, Span(upto=header.upto, low=low, high=high)):
        for block in dict.fromkeys(block_of(row[0], header.level) for row in rows):
            yield block, block_ends(block, header.level)


def _incomplete_times(session: Session, series: SeriesKey, header: Header) -> _Incomplete:
    """Yield the blocks of time that hold fewer points than there are rows."""
    known = dict(_block_points(session, series, "time", header))
    bits = block_bits(header.level)
    span = Span(upto=header.upto)
    for block, count, low, high in count_times(session, series, span, bits):
        if known.get(block) != count:
            yield block, (low, high)


def _block_points(
    session: Session, series: SeriesKey, axis: str, header: Header
) -> list[tuple[int, int]]:
    """Return number and points of each block of the finest level, in order."""
    sql = (
        "SELECT block, points FROM hr_series_cells"
        " WHERE run_id = ? AND key_id = ? AND axis = ? AND level = ? ORDER BY block"
    )
    rows = session.rows(sql, (*series, AXES[axis], header.level))
    return [(int(block), int(points)) for block, points in rows]


class _Work:
    """One step of gathering the points of one series."""

    def __init__(
        self, session: Session, series: SeriesKey, axis: str, base: Header | None, built: int
    ) -> None:
        self._session = session
        self._series = series
        self._axis = axis
        self._base = base
        self._built = built
        self._level = base.level if base else -1
        self._blocks: dict[int, _Block] = {}
        self._cells = base.cells if base else 0
        self._low = base.low if base else INT64_MAX
        self._high = base.high if base else INT64_MIN
        self._upto: Place | None = base.upto if base else None
        self.count = base.count if base else 0
        self.added = 0

    def add(self, rows: list[Row]) -> None:
        """Add points that come after all that are covered."""
        place = PLACES[self._axis]
        positions = [row[place] for row in rows]
        self._widen(min(positions), max(positions))
        if self._level < 0:
            self._level = _finest(sorted(positions), self._built)
        cells = cells_of(rows, self._axis, self._level)
        for number, more in blocks_of(cells, self._level).items():
            block = self._block(number)
            self._cells -= len(block.cells)
            block.cells = merge(block.cells, more, self._level)
            self._cells += len(block.cells)
        if self._axis == "time":
            self._note_steps(rows)
        self._upto = rows[-1]
        self.count += len(rows)
        self.added += len(rows)

    def replace(self, number: int, rows: list[Row]) -> None:
        """Gather all covered points of one block."""
        positions = [row[PLACES[self._axis]] for row in rows]
        self._widen(min(positions), max(positions))
        self._cells -= len(self._block(number).cells)
        self._blocks[number] = _Block(cells_of(rows, self._axis, self._level))
        self._cells += len(self._blocks[number].cells)
        if self._axis == "time":
            self._note_steps(rows)

    def _widen(self, low: int, high: int) -> None:
        self._low, self._high = min(self._low, low), max(self._high, high)

    def _note_steps(self, rows: Sequence[Row]) -> None:
        ends: dict[int, list[int]] = {}
        for row in rows:  # in the order of their steps
            ends.setdefault(block_of(row[1], self._level), [row[0], row[0]])[1] = row[0]
        for number, (first, last) in ends.items():
            block = self._blocks[number]
            block.first_step = first if block.first_step is None else min(first, block.first_step)
            block.last_step = last if block.last_step is None else max(last, block.last_step)

    def _block(self, number: int) -> _Block:
        block = self._blocks.get(number)
        if block is None:
            block = self._blocks[number] = self._stored(self._level, number)
        return block

    def _stored(self, level: int, number: int) -> _Block:
        if self._base is None:
            return _Block(Cells())
        sql = (
            "SELECT content, first_step, last_step FROM hr_series_cells WHERE run_id = ?"
            " AND key_id = ? AND axis = ? AND level = ? AND block = ?"
        )
        row = self._session.row(sql, (*self._series, AXES[self._axis], level, number))
        block = _Block(Cells())
        if row is not None:
            block.cells.read(row[0])
            block.first_step, block.last_step = row[1], row[2]
        return block

    def change(self, before: Header | None) -> Change:
        """Return what is to be written: the blocks that changed, on every level."""
        if self._upto is None:
            raise AssertionError
        header = Header(
            self._level, self._built, self._cells, self.count,
            self._upto, self._low, self._high,
        )  # fmt: skip
        anew = before is not None and self._base is None
        found = Change(self._series, self._axis, before, header, anew=anew)
        level, changed = header.level, self._blocks
        while True:
            found.blocks.update(((level, number), block) for number, block in changed.items())
            if level >= header.top:
                break
            if self._base is not None and level == self._base.top:
                # The one cell so far, above which there is nothing yet.
                number = block_of(self._base.low, level)
                changed = {number: self._stored(level, number), **changed}
            changed = self._coarser(level, changed)
            level += 1
        self._thin(found)
        return found

    def _coarser(self, level: int, changed: dict[int, _Block]) -> dict[int, _Block]:
        above: dict[int, _Block] = {}
        for number in dict.fromkeys(parent_block(number, level) for number in changed):
            both = Cells()
            for child in child_blocks(number, level):
                both.extend((changed.get(child) or self._stored(level, child)).cells)
            above[number] = _Block(coarsen(both, level + 1))
        return above

    def _thin(self, change: Change) -> None:
        """Leave out the finest levels while they gather nothing."""
        header = change.after
        top, enough = header.top, _points_a_cell(header.count)
        while header.cells * enough > 2 * header.count and header.level < top:
            level = header.level + 1
            header = replace(header, level=level, cells=self._cells_on(level, change))
        change.after = header
        for place in [place for place in change.blocks if place[0] < header.level]:
            del change.blocks[place]

    def _cells_on(self, level: int, change: Change) -> int:
        sizes: dict[int, int] = {}
        if self._base is not None:
            sql = (
                "SELECT block, LENGTH(content) FROM hr_series_cells WHERE run_id = ?"
                " AND key_id = ? AND axis = ? AND level = ?"
            )
            rows = self._session.rows(sql, (*self._series, AXES[self._axis], level))
            sizes = {number: size // CELL_BYTES for number, size in rows}
        for (of, number), block in change.blocks.items():
            if of == level:
                sizes[number] = len(block.cells)
        return sum(sizes.values())


def _finest(positions: Sequence[int], built: int) -> int:
    """Return the level on which a cell holds as many as it should of the points in the middle."""
    total = len(positions)
    spread = positions[3 * total // 4] - positions[total // 4]
    return max(0, (2 * _points_a_cell(built) * spread // total).bit_length() - 1)


def _points_a_cell(count: int) -> int:
    return max(_LEAST_A_CELL, min(_POINTS_A_CELL, count // _PIXELS))


def write_change(session: Session, change: Change) -> bool:
    """Write a step, unless another process has been here meanwhile; return whether it was."""
    series, axis, before, after = change.series, AXES[change.axis], change.before, change.after
    if session.dialect.name != "sqlite":  # where a transaction that writes is alone
        session.row("SELECT id FROM hr_runs WHERE id = ? FOR UPDATE", (series.run,))
    if find_header(session, series, change.axis) != before:
        return False
    if session.scalar("SELECT 1 FROM hr_runs WHERE id = ?", (series.run,)) is None:
        return False
    if before is None or change.anew or after.level > before.level:
        level = after.level if before and not change.anew else WHOLE + 1
        sql = "DELETE FROM hr_series_cells WHERE run_id = ? AND key_id = ? AND axis = ?"
        session.run(f"{sql} AND level < ?", (*series, axis, level))
    columns, key = (*_KEY, "level", "block", *_BLOCK), (*_KEY, "level", "block")
    session.run_many(
        session.dialect.upsert("hr_series_cells", columns, key, _BLOCK),
        [
            (
                *series, axis, *place, sum(block.cells.count), block.first_step, block.last_step,
                block.cells.to_bytes(),
            )
            for place, block in change.blocks.items()
        ],
    )  # fmt: skip
    session.run(
        session.dialect.upsert("hr_series", (*_KEY, *_HEADER), _KEY, _HEADER),
        (*series, axis, *after.row()),
    )
    return True
