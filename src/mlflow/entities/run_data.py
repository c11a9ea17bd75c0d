"""What a run logged: its latest metrics, its parameters and its tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.entities._entity import Entity, ReadOnly
from mlflow.entities.metric import Metric

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow.entities.param import Param
    from mlflow.entities.run_tag import RunTag


class RunData(Entity):
    """The logged values of a run, by key."""

    __slots__ = ("_metric_objs", "_metrics", "_params", "_points", "_tags")

    # Points of metrics that are not objects yet: key, value, timestamp, step.
    _points: list[tuple[str, float, int, int]]

    def __init__(
        self,
        metrics: list[Metric] | None = None,
        params: list[Param] | None = None,
        tags: list[RunTag] | None = None,
    ) -> None:
        self._points = []
        self._metric_objs = metrics or []
        self._metrics = {metric.key: metric.value for metric in self._metric_objs}
        self._params = {param.key: param.value for param in params or ()}
        self._tags = {tag.key: tag.value for tag in tags or ()}

    metrics = ReadOnly["dict[str, float]"]("_metrics", "The latest value of each metric.")
    params = ReadOnly["dict[str, str]"]("_params", "The parameters by key.")
    tags = ReadOnly["dict[str, str]"]("_tags", "The tags by key.")

    @classmethod
    def of(cls, metrics: list[Metric], params: dict[str, str], tags: dict[str, str]) -> RunData:
        """Make the data from dictionaries that the caller gives away, without a copy."""
        return _fill(cls(metrics), params=params, tags=tags)

    @classmethod
    def of_points(
        cls,
        metrics: dict[str, float],
        points: list[tuple[str, float, int, int]],
        params: dict[str, str],
        tags: dict[str, str],
    ) -> RunData:
        """Make the data of a search's result: points become ``Metric`` objects when asked for.

        Args:
            metrics: The latest values by key.
            points: The same as key, value, timestamp and step.
            params: The parameters by key.
            tags: The tags by key.
        """
        data = cls.__new__(cls)
        data._metrics, data._points = metrics, points  # noqa: SLF001 - this class's own
        data._params, data._tags = params, tags  # noqa: SLF001
        return data

    def __getattr__(self, name: str) -> list[Metric]:
        if name != "_metric_objs":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        self._metric_objs = [Metric(*point) for point in self._points]
        return self._metric_objs

    def iter_points(self) -> Iterator[tuple[str, float, int, int]]:
        """Yield the latest points as key, value, timestamp and step, without making objects."""
        if self._points:
            yield from self._points
        else:
            for metric in self._metric_objs:
                yield metric.key, metric.value, metric.timestamp, metric.step

    @classmethod
    def from_dictionary(cls, the_dict: dict[str, Any]) -> RunData:
        """Make the data from what ``to_dictionary`` returns; times and steps are not in it."""
        fields = ("metrics", "params", "tags")
        return _fill(cls(), **{name: dict(the_dict.get(name) or {}) for name in fields})


def _fill(data: RunData, **fields: dict[str, Any]) -> RunData:
    for name, value in fields.items():
        setattr(data, f"_{name}", value)
    return data
