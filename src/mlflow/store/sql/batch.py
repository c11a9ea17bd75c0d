"""Everything that a run is told in one request, checked first and then written at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mlflow._core.limits import validate_batch_limits
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import INVALID_PARAMETER_VALUE, MlflowException
from mlflow.store.sql.dialect import POSTGRESQL
from mlflow.store.sql.keys import METRIC, key_id
from mlflow.store.sql.metrics import (
    Point,
    Points,
    check_points,
    log_point,
    log_points,
)
from mlflow.store.sql.model_metrics import log_model_metrics
from mlflow.store.sql.postgresql_points import log_points_at_once
from mlflow.store.sql.run_keys import require_active_run
from mlflow.store.sql.session import Session
from mlflow.store.sql.tags import put_params, set_tags
from mlflow.store.sql.texts import param_pair, tag_pair


@dataclass(frozen=True, slots=True)
class Batch:
    """A request in which everything can be kept.

    Attributes:
        points: The metric points.
        params: Params by key.
        tags: Tags by key; of two with one key the later counts.
    """

    points: Points
    params: dict[str, str]
    tags: dict[str, str]

    @property
    def is_only_points(self) -> bool:
        """Whether there is nothing but points of the run."""
        points = self.points
        return bool(points.by_key) and not (self.params or self.tags or points.of_models)


def check_batch(
    metrics: Sequence[Metric], params: Sequence[Param], tags: Sequence[RunTag]
) -> Batch:
    """Return what a request asks to log.

    Raises:
        MlflowException: it is too large, names a param twice, or something in it cannot be kept.
    """
    validate_batch_limits(metrics, params, tags)
    pairs = [param_pair(param, f"params[{index}].") for index, param in enumerate(params)]
    by_key = dict(pairs)
    if len(by_key) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        raise MlflowException(
            f"Duplicate parameter keys have been submitted: {twice}. Please ensure the request"
            " contains only one param value per param key.",
            INVALID_PARAMETER_VALUE,
        )
    checked_tags = dict(tag_pair(tag, f"tags[{index}].") for index, tag in enumerate(tags))
    return Batch(check_points(metrics), by_key, checked_tags)


def log_batch(session: Session, run_id: str, batch: Batch, *, careful: bool = False) -> None:
    """Write a request for an active run.

    Args:
        session: The transaction.
        run_id: The run.
        batch: What to log.
        careful: Whether some points are there already, as ``DuplicatePointsError`` said.

    Raises:
        MlflowException: the run is deleted or not there, or a param has another value.
        DuplicatePointsError: some points are there already.
    """
    if session.dialect is POSTGRESQL and batch.is_only_points:
        log_points_at_once(session, run_id, batch.points)
        return
    run = require_active_run(session, run_id)
    put_params(session, run.id, run_id, batch.params)
    if session.dialect is not POSTGRESQL:
        log_points(session, run.id, run.experiment_id, batch.points, careful=careful)
    elif batch.points.by_key:
        log_points_at_once(session, run_id, batch.points)
    if batch.points.of_models:
        log_model_metrics(session, run.id, run.experiment_id, batch.points.of_models)
    set_tags(session, run.id, batch.tags)


def log_metric(session: Session, run_id: str, key: str, point: Point) -> None:
    """Write one point of an active run.

    Raises:
        MlflowException: the run is deleted or not there.
    """
    if session.dialect is POSTGRESQL:
        log_points_at_once(session, run_id, Points({key: [point]}))
        return
    run = require_active_run(session, run_id)
    number: Any = key_id(session, METRIC, key, create=True)
    log_point(session, run.id, run.experiment_id, number, point)
