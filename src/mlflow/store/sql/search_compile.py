"""A filter's tree to SQL: each test is a two-valued predicate about one row of what is searched.

Keyed values are probed with EXISTS on a primary key. No predicate is ever NULL, so that NOT is the
complement. What cannot match, such as a key that nothing bears, becomes False before it is SQL.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mlflow._core.tags import MLFLOW_DATASET_CONTEXT
from mlflow._search.ast import (
    NEGATED,
    And,
    Field,
    FieldKind,
    Node,
    Not,
    Operator,
    Test,
    Value,
)
from mlflow._search.evaluate import holds
from mlflow.store.sql.dialect import Dialect, placeholders
from mlflow.store.sql.keys import key_ids
from mlflow.store.sql.session import Session
from mlflow.store.sql.values import NAN


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of a statement and the values it binds."""

    text: str
    params: tuple[object, ...] = ()


Predicate = Sql | bool


@dataclass(frozen=True)
class Column:
    """An attribute's column.

    Attributes:
        sql: The expression, about the row that is searched.
        nullable: Whether it can be NULL, which is a missing value.
        names: For a column of numbers that stand for names: the name of each number.
        location: Whether it is an artifact location that is kept relative to its experiment's.
    """

    sql: str
    nullable: bool = False
    names: Mapping[int, str] | None = None
    location: bool = False


@dataclass(frozen=True)
class KeyTable:
    """A table of keyed values.

    Attributes:
        table: Its name.
        owner: Its column that holds the id of the row that is searched.
        kind: The kind of its keys.
        extra: A further condition on its row ``f``.
        points: Whether a row has several values a key, measured at times, and not just one.
    """

    table: str
    owner: str
    kind: int
    extra: Sql = Sql("")
    points: bool = False


@dataclass(frozen=True)
class Target:
    """What is searched: the tables behind a table of fields.

    Attributes:
        columns: The column of each attribute, of the row ``r`` whose key is ``id``.
        keyed: The table of each kind of keyed values.
    """

    columns: Mapping[str, Column]
    keyed: Mapping[FieldKind, KeyTable]


class Keys:
    """The ids of the keys that a filter and an order name, read at once."""

    def __init__(self, session: Session, target: Target, fields: Sequence[Field]) -> None:
        """Look up the keys.

        Args:
            session: The transaction.
            target: What is searched.
            fields: Every field that the search names.
        """
        self._ids: dict[FieldKind, dict[str, int]] = {}
        for kind, keyed in target.keyed.items():
            names = {field.key for field in fields if field.kind is kind}
            if names:
                self._ids[kind] = key_ids(session, keyed.kind, names, create=False)

    def find(self, field: Field) -> int | None:
        """Return the id of a field's key, None when nothing bears the key."""
        return self._ids.get(field.kind, {}).get(field.key)


def fields_of(node: Node | None) -> list[Field]:
    """Return every field that a filter names, as often as it does."""
    if node is None:
        return []
    if isinstance(node, Test):
        return [node.field]
    if isinstance(node, Not):
        return fields_of(node.operand)
    return [field for each in node.operands for field in fields_of(each)]


# Predicates of logic, which swallow what is known beforehand


def both(parts: Sequence[Predicate]) -> Predicate:
    """Return the conjunction."""
    if any(part is False for part in parts):
        return False
    return _joined([part for part in parts if isinstance(part, Sql)], " AND ", nothing=True)


def either(parts: Sequence[Predicate]) -> Predicate:
    """Return the disjunction."""
    if any(part is True for part in parts):
        return True
    return _joined([part for part in parts if isinstance(part, Sql)], " OR ", nothing=False)


def negation(part: Predicate) -> Predicate:
    """Return the complement."""
    return Sql(f"NOT ({part.text})", part.params) if isinstance(part, Sql) else not part


