"""The clauses of ``order_by`` to keys: a field, then ASC or DESC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlflow._search.ast import Field, FieldKind, OrderKey
from mlflow._search.columns import split_aggregate
from mlflow._search.lexer import TokenKind, error_at, tokenize
from mlflow._search.parser import resolve_field
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlflow._search.fields import FieldTable

MAX_KEYS = 16

_FIELD_STARTS = (TokenKind.WORD, TokenKind.PATH, TokenKind.QUOTED, TokenKind.BACKTICK)
_DIRECTIONS = {"ASC": False, "DESC": True}


def parse_order(clauses: Iterable[str] | None, table: FieldTable) -> tuple[OrderKey, ...]:
    """Return the keys of an ordering, without those that a key before them decides.

    Args:
        clauses: Each ``field``, ``field ASC`` or ``field DESC``; before a metric of runs may stand
            ``min:`` or ``max:``, which is no text of a field.
        table: The fields of what is searched.

    Raises:
        MlflowException: ``INVALID_PARAMETER_VALUE`` with the position, the offending token and what
            was expected; also for a field that comes twice.
    """
    if clauses is None:
        return ()
    if isinstance(clauses, str):
        raise MlflowException.invalid_parameter_value(
            f"order_by is a list of clauses: write [{clauses!r}] instead of {clauses!r}."
        )
    keys: dict[object, OrderKey] = {}
    for clause in clauses:
        key = _parse_clause(clause, table)
        if key.field in keys and table.repeats:
            continue
        if key.field in keys:
            raise MlflowException.invalid_parameter_value(
                f"order_by names {key.field.key!r} twice ({clause!r}); name each field once."
            )
        keys[key.field] = key
    if len(keys) > MAX_KEYS:
        raise MlflowException.invalid_parameter_value(
            f"order_by has {len(keys)} keys; at most {MAX_KEYS} are taken."
        )
    return tuple(keys.values())


def _parse_clause(clause: str, table: FieldTable) -> OrderKey:
    if not isinstance(clause, str):
        raise MlflowException.invalid_parameter_value(
            f'A clause of order_by is text, such as "metrics.loss DESC"; got {clause!r}.'
        )
    what = "order_by clause"
    aggregate, clause = split_aggregate(clause.lstrip()) if table.aggregates else ("", clause)
    tokens = tokenize(clause, what)
    first, second, *rest = [*tokens, tokens[-1]]
    if first.kind not in _FIELD_STARTS:
        found = "the end" if first.kind is TokenKind.END else repr(first.text)
        raise error_at(what, clause, first.position, found, f"a field to order {table.subject} by")
    field = resolve_field(first, table, what, clause)
    orderable = {FieldKind.METRIC} if aggregate else table.orderable
    if field.kind not in orderable:
        kinds = ", ".join(sorted(f"{kind.value}s" for kind in orderable))
        raise error_at(what, clause, first.position, repr(first.text), f"a field of the {kinds}")
    field = Field(field.kind, field.key, field.type, aggregate)
    if second.kind is TokenKind.END:
        return OrderKey(field)
    direction = second.text.upper()
    if second.kind is not TokenKind.WORD or direction not in _DIRECTIONS:
        raise error_at(what, clause, second.position, repr(second.text), "ASC, DESC or the end")
    if rest[0].kind is not TokenKind.END:
        raise error_at(what, clause, rest[0].position, repr(rest[0].text), "the end")
    return OrderKey(field, _DIRECTIONS[direction])


def parse_model_order(clauses: Iterable[object] | None, table: FieldTable) -> tuple[OrderKey, ...]:
    """Return the keys of an ordering of logged models, whose clauses are dictionaries.

    Args:
        clauses: Each with ``field_name``, ``ascending`` (default true) and, for a metric,
            ``dataset_name`` and ``dataset_digest``.
        table: The fields of logged models.

    Raises:
        MlflowException: ``INVALID_PARAMETER_VALUE``, naming the clause and what is wrong with it.
    """
    if clauses is None:
        return ()
    keys: dict[object, OrderKey] = {}
    for clause in [clauses] if isinstance(clauses, str) else clauses:
        key = _parse_model_clause(clause, table)
        keys.setdefault((key.field, key.dataset_name, key.dataset_digest), key)
    return tuple(keys.values())


def _parse_model_clause(clause: object, table: FieldTable) -> OrderKey:
    name = clause.get("field_name") if isinstance(clause, dict) else None
    if not isinstance(clause, dict) or not isinstance(name, str) or not name:
        raise MlflowException.invalid_parameter_value(
            "Each clause of order_by is a dictionary with 'field_name' and, if wanted, "
            f"'ascending', 'dataset_name' and 'dataset_digest'; got {clause!r}."
        )
    prefix, dot, key = name.partition(".")
    if dot and table.kind(prefix) is FieldKind.METRIC and key and key[0] not in "`\"'":
        field = table.field(FieldKind.METRIC, key)
    else:
        parsed = _parse_clause(name, table)
        if parsed.descending:
            raise MlflowException.invalid_parameter_value(
                f"Write the direction of {name!r} as 'ascending': False."
            )
        field = parsed.field
    assert field is not None  # noqa: S101 - a metric of any key is a field
    digest = clause.get("dataset_digest")
    dataset = clause.get("dataset_name")
    return OrderKey(field, not clause.get("ascending", True), dataset, digest)
