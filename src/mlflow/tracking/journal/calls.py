"""Calls that write to a run, as plain tuples that a journal can hold, and what they do to a store.

A call is ``(kind, run id, …)``. Calls of one run are delivered in their order; those that log
metrics, params and tags are joined into batches of the size that one request may carry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mlflow._core.limits import (
    MAX_BATCH_LOG_REQUEST_SIZE,
    MAX_ENTITIES_PER_BATCH,
    MAX_METRICS_PER_BATCH,
    MAX_PARAMS_TAGS_PER_BATCH,
)
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.logged_model_output import LoggedModelOutput
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, TEMPORARILY_UNAVAILABLE, MlflowException

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from mlflow.store.tracking.abstract_store import AbstractStore

Call = tuple[Any, ...]

METRIC: Final = 0  # key, value, timestamp, step and, if any, model, dataset, digest, run
BATCH: Final = 1  # lists of metrics, params, tags
DELETE_TAG: Final = 2  # key
INPUTS: Final = 3  # datasets as dictionaries, model ids
OUTPUTS: Final = 4  # (model id, step)
UPDATE: Final = 5  # status, end time, name
ARTIFACT: Final = 6  # folder of artifacts, name, path in the journal's own folder

_UNAVAILABLE: Final = MlflowException("", TEMPORARILY_UNAVAILABLE).error_code
_MISSING: Final = MlflowException("", RESOURCE_DOES_NOT_EXIST).error_code
_NAMES: Final = (
    "log_metric",
    "log_batch",
    "delete_tag",
    "log_inputs",
    "log_outputs",
    "update_run",
    "log_artifact",
)


def metric_fields(metric: Metric) -> tuple[Any, ...]:
    """Return a point as its fields, without the empty ones at the end."""
    plain = (metric.key, metric.value, metric.timestamp, metric.step)
    if metric.model_id is None and metric.dataset_name is None and metric.run_id is None:
        return plain
    return (*plain, metric.model_id, metric.dataset_name, metric.dataset_digest, metric.run_id)


def values_call(
    run_id: str, metrics: Sequence[Metric], params: Sequence[Param], tags: Sequence[RunTag]
) -> Call:
    """Return the call that logs values, as many as one request may carry."""
    if len(metrics) == 1 and not params and not tags:
        return (METRIC, run_id, *metric_fields(metrics[0]))
    return (
        BATCH,
        run_id,
        [metric_fields(metric) for metric in metrics],
        [(param.key, param.value) for param in params],
        [(tag.key, tag.value) for tag in tags],
    )


def delete_tag_call(run_id: str, key: str) -> Call:
    """Return the call that removes a tag."""
    return (DELETE_TAG, run_id, key)


def update_call(run_id: str, status: int | None, end_time: int | None, name: str | None) -> Call:
    """Return the call that changes a run's status, end and name."""
    return (UPDATE, run_id, status, end_time, name)


def inputs_call(
    run_id: str,
    datasets: Sequence[DatasetInput] | None,
    models: Sequence[LoggedModelInput] | None,
) -> Call:
    """Return the call that notes what a run read."""
    found = [dataset.to_dictionary() for dataset in datasets or ()]
    return (INPUTS, run_id, found, [model.model_id for model in models or ()])


def outputs_call(run_id: str, models: Sequence[LoggedModelOutput]) -> Call:
    """Return the call that notes which models a run made."""
    return (OUTPUTS, run_id, [(model.model_id, model.step) for model in models])


def is_fault(error: MlflowException) -> bool:
    """Return whether an error says that the store cannot be reached now, not that it refuses."""
    return error.error_code == _UNAVAILABLE


def name_of(call: Call) -> str:
    """Return the name of what a call does."""
    return _NAMES[call[0]]


def describe(call: Call) -> dict[str, Any]:
    """Return a call in a form that a person can read."""
    return {"call": name_of(call), "run_id": call[1], "arguments": list(call[2:])}


