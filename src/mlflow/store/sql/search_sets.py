"""The runs that pass one test, as an index lists them: candidates for a search driven by sets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mlflow._search.ast import NEGATED, FieldKind, Node, Operator, Or, Test, Value
from mlflow.store.sql.dialect import Dialect, placeholders
from mlflow.store.sql.search_compile import KeyTable, Sql, stored_condition, value_condition
from mlflow.store.sql.search_statement import is_one_of
from mlflow.store.sql.values import NAN

# PostgreSQL's index holds the beginning of a value; its rows have a bounded size.
_INDEXED_LENGTH: Final = 180
_LAST_CHARACTER: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True)
class Driver:
    """The runs that pass a part of a filter.

    Attributes:
        part: The part of the filter.
        select: A query of their ids, named ``id``, each once.
        is_range: Whether the index goes straight to them; otherwise every value of the key is read.
    """

    part: Node
    select: Sql
    is_range: bool


def driver_for(
    dialect: Dialect,
    keyed: KeyTable | None,
    key_id: int | None,
    test: Test,
    experiments: Sequence[int],
) -> Driver | None:
    """Return the runs that pass a test, or None when no index lists them.

    Args:
        dialect: The kind of database.
        keyed: The table of the test's keyed values, if it is about one.
        key_id: The id of its key, if it is about one.
        test: The test.
        experiments: Where runs are searched.
    """
    if test.operator is Operator.IS_NULL:
        return None
    if test.field.kind is FieldKind.ATTRIBUTE:
        return _by_run_id(dialect, test)
    if test.field.kind is FieldKind.DATASET:
        return _by_dataset(dialect, test, experiments)
    if keyed is None or key_id is None:
        return None
    if test.field.kind is FieldKind.METRIC:
        return _by_metric(dialect, test, key_id, experiments)
    return _by_text(dialect, keyed, test, key_id)


def union(part: Or, drivers: Sequence[Driver]) -> Driver | None:
    """Return the runs that pass any of the operands of an OR."""
    if not drivers:
        return None
    text = " UNION ".join(driver.select.text for driver in drivers)
    params = tuple(value for driver in drivers for value in driver.select.params)
    return Driver(part, Sql(text, params), all(driver.is_range for driver in drivers))


def _by_run_id(dialect: Dialect, test: Test) -> Driver | None:
    if test.field.key != "run_id" or test.operator not in (Operator.EQ, Operator.IN):
        return None
    condition = value_condition(dialect, "f.run_uuid", test.operator, test.values)
    return Driver(
        test, Sql(f"SELECT f.id FROM hr_runs f WHERE {condition.text}", condition.params), True
    )


def _by_dataset(dialect: Dialect, test: Test, experiments: Sequence[int]) -> Driver | None:
    if test.field.key == "context" or test.operator is Operator.IS_NOT_NULL:
        return None
    scope = is_one_of(dialect, "d.experiment_id", experiments)
    condition = value_condition(dialect, f"d.{test.field.key}", test.operator, test.values)
    select = Sql(
        "SELECT DISTINCT f.run_id AS id FROM hr_datasets d"
        " JOIN hr_dataset_inputs f ON f.dataset_id = d.id"
        f" WHERE {scope.text} AND {condition.text}",
        scope.params + condition.params,
    )
    return Driver(test, select, test.operator not in NEGATED)


def _by_metric(dialect: Dialect, test: Test, key_id: int, experiments: Sequence[int]) -> Driver:
    scope = is_one_of(dialect, "f.experiment_id", experiments)
    head = f"SELECT f.run_id AS id FROM hr_latest_metrics f WHERE {scope.text} AND f.key_id = ?"
    params = (*scope.params, key_id)
    if test.operator is Operator.IS_NOT_NULL:
        return Driver(test, Sql(head, params), True)
    if test.operator in NEGATED:
        condition = stored_condition(dialect, test)
        return Driver(test, Sql(f"{head} AND {condition.text}", params + condition.params), False)
    numbers = [float(value) for value in test.values]
    condition = value_condition(dialect, "f.value", test.operator, numbers)
    kinds = ", ".join(str(kind) for kind in range(5) if kind != NAN)
    text = f"{head} AND f.kind IN ({kinds}) AND {condition.text}"
    return Driver(test, Sql(text, params + condition.params), True)


def _by_text(dialect: Dialect, keyed: KeyTable, test: Test, key_id: int) -> Driver:
    head = f"SELECT f.{keyed.owner} AS id FROM {keyed.table} f WHERE f.key_id = ?"
    if test.operator is Operator.IS_NOT_NULL:
        return Driver(test, Sql(head, (key_id,)), True)
    condition = stored_condition(dialect, test)
    bounds = _bounds(dialect, test)
    text = f"{head}{bounds.text} AND {condition.text}"
    return Driver(test, Sql(text, (key_id, *bounds.params, *condition.params)), bool(bounds.text))


def _bounds(dialect: Dialect, test: Test) -> Sql:
    """Return the range of an index that holds every value that passes; empty when all of it."""
    texts = [str(value) for value in test.values]
    column = "f.value"
    if dialect.name == "postgresql":
        column = f"substr(f.value, 1, {_INDEXED_LENGTH})"
        texts = [text[:_INDEXED_LENGTH] for text in texts]
    if test.operator in (Operator.EQ, Operator.IN):
        return Sql(f" AND {column} IN ({placeholders(len(texts))})", tuple(texts))
    if test.operator is Operator.BETWEEN:
        return Sql(f" AND {column} >= ? AND {column} <= ?", tuple(texts))
    if test.operator is Operator.LIKE:
        prefix = pattern_prefix(texts[0])
        end = prefix_end(prefix)
        if end is not None:
            return Sql(f" AND {column} >= ? AND {column} < ?", (prefix, end))
    return Sql("")


def pattern_prefix(pattern: Value) -> str:
    """Return what every text that a LIKE pattern matches begins with."""
    text = str(pattern)
    ends = [place for place in (text.find("%"), text.find("_")) if place >= 0]
    return text[: min(ends, default=len(text))]


def prefix_end(prefix: str) -> str | None:
    """Return the least text after all that begin with a prefix; None when there is none."""
    for place in reversed(range(len(prefix))):
        following = ord(prefix[place]) + 1
        if following in _SURROGATES:
            following = _SURROGATES.stop
        if following <= _LAST_CHARACTER:
            return prefix[:place] + chr(following)
    return None
