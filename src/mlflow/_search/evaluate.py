"""The language's meaning in plain Python: what every compiler's answer is held against."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import cmp_to_key, lru_cache
from typing import TYPE_CHECKING, Any

from mlflow._search.ast import (
    NEGATED,
    And,
    Field,
    FieldKind,
    Node,
    Not,
    Operator,
    Or,
    OrderKey,
    Test,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_MAX = 1.7976931348623157e308


@dataclass(frozen=True)
class Subject:
    """What a filter is asked about: its values by kind; a missing key is absent or None.

    ``histories`` holds all points of metrics, for an order by their least or greatest.
    """

    attributes: Mapping[str, Value | None] = field(default_factory=dict)
    metrics: Mapping[str, float | Sequence[float]] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    datasets: Sequence[Mapping[str, str]] = ()
    histories: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def values(self, wanted: Field) -> list[Value]:
        """Return every value of a field: none when it is missing, several for datasets."""
        if wanted.aggregate:
            points = self.histories.get(wanted.key, ())
            numbers = [point for point in points if not math.isnan(point)]
            extreme = min if wanted.aggregate == "min" else max
            return [extreme(numbers, default=math.nan)] if points else []
        if wanted.kind is FieldKind.DATASET:
            return [each[wanted.key] for each in self.datasets if wanted.key in each]
        kinds: dict[FieldKind, Mapping[str, Value | Sequence[float] | None]] = {
            FieldKind.ATTRIBUTE: self.attributes,
            FieldKind.METRIC: self.metrics,
            FieldKind.PARAM: self.params,
            FieldKind.TAG: self.tags,
        }
        found = kinds[wanted.kind].get(wanted.key)
        if found is None:
            return []
        return [found] if isinstance(found, (str, int, float)) else list(found)


def matches(node: Node | None, subject: Subject) -> bool:
    """Return whether a filter holds; an absent one always does."""
    if node is None:
        return True
    if isinstance(node, And):
        return all(matches(each, subject) for each in node.operands)
    if isinstance(node, Or):
        return any(matches(each, subject) for each in node.operands)
    if isinstance(node, Not):
        return not matches(node.operand, subject)
    return _holds(node, subject.values(node.field))


def holds(test: Test, value: Value) -> bool:
    """Return whether a test of values holds for this one, which is not missing."""
    if test.operator in NEGATED:
        return not _CHECKS[NEGATED[test.operator]](value, test.values)
    return _CHECKS[test.operator](value, test.values)


def _holds(test: Test, found: Sequence[Value]) -> bool:
    if test.operator is Operator.IS_NULL:
        return not found
    if test.operator is Operator.IS_NOT_NULL:
        return bool(found)
    return any(holds(test, _finite(value)) for value in found)


def _finite(value: Value) -> Value:
    """Infinity stands for the largest double, as literals beyond it do."""
    if isinstance(value, float) and math.isinf(value):
        return math.copysign(_MAX, value)
    return value


@lru_cache(maxsize=256)
def _pattern(text: str, flags: int) -> re.Pattern[str]:
    signs = {"%": ".*", "_": "."}
    pattern = "".join(signs.get(character) or re.escape(character) for character in text)
    return re.compile(pattern, flags | re.DOTALL)


def _like(flags: int) -> Callable[[Value, Sequence[Value]], bool]:
    def check(value: Value, values: Sequence[Value]) -> bool:
        return bool(_pattern(fold(str(values[0]), flags), 0).fullmatch(fold(str(value), flags)))

    return check


def fold(text: str, flags: int = re.IGNORECASE) -> str:
    """Return the text with the letters A to Z made small; no others, as every database agrees."""
    return text.translate(_FOLD) if flags & re.IGNORECASE else text


_FOLD = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


_CHECKS: dict[Operator, Callable[[Value, Sequence[Value]], bool]] = {
    Operator.EQ: lambda value, values: value == values[0],
    Operator.LT: lambda value, values: _bytes(value) < _bytes(values[0]),
    Operator.LE: lambda value, values: _bytes(value) <= _bytes(values[0]),
    Operator.GT: lambda value, values: _bytes(value) > _bytes(values[0]),
    Operator.GE: lambda value, values: _bytes(value) >= _bytes(values[0]),
    Operator.LIKE: _like(0),
    Operator.ILIKE: _like(re.IGNORECASE),
    Operator.IN: lambda value, values: value in values,
    Operator.BETWEEN: lambda value, values: _bytes(values[0]) <= _bytes(value) <= _bytes(values[1]),
}


def _bytes(value: Value) -> Any:
    """Text compares by its bytes."""
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value


def ordered(
    subjects: Iterable[Subject], keys: Sequence[OrderKey], ties: Sequence[OrderKey]
) -> list[Subject]:
    """Return subjects in the order of the keys: values, then NaN, then missing; then the ties."""
    everything = [*keys, *ties]

    def compare(left: Subject, right: Subject) -> int:
        for key in everything:
            sign = _compare(_rank(left, key), _rank(right, key), descending=key.descending)
            if sign:
                return sign
        return 0

    return sorted(subjects, key=cmp_to_key(compare))


def _rank(subject: Subject, key: OrderKey) -> tuple[int, Any]:
    found = subject.values(key.field)
    if not found:
        return 2, 0
    value = found[0]
    if isinstance(value, float) and math.isnan(value):
        return 1, 0
    return 0, _bytes(value)


def _compare(left: tuple[int, Any], right: tuple[int, Any], *, descending: bool) -> int:
    if left[0] != right[0]:
        return -1 if left[0] < right[0] else 1
    low, high = left[1], right[1]
    if low == high:
        return 0
    before = low < high
    return 1 if before == descending else -1