def _joined(parts: Sequence[Sql], word: str, *, nothing: bool) -> Predicate:
    if not parts:
        return nothing
    if len(parts) == 1:
        return parts[0]
    text = word.join(part.text for part in parts)
    return Sql(f"({text})", tuple(value for part in parts for value in part.params))


class Compiler:
    """Compiles filters about one target."""

    def __init__(
        self,
        dialect: Dialect,
        target: Target,
        keys: Keys,
        bases: Mapping[int, str] | None = None,
        *,
        row_id: str = "r.id",
    ) -> None:
        """Compile for a database.

        Args:
            dialect: The kind of database.
            target: What is searched.
            keys: The ids of the filter's keys.
            bases: For a target with locations: that of each experiment where it is searched.
            row_id: The expression of the row's id that keyed tests probe by.
        """
        self._dialect = dialect
        self._target = target
        self._keys = keys
        self._bases = bases or {}
        self._id = row_id

    def probing(self, row_id: str) -> "Compiler":
        """Return a compiler whose keyed tests probe by another expression of the row's id.

        Args:
            row_id: A column of the index that is walked: what fails there needs no look at ``r``.
        """
        return Compiler(self._dialect, self._target, self._keys, self._bases, row_id=row_id)

    def predicate(self, node: Node | None) -> Predicate:
        """Return the predicate for a filter; True for an absent one."""
        if node is None:
            return True
        if isinstance(node, Test):
            return self._test(node)
        if isinstance(node, Not):
            return negation(self.predicate(node.operand))
        join = both if isinstance(node, And) else either
        return join([self.predicate(each) for each in node.operands])

    def _test(self, test: Test) -> Predicate:
        if test.field.kind is FieldKind.ATTRIBUTE:
            return self._attribute(test, self._target.columns[test.field.key])
        if test.field.kind is FieldKind.DATASET:
            table, extra = _DATASET_TABLES[test.field.key]
            text = f"{table} WHERE f.run_id = {self._id}{extra.text}"
            return self._exists(test, Sql(text, extra.params))
        key_id = self._keys.find(test.field)
        if key_id is None:
            return test.operator is Operator.IS_NULL
        keyed = self._target.keyed[test.field.kind]
        source = Sql(
            f"{keyed.table} f WHERE f.{keyed.owner} = {self._id}"
            f" AND f.key_id = ?{keyed.extra.text}",
            (key_id, *keyed.extra.params),
        )
        return self._exists(test, source)

    def _attribute(self, test: Test, column: Column) -> Predicate:
        if test.operator in (Operator.IS_NULL, Operator.IS_NOT_NULL):
            missing = Sql(f"{column.sql} IS NULL") if column.nullable else False
            return missing if test.operator is Operator.IS_NULL else negation(missing)
        if column.names is not None:
            numbers = [number for number, name in column.names.items() if holds(test, name)]
            return _in(column.sql, numbers) if numbers else False
        if column.location:
            return self._location(test, column)
        condition = value_condition(self._dialect, column.sql, test.operator, test.values)
        present = Sql(f"{column.sql} IS NOT NULL") if column.nullable else True
        return both([present, condition])

    def _location(self, test: Test, column: Column) -> Predicate:
        if not self._bases:
            return False
        place = located(self._dialect, column.sql, self._bases)
        condition = value_condition(self._dialect, place.text, test.operator, test.values)
        return Sql(condition.text, place.params + condition.params)

    def _exists(self, test: Test, source: Sql) -> Sql:
        operator = test.operator
        if operator in (Operator.IS_NULL, Operator.IS_NOT_NULL):
            word = "NOT EXISTS" if operator is Operator.IS_NULL else "EXISTS"
            return Sql(f"{word} (SELECT 1 FROM {source.text})", source.params)
        condition = stored_condition(self._dialect, test)
        return Sql(
            f"EXISTS (SELECT 1 FROM {source.text} AND {condition.text})",
            source.params + condition.params,
        )


