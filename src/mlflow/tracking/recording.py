"""Writing values of a run: what the client and the fluent functions share.

Arguments become plain values here (a number is a float, a param's value text), so that what is
queued for later cannot change any more and every store sees the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from mlflow._core.clock import now_ms
from mlflow._core.limits import missing_value
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import MlflowException
from mlflow.tracking.async_logging import RunOperations, is_asynchronous, log_later
from mlflow.tracking.batches import Batch, split_batch
from mlflow.tracking.journal.calls import METRIC, values_call

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlflow.store.tracking.abstract_store import AbstractStore

T = TypeVar("T")

_MANY_LINKS: Final = 10_000


class _Links:
    """The state of this module: which models were noted as inputs of which runs."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, str]] = set()


_links: Final = _Links()


def as_number(key: str, value: Any) -> float:
    """Return a metric's value as a float.

    Args:
        key: The metric, for the message.
        value: A number, or an array or tensor that holds one.

    Raises:
        MlflowException: it is text, None, or holds no single number.
    """
    if type(value) is float:
        return value
    if value is None:
        raise missing_value("value")
    if isinstance(value, (str, bytes)):
        raise MlflowException.invalid_parameter_value(
            f"Invalid value {value[:100]!r} for parameter 'value' supplied: metric {key!r} needs a "
            "number (a 64-bit float), not text. Convert it with float(), or log it with "
            "mlflow.log_param or mlflow.set_tag."
        )
    item = getattr(value, "item", None)
    try:
        return float(item() if callable(item) else value)
    except (TypeError, ValueError, OverflowError, RuntimeError) as error:
        raise MlflowException.invalid_parameter_value(
            f"Failed to convert metric value to float: metric {key!r} needs one number, got "
            f"{type(value).__name__}: {error}"
        ) from error


def as_step(key: str, step: Any) -> int:
    """Return a metric's step as an integer, 0 when there is none.

    Raises:
        MlflowException: it is no number.
    """
    if type(step) is int:
        return step
    if step is None:
        return 0
    try:
        if not isinstance(step, (str, bytes)):
            return int(step)
    except (TypeError, ValueError, OverflowError):
        pass
    raise MlflowException.invalid_parameter_value(
        f"Invalid value {step!r} for parameter 'step' supplied: metric {key!r}. Step must be a "
        "valid long (64-bit integer)."
    )


def as_dict(values: Any, what: str) -> Mapping[str, Any]:
    """Return a dictionary argument.

    Args:
        values: What the caller gave.
        what: What the argument is called in messages.

    Raises:
        MlflowException: it is no dictionary.
    """
    if not callable(getattr(values, "items", None)):
        raise MlflowException.invalid_parameter_value(
            f"`{what}` must be a dictionary, not {type(values).__name__}: {values!r:.100}"
        )
    mapping: Mapping[str, Any] = values
    return mapping


def record_point(
    store: AbstractStore,
    run_id: str,
    point: tuple[str, float, int, int],
    synchronous: bool | None,
) -> RunOperations | None:
    """Log a point of a metric that is measured on no model or dataset.

    Args:
        store: Where to.
        run_id: The run.
        point: Key, value, time in milliseconds and step.
        synchronous: False queues the point; the environment decides when None.

    Returns:
        What to wait for when it is queued.
    """
    if is_asynchronous(synchronous):
        return log_later(store, (METRIC, run_id, *point))
    store.log_metric(run_id, Metric(*point))
    return None


def record_metric(
    store: AbstractStore, run_id: str, metric: Metric, synchronous: bool | None
) -> RunOperations | None:
    """Log one point of a metric; return what to wait for when it is queued."""
    if is_asynchronous(synchronous):
        return log_later(store, values_call(run_id, (metric,), (), ()))
    store.log_metric(run_id, metric)
    return None


def record_param(
    store: AbstractStore, run_id: str, key: str, value: Any, synchronous: bool | None
) -> Any:
    """Log one param; return its value, or what to wait for when it is queued."""
    param = Param(key, str(value))
    if is_asynchronous(synchronous):
        return log_later(store, values_call(run_id, (), (param,), ()))
    store.log_param(run_id, param)
    return value


def record_tag(
    store: AbstractStore, run_id: str, key: str, value: Any, synchronous: bool | None
) -> RunOperations | None:
    """Set one tag; return what to wait for when it is queued."""
    tag = RunTag(key, str(value))
    if is_asynchronous(synchronous):
        return log_later(store, values_call(run_id, (), (), (tag,)))
    store.set_tag(run_id, tag)
    return None


def record_batch(
    store: AbstractStore, run_id: str, batch: Batch, synchronous: bool | None
) -> RunOperations | None:
    """Log many values, in as many parts as needed; return what to wait for when queued."""
    parts = [(part.metrics, part.params, part.tags) for part in split_batch(batch)]
    if is_asynchronous(synchronous):
        return log_later(store, *(values_call(run_id, *part) for part in parts))
    for part in parts:
        store.log_batch(run_id, *part)
    return None


def checked_batch(
    metrics: Sequence[Metric], params: Sequence[Param], tags: Sequence[RunTag]
) -> Batch:
    """Return a batch of entities that a caller made.

    Raises:
        MlflowException: something in it is no such entity, or a metric's value no number.
    """
    return Batch(
        [_plain_metric(metric) for metric in _of_type(metrics, Metric, "metrics")],
        [_plain_text(param) for param in _of_type(params, Param, "params")],
        [_plain_text(tag) for tag in _of_type(tags, RunTag, "tags")],
    )


def _of_type(values: Sequence[T], cls: type[T], what: str) -> Sequence[T]:
    for value in values:
        if not isinstance(value, cls):
            raise MlflowException.invalid_parameter_value(
                f"`{what}` must hold objects of the class {cls.__name__}, not "
                f"{type(value).__name__}: {value!r:.100}"
            )
    return values


def _plain_metric(metric: Metric) -> Metric:
    if type(metric.value) is float:
        return metric
    return Metric.from_dictionary(
        {**metric.to_dictionary(), "value": as_number(metric.key, metric.value)}
    )


def _plain_text(item: T) -> T:
    """Return a param or tag whose value is text."""
    value: Any = item.value  # type: ignore[attr-defined]  # T is Param or RunTag
    if type(value) is str:
        return item
    return type(item)(item.key, str(value))  # type: ignore[attr-defined,call-arg]  # as above


def link_model(store: AbstractStore, run_id: str, model_id: str) -> None:
    """Note once that a run measures a model."""
    if (run_id, model_id) in _links.seen:
        return
    store.log_inputs(run_id, None, [LoggedModelInput(model_id)])
    if len(_links.seen) >= _MANY_LINKS:
        _links.seen.clear()
    _links.seen.add((run_id, model_id))


def time_or_now(timestamp: int | None) -> int:
    """Return a point's time in milliseconds since 1970: what was given, else now."""
    return now_ms() if timestamp is None else int(timestamp)
