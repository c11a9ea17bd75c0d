"""All runs of an experiment, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mlflow.entities.view_type import ViewType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow.entities.run import Run
    from mlflow.tracking.client import MlflowClient

_PAGE: Final = 1000


def iter_runs(
    client: MlflowClient,
    experiment_id: str,
    *,
    view: int = ViewType.ACTIVE_ONLY,
    filter_string: str = "",
    order_by: list[str] | None = None,
    max_results: int | None = None,
) -> Iterator[Run]:
    """Yield the runs that a filter selects.

    Args:
        client: Where they are.
        experiment_id: Their experiment.
        view: Active, deleted or all of them.
        filter_string: A search expression.
        order_by: Search orders; the newest first by default.
        max_results: How many at most; all when None.
    """
    token = None
    left = max_results
    while left is None or left > 0:
        wanted = _PAGE if left is None else min(_PAGE, left)
        page = client.search_runs([experiment_id], filter_string, view, wanted, order_by, token)
        yield from page
        token = page.token
        if not token:
            return
        left = None if left is None else left - len(page)
