"""The searches of a tracking store: arguments checked, a page found, its entities assembled."""

import operator
from collections.abc import Iterable, Sequence
from typing import Final

from mlflow._search.fields import RUNS
from mlflow._search.order import parse_order
from mlflow._search.page_token import decode, encode, fingerprint
from mlflow._search.parser import parse_filter
from mlflow.entities.lifecycle_stage import LifecycleStage
from mlflow.entities.run import Run
from mlflow.entities.view_type import ViewType
from mlflow.exceptions import MlflowException
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.sql.runs import load_runs
from mlflow.store.sql.search_runs import RunSearch, Scope
from mlflow.store.sql.session import Session

# The most results of one page, as upstream bounds it.
MAX_RESULTS: Final = 50_000

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
    stages = _stages(run_view_type)
    experiments = checked_experiments(experiment_ids)
    node = parse_filter(filter_string, RUNS)
    order = parse_order(order_by, RUNS)
    mark = fingerprint(order)
    search = RunSearch(session, Scope(experiments, stages), node, order) if experiments else None
    if search is None:
        return PagedList([], None)
    position = decode(page_token, mark, len(search.ordering.terms))
    found = search.page(position, limit + 1)
    token = encode(found[limit - 1].place, mark) if len(found) > limit else None
    return PagedList(load_runs(session, [each.id for each in found[:limit]]), token)


def checked_max_results(value: int | None) -> int:
    """Return the length of a page.

    Raises:
        MlflowException: It is not a whole number from 1 to 50,000.
    """
    if value is None:
        return MAX_RESULTS
    try:
        number = -1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = -1
    if number < 1:
        bound = "a positive integer"
    elif number > MAX_RESULTS:
        bound = f"at most {MAX_RESULTS}"
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