def apply(call: Call, store: AbstractStore) -> None:
    """Do what a call says, but for artifacts, which need the journal's files.

    Raises:
        MlflowException: the store refuses it.
    """
    kind, run_id = call[0], call[1]
    if kind == DELETE_TAG:
        try:
            store.delete_tag(run_id, call[2])
        except MlflowException as error:
            # It may have been done before the answer was lost.
            if error.error_code != _MISSING:
                raise
    elif kind == INPUTS:
        store.log_inputs(
            run_id,
            [DatasetInput.from_dictionary(one) for one in call[2]],
            [LoggedModelInput(model_id) for model_id in call[3]],
        )
    elif kind == OUTPUTS:
        store.log_outputs(run_id, [LoggedModelOutput(*one) for one in call[2]])
    elif kind == UPDATE:
        store.update_run_info(run_id, call[2], call[3], call[4])


class Record(NamedTuple):
    """A call with its place in the journal.

    Attributes:
        number: Counts from 0 in each journal.
        call: What to do.
        size: Bytes that it takes.
    """

    number: int
    call: Call
    size: int


@dataclass(slots=True)
class Delivery:
    """Calls of one run that go to the store together."""

    run_id: str
    records: list[Record]
    metrics: list[Metric]
    params: dict[str, str]
    tags: dict[str, str]
    size: int = 0

    @property
    def is_batch(self) -> bool:
        """Whether it logs metrics, params and tags."""
        return bool(self.records[0].call[0] <= BATCH)

    def take(self, record: Record) -> bool:
        """Add a call that logs values, unless it does not fit.

        A param that is there with another value does not fit: the store has to refuse that call
        and no other. Of two tags with one key the later one stays.
        """
        call = record.call
        if call[0] == METRIC:
            if self._full(1, 0, 0, record.size):
                return False
            self.metrics.append(Metric(*call[2:]))
        else:
            _, _, metrics, pairs, tag_pairs = call
            params, tags = {**self.params, **dict(pairs)}, {**self.tags, **dict(tag_pairs)}
            if any(params[key] != value for key, value in self.params.items()):
                return False
            new = len(params) - len(self.params), len(tags) - len(self.tags)
            if self.records and self._full(len(metrics), *new, record.size):
                return False
            self.metrics.extend([Metric(*fields) for fields in metrics])
            self.params, self.tags = params, tags
        self.records.append(record)
        self.size += record.size
        return True

    def _full(self, metrics: int, params: int, tags: int, size: int) -> bool:
        count, param_count, tag_count = len(self.metrics), len(self.params), len(self.tags)
        return (
            count + metrics > MAX_METRICS_PER_BATCH
            or param_count + params > MAX_PARAMS_TAGS_PER_BATCH
            or tag_count + tags > MAX_PARAMS_TAGS_PER_BATCH
            or count + param_count + tag_count + metrics + params + tags > MAX_ENTITIES_PER_BATCH
            or self.size + size > MAX_BATCH_LOG_REQUEST_SIZE
        )

    def log(self, store: AbstractStore) -> None:
        """Log what was joined.

        Raises:
            MlflowException: the store refuses something of it.
        """
        store.log_batch(
            self.run_id,
            self.metrics,
            [Param(key, value) for key, value in self.params.items()],
            [RunTag(key, value) for key, value in self.tags.items()],
        )


def iter_deliveries(records: Iterable[Record], cuts: Container[int]) -> Iterator[Delivery]:
    """Yield what to send for records in their order, run by run.

    The same records and cuts always make the same deliveries, so that one that is sent again is
    what was sent before.

    Args:
        records: Consecutive records.
        cuts: Numbers of records that begin a delivery whatever came before.
    """
    by_run: dict[str, list[Record]] = {}
    for record in records:
        by_run.setdefault(record.call[1], []).append(record)
    for run_id, of_run in by_run.items():
        for delivery in _joined(run_id, of_run, ()):
            if cuts and delivery.is_batch:
                yield from _joined(run_id, delivery.records, cuts)
            else:
                yield delivery


def _joined(run_id: str, records: Iterable[Record], cuts: Container[int]) -> Iterator[Delivery]:
    current = Delivery(run_id, [], [], {}, {})
    for record in records:
        joins = record.call[0] <= BATCH
        if joins and record.number not in cuts and current.take(record):
            continue
        if current.records:
            yield current
            current = Delivery(run_id, [], [], {}, {})
        if joins:
            current.take(record)
        else:
            yield Delivery(run_id, [record], [], {}, {}, record.size)
    if current.records:
        yield current
