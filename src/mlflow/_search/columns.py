"""What a column of a table of runs is named by: ``metrics.loss``, ``min:metrics.`val loss```."""

import re
from dataclasses import dataclass
from typing import Final

from mlflow._search.ast import FieldKind
from mlflow._search.fields import RUNS
from mlflow.exceptions import MlflowException

KINDS: Final = {
    FieldKind.METRIC: "metrics",
    FieldKind.PARAM: "params",
    FieldKind.TAG: "tags",
    FieldKind.ATTRIBUTE: "attributes",
}
AGGREGATES: Final = ("min", "max")
_BARE: Final = re.compile(r"[\w.\-/:@]+")
_QUOTED: Final = 3  # a letter between two backticks


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A column.

    Attributes:
        kind: What it holds values of.
        key: The key, or the attribute.
        aggregate: ``min`` or ``max`` over a metric's history; empty for the latest value.
    """

    kind: FieldKind
    key: str
    aggregate: str = ""

    def __str__(self) -> str:
        """Return the text that names it, in filters too where it has no aggregate."""
        key = self.key if _BARE.fullmatch(self.key) else f"`{self.key.replace('`', '``')}`"
        text = f"{KINDS[self.kind]}.{key}"
        return f"{self.aggregate}:{text}" if self.aggregate else text


def split_aggregate(text: str) -> tuple[str, str]:
    """Return the aggregate that a text begins with, empty for none, and the rest."""
    aggregate, colon, rest = text.partition(":")
    return (aggregate, rest) if colon and aggregate in AGGREGATES else ("", text)


def parse_column(text: str) -> ColumnName:
    """Return the column that a text names; a key may stand in backticks, or as it is.

    Raises:
        MlflowException: it names none (INVALID_PARAMETER_VALUE).
    """
    aggregate, rest = split_aggregate(text)
    prefix, _, key = rest.partition(".")
    kind = RUNS.kind(prefix)
    if len(key) >= _QUOTED and key[0] == key[-1] == "`":
        key = key[1:-1].replace("``", "`")
    is_known = kind in KINDS and (kind is FieldKind.METRIC or not aggregate)
    if kind is None or not is_known or not key:
        raise MlflowException.invalid_parameter_value(
            f"Invalid column {text!r}: it is 'metrics.<key>', 'min:metrics.<key>',"
            " 'max:metrics.<key>', 'params.<key>' or 'tags.<key>'; a group may also be by"
            " 'attributes.<name>'."
        )
    return ColumnName(kind, key, aggregate)
