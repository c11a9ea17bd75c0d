"""Searching registered models and their versions: the one language over two more tables."""

from collections.abc import Iterable, Sequence
from typing import Final

from mlflow._core.tags import MLFLOW_PROMPT_IS_PROMPT
from mlflow._search.ast import (
    And,
    Field,
    FieldKind,
    Node,
    Not,
    Operator,
    Or,
    OrderKey,
    Test,
    ValueType,
)
from mlflow._search.fields import MODEL_VERSIONS, REGISTERED_MODELS, FieldTable
from mlflow._search.order import parse_order
from mlflow._search.page_token import Position
from mlflow._search.parser import parse_filter
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.model_version_stages import STAGES
from mlflow.entities.model_registry.model_version_status import ModelVersionStatus
from mlflow.entities.model_registry.registered_model import RegisteredModel
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.sql.keys import REGISTERED_MODEL_TAG, VERSION_TAG
from mlflow.store.sql.model_version_loading import load_versions
from mlflow.store.sql.registered_models import load_registered_models
from mlflow.store.sql.search import checked_max_results, find_page
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

# The most results of one page, as upstream bounds it.
MAX_MODELS: Final = 1_000
MAX_VERSIONS: Final = 200_000

_IS_PROMPT: Final = (FieldKind.TAG, MLFLOW_PROMPT_IS_PROMPT)

_MODELS: Final = Target(
    columns={
        "name": Column("r.name"),
        "description": Column("r.description", nullable=True),
        "creation_timestamp": Column("r.creation_time"),
        "last_updated_timestamp": Column("r.last_update_time"),
    },
    keyed={FieldKind.TAG: KeyTable("hr_registered_model_tags", "model_id", REGISTERED_MODEL_TAG)},
)
_VERSIONS: Final = Target(
    columns={
        "name": Column("m.name"),
        "version_number": Column("r.version"),
        "run_id": Column("r.run_id", nullable=True),
        "source_path": Column("r.source"),
        "description": Column("r.description", nullable=True),
        "current_stage": Column("r.stage", names=dict(enumerate(STAGES))),
        "status": Column(
            "r.status",
            names={
                one: ModelVersionStatus.to_string(one) for one in ModelVersionStatus.all_status()
            },
        ),
        "creation_timestamp": Column("r.creation_time"),
        "last_updated_timestamp": Column("r.last_update_time"),
    },
    keyed={FieldKind.TAG: KeyTable("hr_model_version_tags", "version_id", VERSION_TAG)},
)


def _key(name: str, kind: ValueType, *, descending: bool = False) -> OrderKey:
    return OrderKey(Field(FieldKind.ATTRIBUTE, name, kind), descending)


_NAME: Final = _key("name", ValueType.TEXT)
_VERSION_TIES: Final = (_NAME, _key("version_number", ValueType.NUMBER, descending=True))
_NEWEST: Final = _key("last_updated_timestamp", ValueType.NUMBER, descending=True)


class _Search:
    """One search of one of the two."""

    def __init__(
        self,
        session: Session,
        source: str,
        target: Target,
        table: FieldTable,
        filter_string: str | None,
        order: Sequence[OrderKey],
        unique: frozenset[str],
    ) -> None:
        node = _with_models(parse_filter(filter_string, table))
        keys = Keys(session, target, [*fields_of(node), *(key.field for key in order)])
        self._session = session
        self._source = Sql(source)
        self._predicate = Compiler(session.dialect, target, keys).predicate(node)
        self.ordering: Final = ordering(session.dialect, target, keys, order, unique)

    def page(self, position: Position, limit: int) -> list[Found]:
        """Return the ids of at most ``limit`` rows from a position on."""
        if self._predicate is False:
            return []
        statement = Statement(self._source, self.ordering, (self._predicate,))
        return run_placed(self._session, statement, position, limit)


def _with_models(node: Node | None) -> Node | None:
    """Return a filter in which "is no prompt" holds of what does not say whether it is one.

    Upstream's client adds this test to every search; all other tests fail on a missing tag.
    """
    if isinstance(node, Test):
        field = node.field
        if node.operator is Operator.NE and (field.kind, field.key) == _IS_PROMPT:
            return Not(Test(field, Operator.EQ, node.values))
        return node
    if isinstance(node, Not):
        return Not(_with_models(node.operand) or node.operand)
    if isinstance(node, And | Or):
        return type(node)(tuple(_with_models(each) or each for each in node.operands))
    return node


def search_registered_models(
    session: Session,
    *,
    filter_string: str | None,
    max_results: int | None,
    order_by: Iterable[str] | None,
    page_token: str | None,
) -> PagedList[RegisteredModel]:
    """Return one page of the registered models that pass a filter, by default ordered by name.

    Args:
        session: The transaction.
        filter_string: The filter; empty for all.
        max_results: The page's length, 1,000 at most.
        order_by: The order's clauses; ties go by name.
        page_token: The token of the page before; None for the first.

    Raises:
        MlflowException: ``INVALID_PARAMETER_VALUE`` for an argument that is wrong.
    """
    limit = checked_max_results(max_results, MAX_MODELS)
    order = _with_ties(parse_order(order_by, REGISTERED_MODELS), (_NAME,))
    search = _Search(
        session,
        "hr_registered_models r",
        _MODELS,
        REGISTERED_MODELS,
        filter_string,
        order,
        frozenset({"name"}),
    )
    ids, token = find_page(search, order, limit, page_token)
    return PagedList(load_registered_models(session, ids, newest_first=True), token)


def search_model_versions(
    session: Session,
    *,
    filter_string: str | None,
    max_results: int | None,
    order_by: Iterable[str] | None,
    page_token: str | None,
) -> PagedList[ModelVersion]:
    """Return one page of the versions that pass a filter, by default the last changed first.

    Args:
        session: The transaction.
        filter_string: The filter; empty for all.
        max_results: The page's length, 200,000 at most.
        order_by: The order's clauses; ties go by name, then by version, the greatest first.
        page_token: The token of the page before; None for the first.

    Raises:
        MlflowException: ``INVALID_PARAMETER_VALUE`` for an argument that is wrong.
    """
    limit = checked_max_results(max_results, MAX_VERSIONS)
    order = _with_ties(parse_order(order_by, MODEL_VERSIONS) or (_NEWEST,), _VERSION_TIES)
    search = _Search(
        session,
        "hr_model_versions r JOIN hr_registered_models m ON m.id = r.model_id",
        _VERSIONS,
        MODEL_VERSIONS,
        filter_string,
        order,
        frozenset(),
    )
    ids, token = find_page(search, order, limit, page_token)
    return PagedList(load_versions(session, ids), token)


def _with_ties(order: Sequence[OrderKey], ties: Sequence[OrderKey]) -> tuple[OrderKey, ...]:
    named = {key.field for key in order}
    return (*order, *(tie for tie in ties if tie.field not in named))
