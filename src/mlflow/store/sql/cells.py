"""Points gathered in cells, and cells in coarser ones: plain Python over arrays.

Cells here differ from those of an answer in one thing: a cell whose values are all NaN has the
least value ``inf`` and the greatest ``-inf``, so that gathering is ``min`` and ``max`` alone.
"""

import math
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

from mlflow._core.limits import INT64_MAX, INT64_MIN
from mlflow._wire.columns import MOST_COUNTED, Cells
from mlflow.store.sampling import WHOLE, cell_end, cell_start
from mlflow.store.sql.session import Row
from mlflow.store.sql.values import NAN, decode_metric

# The point's place in a row of (step, timestamp, value, kind).
PLACES: Final = {"step": 0, "time": 1}
_BY_TIME: Final = itemgetter(PLACES["time"])
_A_FEW: Final = 64
# Cells lie in blocks of 256.
BLOCK_BITS: Final = 8


def cells_of(rows: Sequence[Row], axis: str, level: int) -> Cells:
    """Return the cells of points.

    Args:
        rows: (step, timestamp, value, kind), in this order.
        axis: ``step`` or ``time``.
        level: Each cell covers ``2 ** level`` positions.
    """
    cells = Cells()
    if not rows:
        return cells
    if axis == "time":
        rows = sorted(rows, key=_BY_TIME)  # stable: points of one moment stay in their order
    columns = tuple(zip(*rows, strict=True))
    positions, values, kinds = columns[PLACES[axis]], columns[2], columns[3]
    plain = not any(kinds)
    start, total = 0, len(rows)
    if plain and _lie_apart(positions, level):
        numbers = array("d", values)
        ones, none = array("I", [1]) * total, array("I", [0]) * total
        return Cells(array("q", positions), numbers, numbers[:], numbers[:], ones, none)
    while start < total:
        end = cell_end(positions[start], level)
        near = min(total, start + _A_FEW)
        stop = bisect_left(positions, end + 1, start + 1, near)
        if stop == near < total and positions[near] <= end:
            stop = bisect_left(positions, end + 1, near, total)
        some = values[start:stop]
        nans = 0
        if not plain and any(kinds[start:stop]):
            of_kinds = list(zip(some, kinds[start:stop], strict=True))
            # Negative zero counts as zero in the limits.
            some = tuple(decode_metric(v, k) + 0.0 for v, k in of_kinds if k != NAN)
            nans = len(of_kinds) - len(some)
            cells.last.append(decode_metric(*of_kinds[-1]))
        else:
            cells.last.append(some[-1])
        cells.at.append(positions[stop - 1])
        cells.low.append(min(some, default=math.inf))
        cells.high.append(max(some, default=-math.inf))
        cells.count.append(stop - start)
        cells.nans.append(nans)
        start = stop
    return cells


def _lie_apart(positions: Sequence[int], level: int) -> bool:
    """Return whether each of these positions, which are in order, has a cell for itself."""
    room = positions[-1] - positions[0] >> level
    return (
        room >= len(positions) - 1
        and level < WHOLE
        and len({position >> level for position in positions}) == len(positions)
    )


def coarsen(cells: Cells, level: int) -> Cells:
    """Return cells gathered in those of a coarser level; of one cell the last one's value stays."""
    found = Cells()
    at, low, high, last, count, nans = cells.columns
    start, total = 0, len(at)
    while start < total:
        end = cell_end(at[start], level)
        stop = start + 1
        while stop < total and at[stop] <= end:
            stop += 1
        top = stop - 1
        found.at.append(at[top])
        found.last.append(last[top])
        if top == start:
            found.low.append(low[top])
            found.high.append(high[top])
            found.count.append(count[top])
            found.nans.append(nans[top])
        else:
            found.low.append(min(low[start:stop]))
            found.high.append(max(high[start:stop]))
            found.count.append(min(MOST_COUNTED, sum(count[start:stop])))
            found.nans.append(min(MOST_COUNTED, sum(nans[start:stop])))
        start = stop
    return found


def merge(first: Cells, second: Cells, level: int) -> Cells:
    """Return the cells of two sets of points of one series.

    Args:
        first: Cells of points that come before those of the second in (step, timestamp, value).
        second: Cells of the other points.
        level: The level of both.
    """
    if not first or not second:
        return first or second
    keep = bisect_left(first.at, cell_start(second.at[0], level))
    found, rest = first.part(0, keep), first.part(keep, len(first))
    if rest:
        rest.extend(second)
        # Stable: at one position the second's points are the later ones.
        order = sorted(range(len(rest)), key=rest.at.__getitem__)
        second = coarsen(_picked(rest, order), level)
    found.extend(second)
    return found


def _picked(cells: Cells, order: Sequence[int]) -> Cells:
    found = Cells()
    for mine, theirs in zip(found.columns, cells.columns, strict=True):
        mine.extend([theirs[place] for place in order])
    return found


def finished(cells: Cells) -> Cells:
    """Return cells as an answer has them: NaN where there is no number."""
    if any(cells.nans):
        for place, (count, nans) in enumerate(zip(cells.count, cells.nans, strict=True)):
            if count == nans:
                cells.low[place] = cells.high[place] = math.nan
    return cells


def block_bits(level: int) -> int:
    """Return the power of two of the positions that a block covers."""
    return level + BLOCK_BITS


def block_of(position: int, level: int) -> int:
    """Return the number of the block in which the cell of a position lies."""
    return position >> level + BLOCK_BITS if level < WHOLE else 0


def block_ends(number: int, level: int) -> tuple[int, int]:
    """Return the first and the last position of a block."""
    first = number << level + BLOCK_BITS
    last = first + (1 << level + BLOCK_BITS) - 1
    return max(first, INT64_MIN), min(last, INT64_MAX)


def parent_block(number: int, level: int) -> int:
    """Return the block on the next coarser level in which the cells of a block lie."""
    return number >> 1 if level + 1 < WHOLE else 0


def child_blocks(number: int, level: int) -> tuple[int, int]:
    """Return the blocks on a level whose cells lie in one block of the next coarser level."""
    return (2 * number, 2 * number + 1) if level + 1 < WHOLE else (-1, 0)


def blocks_of(cells: Cells, level: int) -> dict[int, Cells]:
    """Return cells by the block in which they lie."""
    found: dict[int, Cells] = {}
    start = 0
    for block, group in groupby(cells.at, key=lambda at: block_of(at, level)):
        stop = start + sum(1 for _ in group)
        found[block] = cells.part(start, stop)
        start = stop
    return found
