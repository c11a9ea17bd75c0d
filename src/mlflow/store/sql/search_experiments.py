"""Searching experiments: there are few, so one sorted scan answers."""

from collections.abc import Sequence
from typing import Final

from mlflow._search.ast import Field, FieldKind, Node, OrderKey, ValueType
from mlflow._search.page_token import Position
from mlflow.store.sql.dialect import placeholders
from mlflow.store.sql.keys import EXPERIMENT_TAG
from mlflow.store.sql.search_compile import (
    Column,
    Compiler,
    Keys,
    KeyTable,
    Sql,
    Target,
    fields_of,
)
from mlflow.store.sql.search_order import ordering
from mlflow.store.sql.search_statement import Found, Statement, run_placed
from mlflow.store.sql.session import Session

TARGET: Final = Target(
    columns={
        "experiment_id": Column("r.id"),
        "name": Column("r.name"),
        "creation_time": Column("r.creation_time"),
        "last_update_time": Column("r.last_update_time"),
    },
    keyed={FieldKind.TAG: KeyTable("hr_experiment_tags", "experiment_id", EXPERIMENT_TAG)},
)
_ID: Final = Field(FieldKind.ATTRIBUTE, "experiment_id", ValueType.ID)
_CREATION: Final = Field(FieldKind.ATTRIBUTE, "creation_time", ValueType.NUMBER)
_DEFAULT: Final = (OrderKey(_CREATION, descending=True), OrderKey(_ID))
_TIES: Final = (OrderKey(_ID, descending=True),)
_UNIQUE: Final = frozenset({"experiment_id", "name"})


class ExperimentSearch:
    """One search of experiments."""

    def __init__(
        self, session: Session, stages: Sequence[str], node: Node | None, order: Sequence[OrderKey]
    ) -> None:
        """Prepare the search.

        Args:
            session: The transaction.
            stages: Lifecycle stages to search.
            node: The filter.
            order: The keys of the order, without ties.
        """
        self._session = session
        full = [*order, *_TIES] if order else _DEFAULT
        keys = Keys(session, TARGET, fields_of(node))
        self._predicate = Compiler(session.dialect, TARGET, keys).predicate(node)
        self._stage = Sql(f"r.lifecycle_stage IN ({placeholders(len(stages))})", tuple(stages))
        self.ordering: Final = ordering(session.dialect, TARGET, keys, full, _UNIQUE)

    def page(self, position: Position, limit: int) -> list[Found]:
        """Return the ids of at most ``limit`` experiments from a position on."""
        if self._predicate is False:
            return []
        where = (self._stage, self._predicate)
        return run_placed(
            self._session, Statement(Sql("hr_experiments r"), self.ordering, where), position, limit
        )
