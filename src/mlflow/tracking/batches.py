"""Dividing what is logged into batches that one request may carry, and joining small calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlflow._core.limits import (
    MAX_ENTITIES_PER_BATCH,
    MAX_METRICS_PER_BATCH,
    MAX_PARAMS_TAGS_PER_BATCH,
)
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mlflow.entities.metric import Metric


@dataclass(frozen=True, slots=True)
class Batch:
    """Values of one run that are written in one transaction.

    Attributes:
        metrics: Points, in the order in which they were logged.
        params: Params.
        tags: Tags.
    """

    metrics: Sequence[Metric] = ()
    params: Sequence[Param] = ()
    tags: Sequence[RunTag] = ()

    def __len__(self) -> int:
        return len(self.metrics) + len(self.params) + len(self.tags)

    def fits(self) -> bool:
        """Return whether one request may carry this."""
        return (
            len(self.metrics) <= MAX_METRICS_PER_BATCH
            and len(self.params) <= MAX_PARAMS_TAGS_PER_BATCH
            and len(self.tags) <= MAX_PARAMS_TAGS_PER_BATCH
            and len(self) <= MAX_ENTITIES_PER_BATCH
        )


def split_batch(batch: Batch) -> Iterator[Batch]:
    """Yield a batch in parts that one request may carry.

    Params come first: a param that cannot be logged should stop the call before anything else of
    it is written.
    """
    if batch.fits():
        yield batch
        return
    step = MAX_PARAMS_TAGS_PER_BATCH
    for start in range(0, max(len(batch.params), len(batch.tags)), step):
        yield Batch((), batch.params[start : start + step], batch.tags[start : start + step])
    for start in range(0, len(batch.metrics), MAX_METRICS_PER_BATCH):
        yield Batch(batch.metrics[start : start + MAX_METRICS_PER_BATCH])


class Joined:
    """Several calls for one run that are written as one batch."""

    def __init__(self) -> None:
        self._metrics: list[Metric] = []
        self._params: dict[str, str] = {}
        self._tags: dict[str, str] = {}

    def add(self, batch: Batch) -> bool:
        """Take a call in, unless it does not fit.

        Args:
            batch: The call. A param that is there with another value does not fit: the store
                has to refuse that call and no other. Of two tags with one key the later one stays.

        Returns:
            Whether it was taken in.
        """
        if not (batch.params or batch.tags):
            if len(self) + len(batch.metrics) > MAX_METRICS_PER_BATCH:
                return False
            self._metrics.extend(batch.metrics)
            return True
        params = {**self._params, **{param.key: param.value for param in batch.params}}
        tags = {**self._tags, **{tag.key: tag.value for tag in batch.tags}}
        too_many = (
            len(params) > MAX_PARAMS_TAGS_PER_BATCH
            or len(tags) > MAX_PARAMS_TAGS_PER_BATCH
            or len(self._metrics) + len(batch.metrics) + len(params) + len(tags)
            > MAX_ENTITIES_PER_BATCH
        )
        if too_many or any(params[key] != value for key, value in self._params.items()):
            return False
        self._metrics.extend(batch.metrics)
        self._params, self._tags = params, tags
        return True

    def __len__(self) -> int:
        return len(self._metrics) + len(self._params) + len(self._tags)

    def batch(self) -> Batch:
        """Return what was taken in."""
        return Batch(
            self._metrics,
            [Param(key, value) for key, value in self._params.items()],
            [RunTag(key, value) for key, value in self._tags.items()],
        )
