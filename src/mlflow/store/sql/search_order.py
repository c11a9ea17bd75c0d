"""An ordering to SQL: terms that are compared one after another, and the place after a row.

A key that can be missing becomes two terms: a rank (values, then NaN, then missing, in both
directions) and the value within the rank. The last term is unique, so the order is total.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mlflow._search.ast import FieldKind, OrderKey, ValueType
from mlflow._search.page_token import Scalar
from mlflow.store.sql.dialect import Dialect
from mlflow.store.sql.search_compile import Column, Keys, KeyTable, Sql, Target
from mlflow.store.sql.values import (
    FINITE,
    NAN,
    NEGATIVE_INFINITY,
    NEGATIVE_ZERO,
    POSITIVE_INFINITY,
)

# MariaDB and MySQL sort by 1,024 bytes at most, 3 a character; a page's end must say the same.
_SORTED_LENGTH: Final = 300

# The ranks of a metric's value; the infinities change places with the direction.
LOW, MIDDLE, HIGH, NOT_A_NUMBER, MISSING = range(5)


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison of an ordering.

    Attributes:
        sql: The expression; None for a term that is the same for every row.
        descending: Its direction.
        constant: The value of a term without an expression.
    """

    sql: str | None
    descending: bool = False
    constant: Scalar = None


@dataclass(frozen=True, slots=True)
class Ordering:
    """The whole of an ordering.

    Attributes:
        joins: The joins that its terms read from, about the row ``r``.
        terms: The terms; the last is unique.
    """

    joins: tuple[Sql, ...]
    terms: tuple[Term, ...]

    @property
    def order_by(self) -> str:
        """The terms as ORDER BY takes them."""
        return ", ".join(
            f"{term.sql} DESC" if term.descending else term.sql
            for term in self.terms
            if term.sql is not None
        )

    @property
    def selected(self) -> str:
        """The terms as SELECT takes them, each under a name of its own."""
        return ", ".join(
            f"{term.sql} AS t{place}"
            for place, term in enumerate(self.terms)
            if term.sql is not None
        )

    def place(self, row: Sequence[Scalar]) -> list[Scalar]:
        """Return a row's terms, those without an expression filled in.

        Args:
            row: The values of the selected terms.
        """
        values = iter(row)
        return [term.constant if term.sql is None else next(values) for term in self.terms]

    def after(self, place: Sequence[Scalar]) -> Sql:
        """Return the condition that a row comes after a place."""
        pairs = [
            (term, value)
            for term, value in zip(self.terms, place, strict=True)
            if term.sql is not None and value is not None
        ]
        return after(pairs)


def after(pairs: Sequence[tuple[Term, Scalar]]) -> Sql:
    """Return the condition that a row comes after a place: one range and a residual test of ties.

    Args:
        pairs: The terms and where they stand; the last decides.
    """
    (term, value), *rest = pairs
    sign = "<" if term.descending else ">"
    if not rest:
        return Sql(f"{term.sql} {sign} ?", (value,))
    ties = _ties(rest)
    return Sql(
        f"{term.sql} {sign}= ? AND ({term.sql} {sign} ? OR {ties.text})",
        (value, value, *ties.params),
    )


def _ties(pairs: Sequence[tuple[Term, Scalar]]) -> Sql:
    (term, value), *rest = pairs
    sign = "<" if term.descending else ">"
    if not rest:
        return Sql(f"{term.sql} {sign} ?", (value,))
    ties = _ties(rest)
    return Sql(
        f"({term.sql} {sign} ? OR ({term.sql} = ? AND {ties.text}))",
        (value, value, *ties.params),
    )


def ordering(
    dialect: Dialect,
    target: Target,
    keys: Keys,
    order: Sequence[OrderKey],
    unique: frozenset[str],
    bases: Mapping[int, str] | None = None,
) -> Ordering:
    """Return the ordering by keys.

    Args:
        dialect: The kind of database.
        target: What is searched.
        keys: The ids of the keys that the order names.
        order: The keys, ties included; those after a unique one are dropped.
        unique: The attributes that no two rows share.
        bases: For a target with locations: that of each experiment where it is searched.
    """
    joins: list[Sql] = []
    terms: list[Term] = []
    for key in order:
        if key.field.kind is FieldKind.ATTRIBUTE:
            terms += _attribute(dialect, target.columns[key.field.key], key, bases or {})
            if key.field.key in unique:
                break
            continue
        key_id = keys.find(key.field)
        if key_id is None:
            terms += [Term(None, constant=MISSING), Term(None)]
            continue
        alias = f"o{len(joins)}"
        keyed = target.keyed[key.field.kind]
        joins.append(_join(keyed, alias, key_id, key))
        is_metric = key.field.kind is FieldKind.METRIC
        terms += metric_terms(alias, key) if is_metric else _text(dialect, alias, key)
    return Ordering(tuple(joins), tuple(terms))


