"""The fields of a run as columns, of tables and of CSV files."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Final

from mlflow.cli.output import duration_text, number_text, time_text
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlflow.entities.run import Run


def duration_ms(run: Run) -> int | None:
    """Return how long a run took, None while it runs."""
    start, end = run.info.start_time, run.info.end_time
    return None if start is None or end is None else end - start


ATTRIBUTES: Final[dict[str, Callable[[Run], object]]] = {
    "date": lambda run: time_text(run.info.start_time),
    "name": lambda run: run.info.run_name,
    "id": lambda run: run.info.run_id,
    "status": lambda run: run.info.status,
    "duration": lambda run: duration_text(duration_ms(run)),
    "user": lambda run: run.info.user_id,
    "experiment": lambda run: run.info.experiment_id,
    "stage": lambda run: run.info.lifecycle_stage,
}
_HEADERS: Final = {"id": "ID"}
DEFAULT: Final = ("date", "name", "id")


def parse_columns(text: str) -> tuple[str, ...]:
    """Return the columns that a comma-separated list names.

    Args:
        text: Such as ``name,metrics.loss,params.lr``.

    Raises:
        MlflowException: one of them is no column.
    """
    columns = tuple(part.strip() for part in text.split(",") if part.strip())
    for column in columns:
        kind, dot, key = column.partition(".")
        if column not in ATTRIBUTES and not (dot and key and kind in {"metrics", "params", "tags"}):
            raise MlflowException.invalid_parameter_value(
                f"There is no column {column!r}. Columns are {', '.join(ATTRIBUTES)}, and"
                " metrics.KEY, params.KEY, tags.KEY."
            )
    return columns


def header(columns: Sequence[str]) -> list[str]:
    """Return what stands above the columns of a table."""
    return [
        _HEADERS.get(column, column.capitalize() if column in ATTRIBUTES else column)
        for column in columns
    ]


def cells(run: Run, columns: Sequence[str]) -> list[object]:
    """Return a run's row in a table."""
    return [_cell(run, column) for column in columns]


def _cell(run: Run, column: str) -> object:
    attribute = ATTRIBUTES.get(column)
    if attribute is not None:
        return attribute(run)
    kind, _, key = column.partition(".")
    if kind == "metrics":
        value = run.data.metrics.get(key)
        return None if value is None else number_text(value)
    return (run.data.params if kind == "params" else run.data.tags).get(key)


_FIELDS: Final = ("run_id", "experiment_id", "status", "artifact_uri", "start_time", "end_time")


def csv_text(runs: Sequence[Run]) -> str:
    """Return runs as CSV.

    Args:
        runs: In the order of the rows. What a run does not have is an empty field.
    """
    metrics = sorted({key for run in runs for key in run.data.metrics})
    params = sorted({key for run in runs for key in run.data.params})
    tags = sorted({key for run in runs for key in run.data.tags})
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        [
            *_FIELDS,
            *(f"metrics.{key}" for key in metrics),
            *(f"params.{key}" for key in params),
            *(f"tags.{key}" for key in tags),
        ]
    )
    for run in runs:
        info, data = run.info, run.data
        writer.writerow(
            [
                info.run_id,
                info.experiment_id,
                info.status,
                info.artifact_uri,
                _moment(info.start_time),
                _moment(info.end_time),
                *(data.metrics.get(key, "") for key in metrics),
                *(data.params.get(key, "") for key in params),
                *(data.tags.get(key, "") for key in tags),
            ]
        )
    return file.getvalue()


def _moment(milliseconds: int | None) -> str:
    if milliseconds is None:
        return ""
    moment = datetime.fromtimestamp(milliseconds / 1000, tz=timezone.utc)
    return moment.isoformat(sep=" ", timespec="milliseconds")
