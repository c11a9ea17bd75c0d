"""Queries for many ids at once: one statement for each few thousand of them."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from mlflow.store.sql.dialect import placeholders
from mlflow.store.sql.session import Row, Session

T = TypeVar("T")

# Far below what a statement may bind on any database, and long enough that a page is one query.
_CHUNK: Final = 5_000


def chunks(values: Sequence[T], size: int = _CHUNK) -> Iterator[Sequence[T]]:
    """Yield the values in order, ``size`` at a time."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def rows_for(
    session: Session,
    sql: str,
    values: Sequence[object],
    *,
    before: Sequence[object] = (),
) -> list[Row]:
    """Return the rows of a query that selects by ``IN ({})``; the order holds within a chunk.

    Args:
        session: The transaction.
        sql: The query, ``{}`` where the placeholders of the values belong.
        values: What the column is compared with; none gives no rows.
        before: Values bound before these.
    """
    found: list[Row] = []
    for chunk in chunks(values):
        found += session.rows(sql.format(placeholders(len(chunk))), [*before, *chunk])
    return found
