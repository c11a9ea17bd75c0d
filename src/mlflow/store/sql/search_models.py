"""Searching logged models. A metric of a model has many points; a test holds when one passes it.

An order by a metric takes the latest point, by timestamp, then step, then value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from mlflow._search.ast import Field, FieldKind, Node, OrderKey, ValueType
from mlflow._search.page_token import Position
from mlflow.entities.lifecycle_stage import LifecycleStage
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.exceptions import MlflowException
from mlflow.store.sql.keys import METRIC, MODEL_PARAM, MODEL_TAG
from mlflow.store.sql.search_compile import (
    Column,
    Compiler,
    Keys,
    KeyTable,
    Sql,
    Target,
    either,
    fields_of,
)
from mlflow.store.sql.search_locations import experiment_bases
from mlflow.store.sql.search_order import ordering
from mlflow.store.sql.search_statement import Found, Statement, is_one_of, run_placed
from mlflow.store.sql.session import Session

_METRICS: Final = KeyTable("hr_model_metrics", "model_id", METRIC, points=True)
TARGET: Final = Target(
    columns={
        "name": Column("r.name"),
        "model_id": Column("r.model_uuid"),
        "model_type": Column("r.model_type", nullable=True),
        "status": Column(
            "r.status", names={status.to_int(): status.value for status in LoggedModelStatus}
        ),
        "status_message": Column("r.status_message", nullable=True),
        "source_run_id": Column("r.source_run_id", nullable=True),
        "experiment_id": Column("r.experiment_id"),
        "artifact_location": Column("r.artifact_location", location=True),
        "lifecycle_stage": Column("r.lifecycle_stage"),
        "creation_timestamp": Column("r.creation_time"),
        "last_updated_timestamp": Column("r.last_update_time"),
    },
    keyed={
        FieldKind.METRIC: _METRICS,
        FieldKind.PARAM: KeyTable("hr_model_params", "model_id", MODEL_PARAM),
        FieldKind.TAG: KeyTable("hr_model_tags", "model_id", MODEL_TAG),
    },
)
_CREATION: Final = Field(FieldKind.ATTRIBUTE, "creation_timestamp", ValueType.NUMBER)
_MODEL_ID: Final = Field(FieldKind.ATTRIBUTE, "model_id", ValueType.TEXT)
_TIES: Final = (OrderKey(_CREATION, descending=True), OrderKey(_MODEL_ID))
_UNIQUE: Final = frozenset({"model_id"})


@dataclass(frozen=True)
class DatasetFilter:
    """Datasets that models were measured on: name and digest, any digest when it is None."""

    pairs: tuple[tuple[str, str | None], ...] = ()

    @classmethod
    def parse(cls, datasets: Iterable[dict[str, Any]] | None) -> "DatasetFilter":
        """Return the datasets as a caller gives them.

        Raises:
            MlflowException: One is no dictionary with a ``dataset_name``.
        """
        pairs = []
        for each in datasets or ():
            name = each.get("dataset_name") if isinstance(each, dict) else None
            digest = each.get("dataset_digest") if isinstance(each, dict) else None
            if not isinstance(name, str) or not name or not isinstance(digest, (str, type(None))):
                raise MlflowException.invalid_parameter_value(
                    "Each of datasets is a dictionary with 'dataset_name' and, if wanted,"
                    f" 'dataset_digest', both text; got {each!r}."
                )
            pairs.append((name, digest))
        return cls(tuple(pairs))

    def condition(self) -> Sql:
        """Return the condition on a row ``f`` of the metrics; empty when all datasets will do."""
        parts = [
            Sql("f.dataset_name = ?", (name,))
            if digest is None
            else Sql("(f.dataset_name = ? AND f.dataset_digest = ?)", (name, digest))
            for name, digest in self.pairs
        ]
        joined = either(parts)
        return Sql(f" AND {joined.text}", joined.params) if isinstance(joined, Sql) else Sql("")


class ModelSearch:
    """One search of logged models."""

    def __init__(
        self,
        session: Session,
        experiments: Sequence[int],
        datasets: DatasetFilter,
        node: Node | None,
        order: Sequence[OrderKey],
    ) -> None:
        """Prepare the search.

        Args:
            session: The transaction.
            experiments: Where to search; not empty.
            datasets: What the models were measured on.
            node: The filter.
            order: The keys of the order, without ties.
        """
        self._session = session
        named = {key.field for key in order}
        full = [*order, *(tie for tie in _TIES if tie.field not in named)]
        fields = [*fields_of(node), *(key.field for key in full)]
        keys = Keys(session, TARGET, fields)
        located = any(field.key == "artifact_location" for field in fields)
        bases = experiment_bases(session, experiments) if located else {}
        measured = datasets.condition()
        target = replace(
            TARGET, keyed={**TARGET.keyed, FieldKind.METRIC: replace(_METRICS, extra=measured)}
        )
        predicate = Compiler(session.dialect, target, keys, bases).predicate(node)
        self._nothing = predicate is False
        self._where = [
            is_one_of(session.dialect, "r.experiment_id", experiments),
            Sql("r.lifecycle_stage = ?", (LifecycleStage.ACTIVE,)),
            predicate,
        ]
        if measured.text:
            text = (
                f"EXISTS (SELECT 1 FROM hr_model_metrics f WHERE f.model_id = r.id{measured.text})"
            )
            self._where.append(Sql(text, measured.params))
        self.ordering: Final = ordering(session.dialect, TARGET, keys, full, _UNIQUE, bases)

    def page(self, position: Position, limit: int) -> list[Found]:
        """Return the ids of at most ``limit`` models from a position on."""
        if self._nothing:
            return []
        statement = Statement(Sql("hr_logged_models r"), self.ordering, tuple(self._where))
        return run_placed(self._session, statement, position, limit)
