"""Points gathered in cells, and cells in coarser ones: plain Python over arrays.

Cells here differ from those of an answer in one thing: a cell whose values are all NaN has the
least value ``inf`` and the greatest ``-inf``, so that gathering is ``min`` and ``max`` alone.
"""

import math
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter, mul, sub
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
        return Cells(
            array("q", positions), numbers, numbers[:], numbers[:], ones, none, numbers[:],
            array("d", [0.0]) * total,
        )  # fmt: skip
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
        mean, spread = _moments(some)
        cells.mean.append(mean)
        cells.spread.append(spread)
        start = stop
    return cells


def _moments(values: Sequence[float]) -> tuple[float, float]:
    """Return the mean of values, and the sum of the squares of what lies between them and it."""
    if len(values) <= 1:
        mean = values[0] if values else 0.0
        return (mean, 0.0) if math.isfinite(mean) else (math.nan, math.nan)
    mean = sum(values) / len(values)
    if not math.isfinite(mean):
        return math.nan, math.nan
    apart = [value - mean for value in values]
    return mean, sum(map(mul, apart, apart))


def _pooled(
    means: Sequence[float], spreads: Sequence[float], weights: Sequence[int]
) -> tuple[float, float]:
    """Return mean and spread of all values of several sets of them.

    With n values in all, mean = sum(n_i * mean_i) / n and
    spread = sum(spread_i + n_i * (mean_i - mean) ** 2): Chan, Golub and LeVeque (1979).
    """
    total = sum(weights)
    if not total:
        return 0.0, 0.0
    mean = sum(map(mul, means, weights)) / total
    if not math.isfinite(mean):
        return math.nan, math.nan
    apart = [one - mean for one in means]
    return mean, sum(spreads) + sum(map(mul, map(mul, apart, apart), weights))


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
    at, low, high, last, count, nans, mean, spread = cells.columns
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
            found.mean.append(mean[top])
            found.spread.append(spread[top])
        else:
            found.low.append(min(low[start:stop]))
            found.high.append(max(high[start:stop]))
            found.count.append(min(MOST_COUNTED, sum(count[start:stop])))
            found.nans.append(min(MOST_COUNTED, sum(nans[start:stop])))
            weights = list(map(sub, count[start:stop], nans[start:stop]))
            pooled = _pooled(mean[start:stop], spread[start:stop], weights)
            found.mean.append(pooled[0])
            found.spread.append(pooled[1])
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


def together(members: Sequence[Cells], level: int) -> Cells:
    """Return the cells of all points of several series, with deviations in place of spreads.

    std = sqrt(spread / (n - 1)) for n values that are not NaN, 0 for one. Of points at one
    position the later member's is the last.
    """
    whole = Cells()
    for cells in members:
        whole.extend(cells)
    order = sorted(range(len(whole)), key=whole.at.__getitem__)
    found = finished(coarsen(_picked(whole, order), level))
    for place, (count, nans) in enumerate(zip(found.count, found.nans, strict=True)):
        values = count - nans
        if values:
            found.spread[place] = math.sqrt(found.spread[place] / max(1, values - 1))
        else:
            found.mean[place] = found.spread[place] = math.nan
    return found


def moved(cells: Cells, by: int) -> Cells:
    """Return cells that lie so much further on."""
    if not by:
        return cells
    return replace(
        cells, at=array("q", [max(INT64_MIN, min(INT64_MAX, at + by)) for at in cells.at])
    )


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
