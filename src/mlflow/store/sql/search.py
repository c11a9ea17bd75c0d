"""The searches of a tracking store: arguments checked, a page found, its entities assembled."""

import operator
from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol

from mlflow._search.ast import OrderKey
from mlflow._search.fields import EXPERIMENTS, LOGGED_MODELS, RUNS
from mlflow._search.order import parse_model_order, parse_order
from mlflow._search.page_token import Position, decode, encode, fingerprint
from mlflow._search.parser import parse_filter
from mlflow.entities.experiment import Experiment
from mlflow.entities.lifecycle_stage import LifecycleStage
from mlflow.entities.logged_model import LoggedModel
from mlflow.entities.run import Run
from mlflow.entities.view_type import ViewType
from mlflow.exceptions import MlflowException
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.sql.experiments import load_experiments
from mlflow.store.sql.logged_models import load_models
from mlflow.store.sql.run_loading import load_runs
from mlflow.store.sql.search_experiments import ExperimentSearch
from mlflow.store.sql.search_models import DatasetFilter, ModelSearch
from mlflow.store.sql.search_order import Ordering
from mlflow.store.sql.search_runs import RunSearch, Scope
from mlflow.store.sql.search_statement import Found
from mlflow.store.sql.session import Session

# The most results of one page, as upstream bounds it, and the length of one of logged models.
MAX_RESULTS: Final = 50_000
_MODELS_PAGE: Final = 100

_STAGES: Final = {
    ViewType.ACTIVE_ONLY: (LifecycleStage.ACTIVE,),
    ViewType.DELETED_ONLY: (LifecycleStage.DELETED,),
    ViewType.ALL: (LifecycleStage.ACTIVE, LifecycleStage.DELETED),
}


def search_runs(
    session: Session,
    *,
    experiment_ids: Iterable[str | int],
    filter_string: str | None,
    run_view_type: int,
    max_results: int | None,
    order_by: Iterable[str] | None,
    page_token: str | None,
) -> PagedList[Run]:
    """Return one page of the runs that pass a filter.

    Args:
        session: The transaction.
        experiment_ids: Where to search; nothing is found in none.
        filter_string: The filter; empty for all.
        run_view_type: Active runs, deleted ones or both.
        max_results: The page's length, 50,000 at most.
        order_by: The order's clauses; ties go by start time, latest first, then run id.
        page_token: The token of the page before; None for the first.

    Raises:
        MlflowException: ``INVALID_PARAMETER_VALUE`` for an argument that is wrong.
    """
    limit = checked_max_results(max_results)
    search, order = prepare_runs(session, experiment_ids, filter_string, run_view_type, order_by)
    if search is None:
        return PagedList([], None)
    ids, token = find_page(search, order, limit, page_token)
    return PagedList(load_runs(session, ids), token)


def prepare_runs(
    session: Session,
    experiment_ids: Iterable[str | int],
    filter_string: str | None,
    run_view_type: int,
    order_by: Iterable[str] | None,
) -> tuple[RunSearch | None, Sequence[OrderKey]]:
    """Return a search of runs, None in no experiment, and its order; ``search_runs`` has the rest.

    Raises:
        MlflowException: ``INVALID_PARAMETER_VALUE`` for an argument that is wrong.
    """
    stages = _stages(run_view_type)
    experiments = checked_experiments(experiment_ids)
    node = parse_filter(filter_string, RUNS)
    order = parse_order(order_by, RUNS)
    if not experiments:
        return None, order
    return RunSearch(session, Scope(experiments, stages), node, order), order


def search_experiments(
    session: Session,
    *,
    view_type: int,
    max_results: int | None,
    filter_string: str | None,
    order_by: Iterable[str] | None,
    page_token: str | None,
) -> PagedList[Experiment]:
    """Return one page of the experiments that pass a filter, by default the newest first.

    Args:
        session: The transaction.
        view_type: Active experiments, deleted ones or both.
        max_results: The page's length, 50,000 at most.
        filter_string: The filter; empty for all.
        order_by: The order's clauses; ties go by id, the newest first.
        page_token: The token of the page before; None for the first.

    Raises:
        MlflowException: ``INVALID_PARAMETER_VALUE`` for an argument that is wrong.
    """
    limit = checked_max_results(max_results)
    stages = _stages(view_type)
    node = parse_filter(filter_string, EXPERIMENTS)
    order = parse_order(order_by, EXPERIMENTS)
    search = ExperimentSearch(session, stages, node, order)
    ids, token = find_page(search, order, limit, page_token)
    return PagedList(load_experiments(session, ids), token)