def located(dialect: Dialect, column: str, bases: Mapping[int, str]) -> Sql:
    """Return the expression of a location that is kept relative to that of its experiment."""
    cases = " WHEN ? THEN ?" * len(bases)
    params = tuple(value for pair in bases.items() for value in pair)
    base = f"CASE r.experiment_id{cases} END"
    if dialect.name == "postgresql":
        base = f"CAST({base} AS text)"
    return Sql(f"({base} || {column})", params)


def stored_condition(dialect: Dialect, test: Test, row: str = "f") -> Sql:
    """Return what a test asks of a row that bears the key's value."""
    if test.field.kind is not FieldKind.METRIC:
        return value_condition(dialect, f"{row}.value", test.operator, test.values)
    numbers = [float(value) for value in test.values]
    inner = value_condition(dialect, f"{row}.value", test.operator, numbers)
    if test.operator in NEGATED:
        return Sql(f"({row}.kind = {NAN} OR {inner.text})", inner.params)
    return Sql(f"{inner.text} AND {row}.kind <> {NAN}", inner.params)


_DATASET_COLUMNS: Final = (
    "(SELECT i.run_id, d.{} AS value FROM hr_dataset_inputs i"
    " JOIN hr_datasets d ON d.id = i.dataset_id) f"
)
_DATASET_TABLES: Final = {
    "name": (_DATASET_COLUMNS.format("name"), Sql("")),
    "digest": (_DATASET_COLUMNS.format("digest"), Sql("")),
    "context": ("hr_input_tags f", Sql(" AND f.name = ?", (MLFLOW_DATASET_CONTEXT,))),
}


# Conditions on one value


def value_condition(
    dialect: Dialect, column: str, operator: Operator, values: Sequence[Value]
) -> Sql:
    """Return the condition that a column, which is not NULL, passes an operator."""
    if operator in NEGATED and operator is not Operator.NE:
        inner = value_condition(dialect, column, NEGATED[operator], values)
        return Sql(f"NOT ({inner.text})", inner.params)
    if operator in _COMPARISONS:
        return Sql(f"{column} {_COMPARISONS[operator]} ?", (values[0],))
    if operator is Operator.IN:
        return _in(column, values)
    if operator is Operator.BETWEEN:
        return Sql(f"{column} BETWEEN ? AND ?", (values[0], values[1]))
    return _PATTERNS[dialect.name, operator](column, str(values[0]))


_COMPARISONS: Final = {
    Operator.EQ: "=",
    Operator.NE: "<>",
    Operator.LT: "<",
    Operator.LE: "<=",
    Operator.GT: ">",
    Operator.GE: ">=",
}


def _in(column: str, values: Sequence[Value]) -> Sql:
    if len(values) == 1:
        return Sql(f"{column} = ?", tuple(values))
    return Sql(f"{column} IN ({placeholders(len(values))})", tuple(values))


# GLOB is SQLite's pattern that heeds case and that an index can serve; LIKE heeds none.
_GLOB: Final = str.maketrans({"%": "*", "_": "?", "*": "[*]", "?": "[?]", "[": "[[]"})


def _plain(word: str) -> Callable[[str, str], Sql]:
    # An empty escape character: a backslash is a character like any other, on every database.
    return lambda column, pattern: Sql(f"{column} {word} ? ESCAPE ''", (pattern,))


_PATTERNS: Final[Mapping[tuple[str, Operator], Callable[[str, str], Sql]]] = {
    ("sqlite", Operator.LIKE): lambda c, p: Sql(f"{c} GLOB ?", (p.translate(_GLOB),)),
    ("sqlite", Operator.ILIKE): lambda c, p: Sql(f"{c} LIKE ?", (p,)),
    ("postgresql", Operator.LIKE): _plain("LIKE"),
    ("postgresql", Operator.ILIKE): _plain("ILIKE"),
    ("mysql", Operator.LIKE): _plain("LIKE"),
    ("mysql", Operator.ILIKE): lambda c, p: Sql(f"LOWER({c}) LIKE LOWER(?) ESCAPE ''", (p,)),
}
