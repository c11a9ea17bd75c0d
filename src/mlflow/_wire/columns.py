"""Chart data as columns: what a browser reads with typed arrays, without parsing.

Content type ``application/vnd.headrace.columns``. All numbers are little endian; every column
starts at a multiple of eight bytes from the start of the answer, the gaps are zeros:

======  ==========  ==============================================================================
offset  type        what
======  ==========  ==============================================================================
0       8 bytes     ``HRCOLS`` and two bytes for the version: 1, 0
8       uint32      ``level``: each cell covers ``2 ** level`` positions, 0 to 64
12      uint32      ``series``: how many series
16      uint32      ``cells``: how many cells, all series together
20      uint32      ``names``: how many bytes of names
24      names       UTF-8 JSON ``{"axis": …, "run_ids": [...], "metric_keys": [...]}``, as asked
…       uint32[]    ``run``: for each series its place in ``run_ids``
…       uint32[]    ``key``: for each series its place in ``metric_keys``
…       uint32[]    ``offset``: for each series its first cell; one more value, ``cells``, ends it
…       int64[]     ``position``: for each cell where its last point lies (a step, or milliseconds)
…       float64[]   ``min``: the least value but NaN; NaN when all are; zeros have no sign here
…       float64[]   ``max``: the greatest, likewise
…       float64[]   ``last``: the value of the last point
…       uint32[]    ``count``: how many points, NaN included; 4294967295 means that or more
…       uint32[]    ``nan_count``: how many of them are NaN
…       float64[]   ``mean``: only where runs are grouped: the mean of all values but NaN; NaN where
                    one is infinite, or there is none
…       float64[]   ``std``: likewise their standard deviation, of a sample; 0 for one value
======  ==========  ==============================================================================

Where runs are grouped ``run_ids`` names the groups, and there is ``"grouped": true`` beside it.
Over time since each run's start (``"axis": "relative"``) the position is less the run's start.

A cell's first position is ``position >> level << level`` and its last ``2 ** level - 1`` more; with
level 64 it is everything. Cells lie in order within a series; a cell without points is left out, as
is a series without cells. The series come by key as asked, then by run as asked.
"""

import json
import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

COLUMNS_CONTENT_TYPE: Final = "application/vnd.headrace.columns"

_MAGIC: Final = b"HRCOLS\x01\x00"
_HEAD: Final = struct.Struct("<8s4I")
_ALIGNMENT: Final = 8
_CUT_OFF: Final = "The columns of a chart are cut off."
_SWAPPED: Final = sys.byteorder == "big"
MOST_COUNTED: Final = 2**32 - 1
# Of one cell, in the order of the columns.
_TYPES: Final = "qdddIIdd"
CELL_BYTES: Final = 56
# The columns of an answer about single runs.
_PLAIN: Final = 6


# Of integers or doubles, as its code says.
Column: TypeAlias = "array[Any]"


def _ints() -> "array[int]":
    return array("q")


def _doubles() -> "array[float]":
    return array("d")


def _counts() -> "array[int]":
    return array("I")


@dataclass(slots=True)
class Cells:
    """Points of one series gathered in cells, as columns of one length.

    Attributes:
        at: Where the last point of each cell lies.
        low: The least value but NaN.
        high: The greatest value but NaN.
        last: The value of the last point.
        count: How many points.
        nans: How many of them are NaN.
        mean: The mean of all values but NaN; NaN where one is infinite, 0 where there is none.
        spread: The sum of the squares of what lies between each value and the mean, likewise.
    """

    at: "array[int]" = field(default_factory=_ints)
    low: "array[float]" = field(default_factory=_doubles)
    high: "array[float]" = field(default_factory=_doubles)
    last: "array[float]" = field(default_factory=_doubles)
    count: "array[int]" = field(default_factory=_counts)
    nans: "array[int]" = field(default_factory=_counts)
    mean: "array[float]" = field(default_factory=_doubles)
    spread: "array[float]" = field(default_factory=_doubles)

    def __len__(self) -> int:
        """Return how many cells there are."""
        return len(self.at)

    @property
    def columns(self) -> tuple["Column", ...]:
        """The columns in their order."""
        return (
            self.at, self.low, self.high, self.last, self.count, self.nans, self.mean, self.spread
        )  # fmt: skip

    @property
    def plain(self) -> tuple["Column", ...]:
        """Those that an answer about single runs has."""
        return self.columns[:_PLAIN]

    def extend(self, other: "Cells") -> None:
        """Add cells behind these."""
        for mine, theirs in zip(self.columns, other.columns, strict=True):
            mine.extend(theirs)

    def part(self, start: int, stop: int) -> "Cells":
        """Return the cells from one place to another."""
        return Cells(*(column[start:stop] for column in self.columns))

    def to_bytes(self) -> bytes:
        """Return the columns one behind the other."""
        return b"".join(_little(column) for column in self.columns)

    def read(
        self, content: "bytes | memoryview[int]", start: int = 0, stop: int | None = None
    ) -> None:
        """Add cells that ``to_bytes`` wrote.

        Args:
            content: All columns of some cells.
            start: The first of these cells to add.
            stop: The cell to stop at; None for all.
        """
        view = memoryview(content)
        total = len(view) // CELL_BYTES
        end = total if stop is None else stop
        offset = 0
        for column in self.columns:
            size = column.itemsize
            _from_little(column, view[offset + start * size : offset + end * size])
            offset += total * size


