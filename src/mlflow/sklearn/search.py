"""Searches for parameters: the best ones, the table of results, a child run for each candidate."""

from __future__ import annotations

import logging
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.datasets import TRAIN, log_dataset
from mlflow._autolog.figures import write_text
from mlflow._autolog.log import end_run, log_metrics, log_params
from mlflow._core.tags import MLFLOW_AUTOLOGGING, MLFLOW_PARENT_RUN_ID
from mlflow.tracking import fluent
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.context.registry import resolve_tags

if TYPE_CHECKING:
    from mlflow.tracking._fluent.stack import ActiveRun

_logger: Final = logging.getLogger("mlflow.sklearn")
_SEARCHES: Final = ("GridSearchCV", "RandomizedSearchCV")
_RESULTS: Final = ("mean_", "std_", "rank_")


def is_search(estimator: Any) -> bool:
    """Return whether an estimator is one of the two searches that have child runs."""
    return any(cls.__name__ in _SEARCHES for cls in type(estimator).__mro__)


def best_params(estimator: Any) -> dict[str, Any]:
    """Return the best params that a search found; none for any other estimator."""
    found = getattr(estimator, "best_params_", {}) if is_search(estimator) else {}
    return {f"best_{name}": value for name, value in found.items()}


def log_search(
    search: Any, dataset: Any, most: int | None, models: tuple[str | None, str | None]
) -> None:
    """Log the outcome of a search to the active run, and its best candidates as child runs.

    Args:
        search: The fitted search.
        dataset: What it was trained on.
        most: How many candidates have a child run; None is all.
        models: The ids of the logged search and of its best estimator.
    """
    run = fluent.active_run()
    if run is None:
        return
    results = search.cv_results_
    log_params(best_params(search))
    if hasattr(search, "best_score_") and isinstance(search.best_score_, Real):
        log_metrics({"best_cv_score": search.best_score_}, model_id=models[0], dataset=dataset)
    import pandas as pd  # noqa: PLC0415 - optional package

    text = pd.DataFrame(results).to_csv(index=False)
    write_text(text, "cv_results.csv", run_id=run.info.run_id, uri=run.tracking_uri)
    best = getattr(search, "best_index_", None)
    for index in _chosen(search, most):
        model_id = models[1] if index == best else None
        _log_child(run, search, index, (dataset, model_id))


def _chosen(search: Any, most: int | None) -> list[int]:
    """Return the candidates to log, the best first."""
    results = search.cv_results_
    refit = search.refit if isinstance(search.refit, str) else "score"
    ranks = results.get(f"rank_test_{refit}")
    if ranks is None:  # several metrics, none of which is the one to choose by
        ranks = next(value for name, value in results.items() if name.startswith("rank_test_"))
    order = sorted(range(len(ranks)), key=lambda index: (ranks[index], index))
    if most is not None and len(order) > most:
        _logger.info("The %d best of %d candidates have runs.", most, len(order))
        return order[:most]
    return order


def _log_child(
    parent: ActiveRun, search: Any, index: int, measured: tuple[Any, str | None]
) -> None:
    dataset, model_id = measured
    results = search.cv_results_
    estimator = search.estimator
    values = {**estimator.get_params(deep=True), **results["params"][index]}
    cls = type(estimator)
    tags = {
        MLFLOW_PARENT_RUN_ID: parent.info.run_id,
        MLFLOW_AUTOLOGGING: "sklearn",
        "estimator_name": cls.__name__,
        "estimator_class": f"{cls.__module__}.{cls.__name__}",
    }
    uri = parent.tracking_uri
    client = MlflowClient(uri)
    child = client.create_run(parent.info.experiment_id, tags=resolve_tags(tags))
    run_id = child.info.run_id
    log_params(values, run_id, uri=uri)
    metrics = {
        name: column[index]
        for name, column in results.items()
        if name.startswith(_RESULTS) and isinstance(column[index], Real)
    }
    log_metrics(metrics, run_id=run_id, uri=uri, model_id=model_id, dataset=dataset)
    log_dataset(dataset, TRAIN, run_id=run_id, uri=uri)
    end_run(run_id, uri)
