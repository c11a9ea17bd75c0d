"""Metrics that a run measured on a logged model, perhaps on a dataset.

The point is in the run's history too; here it is kept once more by model, with the dataset, because
a model is measured by many runs. Every point is kept, as upstream keeps them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from mlflow._core import limits
from mlflow.entities.metric import Metric
from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.store.sql.chunks import rows_for
from mlflow.store.sql.keys import METRIC, key_ids, key_names
from mlflow.store.sql.session import Session
from mlflow.store.sql.values import decode_metric, encode_metric

_POINT: Final = (
    "model_id",
    "key_id",
    "step",
    "timestamp",
    "run_id",
    "dataset_name",
    "dataset_digest",
    "value",
    "kind",
)


def log_model_metrics(
    session: Session, run: int, experiment: int, metrics: Sequence[Metric]
) -> None:
    """Keep the points that were measured on a logged model with that model.

    Args:
        session: The transaction.
        run: The key of the run that measured.
        experiment: The key of that run's experiment.
        metrics: Points whose key, value, step and timestamp were checked; those without a
            ``model_id`` are passed over.

    Raises:
        MlflowException: there is no such model, or a dataset's name or digest is too long.
    """
    measured = [metric for metric in metrics if metric.model_id is not None]
    if not measured:
        return
    models = _model_keys(session, sorted({str(metric.model_id) for metric in measured}))
    keys = key_ids(session, METRIC, {metric.key for metric in measured}, create=True)
    rows = []
    for metric in measured:
        value, kind = encode_metric(float(metric.value))
        rows.append(
            (
                models[str(metric.model_id)],
                keys[metric.key],
                int(metric.step),
                int(metric.timestamp),
                run,
                *_dataset_of(metric),
                value,
                kind,
                experiment,
            )
        )
    sql = session.dialect.insert_ignore("hr_model_metrics", (*_POINT, "experiment_id"), _POINT)
    session.run_many(sql, sorted(rows))


def load_model_metrics(session: Session, models: Mapping[int, str]) -> dict[int, list[Metric]]:
    """Return every point measured on some models, in order of time.

    Args:
        session: The transaction.
        models: The models' ids by their keys.

    Returns:
        An entry for each model that was measured; at most two queries for thousands of models.
    """
    rows = rows_for(
        session,
        "SELECT x.model_id, x.key_id, x.value, x.kind, x.timestamp, x.step, x.dataset_name,"
        " x.dataset_digest, r.run_uuid"
        " FROM hr_model_metrics x JOIN hr_runs r ON r.id = x.run_id WHERE x.model_id IN ({})"
        " ORDER BY x.model_id, x.timestamp, x.step, x.key_id, x.dataset_name, x.dataset_digest,"
        " x.run_id, x.value, x.kind",
        list(models),
    )
    names = key_names(session, {row[1] for row in rows})
    found: dict[int, list[Metric]] = defaultdict(list)
    for model, key, value, kind, timestamp, step, dataset, digest, run_uuid in rows:
        found[model].append(
            Metric(
                names[key],
                decode_metric(value, kind),
                timestamp,
                step,
                models[model],
                dataset or None,
                digest or None,
                run_uuid,
            )
        )
    return found


def _model_keys(session: Session, model_ids: Sequence[str]) -> dict[str, int]:
    rows = rows_for(
        session, "SELECT model_uuid, id FROM hr_logged_models WHERE model_uuid IN ({})", model_ids
    )
    found: dict[str, int] = dict(rows)
    for model_id in model_ids:
        if model_id not in found:
            raise MlflowException(
                f"Logged model with ID {model_id!r} not found. Create it before logging metrics"
                " for it.",
                RESOURCE_DOES_NOT_EXIST,
            )
    return found


def _dataset_of(metric: Metric) -> tuple[str, str]:
    """Return name and digest of a point's dataset, empty for none."""
    name, digest = metric.dataset_name, metric.dataset_digest
    if name is None or digest is None:
        return "", ""
    limits.validate_length("dataset_name", limits.MAX_DATASET_NAME_SIZE, name)
    limits.validate_length("dataset_digest", limits.MAX_DATASET_DIGEST_SIZE, digest)
    return limits.validate_text(name, "dataset_name"), limits.validate_text(digest, "digest")
