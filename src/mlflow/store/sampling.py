"""Fewer points than a history has: evenly spread steps, and exact buckets. Pure functions."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from mlflow.entities.metric import Metric
from mlflow.exceptions import MlflowException
from mlflow.store.entities.metric_bucket import BucketAxis, MetricBucket

_AXES: Final[dict[str, str]] = {"step": "step", "time": "timestamp"}


def axis_column(axis: str, buckets: int) -> str:
    """Return the attribute of a point that lies on an axis.

    Args:
        axis: ``step`` or ``time``.
        buckets: How many buckets are wanted.

    Raises:
        MlflowException: there is no such axis, or no bucket.
    """
    column = _AXES.get(axis)
    if column is None or buckets < 1:
        raise MlflowException.invalid_parameter_value(
            f"A chart needs an axis, 'step' or 'time', and at least one bucket; got {axis!r} and"
            f" {buckets}."
        )
    return column


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
    axis: BucketAxis = "step",
    start: int | None = None,
    end: int | None = None,
) -> dict[str, list[MetricBucket]]:
    """Return exact aggregates of every point in equal parts of an axis.

    Args:
        series: All points by run and metric.
        buckets: How many parts at most, one a pixel.
        axis: ``step`` or ``time``.
        start: Where the first part starts; None for the first point there is.
        end: Where the last part ends; None for the last point there is.

    Raises:
        MlflowException: there is no such axis, or no bucket.
    """
    column = axis_column(axis, buckets)
    answer: dict[str, list[MetricBucket]] = {key: [] for _, key in series}
    positions = [getattr(point, column) for points in series.values() for point in points]
    if not positions:
        return answer
    low = min(positions) if start is None else start
    high = max(positions) if end is None else end
    width = -(-(high - low + 1) // buckets)
    for (run_id, key), points in series.items():
        parts: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for point in points:
            position = getattr(point, column)
            if low <= position <= high:
                parts[(position - low) // width].append((position, point.value))
        for part in sorted(parts):
            first = low + part * width
            last = min(first + width - 1, high)
            answer[key].append(_bucket(run_id, first, last, parts[part]))
    return answer


def _bucket(run_id: str, first: int, last: int, points: list[tuple[int, float]]) -> MetricBucket:
    numbers = [value for _, value in points if not math.isnan(value)]
    latest = max(points, key=lambda point: (point[0], _rank(point[1])))[1]
    least, greatest = min(numbers, default=math.nan), max(numbers, default=math.nan)
    nans = len(points) - len(numbers)
    return MetricBucket(run_id, first, last, least, greatest, latest, len(points), nans)


def _rank(value: float) -> tuple[float, int]:
    """Return what orders values as the store does: NaN just above zero."""
    return (0.0, 1) if math.isnan(value) else (value, 0)
