"""Searching runs: which index is walked, and what is only looked up.

- *Set-driven*: a filter that few runs pass, by a capped count of its index entries, gives the
  candidates; the others are probed, the result is sorted.
- *Order-driven*: otherwise the index of the first order key is walked and the filters are probed,
  until the page is full. A walk that finds too little within its budget gives way to the sets.
- Ordering by a metric, a param or a tag has phases: the ranks of its values, then the runs without
  it; a later phase runs only when the page is not full.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeGuard

from mlflow._search.ast import And, Field, FieldKind, Node, Operator, Or, OrderKey, Test, ValueType
from mlflow._search.page_token import Position, Scalar
from mlflow._search.simplify import simplify
from mlflow.entities.run_status import RunStatus
from mlflow.store.sql.keys import METRIC, PARAM, TAG
from mlflow.store.sql.search_compile import (
    Column,
    Compiler,
    Keys,
    KeyTable,
    Predicate,
    Sql,
    Target,
    both,
    fields_of,
    stored_condition,
)
from mlflow.store.sql.search_locations import experiment_bases
from mlflow.store.sql.search_order import (
    HIGH,
    LOW,
    MIDDLE,
    MISSING,
    NOT_A_NUMBER,
    Ordering,
    Term,
    ordering,
    rank_of_kind,
)
from mlflow.store.sql.search_sets import Driver, driver_for, union
from mlflow.store.sql.search_statement import Found, Statement, Walk, is_one_of, run
from mlflow.store.sql.session import Session
from mlflow.store.sql.values import FINITE, NAN, NEGATIVE_INFINITY, NEGATIVE_ZERO, POSITIVE_INFINITY

TARGET: Final = Target(
    columns={
        "run_id": Column("r.run_uuid"),
        "run_name": Column("r.name"),
        "status": Column(
            "r.status",
            names={number: RunStatus.to_string(number) for number in RunStatus.all_status()},
        ),
        "user_id": Column("r.user_id"),
        "artifact_uri": Column("r.artifact_uri", location=True),
        "start_time": Column("r.start_time"),
        "end_time": Column("r.end_time", nullable=True),
        # Of times before 1970 there is none: a difference of any two would not fit in 64 bits.
        "duration": Column(
            "CASE WHEN r.start_time >= 0 AND r.end_time > 0 THEN r.end_time - r.start_time END",
            nullable=True,
        ),
    },
    keyed={
        FieldKind.METRIC: KeyTable("hr_latest_metrics", "run_id", METRIC),
        FieldKind.PARAM: KeyTable("hr_params", "run_id", PARAM),
        FieldKind.TAG: KeyTable("hr_tags", "run_id", TAG),
    },
)
_START_TIME: Final = Field(FieldKind.ATTRIBUTE, "start_time", ValueType.NUMBER)
_RUN_ID: Final = Field(FieldKind.ATTRIBUTE, "run_id", ValueType.TEXT)
_TIES: Final = (OrderKey(_START_TIME, descending=True), OrderKey(_RUN_ID))
_UNIQUE: Final = frozenset({"run_id"})

# Candidates that are sorted rather than walked for: where both cost the same, within these bounds.
_LEAST_CAP: Final = 64
_GREATEST_CAP: Final = 20_000
_ENOUGH: Final = 64
_BUDGET: Final = 2
# Experiments that are walked side by side; beyond, one sort is cheaper.
_MOST_BRANCHES: Final = 8
_SMALL_SCOPE: Final = 2_000

_KINDS_OF_RANK: Final = {
    rank: tuple(
        kind
        for kind in (FINITE, NAN, POSITIVE_INFINITY, NEGATIVE_INFINITY, NEGATIVE_ZERO)
        if rank_of_kind(kind, descending=False) == rank
    )
    for rank in (LOW, MIDDLE, HIGH, NOT_A_NUMBER)
}
_DESCENDING_RANK: Final = {LOW: HIGH, HIGH: LOW}


@dataclass(frozen=True)
class Scope:
    """Where runs are searched.

    Attributes:
        experiments: Ids, each once.
        stages: Lifecycle stages.
    """

    experiments: Sequence[int]
    stages: Sequence[str]


class RunSearch:
    """One search of runs; a page of it is at most a handful of queries."""

    def __init__(
        self, session: Session, scope: Scope, node: Node | None, order: Sequence[OrderKey]
    ) -> None:
        """Prepare the search.

        Args:
            session: The transaction.
            scope: Where to search; not empty.
            node: The filter.
            order: The keys of the order, without ties.
        """
        self._session = session
        self._scope = scope
        node = simplify(node) if node is not None else None
        named = {key.field for key in order}
        full = [*order, *(tie for tie in _TIES if tie.field not in named)]
        fields = [*fields_of(node), *(key.field for key in full)]
        self._keys = Keys(session, TARGET, fields)
        located = any(field.key == "artifact_uri" for field in fields)
        bases = experiment_bases(session, scope.experiments) if located else {}
        self._compiler = Compiler(session.dialect, TARGET, self._keys, bases)
        self._parts: Sequence[Node] = (
            node.operands if isinstance(node, And) else [] if node is None else [node]
        )
        self._predicate = self._compiler.predicate(node)
        self._order = full
        self.ordering: Final = ordering(session.dialect, TARGET, self._keys, full, _UNIQUE, bases)

    def page(self, position: Position, limit: int) -> list[Found]:
        """Return the ids of at most ``limit`` runs from a position on."""
        if self._predicate is False:
            return []
        if position.offset:
            return run(self._session, [self._general(self._predicate)], limit, position.offset)
        cap = self._cap(limit)
        drivers = self._drivers()
        # Without another filter to thin them out, all candidates go through the sort.
        most = cap if len(self._parts) > 1 else cap * 3 // 5
        rare = self._rarest([driver for driver in drivers if driver.is_range], most)
        if rare is not None:
            return run(self._session, [self._from_set(rare, position)], limit)
        budget = cap * _BUDGET if drivers else None
        found = self._walk(position, limit, budget)
        if found is None:
            found = run(self._session, [self._from_sets(drivers, position)], limit)
        return found

    def matching(self) -> tuple[Sql, Sql] | None:
        """Return source and condition of all runs that match, each once as ``r``; None for none."""
        if self._predicate is False:
            return None
        ranges = [driver for driver in self._drivers() if driver.is_range]
        rare = self._rarest(ranges, _GREATEST_CAP)
        found = self._general(self._predicate)
        if rare is not None:
            found = self._from_set(rare, Position())
        condition = both(found.where)
        return found.source, condition if isinstance(condition, Sql) else Sql("1 = 1")

    def count(self) -> int:
        """Return how many runs match: entries of indexes, each probed by what else is asked."""
        found = self.matching()
        if found is None:
            return 0
        source, condition = found
        sql = f"SELECT count(*) FROM {source.text} WHERE {condition.text}"
        return int(self._session.scalar(sql, source.params + condition.params))

    # Sets

    def _cap(self, limit: int) -> int:
        """Return how many candidates cost as much to sort as a walk that finds them by the way."""
        total = self._session.scalar("SELECT max(id) FROM hr_runs") or 0
        return max(_LEAST_CAP, min(_GREATEST_CAP, math.isqrt(limit * int(total))))

    def _drivers(self) -> list[Driver]:
        found = [self._driver(part) for part in self._parts]
        return sorted((driver for driver in found if driver is not None), key=_expected)

    def _driver(self, part: Node) -> Driver | None:
        """Return the runs that pass a part of the filter, as indexes list them."""
        if isinstance(part, Test):
            return driver_for(
                self._session.dialect,
                TARGET.keyed.get(part.field.kind),
                self._keys.find(part.field),
                part,
                self._scope.experiments,
            )
        if not isinstance(part, Or):
            return None
        drivers = []
        for each in part.operands:
            if self._compiler.predicate(each) is not False:
                driver = self._driver(each)
                if driver is None:
                    return None
                drivers.append(driver)
        return union(part, drivers)

    def _rarest(self, drivers: Sequence[Driver], cap: int) -> Driver | None:
        best: Driver | None = None
        for driver in drivers:
            count = self._session.scalar(
                f"SELECT count(*) FROM (SELECT 1 AS found FROM ({driver.select.text}) s LIMIT ?) c",
                (*driver.select.params, cap + 1),
            )
            if count <= cap:
                best, cap = driver, count
                if count <= _ENOUGH:
                    break
        return best

    def _from_set(self, driver: Driver, position: Position) -> Statement:
        """Candidates from one filter; the others are probed."""
        rest = [part for part in self._parts if part is not driver.part]
        compiler = self._compiler.probing("d.id")
        predicate = both([compiler.predicate(part) for part in rest])
        join = FIXED_JOIN[self._session.dialect.name]
        source = Sql(
            f"({driver.select.text}) d {join} hr_runs r ON r.id = d.id", driver.select.params
        )
        return self._placed(
            Statement(source, self.ordering, (*self._in_scope(), predicate)), position
        )

    def _from_sets(self, drivers: Sequence[Driver], position: Position) -> Statement:
        """Candidates that several filters have in common."""
        rest = [part for part in self._parts if not any(part is driver.part for driver in drivers)]
        predicate = both([self._compiler.predicate(part) for part in rest])
        sets = [Sql(f"r.id IN ({driver.select.text})", driver.select.params) for driver in drivers]
        statement = Statement(
            Sql("hr_runs r"), self.ordering, (*sets, *self._in_scope(), predicate)
        )
        return self._placed(statement, position)

    # Scope and place

    def _in_scope(self) -> list[Predicate]:
        dialect = self._session.dialect
        return [
            is_one_of(dialect, "r.experiment_id", self._scope.experiments),
            self._in_stage("r"),
        ]

    def _in_stage(self, row: str) -> Sql:
        stages = self._scope.stages
        marks = ", ".join("?" * len(stages))
        return Sql(f"{row}.lifecycle_stage IN ({marks})", tuple(stages))

    def _placed(self, statement: Statement, position: Position) -> Statement:
        if position.after is None:
            return statement
        return statement.narrowed(statement.ordering.after(position.after))

    def _general(self, predicate: Predicate) -> Statement:
        """Everything in scope, sorted."""
        return Statement(Sql("hr_runs r"), self.ordering, (*self._in_scope(), predicate))

    # Walks

    def _walk(self, position: Position, limit: int, budget: int | None) -> list[Found] | None:
        """Return a page by walking the first order key's index; None when the budget was too small.

        Args:
            position: Where the page begins.
            limit: Its greatest length.
            budget: How many index entries the walk may pass; None for all.
        """
        lead = next((n for n, term in enumerate(self.ordering.terms) if term.sql is not None), 0)
        key = self._leading_key()
        branches = len(self._scope.experiments) * len(self._scope.stages)
        if branches > _MOST_BRANCHES or not self._is_walked(key):
            return run(
                self._session, [self._placed(self._general(self._predicate), position)], limit
            )
        if key.field == _START_TIME:
            statements = self._by_time(self.ordering, self._predicate)
            return self._bounded(statements, position, limit, budget, "r.start_time")
        return self._phases(key, lead, position, limit, budget)

    def _leading_key(self) -> OrderKey:
        """Return the first order key that tells any runs apart."""
        for key in self._order:
            keyed = key.field.kind in TARGET.keyed
            if not keyed or self._keys.find(key.field) is not None:
                return key
        raise AssertionError  # the ties are attributes

    def _is_walked(self, key: OrderKey) -> bool:
        kind = key.field.kind
        if kind is FieldKind.ATTRIBUTE or key.field.aggregate:
            return key.field == _START_TIME
        if kind is FieldKind.METRIC or self._session.dialect.name != "sqlite":
            return kind is FieldKind.METRIC
        # The index of texts is of all experiments: worth its walk when this is a large part.
        return not self._is_small()

    def _is_small(self) -> bool:
        scope = is_one_of(self._session.dialect, "r.experiment_id", self._scope.experiments)
        count = self._session.scalar(
            f"SELECT count(*) FROM (SELECT 1 AS found FROM hr_runs r WHERE {scope.text} LIMIT ?) c",
            (*scope.params, _SMALL_SCOPE),
        )
        return int(count) < _SMALL_SCOPE

    def _by_time(self, order: Ordering, *predicates: Predicate) -> list[Statement]:
        return [
            Statement(
                Sql("hr_runs r"),
                order,
                predicates,
                Walk(
                    "hr_runs r",
                    (
                        Sql("r.experiment_id = ?", (experiment,)),
                        Sql("r.lifecycle_stage = ?", (stage,)),
                    ),
                ),
            )
            for experiment in self._scope.experiments
            for stage in self._scope.stages
        ]

    def _phases(
        self, key: OrderKey, lead: int, position: Position, limit: int, budget: int | None
    ) -> list[Found] | None:
        start = LOW
        if position.after is not None:
            start = int(position.after[lead] or 0)
        found: list[Found] = []
        for rank, statements, expression in self._ranks(key, lead):
            if rank < start:
                continue
            here = position if rank == start else Position()
            more = self._bounded(statements, here, limit - len(found), budget, expression)
            if more is None:
                return None
            found += more
            if len(found) >= limit:
                break  # before the next rank is even looked for
        return found

    def _ranks(self, key: OrderKey, lead: int) -> Iterator[tuple[int, list[Statement], str | None]]:
        """Yield each rank of a keyed value with what finds its runs, and the walked expression."""
        is_metric = key.field.kind is FieldKind.METRIC
        for rank in (LOW, MIDDLE, HIGH, NOT_A_NUMBER) if is_metric else (MIDDLE,):
            value = Term("o0.value", key.descending) if rank == MIDDLE else Term(None)
            order = self._phase_ordering(lead, rank, value)
            expression = "o0.value" if rank == MIDDLE else None
            yield rank, self._with_value(key, rank, order), expression
        if not self._needs_value(key.field) and not self._all_have(key.field):
            order = self._phase_ordering(lead, MISSING, Term(None))
            keyed = TARGET.keyed[key.field.kind]
            absent = Sql(
                f"NOT EXISTS (SELECT 1 FROM {keyed.table} m"
                " WHERE m.run_id = r.id AND m.key_id = ?)",
                (self._keys.find(key.field),),
            )
            yield MISSING, self._by_time(order, absent, self._predicate), None

    def _phase_ordering(self, lead: int, rank: int, value: Term) -> Ordering:
        terms = self.ordering.terms
        phase = (*terms[:lead], Term(None, constant=rank), value, *terms[lead + 2 :])
        return Ordering(self.ordering.joins[1:], phase)

    def _with_value(self, key: OrderKey, rank: int, order: Ordering) -> list[Statement]:
        """Return what finds the runs whose value has a rank, in the order of the index."""
        keyed = TARGET.keyed[key.field.kind]
        join = FIXED_JOIN[self._session.dialect.name]
        source = Sql(f"{keyed.table} o0 {join} hr_runs r ON r.id = o0.run_id")
        mine = [part for part in self._parts if _is_about(part, key.field)]
        others = [part for part in self._parts if not any(part is each for each in mine)]
        own = [stored_condition(self._session.dialect, each, "o0") for each in mine]
        compiler = self._compiler.probing("o0.run_id")
        rest = (self._in_stage("r"), *(compiler.predicate(each) for each in others))
        key_is = Sql("o0.key_id = ?", (self._keys.find(key.field),))
        if key.field.kind is not FieldKind.METRIC:
            scope = is_one_of(self._session.dialect, "r.experiment_id", self._scope.experiments)
            walk = Walk(f"{keyed.table} o0", (key_is, *own))
            return [Statement(source, order, (scope, *rest), walk)]
        ascending_rank = _DESCENDING_RANK.get(rank, rank) if key.descending else rank
        walks = [
            Walk(
                f"{keyed.table} o0",
                (
                    Sql("o0.experiment_id = ?", (experiment,)),
                    key_is,
                    Sql("o0.kind = ?", (kind,)),
                    *own,
                ),
            )
            for experiment in self._scope.experiments
            for kind in _KINDS_OF_RANK[ascending_rank]
        ]
        return [Statement(source, order, rest, walk) for walk in walks]

    def _needs_value(self, field: Field) -> bool:
        """Return whether the filter leaves no run without the field."""
        return any(
            isinstance(part, Test) and part.field == field and part.operator is not Operator.IS_NULL
            for part in self._parts
        )

    def _all_have(self, field: Field) -> bool:
        """Return whether every run in scope has a metric, by two counts of index entries."""
        if field.kind is not FieldKind.METRIC:
            return False
        dialect = self._session.dialect
        runs = is_one_of(dialect, "r.experiment_id", self._scope.experiments)
        bearing = is_one_of(dialect, "f.experiment_id", self._scope.experiments)
        total = self._session.scalar(
            f"SELECT count(*) FROM hr_runs r WHERE {runs.text}", runs.params
        )
        having = self._session.scalar(
            f"SELECT count(*) FROM hr_latest_metrics f WHERE {bearing.text} AND f.key_id = ?",
            (*bearing.params, self._keys.find(field)),
        )
        return bool(total == having)

    def _bounded(
        self,
        statements: list[Statement],
        position: Position,
        limit: int,
        budget: int | None,
        expression: str | None,
    ) -> list[Found] | None:
        """Return a page of a walk, or None when it passed more entries than its budget allows."""
        placed = [self._placed(each, position) for each in statements]
        if budget is None or expression is None:
            return run(self._session, placed, limit)
        order = statements[0].ordering
        term = next(term for term in order.terms if term.sql == expression)
        bound = self._bound(statements, position, term, budget)
        if bound is None:
            return run(self._session, placed, limit)
        sign = ">=" if term.descending else "<="
        near = Sql(f"{expression} {sign} ?", (bound,))
        found = run(self._session, [each.narrowed(near) for each in placed], limit)
        return found if len(found) >= limit else None

    def _bound(
        self, statements: list[Statement], position: Position, term: Term, budget: int
    ) -> Scalar:
        """Return where a walk stands after its budget of entries; None when it ends before."""
        order = statements[0].ordering
        start: list[Sql] = []
        if position.after is not None:
            value = position.after[order.terms.index(term)]
            sign = "<=" if term.descending else ">="
            start.append(Sql(f"{term.sql} {sign} ?", (value,)))
        bounds = []
        for each in statements:
            if each.walked is not None:
                query = each.walked.bound(str(term.sql), start, budget, descending=term.descending)
                found = self._session.scalar(query.text, query.params)
                if found is not None:
                    bounds.append(found)
        if not bounds:
            return None
        last: Scalar = max(bounds) if term.descending else min(bounds)
        return last


# The candidates come first, whatever the planner's statistics say.
FIXED_JOIN: Final = {"sqlite": "CROSS JOIN", "postgresql": "JOIN", "mysql": "STRAIGHT_JOIN"}


def _expected(driver: Driver) -> int:
    """Return a place in the order in which filters are counted: the likely rare ones first."""
    if not isinstance(driver.part, Test):
        return 1
    exact = driver.part.operator in (Operator.EQ, Operator.IN)
    return (not exact) * 2 + (driver.part.field.kind is FieldKind.METRIC)


def _is_about(part: Node, field: Field) -> TypeGuard[Test]:
    return (
        isinstance(part, Test)
        and part.field == field
        and part.operator not in (Operator.IS_NULL, Operator.IS_NOT_NULL)
    )
