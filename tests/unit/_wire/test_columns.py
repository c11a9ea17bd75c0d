"""The columns of a chart lie where their description says."""

import json
import math
import struct
from array import array
from dataclasses import replace

import pytest

from mlflow._wire.columns import (
    CELL_BYTES,
    Cells,
    Chart,
    Series,
    decode_columns,
    encode_columns,
    positions,
)

CELLS = Cells(
    array("q", [-(2**63), -1, 5]),
    array("d", [0.5, -math.inf, math.nan]),
    array("d", [1.5, math.inf, math.nan]),
    array("d", [1.0, -0.0, math.nan]),
    array("I", [1, 2**32 - 1, 3]),
    array("I", [0, 0, 3]),
    array("d", [1.0, math.nan, 0.0]),
    array("d", [0.25, math.nan, 0.0]),
)
CHART = Chart(
    "step",
    2,
    ["a" * 32, "b" * 32],
    ["loss", "größe/π"],
    [Series(1, 0, CELLS), Series(0, 1, CELLS.part(1, 2))],
)


def test_layout() -> None:
    """A reader that knows the description alone finds every column, aligned."""
    content = encode_columns(CHART)
    assert content[:8] == b"HRCOLS\x01\x00"
    level, series, cells, length = struct.unpack_from("<4I", content, 8)
    assert (level, series, cells) == (2, 2, 4)
    names = json.loads(content[24 : 24 + length])
    assert names == {
        "axis": "step",
        "run_ids": ["a" * 32, "b" * 32],
        "metric_keys": ["loss", "größe/π"],
    }
    place = 24 + length
    found = []
    for code, size in (("I", 2), ("I", 2), ("I", 3), *((c, 4) for c in "qdddII")):
        place += -place % 8
        found.append(struct.unpack_from(f"<{size}{code}", content, place))
        place += struct.calcsize(f"<{size}{code}")
    assert len(content) == place + -place % 8
    runs, keys, offsets, at, low, high, last, count, nans = found
    assert (runs, keys, offsets) == ((1, 0), (0, 1), (0, 3, 4))
    assert at == (-(2**63), -1, 5, -1)
    assert low[:2] == (0.5, -math.inf)
    assert high[:2] == (1.5, math.inf)
    assert math.copysign(1, last[1]) == -1
    assert all(map(math.isnan, (low[2], high[2], last[2])))
    assert count == (1, 2**32 - 1, 3, 2**32 - 1)
    assert nans == (0, 0, 3, 0)


def test_there_and_back() -> None:
    """What is decoded is what was encoded, also nothing; means are of groups."""
    grouped = replace(CHART, is_grouped=True)
    assert repr(decode_columns(encode_columns(grouped))) == repr(grouped)
    plain = [
        replace(one, cells=Cells(*(column for column in one.cells.columns[:6])))
        for one in CHART.series
    ]
    assert repr(decode_columns(encode_columns(CHART))) == repr(replace(CHART, series=plain))
    empty = Chart("time", 64, [], ["loss"], [])
    assert decode_columns(encode_columns(empty)) == empty


@pytest.mark.parametrize("size", range(0, 200, 7))
def test_cut_off(size: int) -> None:
    """A part of an answer is refused."""
    with pytest.raises(ValueError, match="cut off"):
        decode_columns(encode_columns(CHART)[:size])


def test_another_version() -> None:
    """What this version does not know is refused."""
    with pytest.raises(ValueError, match="another version"):
        decode_columns(b"HRCOLS\x02\x00" + encode_columns(CHART)[8:])


def test_parts_of_blocks() -> None:
    """Some cells of a block can be read without the others."""
    content = CELLS.to_bytes()
    assert len(content) == 3 * CELL_BYTES
    assert list(positions(content)) == list(CELLS.at)
    found = Cells()
    found.read(content, 1, 2)
    assert repr(found) == repr(CELLS.part(1, 2))
