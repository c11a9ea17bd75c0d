"""Searches over all pages, as lists or as DataFrames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from mlflow._core.collection import paused_collection
from mlflow.entities.view_type import ViewType
from mlflow.exceptions import MlflowException
from mlflow.store.tracking.abstract_store import SEARCH_MAX_RESULTS_THRESHOLD
from mlflow.tracking._fluent.experiments import _get_experiment_id
from mlflow.tracking._fluent.frames import models_frame, runs_frame
from mlflow.tracking._fluent.state import logger
from mlflow.tracking.arguments import experiment_ids as as_ids
from mlflow.tracking.client import MlflowClient

if TYPE_CHECKING:
    import pandas as pd

    from mlflow.entities.logged_model import LoggedModel
    from mlflow.entities.run import Run

SEARCH_RUNS_MAX_RESULTS_PANDAS = 100_000


def _check_format(output_format: object) -> None:
    if output_format not in ("pandas", "list"):
        raise MlflowException.invalid_parameter_value(
            f"Unsupported output format: {output_format!r}. Supported string values are 'pandas' "
            "or 'list'"
        )


def search_runs(
    experiment_ids: list[str] | None = None,
    filter_string: str = "",
    run_view_type: int = ViewType.ACTIVE_ONLY,
    max_results: int = SEARCH_RUNS_MAX_RESULTS_PANDAS,
    order_by: list[str] | None = None,
    output_format: Literal["pandas", "list"] = "pandas",
    search_all_experiments: bool = False,
    experiment_names: list[str] | None = None,
) -> list[Run] | pd.DataFrame:
    """Return the runs that a filter selects.

    Args:
        experiment_ids: Experiments to look in; the one in force by default.
        filter_string: Such as ``metrics.loss < 0.1 AND params.optimizer = 'adam'``.
        run_view_type: ``ViewType.ACTIVE_ONLY``, ``DELETED_ONLY`` or ``ALL``.
        max_results: How many at most.
        order_by: Such as ``["metrics.loss ASC", "start_time DESC"]``.
        output_format: ``pandas`` for a DataFrame with a row for each run, ``list`` for runs.
        search_all_experiments: Whether no experiment at all means every one.
        experiment_names: Experiments to look in by name, instead of by id.

    Raises:
        MlflowException: the filter is wrong, or ids and names are both given.
    """
    _check_format(output_format)
    ids = _experiments(experiment_ids, experiment_names, search_all=search_all_experiments)
    client = MlflowClient()
    found: list[Run] = []
    token: str | None = None
    with paused_collection():
        while ids and len(found) < max_results:
            size = min(SEARCH_MAX_RESULTS_THRESHOLD, max_results - len(found))
            page = client.search_runs(ids, filter_string, run_view_type, size, order_by, token)
            found.extend(page)
            token = page.token
            if not token:
                break
        return runs_frame(found) if output_format == "pandas" else found


def _experiments(ids: Any, names: Any, *, search_all: bool) -> list[str]:
    if ids and names:
        raise MlflowException.invalid_parameter_value(
            "Only experiment_ids or experiment_names can be used, but not both"
        )
    if ids:
        return as_ids(ids)
    client = MlflowClient()
    if names:
        return _named(client, [names] if isinstance(names, str) else names)
    if not search_all:
        return [_get_experiment_id()]
    every: list[str] = []
    token: str | None = None
    while True:
        page = client.search_experiments(ViewType.ACTIVE_ONLY, page_token=token)
        every.extend(experiment.experiment_id for experiment in page)
        token = page.token
        if not token:
            return every


def _named(client: MlflowClient, names: list[str]) -> list[str]:
    found: list[str] = []
    for name in names:
        experiment = client.get_experiment_by_name(name)
        if experiment is None:
            logger.warning("Cannot retrieve experiment by name %s", name)
        else:
            found.append(experiment.experiment_id)
    return found


def search_logged_models(
    experiment_ids: list[str] | None = None,
    filter_string: str | None = None,
    datasets: list[dict[str, str]] | None = None,
    max_results: int | None = None,
    order_by: list[dict[str, Any]] | None = None,
    output_format: Literal["pandas", "list"] = "pandas",
) -> list[LoggedModel] | pd.DataFrame:
    """Return the logged models that a filter selects.

    Args:
        experiment_ids: Experiments to look in; the one in force by default.
        filter_string: Such as ``name = 'm' AND metrics.accuracy > 0.9``.
        datasets: Datasets that metrics in the filter must be measured on.
        max_results: How many at most; all by default.
        order_by: Such as ``[{"field_name": "metrics.accuracy", "ascending": False}]``.
        output_format: ``pandas`` for a DataFrame with a row for each model, ``list`` for models.
    """
    _check_format(output_format)
    client = MlflowClient()
    ids = as_ids(experiment_ids) if experiment_ids else [_get_experiment_id()]
    found: list[LoggedModel] = []
    token: str | None = None
    while max_results is None or len(found) < max_results:
        size = None if max_results is None else max_results - len(found)
        page = client.search_logged_models(ids, filter_string, datasets, size, order_by, token)
        found.extend(page)
        token = page.token
        if not token:
            break
    return models_frame(found) if output_format == "pandas" else found
