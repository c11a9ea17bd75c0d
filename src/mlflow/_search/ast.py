"""The tree of a filter: tests of fields, joined by AND, OR and NOT.

Upstream's operators and ours share one leaf, so that a compiler has one case for each operator and
none for each way of writing it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class FieldKind(str, Enum):
    """Where the value of a field is kept."""

    ATTRIBUTE = "attribute"
    METRIC = "metric"
    PARAM = "parameter"
    TAG = "tag"
    DATASET = "dataset"


class ValueType(str, Enum):
    """What the values of a field are, and so which operators and literals fit it."""

    TEXT = "text"
    NUMBER = "number"
    ID = "id"  # a whole number that is written as a string


class Operator(str, Enum):
    """What a test asks of a field; the value is how the language spells it."""

    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    LIKE = "LIKE"
    NOT_LIKE = "NOT LIKE"
    ILIKE = "ILIKE"
    NOT_ILIKE = "NOT ILIKE"
    IN = "IN"
    NOT_IN = "NOT IN"
    BETWEEN = "BETWEEN"
    NOT_BETWEEN = "NOT BETWEEN"
    IS_NULL = "IS NULL"
    IS_NOT_NULL = "IS NOT NULL"


# A negated operator asks for a value that fails the plain one; a missing value passes neither.
NEGATED = {
    Operator.NE: Operator.EQ,
    Operator.NOT_LIKE: Operator.LIKE,
    Operator.NOT_ILIKE: Operator.ILIKE,
    Operator.NOT_IN: Operator.IN,
    Operator.NOT_BETWEEN: Operator.BETWEEN,
}

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Field:
    """A field of what is searched: an attribute's canonical name, or a key within a kind.

    With an ``aggregate`` its value is the ``min`` or ``max`` of a metric's points, NaN left out.
    """

    kind: FieldKind
    key: str
    type: ValueType
    aggregate: str = ""


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison; false on a missing value unless the operator asks about just that."""

    field: Field
    operator: Operator
    values: tuple[Value, ...] = ()

    __test__ = False  # not a test case, whatever its name says to a collector


@dataclass(frozen=True, slots=True)
class And:
    """All operands hold."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one operand holds."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The complement: what the operand does not match, missing values included."""

    operand: Node


Node = Test | And | Or | Not


@dataclass(frozen=True, slots=True)
class OrderKey:
    """One key of an ordering; values that are missing come last in both directions.

    ``dataset_name`` and ``dataset_digest`` narrow a logged model's metric to one dataset.
    """

    field: Field
    descending: bool = False
    dataset_name: str | None = None
    dataset_digest: str | None = None
