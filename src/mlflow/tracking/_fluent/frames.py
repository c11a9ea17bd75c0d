"""Runs and logged models as DataFrames, built column by column.

Names, order and types of the columns are those that programs know: the fields of the run first,
then metrics, params and tags in the order in which they are first met.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from mlflow.exceptions import INTERNAL_ERROR, MlflowException
from mlflow.tracking._fluent.models import model_row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    import pandas as pd

    from mlflow.entities.logged_model import LoggedModel
    from mlflow.entities.run import Run

_FIELDS: Final = ("run_id", "experiment_id", "status", "artifact_uri", "start_time", "end_time")
_MISSING_NUMBER: Final = float("nan")


def _pandas() -> ModuleType:
    try:
        import pandas  # noqa: ICN001, PLC0415 - optional, and returned, not used by name
    except ImportError as error:
        raise MlflowException(
            "A DataFrame needs pandas, which is not installed. Install it with "
            "`pip install 'headrace[models]'`, or ask for output_format='list'.",
            INTERNAL_ERROR,
        ) from error
    return pandas


def runs_frame(runs: Sequence[Run]) -> pd.DataFrame:
    """Return a row for each run."""
    pandas = _pandas()
    frame: pd.DataFrame
    if not runs:
        frame = pandas.DataFrame({name: pandas.Series([], dtype="float64") for name in _FIELDS})
        return frame
    infos = [run.info for run in runs]
    data = [run.data for run in runs]
    columns: dict[str, Any] = {
        "run_id": [info.run_id for info in infos],
        "experiment_id": [info.experiment_id for info in infos],
        "status": [info.status for info in infos],
        "artifact_uri": [info.artifact_uri for info in infos],
        "start_time": _times(pandas, [info.start_time for info in infos]),
        "end_time": _times(pandas, [info.end_time for info in infos]),
    }
    columns.update(_columns("metrics", [one.metrics for one in data], _MISSING_NUMBER))
    columns.update(_columns("params", [one.params for one in data], None))
    columns.update(_columns("tags", [one.tags for one in data], None))
    frame = pandas.DataFrame(columns)
    return frame


def _columns(
    kind: str, rows: Sequence[dict[str, Any]], missing: object
) -> dict[str, Sequence[Any]]:
    first = list(rows[0])
    if all(list(row) == first for row in rows):
        # Runs of one program have the same keys in the same order: no look-up is needed.
        values = list(chain.from_iterable(row.values() for row in rows))
        return {f"{kind}.{key}": values[at :: len(first)] for at, key in enumerate(first)}
    keys = dict.fromkeys(chain.from_iterable(rows))
    return {f"{kind}.{key}": [row.get(key, missing) for row in rows] for key in keys}


def _times(pandas: ModuleType, times_ms: Sequence[int | None]) -> Any:
    """Return a column of times in UTC, in the unit that pandas gives a single time."""
    if all(time is None for time in times_ms):
        return pandas.Series([pandas.NaT] * len(times_ms))
    unit = pandas.to_datetime(0, unit="ms", utc=True).unit
    missing = pandas.NaT.value
    values = [missing if time is None else time for time in times_ms]
    moments = pandas.Series(values, dtype="int64").to_numpy().view("datetime64[ms]")
    return pandas.DatetimeIndex(moments.astype(f"datetime64[{unit}]")).tz_localize("UTC")


def models_frame(models: Sequence[LoggedModel]) -> pd.DataFrame:
    """Return a row for each logged model."""
    frame: pd.DataFrame = _pandas().DataFrame([model_row(model) for model in models])
    return frame
