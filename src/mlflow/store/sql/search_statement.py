"""Statements that return one page of row ids in an order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from mlflow._search.page_token import Position, Scalar
from mlflow.store.sql.dialect import Dialect, placeholders
from mlflow.store.sql.search_compile import Predicate, Sql, both
from mlflow.store.sql.search_order import Ordering
from mlflow.store.sql.session import Row, Session

# Past this many, ids are bound as one value where a database can unpack it.
_MANY_IDS: Final = 200


@dataclass(frozen=True)
class Walk:
    """The part of an index that a statement walks.

    Attributes:
        table: The table and its row.
        where: What the index's columns decide.
    """

    table: str
    where: tuple[Sql, ...]

    def bound(self, expression: str, more: Sequence[Sql], budget: int, *, descending: bool) -> Sql:
        """Return the query of where a walk stands after ``budget`` entries."""
        where = both([*self.where, *more])
        condition = where if isinstance(where, Sql) else Sql("1 = 1")
        direction = " DESC" if descending else ""
        return Sql(
            f"SELECT {expression} FROM {self.table} WHERE {condition.text}"
            f" ORDER BY {expression}{direction} LIMIT 1 OFFSET ?",
            (*condition.params, budget),
        )


@dataclass(frozen=True)
class Statement:
    """A query of ids and order terms.

    Attributes:
        source: What stands after FROM; the row that is searched is ``r``.
        ordering: The order of the page.
        where: Predicates that must hold, none of them False.
        walked: For a walk of an index: its table and the conditions that its columns alone decide,
            which are not repeated in ``where``.
    """

    source: Sql
    ordering: Ordering
    where: tuple[Predicate, ...] = ()
    walked: "Walk | None" = None

    def narrowed(self, *more: Predicate) -> "Statement":
        """Return the statement with more predicates."""
        return replace(self, where=(*self.where, *more))

    def sql(self, limit: int, offset: int = 0) -> Sql:
        """Return the text for a page of at most ``limit`` rows."""
        condition = both([*(self.walked.where if self.walked else ()), *self.where])
        parts = [self.source, *self.ordering.joins]
        if isinstance(condition, Sql):
            parts += [Sql(" WHERE "), condition]
        text = "".join(part.text for part in parts)
        params = [value for part in parts for value in part.params]
        skip = Sql(" OFFSET ?", (offset,)) if offset else Sql("")
        return Sql(
            f"SELECT r.id, {self.ordering.selected} FROM {text}"
            f" ORDER BY {self.ordering.order_by} LIMIT ?{skip.text}",
            (*params, limit, *skip.params),
        )


class Found(NamedTuple):
    """A row of a page: its id first, then the terms of the order that were selected."""

    row: Row
    ordering: Ordering

    @property
    def id(self) -> int:
        """The id."""
        number: int = self.row[0]
        return number

    @property
    def place(self) -> tuple[Scalar, ...]:
        """The place in the order."""
        return tuple(self.ordering.place(self.row[1:]))


def run(
    session: Session, statements: Sequence[Statement], limit: int, offset: int = 0
) -> list[Found]:
    """Return the first rows of the union of statements that share one order.

    Args:
        session: The transaction.
        statements: At least one; no two find the same row.
        limit: How many rows are wanted.
        offset: How many rows to leave out before them.
    """
    if len(statements) == 1:
        query = statements[0].sql(limit, offset)
    else:
        parts = [each.sql(limit + offset) for each in statements]
        query = _union(parts, statements[0].ordering, limit, offset)
    ordering = statements[0].ordering
    return [Found(row, ordering) for row in session.rows(query.text, query.params)]


def run_placed(
    session: Session, statement: Statement, position: Position, limit: int
) -> list[Found]:
    """Return the rows of one statement from a position on."""
    if position.after is not None:
        statement = statement.narrowed(statement.ordering.after(position.after))
    return run(session, [statement], limit, position.offset)


def _union(parts: Sequence[Sql], ordering: Ordering, limit: int, offset: int) -> Sql:
    text = " UNION ALL ".join(
        f"SELECT * FROM ({part.text}) b{number}" for number, part in enumerate(parts)
    )
    terms = [term for term in ordering.terms if term.sql is not None]
    order = ", ".join(
        f"{place} DESC" if term.descending else str(place) for place, term in enumerate(terms, 2)
    )
    params = tuple(value for part in parts for value in part.params)
    return Sql(f"{text} ORDER BY {order} LIMIT ? OFFSET ?", (*params, limit, offset))


def is_one_of(dialect: Dialect, column: str, ids: Sequence[int]) -> Sql:
    """Return the condition that an integer column is one of many."""
    if len(ids) == 1:
        return Sql(f"{column} = ?", (ids[0],))
    if len(ids) > _MANY_IDS and dialect.name == "sqlite":
        listed = f"[{','.join(map(str, ids))}]"
        return Sql(f"{column} IN (SELECT value FROM json_each(?))", (listed,))
    if len(ids) > _MANY_IDS and dialect.name == "postgresql":
        return Sql(f"{column} = ANY(?)", (list(ids),))
    return Sql(f"{column} IN ({placeholders(len(ids))})", tuple(ids))