def positions(content: "bytes | memoryview[int]") -> "Sequence[int]":
    """Return the column of positions of cells that ``Cells.to_bytes`` wrote."""
    view = memoryview(content)
    column = view[: len(view) // CELL_BYTES * 8]
    if not _SWAPPED:
        return column.cast("q")
    found = array("q")
    _from_little(found, column)
    return found


@dataclass(frozen=True, slots=True)
class Series:
    """The cells of one metric of one run.

    Attributes:
        run: Place of the run among those asked for.
        key: Place of the metric among those asked for.
        cells: The cells, in order.
    """

    run: int
    key: int
    cells: Cells


@dataclass(frozen=True, slots=True)
class Chart:
    """Cells of many series over one axis.

    Attributes:
        axis: ``step``, ``time`` or ``relative``.
        level: Each cell covers ``2 ** level`` positions.
        run_ids: The runs asked for, or the names of groups of them.
        metric_keys: The metrics asked for.
        series: By key, then by run; those that have no cell are left out.
        is_grouped: Whether each series is of a group of runs; ``spread`` is a deviation then.
    """

    axis: str
    level: int
    run_ids: Sequence[str]
    metric_keys: Sequence[str]
    series: Sequence[Series]
    is_grouped: bool = False


def encode_columns(chart: Chart) -> bytes:
    """Return a chart in the form that this module's beginning describes."""
    names = json.dumps(
        {
            "axis": chart.axis,
            "run_ids": list(chart.run_ids),
            "metric_keys": list(chart.metric_keys),
            **({"grouped": True} if chart.is_grouped else {}),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode("utf-8", "surrogatepass")
    offsets, total = array("I"), 0
    for series in chart.series:
        offsets.append(total)
        total += len(series.cells)
    offsets.append(total)
    head = _HEAD.pack(_MAGIC, chart.level, len(chart.series), total, len(names))
    parts = [head, *_padded([names])]
    parts += _padded([_little(array("I", [series.run for series in chart.series]))])
    parts += _padded([_little(array("I", [series.key for series in chart.series]))])
    parts += _padded([_little(offsets)])
    columns = [
        series.cells.columns if chart.is_grouped else series.cells.plain for series in chart.series
    ]
    for column in zip(*columns, strict=True):
        parts += _padded([_little(one) for one in column])
    return b"".join(parts)


def decode_columns(content: bytes) -> Chart:
    """Return the chart that ``encode_columns`` wrote.

    Raises:
        ValueError: it is of another version, or cut off.
    """
    try:
        magic, level, count, total, length = _HEAD.unpack_from(content)
    except struct.error as error:
        raise ValueError(_CUT_OFF) from error
    if magic != _MAGIC:
        raise ValueError("These are no columns of a chart, or of another version.")
    place = _HEAD.size
    if len(content) < place + length:
        raise ValueError(_CUT_OFF)
    names = json.loads(content[place : place + length])
    place += _aligned(length)

    def take(code: str, size: int) -> Column:
        nonlocal place
        column: Column = array(code)
        end = place + size * column.itemsize
        if end > len(content):
            raise ValueError(_CUT_OFF)
        _from_little(column, memoryview(content)[place:end])
        place += _aligned(size * column.itemsize)
        return column

    runs, keys, offsets = take("I", count), take("I", count), take("I", count + 1)
    is_grouped = bool(names.get("grouped"))
    types = _TYPES if is_grouped else _TYPES[:_PLAIN]
    whole = Cells(*(take(code, total if count else 0) for code in types))
    series = [
        Series(run, key, whole.part(offsets[i], offsets[i + 1]))
        for i, (run, key) in enumerate(zip(runs, keys, strict=True))
    ]
    return Chart(names["axis"], level, names["run_ids"], names["metric_keys"], series, is_grouped)


def _padded(parts: list[bytes]) -> Iterable[bytes]:
    size = sum(map(len, parts))
    yield from parts
    yield bytes(_aligned(size) - size)


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


def _little(column: "Column") -> bytes:
    if _SWAPPED:
        column = column[:]
        column.byteswap()
    return column.tobytes()


def _from_little(column: "Column", content: "memoryview[int]") -> None:
    if not _SWAPPED:
        column.frombytes(content)
        return
    more = array(column.typecode)
    more.frombytes(content)
    more.byteswap()
    column.extend(more)