def search_logged_models(
    session: Session,
    *,
    experiment_ids: Iterable[str | int],
    filter_string: str | None,
    datasets: Iterable[dict[str, Any]] | None,
    max_results: int | None,
    order_by: Iterable[dict[str, Any]] | None,
    page_token: str | None,
) -> PagedList[LoggedModel]:
    """Return one page of the active logged models that pass a filter, by default the newest first.

    Args:
        session: The transaction.
        experiment_ids: Where to search; nothing is found in none.
        filter_string: The filter; empty for all.
        datasets: Each with ``dataset_name`` and, if wanted, ``dataset_digest``: only models that
            were measured on one of them, and metrics of the filter only as measured there.
        max_results: The page's length; 100 for None or 0, 50,000 at most.
        order_by: The order's clauses; ties go by creation, the newest first, then model id.
        page_token: The token of the page before; None for the first.

    Raises:
        MlflowException: ``INVALID_PARAMETER_VALUE`` for an argument that is wrong.
    """
    asked = _MODELS_PAGE if max_results in (None, 0) else max_results
    limit = checked_max_results(min(asked, MAX_RESULTS) if type(asked) is int else asked)
    experiments = checked_experiments(experiment_ids)
    node = parse_filter(filter_string, LOGGED_MODELS)
    order = parse_model_order(order_by, LOGGED_MODELS)
    measured = DatasetFilter.parse(datasets)
    if not experiments:
        return PagedList([], None)
    search = ModelSearch(session, experiments, measured, node, order)
    ids, token = find_page(search, order, limit, page_token)
    return PagedList(load_models(session, ids), token)


class PagedSearch(Protocol):
    """What finds the ids of a page."""

    @property
    def ordering(self) -> Ordering:
        """The order of its pages."""
        ...

    def page(self, position: Position, limit: int) -> list[Found]:
        """Return at most so many ids from a position on."""
        ...


def find_page(
    search: PagedSearch, order: Sequence[OrderKey], limit: int, token: str | None
) -> tuple[list[int], str | None]:
    """Return the ids of a page and the token of the next, None after the last."""
    mark = fingerprint(order)
    found = search.page(decode(token, mark, len(search.ordering.terms)), limit + 1)
    following = encode(found[limit - 1].place, mark) if len(found) > limit else None
    return [each.row[0] for each in found[:limit]], following


def checked_max_results(value: int | None, most: int = MAX_RESULTS) -> int:
    """Return the length of a page, the longest for None.

    Raises:
        MlflowException: It is not a whole number from 1 to the longest.
    """
    if value is None:
        return most
    try:
        number = -1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = -1
    if number < 1:
        bound = "a positive integer"
    elif number > most:
        bound = f"at most {most}"
    else:
        return number
    raise MlflowException.invalid_parameter_value(
        f"Invalid value {value!r} for parameter 'max_results' supplied. It must be {bound}"
    )


def checked_experiments(ids: Iterable[str | int]) -> list[int]:
    """Return experiment ids as integers, each once.

    Raises:
        MlflowException: One of them is none, or they are no list.
    """
    if ids is None or isinstance(ids, (bytes, dict)):
        raise MlflowException.invalid_parameter_value(
            f"experiment_ids is a list of experiment ids, such as ['1', '2']; got {ids!r}."
        )
    found = []
    for each in [ids] if isinstance(ids, (str, int)) else ids:
        text = str(each).strip()
        if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
            raise MlflowException.invalid_parameter_value(
                f"Invalid experiment ID {each!r}. An experiment ID is a whole number."
            )
        found.append(int(text))
    return list(dict.fromkeys(found))


_MAX_DIGITS: Final = 18


def _stages(view_type: int) -> Sequence[str]:
    stages = _STAGES.get(view_type)
    if stages is None:
        raise MlflowException.invalid_parameter_value(
            f"Invalid view type {view_type!r}; it is ViewType.ACTIVE_ONLY (1), DELETED_ONLY (2) or"
            " ALL (3)."
        )
    return stages
