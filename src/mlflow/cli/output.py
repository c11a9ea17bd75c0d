"""How commands show things: tables for people, JSON for programs."""

from __future__ import annotations

import json
import math
import sys
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import Any, Final, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

TABLE: Final = "table"
JSON: Final = "json"
_GAP: Final = "  "
_KILO: Final = 1024
_DURATIONS: Final = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s"))

output_option: Final = click.option(
    "--output",
    type=click.Choice([JSON, TABLE]),
    default=TABLE,
    show_default=True,
    help="A table to read, or JSON for programs.",
)
# For commands whose answer has always been JSON: programs go on getting it.
output_option_for_people: Final = click.option(
    "--output",
    type=click.Choice([JSON, TABLE]),
    help="A table to read, or JSON for programs.  [default: table on a terminal, json elsewhere]",
)


def wants_table(output: str | None) -> bool:
    """Return whether a person reads the output.

    Args:
        output: What ``--output`` was given.
    """
    return sys.stdout.isatty() if output is None else output == TABLE


def printable(value: object) -> str:
    """Return a value as one line that cannot control the terminal."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(letter) in {"Cc", "Cs"} else letter
        for letter in str(value).replace("\n", "\N{RETURN SYMBOL}").replace("\t", " ")
    )


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(
        0
        if unicodedata.combining(letter)
        else 2
        if unicodedata.east_asian_width(letter) in "WF"
        else 1
        for letter in text
    )


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def table_text(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table with a ruled header; every cell is one line.

    Args:
        header: The names of the columns.
        rows: As many cells each.
    """
    cells = [[printable("" if cell is None else cell) for cell in row] for row in rows]
    widths = [
        max(_width(name), *(_width(row[column]) for row in cells), 0)
        for column, name in enumerate(header)
    ]
    lines = [list(header), ["-" * width for width in widths], *cells]
    return "\n".join(
        _GAP.join(_pad(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def echo_table(header: Sequence[str], rows: Sequence[Sequence[object]], nothing: str) -> None:
    """Print a table.

    Args:
        header: The names of the columns.
        rows: As many cells each.
        nothing: What to say on stderr when there are no rows.
    """
    click.echo(table_text(header, rows))
    if not rows:
        click.echo(nothing, err=True)


def echo_fields(fields: Sequence[tuple[str, object]]) -> None:
    """Print names and values, one pair a line."""
    width = max(len(name) for name, _ in fields)
    for name, value in fields:
        click.echo(f"{name:<{width}} : {printable('' if value is None else value)}")


def echo_json(value: object) -> None:
    """Print a value as JSON, with names for the floats that JSON has not."""
    click.echo(json.dumps(_plain(value), indent=2, ensure_ascii=False, allow_nan=False))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return number_text(value)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)


def number_text(value: float) -> str:
    """Return a number as people and JSON readers know it."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return f"{value:.6g}"


def time_text(milliseconds: int | None) -> str:
    """Return a time, UTC; the empty text for none."""
    if milliseconds is None:
        return ""
    moment = datetime.fromtimestamp(milliseconds / 1000, tz=timezone.utc)
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC")


def duration_text(milliseconds: int | None) -> str:
    """Return a duration in the largest unit that it fills; the empty text for none."""
    if milliseconds is None:
        return ""
    for length, unit in _DURATIONS:
        if milliseconds >= length:
            return f"{milliseconds / length:.1f} {unit}"
    return f"{max(milliseconds, 0)} ms"


def size_text(size: int | None) -> str:
    """Return a number of bytes; the empty text for none."""
    if size is None:
        return ""
    amount = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < _KILO:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= _KILO
    return f"{amount:.1f} TB"
