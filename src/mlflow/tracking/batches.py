"""Dividing what is logged into batches that one request may carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlflow._core.limits import (
    MAX_ENTITIES_PER_BATCH,
    MAX_METRICS_PER_BATCH,
    MAX_PARAMS_TAGS_PER_BATCH,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mlflow.entities.metric import Metric
    from mlflow.entities.param import Param
    from mlflow.entities.run_tag import RunTag


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
