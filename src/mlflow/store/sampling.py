"""Fewer points than a history has: evenly spread steps, and exact buckets. Pure functions.

The buckets of a chart are the cells of a fixed grid: each covers a power of two of positions and
starts at a multiple of it. A chart that is moved or that grows keeps its buckets, and the buckets
of a coarser chart are pairs of those of a finer one, so that they can be kept ready.
"""

import math
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from mlflow._core.limits import INT64_MAX, INT64_MIN
from mlflow._wire.columns import Cells, Chart, Series
from mlflow.entities.metric import Metric
from mlflow.exceptions import MlflowException
from mlflow.store.entities.metric_bucket import MetricBucket

# What one chart may ask for, so that its answer stays below 160 MB.
MAX_CHART_RUNS: Final = 5_000
MAX_CHART_KEYS: Final = 500
MAX_BUCKETS: Final = 10_000
MAX_CHART_CELLS: Final = 4_000_000
# The level of the one cell that covers every position.
WHOLE: Final = 64
_AXES: Final = ("step", "time", "relative")


def check_chart(
    run_ids: Sequence[str], metric_keys: Sequence[str], *, buckets: int, axis: str
) -> tuple[list[str], list[str]]:
    """Return runs and metrics of a chart, each once.

    Raises:
        MlflowException: there is no such axis, no bucket, or too much is asked for.
    """
    if axis not in _AXES or buckets < 1:
        raise MlflowException.invalid_parameter_value(
            f"A chart needs an axis, 'step' or 'time', and at least one bucket; got {axis!r} and"
            f" {buckets}."
        )
    runs, keys = list(dict.fromkeys(run_ids)), list(dict.fromkeys(metric_keys))
    for what, size, most in (
        ("runs", len(runs), MAX_CHART_RUNS),
        ("metrics", len(keys), MAX_CHART_KEYS),
        ("buckets", buckets, MAX_BUCKETS),
        ("buckets over all runs and metrics", len(runs) * len(keys) * buckets, MAX_CHART_CELLS),
    ):
        if size > most:
            raise MlflowException.invalid_parameter_value(
                f"A chart may have at most {most:,} {what}; got {size:,}. Ask in parts."
            )
    return runs, keys


def on_axis(position: int | None) -> int | None:
    """Return the nearest position that a point can have."""
    return None if position is None else max(INT64_MIN, min(INT64_MAX, position))


