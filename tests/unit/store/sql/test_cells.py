"""Cells say the same however they were gathered."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow._wire.columns import Cells
from mlflow.store.sampling import WHOLE, cell_end, cell_start, level_for
from mlflow.store.sql.cells import (
    block_ends,
    block_of,
    blocks_of,
    cells_of,
    child_blocks,
    coarsen,
    merge,
    parent_block,
)
from mlflow.store.sql.values import encode_metric

INT64 = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-300, 300))
ROWS = st.lists(
    st.builds(
        lambda step, timestamp, value: (step, timestamp, *encode_metric(value)),
        INT64,
        st.integers(0, 500),
        st.floats(),
    ),
    unique=True,
    max_size=40,
).map(sorted)
LEVELS = st.integers(0, WHOLE)
AXES = st.sampled_from(["step", "time"])


@given(ROWS, AXES, LEVELS, LEVELS)
def test_levels(rows: list[Any], axis: str, fine: int, more: int) -> None:
    """Cells gathered from finer ones are those gathered from the points."""
    level = min(WHOLE, fine + more)
    assert_alike(coarsen(cells_of(rows, axis, fine), level), cells_of(rows, axis, level))


@given(ROWS, AXES, LEVELS, st.integers(0, 40))
def test_parts(rows: list[Any], axis: str, level: int, place: int) -> None:
    """Cells of the first points and of the rest are, merged, those of all."""
    first, second = cells_of(rows[:place], axis, level), cells_of(rows[place:], axis, level)
    assert_alike(merge(first, second, level), cells_of(rows, axis, level))


def assert_alike(one: Cells, other: Cells) -> None:
    """Compare cells: exactly, but the means and spreads, which are rounded on their way."""
    assert repr(one.columns[:6]) == repr(other.columns[:6])
    for place in range(len(other)):
        size = max(abs(other.low[place]), abs(other.high[place]))
        if size > 1e150 or math.isinf(size):  # squares are beyond a double
            continue
        assert one.mean[place] == pytest.approx(other.mean[place], rel=1e-12, abs=1e-12 * size)
        assert one.spread[place] == pytest.approx(
            other.spread[place], rel=1e-9, abs=1e-12 * size * size
        )


@given(ROWS, LEVELS)
def test_blocks(rows: list[Any], level: int) -> None:
    """Each cell lies in one block, and that one within its parent."""
    cells = cells_of(rows, "step", level)
    blocks = blocks_of(cells, level)
    assert sum(map(len, blocks.values())) == len(cells)
    for number, some in blocks.items():
        for at in some.at:
            assert block_of(at, level) == number
            if level < WHOLE:
                assert block_ends(number, level)[0] <= at <= block_ends(number, level)[1]
                above = parent_block(number, level)
                assert above == block_of(at, level + 1)
                assert number in child_blocks(above, level)


@given(INT64, INT64, st.integers(1, 5000))
def test_level_for(one: int, other: int, buckets: int) -> None:
    """The level is the finest on which so few cells cover the range."""
    low, high = sorted((one, other))

    def cells(level: int) -> int:
        width = cell_end(low, level) - cell_start(low, level) + 1
        return (cell_start(high, level) - cell_start(low, level)) // width + 1

    level = level_for(low, high, buckets)
    assert cells(level) <= buckets
    assert level == 0 or cells(level - 1) > buckets