def _join(keyed: KeyTable, alias: str, key_id: int, key: OrderKey) -> Sql:
    if keyed.points:
        return _latest(keyed, alias, key_id, key)
    return Sql(
        f" LEFT JOIN {keyed.table} {alias} ON {alias}.{keyed.owner} = r.id AND {alias}.key_id = ?",
        (key_id,),
    )


def _latest(keyed: KeyTable, alias: str, key_id: int, key: OrderKey) -> Sql:
    """Join the latest point: by timestamp, then step, then value."""
    text = ""
    wanted = (("dataset_name", key.dataset_name), ("dataset_digest", key.dataset_digest))
    values: list[object] = [key_id]
    for column, value in wanted:
        if value is not None:
            text += f" AND {column} = ?"
            values.append(value)
    return Sql(
        f" LEFT JOIN (SELECT {keyed.owner}, key_id, value, kind FROM"
        f" (SELECT {keyed.owner}, key_id, value, kind, ROW_NUMBER() OVER"
        f" (PARTITION BY {keyed.owner} ORDER BY timestamp DESC, step DESC, value DESC, kind)"
        " AS place"
        f" FROM {keyed.table} WHERE key_id = ?{text}) ranked WHERE place = 1) {alias}"
        f" ON {alias}.{keyed.owner} = r.id",
        tuple(values),
    )


def text_expression(dialect: Dialect, column: str) -> str:
    """Return what a text is ordered by: MariaDB sorts by no more than its beginning."""
    return f"LEFT({column}, {_SORTED_LENGTH})" if dialect.name == "mysql" else column


def _attribute(
    dialect: Dialect, column: Column, key: OrderKey, bases: Mapping[int, str]
) -> list[Term]:
    if column.location:
        return [_base_term(bases, key), Term(column.sql, key.descending)]
    if column.names is not None:
        places = sorted(column.names, key=column.names.__getitem__)
        cases = " ".join(f"WHEN {number} THEN {place}" for place, number in enumerate(places))
        return [Term(f"CASE {column.sql} {cases} END", key.descending)]
    is_text = key.field.type is ValueType.TEXT
    value = Term(text_expression(dialect, column.sql) if is_text else column.sql, key.descending)
    if not column.nullable:
        return [value]
    return [Term(f"CASE WHEN {column.sql} IS NULL THEN {MISSING} ELSE {MIDDLE} END"), value]


def _base_term(bases: Mapping[int, str], key: OrderKey) -> Term:
    """Return the term of a location's base, which is a function of the experiment."""
    if len(bases) <= 1:
        return Term(None)
    ranked = sorted(bases, key=lambda number: bases[number].encode())
    cases = " ".join(f"WHEN {int(number)} THEN {place}" for place, number in enumerate(ranked))
    return Term(f"CASE r.experiment_id {cases} END", key.descending)


def _text(dialect: Dialect, alias: str, key: OrderKey) -> list[Term]:
    missing = Term(f"CASE WHEN {alias}.key_id IS NULL THEN {MISSING} ELSE {MIDDLE} END")
    return [missing, Term(text_expression(dialect, f"{alias}.value"), key.descending)]


def rank_of_kind(kind: int, *, descending: bool) -> int:
    """Return the rank of a metric's value by its kind."""
    if kind in (FINITE, NEGATIVE_ZERO):
        return MIDDLE
    if kind == NAN:
        return NOT_A_NUMBER
    return LOW if (kind == POSITIVE_INFINITY) == descending else HIGH


def metric_terms(alias: str, key: OrderKey) -> list[Term]:
    """Return the terms of a metric whose row, if it has one, is ``alias``."""
    if key.field.aggregate:
        # NULL where all points are NaN; an infinity is the largest double.
        extreme = f"{alias}.{key.field.aggregate}_value"
        missing = f"CASE WHEN {alias}.key_id IS NULL THEN {MISSING}"
        odd = f"WHEN {extreme} IS NULL THEN {NOT_A_NUMBER} ELSE {MIDDLE} END"
        return [Term(f"{missing} {odd}"), Term(extreme, key.descending)]
    cases = " ".join(
        f"WHEN {kind} THEN {rank_of_kind(kind, descending=key.descending)}" for kind in _KINDS
    )
    rank = Term(f"CASE {alias}.kind {cases} ELSE {MISSING} END")
    value = f"CASE WHEN {alias}.kind IN ({FINITE}, {NEGATIVE_ZERO}) THEN {alias}.value END"
    return [rank, Term(value, key.descending)]


_KINDS: Final = (FINITE, NAN, POSITIVE_INFINITY, NEGATIVE_INFINITY, NEGATIVE_ZERO)