def level_for(low: int, high: int, buckets: int) -> int:
    """Return the finest level on which so many cells cover a range.

    Args:
        low: First position.
        high: Last position, not less than the first.
        buckets: How many cells at most.
    """
    level = max(0, ((high - low) // buckets).bit_length() - 1)
    while level < WHOLE and (high >> level) - (low >> level) >= buckets:
        level += 1
    return level


def cell_start(position: int, level: int) -> int:
    """Return the first position of the cell that holds a position."""
    return position >> level << level if level < WHOLE else INT64_MIN


def cell_end(position: int, level: int) -> int:
    """Return the last position of the cell that holds a position."""
    return ((position >> level) + 1 << level) - 1 if level < WHOLE else INT64_MAX


def evenly_spread(steps: Sequence[int], most: int) -> set[int]:
    """Return at most so many of these sorted steps, evenly by rank, the ends among them."""
    if len(steps) <= most:
        return set(steps)
    if most <= 0:
        return set()
    if most == 1:
        return {steps[0]}
    return {steps[(i * (len(steps) - 1)) // (most - 1)] for i in range(most)}


def sample_points(
    series: Mapping[str, Sequence[Metric]],
    most: int,
    *,
    start_step: int | None = None,
    end_step: int | None = None,
) -> list[Metric]:
    """Return the points of several runs at evenly spread steps.

    Args:
        series: All points of one metric by run.
        most: At how many steps at most; first and last step of each run come in addition.
        start_step: First step to look at; None for the first there is.
        end_step: Last step to look at; None for the last there is.

    Returns:
        Points with their run's id, ordered by run, step, timestamp and value.
    """
    inside = {
        run_id: [
            point
            for point in points
            if (start_step is None or point.step >= start_step)
            and (end_step is None or point.step <= end_step)
        ]
        for run_id, points in series.items()
    }
    chosen = evenly_spread(sorted({p.step for points in inside.values() for p in points}), most)
    found: list[Metric] = []
    for run_id, points in inside.items():
        steps = [point.step for point in points]
        ends = {min(steps), max(steps)} if steps else set()
        some = [point for point in points if point.step in chosen or point.step in ends]
        some.sort(key=lambda point: (point.step, point.timestamp, _rank(point.value)))
        found += [of_run(point, run_id) for point in some]
    return found


def of_run(point: Metric, run_id: str) -> Metric:
    """Return a point that says which run it belongs to."""
    return Metric(point.key, point.value, point.timestamp, point.step, run_id=run_id)


def bucket_points(
    series: Mapping[tuple[str, str], Sequence[Metric]],
    *,
    buckets: int,
    axis: str = "step",
    start: int | None = None,
    end: int | None = None,
) -> dict[str, list[MetricBucket]]:
    """Return exact aggregates of every point in equal parts of an axis.

    Args:
        series: All points by run and metric.
        buckets: How many parts at most, one a pixel.
        axis: ``step`` or ``time``.
        start: A position in the first part; None for the first point there is.
        end: A position in the last part; None for the last point there is.
    """
    answer: dict[str, list[MetricBucket]] = {key: [] for _, key in series}
    by_time = axis == "time"
    positions = [p.timestamp if by_time else p.step for found in series.values() for p in found]
    start, end = on_axis(start), on_axis(end)
    low = min(positions, default=0) if start is None else start
    high = max(positions, default=0) if end is None else end
    if not positions or low > high:
        return answer
    level = level_for(low, high, buckets)
    low, high = cell_start(low, level), cell_end(high, level)
    for (run_id, key), points in series.items():
        parts: dict[int, list[Metric]] = defaultdict(list)
        for point in points:
            position = point.timestamp if by_time else point.step
            if low <= position <= high:
                parts[cell_start(position, level)].append(point)
        for first in sorted(parts):
            answer[key].append(
                _bucket(run_id, first, cell_end(first, level), parts[first], by_time)
            )
    return answer


def _bucket(
    run_id: str, first: int, last: int, points: list[Metric], by_time: bool
) -> MetricBucket:
    numbers = [point.value + 0.0 for point in points if not math.isnan(point.value)]
    order = _time_order if by_time else _step_order
    latest = max(points, key=order)
    least, greatest = min(numbers, default=math.nan), max(numbers, default=math.nan)
    nans = len(points) - len(numbers)
    position = latest.timestamp if by_time else latest.step
    return MetricBucket(
        run_id, first, last, least, greatest, latest.value, len(points), nans, position
    )


def _step_order(point: Metric) -> tuple[int, int, tuple[float, int]]:
    return point.step, point.timestamp, _rank(point.value)


def _time_order(point: Metric) -> tuple[int, int, tuple[float, int]]:
    return point.timestamp, point.step, _rank(point.value)


def _rank(value: float) -> tuple[float, int]:
    """Return what orders values as the store does: NaN, then -0.0, just above zero."""
    if math.isnan(value):
        return 0.0, 1
    if math.isinf(value):
        return math.copysign(sys.float_info.max, value), 2
    return value, 4 if value == 0.0 and math.copysign(1.0, value) < 0 else 0


def buckets_of_chart(chart: Chart) -> dict[str, list[MetricBucket]]:
    """Return the cells of a chart one by one."""
    answer: dict[str, list[MetricBucket]] = {key: [] for key in chart.metric_keys}
    level = chart.level
    for series in chart.series:
        run_id = chart.run_ids[series.run]
        answer[chart.metric_keys[series.key]] += [
            MetricBucket(
                run_id, cell_start(at, level), cell_end(at, level), low, high, last, count, nans, at
            )
            for at, low, high, last, count, nans in zip(*series.cells.plain, strict=True)
        ]
    return answer


def chart_of_buckets(
    found: Mapping[str, Sequence[MetricBucket]], run_ids: Sequence[str], *, axis: str
) -> Chart:
    """Return the columns of buckets that a store answered.

    Args:
        found: The buckets by metric, ordered by run, then position.
        run_ids: The runs that were asked for.
        axis: ``step`` or ``time``.
    """
    places = {run_id: place for place, run_id in enumerate(run_ids)}
    level = 0
    series: list[Series] = []
    for key, buckets in enumerate(found.values()):
        of_runs: dict[str, Cells] = defaultdict(Cells)
        for bucket in buckets:
            level = (bucket.end - bucket.start).bit_length()
            cells = of_runs[bucket.run_id]
            for column, value in zip(
                cells.plain,
                (
                    bucket.position, bucket.min, bucket.max, bucket.last, bucket.count,
                    bucket.nan_count,
                ),
                strict=True,
            ):  # fmt: skip
                column.append(value)
        series += [Series(places[run_id], key, cells) for run_id, cells in of_runs.items()]
    return Chart(axis, level, list(run_ids), list(found), series)
