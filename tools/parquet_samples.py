# /// script
# dependencies = ["pyarrow"]
# ///
"""Writes the Parquet files that tests of the pages read: ``uv run tools/parquet_samples.py``.

They are kept under version control because no package of the development environment writes maps,
pages of the second version or values as differences.
"""

from __future__ import annotations

import datetime as dt
import decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = Path(__file__).parent.parent / "ui" / "src" / "lib" / "parquet-reader" / "samples"
CODECS = ("none", "snappy", "gzip", "brotli", "zstd", "lz4")


def kinds() -> pa.Table:
    """Return a row with a value of each type, one with others, and one without any."""
    moment = dt.datetime(2026, 2, 3, 4, 5, 6, 789_012, tzinfo=dt.timezone.utc)
    early = dt.datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=dt.timezone.utc)
    inner = pa.struct([("x", pa.int32()), ("y", pa.list_(pa.string()))])
    columns: list[tuple[str, pa.DataType, list[object]]] = [
        ("flag", pa.bool_(), [True, False]),
        ("small", pa.int8(), [-1, 7]),
        ("big", pa.int64(), [2**62, -(2**53) - 1]),
        ("unsigned", pa.uint64(), [2**64 - 1, 0]),
        ("unsigned32", pa.uint32(), [2**32 - 1, 0]),
        ("half", pa.float16(), [0.5, float("inf")]),
        ("single", pa.float32(), [0.1, float("nan")]),
        ("double", pa.float64(), [0.1, -0.0]),
        ("price", pa.decimal128(38, 2), [decimal.Decimal("12345678901234567890.05"), -1]),
        ("cents", pa.decimal128(9, 2), [decimal.Decimal("-0.05"), 3]),
        ("text", pa.string(), ["é", ""]),
        ("kind", pa.dictionary(pa.int8(), pa.string()), ["a", "b"]),
        ("bytes", pa.binary(), [b"\x00\xff", b"x" * 40]),
        ("fixed", pa.binary(3), [b"abc", b"\0\0\0"]),
        ("day", pa.date32(), [dt.date(2026, 2, 3), dt.date(1969, 12, 31)]),
        ("clock", pa.time64("us"), [dt.time(1, 2, 3, 400), dt.time(0)]),
        ("utc", pa.timestamp("us", "UTC"), [moment, early]),
        ("local", pa.timestamp("ms"), [moment.replace(tzinfo=None), early.replace(tzinfo=None)]),
        ("nanos", pa.timestamp("ns"), [1_000_000_001, -1]),
        ("nothing", pa.null(), [None, None]),
        ("list", pa.list_(pa.int64()), [[1, None, 3], []]),
        ("lists", pa.list_(pa.list_(pa.string())), [[["a"], [], None], [[None]]]),
        ("struct", inner, [{"x": 1, "y": ["a", 'q"']}, {"x": None, "y": None}]),
        ("structs", pa.list_(inner), [[{"x": 1, "y": []}, None], []]),
        ("map", pa.map_(pa.string(), pa.int32()), [[("a", 1), ("__proto__", None)], []]),
        (
            "days",
            pa.map_(pa.date32(), pa.list_(pa.float32())),
            [[(dt.date(2026, 1, 1), [0.1])], []],
        ),
    ]
    schema = pa.schema([pa.field(name, kind) for name, kind, _ in columns])
    values = [pa.array([*values, None], kind) for _, kind, values in columns]
    return pa.table(values, schema)


def rows(count: int) -> pa.Table:
    """Return rows that compress well, with lists among them."""
    numbers = range(count)
    return pa.table(
        {
            "n": pa.array(numbers, pa.int64()),
            "text": pa.array([f"row number {n} of them" if n % 3 else None for n in numbers]),
            "list": pa.array([[n % 7 / 2] * (n % 4) for n in numbers], pa.list_(pa.float32())),
        }
    )


def main() -> None:
    """Write them all."""
    FOLDER.mkdir(exist_ok=True)
    pq.write_table(kinds(), FOLDER / "kinds.parquet", compression="zstd", store_schema=False)
    pq.write_table(
        pa.table({"when": pa.array([1_700_000_000_123_456_789], pa.timestamp("ns"))}),
        FOLDER / "int96.parquet",
        use_deprecated_int96_timestamps=True,
        store_schema=False,
    )
    for codec in CODECS:
        pq.write_table(
            rows(300),
            FOLDER / f"{codec}.parquet",
            compression=codec,
            store_schema=False,
            write_statistics=False,
        )
    table = rows(300).append_column("f", pa.array([n / 8 for n in range(300)], pa.float64()))
    pq.write_table(
        table,
        FOLDER / "differences.parquet",
        compression="snappy",
        store_schema=False,
        use_dictionary=False,
        data_page_version="2.0",
        column_encoding={
            "n": "DELTA_BINARY_PACKED",
            "text": "DELTA_BYTE_ARRAY",
            "list.list.element": "BYTE_STREAM_SPLIT",
            "f": "BYTE_STREAM_SPLIT",
        },
        data_page_size=256,
        write_batch_size=50,
    )


if __name__ == "__main__":
    main()
