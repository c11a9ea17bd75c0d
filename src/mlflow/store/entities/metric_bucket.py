"""Part of a metric's history, as a chart needs it."""

from dataclasses import dataclass
from typing import Literal

BucketAxis = Literal["step", "time"]
# Relative is time since the start of each run.
ChartAxis = Literal["step", "time", "relative"]


@dataclass(frozen=True, slots=True)
class MetricBucket:
    """All points of one metric of one run between two positions on an axis.

    Attributes:
        run_id: The run.
        start: First position in the bucket (a step, or milliseconds).
        end: Last position in the bucket.
        min: Least value, zeros without sign; NaN when every value is NaN.
        max: Greatest value, likewise.
        last: The value of the last point: of points at one position the one with the greatest
            (step, timestamp, value).
        count: How many points, NaN included.
        nan_count: How many of them are NaN.
        position: Where the last point lies.
    """

    run_id: str
    start: int
    end: int
    min: float
    max: float
    last: float
    count: int
    nan_count: int
    position: int
