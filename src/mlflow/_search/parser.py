"""Tokens to a tree, by recursive descent; every error names the place and what should stand there.

or          = and { OR and }
and         = not { [AND] not }          upstream lets AND be left out, doubled or left over
not         = NOT not | '(' or ')' | test
test        = field operator value | field [NOT] IN list | field [NOT] BETWEEN value AND value
            | field IS [NOT] NULL
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

from mlflow._search.ast import (
    And,
    Field,
    FieldKind,
    Node,
    Not,
    Operator,
    Or,
    Test,
    Value,
    ValueType,
)
from mlflow._search.lexer import Token, TokenKind, error_at, tokenize
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from mlflow._search.fields import FieldTable

MAX_DEPTH = 40
MAX_TESTS = 250
MAX_VALUES = 10_000
MAX_PATTERN = 10_000  # characters; longer than any value
_MAX_DIGITS = 18  # what an integer column holds for certain

_FIELD_STARTS = frozenset({TokenKind.WORD, TokenKind.PATH, TokenKind.QUOTED, TokenKind.BACKTICK})
_SIGNS = {
    sign.value: sign
    for sign in (
        Operator.EQ,
        Operator.NE,
        Operator.LT,
        Operator.LE,
        Operator.GT,
        Operator.GE,
    )
}
_SIGN_HINTS = {"==": "'=' (one sign)", "<>": "'!='"}
_LISTS = {"IN": (Operator.IN, Operator.NOT_IN)}
_PATTERNS = {
    "LIKE": (Operator.LIKE, Operator.NOT_LIKE),
    "ILIKE": (Operator.ILIKE, Operator.NOT_ILIKE),
}
_RANGES = (Operator.BETWEEN, Operator.NOT_BETWEEN)
_ORDERING = frozenset({Operator.LT, Operator.LE, Operator.GT, Operator.GE})
_KEYWORDS = frozenset({"AND", "OR", "NOT"})
_OPERATORS = "=, !=, <, <=, >, >=, LIKE, ILIKE, IN, BETWEEN, IS NULL or IS NOT NULL"


def parse_filter(text: str | None, table: FieldTable) -> Node | None:
    """Return the tree of a filter, or None for an empty one.

    Args:
        text: The filter as the caller wrote it.
        table: The fields of what is searched.

    Raises:
        MlflowException: ``INVALID_PARAMETER_VALUE`` with the position, the offending token and what
            was expected.
    """
    if text is None:
        return None
    if not isinstance(text, str):
        raise MlflowException.invalid_parameter_value(
            f'A filter is text, such as "metrics.loss < 0.1"; got {text!r}.'
        )
    if not text or text.isspace():
        return None
    return _Parser(text, table).parse()


class _Parser:
    """One pass over the tokens of one filter."""

    def __init__(self, text: str, table: FieldTable) -> None:
        self._text = text
        self._table = table
        self._tokens = tokenize(text)
        self._next = 0
        self._depth = 0
        self._tests = 0
        self._values = 0

    def parse(self) -> Node:
        node = self._or()
        token = self._peek()
        if token.kind is not TokenKind.END:
            raise self._error(token, "AND, OR or the end of the filter")
        return node

    # Tokens

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        if token.kind is not TokenKind.END:
            self._next += 1
        return token

    def _at(self, word: str) -> bool:
        token = self._peek()
        return token.kind is TokenKind.WORD and token.text.upper() == word

    def _skip(self, word: str) -> bool:
        if self._at(word):
            self._next += 1
            return True
        return False

    def _error(self, token: Token, expected: str) -> MlflowException:
        found = "the end" if token.kind is TokenKind.END else repr(token.text)
        return error_at("filter", self._text, token.position, found, expected)

    # Logic

    def _or(self) -> Node:
        self._deeper()
        operands = [self._and()]
        while self._skip("OR"):
            operands.append(self._and())
        self._depth -= 1
        return operands[0] if len(operands) == 1 else Or(tuple(operands))

    def _and(self) -> Node:
        self._skip_ands()
        operands = [self._not()]
        while True:
            joined = self._skip_ands()
            if joined and self._at("OR"):
                raise self._error(self._peek(), "a field after AND")
            if not (joined and self._operand_follows()) and not self._field_follows():
                break
            operands.append(self._not())
        return operands[0] if len(operands) == 1 else And(tuple(operands))

    def _skip_ands(self) -> bool:
        skipped = False
        while self._skip("AND"):
            skipped = True
        return skipped

    def _operand_follows(self) -> bool:
        token = self._peek()
        return token.kind not in (TokenKind.END, TokenKind.CLOSE)

    def _field_follows(self) -> bool:
        token = self._peek()
        if token.kind is TokenKind.WORD:
            return token.text.upper() not in _KEYWORDS
        return token.kind in _FIELD_STARTS

    def _not(self) -> Node:
        if self._skip("NOT"):
            self._deeper()
            operand = self._not()
            self._depth -= 1
            return Not(operand)
        if self._peek().kind is TokenKind.OPEN:
            self._take()
            node = self._or()
            token = self._take()
            if token.kind is not TokenKind.CLOSE:
                raise self._error(token, "AND, OR or ')'")
            return node
        return self._test()

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._error(self._peek(), f"a filter nested at most {MAX_DEPTH} deep")

    # Tests

    def _test(self) -> Test:
        start = self._peek()
        field = self._field()
        self._tests += 1
        if self._tests > MAX_TESTS:
            raise self._error(
                start, f"at most {MAX_TESTS} comparisons (IN takes many values in one)"
            )
        token = self._take()
        if token.kind is TokenKind.OPERATOR:
            if token.text not in _SIGNS:
                raise self._error(token, _SIGN_HINTS[token.text])
            return self._comparison(field, _SIGNS[token.text], token)
        word = token.text.upper() if token.kind is TokenKind.WORD else ""
        if word == "IS":
            return self._null_test(field)
        negated = word == "NOT"
        if negated:
            token = self._take()
            word = token.text.upper() if token.kind is TokenKind.WORD else ""
        if word in _PATTERNS:
            return self._comparison(field, _PATTERNS[word][negated], token)
        if word in _LISTS:
            return Test(field, _LISTS[word][negated], self._list(field))
        if word == "BETWEEN":
            return self._between(field, _RANGES[negated])
        raise self._no_operator(token, start, negated=negated)

    def _no_operator(self, token: Token, start: Token, *, negated: bool) -> MlflowException:
        expected = "IN, LIKE, ILIKE or BETWEEN after NOT" if negated else _OPERATORS
        if token.kind is TokenKind.WORD and start.kind is TokenKind.PATH:
            expected += (
                "; a key with a space or a sign in it is written in backticks: "
                f"{start.value}.`{start.key} {token.text}`"
            )
        return self._error(token, expected)

    def _comparison(self, field: Field, operator: Operator, token: Token) -> Test:
        if field.type is not ValueType.TEXT and operator.value in {
            word.value for pair in _PATTERNS.values() for word in pair
        }:
            raise self._error(token, f"=, !=, <, <=, >, >=, IN or BETWEEN for the {_name(field)}")
        if field.type is not ValueType.NUMBER and operator in _ORDERING:
            raise self._error(
                token,
                f"=, !=, LIKE, ILIKE, IN or BETWEEN for the {_name(field)}: its values are text",
            )
        start = self._peek()
        value = self._value(field)
        if operator.value.endswith("LIKE") and len(str(value)) > MAX_PATTERN:
            raise self._error(start, f"a pattern of at most {MAX_PATTERN} characters")
        return Test(field, operator, (value,))

    def _null_test(self, field: Field) -> Test:
        negated = self._skip("NOT")
        if not self._skip("NULL"):
            raise self._error(self._peek(), "NULL" if negated else "NULL or NOT NULL")
        return Test(field, Operator.IS_NOT_NULL if negated else Operator.IS_NULL)

    def _between(self, field: Field, operator: Operator) -> Test:
        low = self._value(field)
        if not self._skip("AND"):
            raise self._error(self._peek(), "AND between the two ends of the range")
        return Test(field, operator, (low, self._value(field)))

    def _list(self, field: Field) -> tuple[Value, ...]:
        token = self._take()
        if token.kind is not TokenKind.OPEN:
            raise self._error(token, "a list of values in parentheses")
        values = [self._value(field)]
        while True:
            token = self._take()
            if token.kind is TokenKind.CLOSE:
                return tuple(dict.fromkeys(values))
            if token.kind is not TokenKind.COMMA:
                raise self._error(token, "',' or ')'")
            if self._peek().kind is TokenKind.CLOSE:
                continue
            values.append(self._value(field))
            self._values += 1
            if self._values > MAX_VALUES:
                raise self._error(token, f"at most {MAX_VALUES} values in lists")

    # Fields and values

    def _field(self) -> Field:
        token = self._take()
        if token.kind not in _FIELD_STARTS or token.text.upper() in _KEYWORDS:
            raise self._error(
                token, "a field such as metrics.loss, params.lr, tags.user or an attribute"
            )
        return resolve_field(token, self._table, "filter", self._text)

    def _value(self, field: Field) -> Value:
        token = self._take()
        if field.type is ValueType.NUMBER:
            if token.kind is TokenKind.NUMBER:
                return _number(token.text)
            if token.kind is TokenKind.STRING and self._table.quoted_numbers:
                return self._id(token)
            raise self._error(token, f"a number without quotes for the {_name(field)}")
        if token.kind in (TokenKind.STRING, TokenKind.QUOTED):
            return token.value if field.type is ValueType.TEXT else self._id(token)
        loose = field.type is ValueType.TEXT and self._table.loose_text
        if loose and token.kind in (TokenKind.WORD, TokenKind.NUMBER, TokenKind.PATH):
            return token.text
        raise self._error(token, f"text in single or double quotes for the {_name(field)}")

    def _id(self, token: Token) -> int:
        digits = token.value.strip()
        if not (digits.isascii() and digits.isdigit() and len(digits) <= _MAX_DIGITS):
            raise self._error(token, "a whole number in quotes")
        return int(digits)


def resolve_field(token: Token, table: FieldTable, what: str, text: str) -> Field:
    """Return the field that a token names.

    Args:
        token: A word, a quoted name or a path.
        table: The fields of what is searched.
        what: Which argument the token is from, for messages.
        text: The whole of that argument.

    Raises:
        MlflowException: The table has no such prefix or attribute; the message says which it has.
    """
    kind, key = FieldKind.ATTRIBUTE, token.value
    usual = [_USUAL[kind] for kind in dict.fromkeys(table.prefixes.values())]
    if token.kind is TokenKind.PATH:
        named = table.kind(token.value)
        if named is None:
            close = table.prefix_suggestion(token.value)
            expected = f"one of {', '.join(usual)}" + (
                f" (did you mean {close!r}?)" if close else ""
            )
            raise error_at(what, text, token.position, repr(token.value), expected)
        kind, key = named, token.key
    field = table.field(kind, key)
    if field is not None:
        return field
    close = table.suggestion(kind, key)
    if close:
        hint = f" (did you mean {close!r}?)"
    elif token.kind is TokenKind.PATH:
        hint = ""
    else:
        hint = f"; other fields have a prefix: {', '.join(f'{u}.{key}' for u in usual[1:])}"
    names = ", ".join(table.names(kind))
    raise error_at(what, text, token.position, repr(key), f"one of the {kind.value}s {names}{hint}")


_USUAL = {
    FieldKind.ATTRIBUTE: "attributes",
    FieldKind.METRIC: "metrics",
    FieldKind.PARAM: "params",
    FieldKind.TAG: "tags",
    FieldKind.DATASET: "datasets",
}


def _name(field: Field) -> str:
    return f"{field.kind.value} {field.key!r}"


def _number(text: str) -> Value:
    """Return the number; what a double cannot hold is the largest one, which infinity equals."""
    if len(text) <= _MAX_DIGITS and text.lstrip("+-").isdigit():
        return int(text)
    value = float(text)
    return math.copysign(sys.float_info.max, value) if math.isinf(value) else value
