"""Text to tokens. A key may be bare or quoted, so ``prefix.key`` is one token.

Quotes are doubled to stand for themselves, as in SQL; a backslash is a character like any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from mlflow.exceptions import MlflowException

# Far beyond what people write; below what a parser or a database can be hurt with.
MAX_LENGTH = 1_000_000

_SHOWN = 60


class TokenKind(str, Enum):
    """What a token is; the value is how messages name it."""

    WORD = "a word"
    PATH = "a field"
    STRING = "a string"  # '…'
    QUOTED = "a quoted text"  # "…": a string or a name
    BACKTICK = "a name in backticks"
    NUMBER = "a number"
    OPERATOR = "an operator"
    OPEN = "'('"
    CLOSE = "')'"
    COMMA = "','"
    END = "the end"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text.

    Attributes:
        kind: What it is.
        text: Its characters as they stand in the filter.
        value: Its meaning: without quotes, or the prefix of a path.
        key: The key of a path.
        position: Where it begins, from 0.
    """

    kind: TokenKind
    text: str
    value: str
    position: int
    key: str = ""


_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<string>'[^']*(?:''[^']*)*')
      | (?P<quoted>"[^"]*(?:""[^"]*)*")
      | (?P<backtick>`[^`]*(?:``[^`]*)*`)
      | (?P<number>[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?P<tail>[\w.]*))
      | (?P<operator>==|<>|<=|>=|!=|=|<|>)
      | (?P<open>\()
      | (?P<close>\))
      | (?P<comma>,)
      | (?P<word>[^\W\d]\w*)
    """,
    re.VERBOSE,
)
_BARE_KEY = re.compile(r"[\w.\-/:@]+")
_QUOTED_KEY = re.compile(r"""'[^']*(?:''[^']*)*'|"[^"]*(?:""[^"]*)*"|`[^`]*(?:``[^`]*)*`""")
_BEFORE_KEY = frozenset({"word", "quoted", "backtick"})
_QUOTES = "'\"`"


def error_at(what: str, text: str, position: int, found: str, expected: str) -> MlflowException:
    """Return the error for a bad piece of a filter or an order.

    Args:
        what: Which argument it is, such as ``filter``.
        text: The whole of it.
        position: Where the offending token begins, from 0.
        found: The offending token, or words for the end.
        expected: What should have stood there.
    """
    start = max(0, position - _SHOWN)
    excerpt = text[start : position + _SHOWN]
    marker = " " * (position - start) + "^"
    shown = found if len(found) <= _SHOWN else found[:_SHOWN] + "…"
    excerpt = re.sub(r"[\s\x00-\x1f]", " ", excerpt)
    return MlflowException.invalid_parameter_value(
        f"Invalid {what} at position {position + 1}: found {shown}, expected {expected}.\n"
        f"  {excerpt}\n  {marker}"
    )


def unquote(text: str) -> str:
    """Return what stands between the quotes, doubled ones made single."""
    quote = text[0]
    return text[1:-1].replace(quote * 2, quote)


def tokenize(text: str, what: str = "filter") -> list[Token]:
    """Split a filter or one clause of an order into tokens; the last one is the end.

    Args:
        text: The filter.
        what: Which argument it is, for messages.

    Returns:
        The tokens.

    Raises:
        MlflowException: A quote is not closed, a number is malformed, a character has no meaning,
            or the text is too long or no database can hold it.
    """
    if len(text) > MAX_LENGTH:
        raise MlflowException.invalid_parameter_value(
            f"The {what} has {len(text)} characters; at most {MAX_LENGTH} are taken."
        )
    if "\0" in text:
        raise error_at(what, text, text.index("\0"), repr("\0"), "text without NUL")
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _no_token(text, position, what)
        group = match.lastgroup if match.lastgroup != "tail" else "number"
        found, end = match.group(), match.end()
        if group in _BEFORE_KEY and text[end : end + 1] == ".":
            token = _path(text, position, found, end + 1, what)
            tokens.append(token)
            end = position + len(token.text)
        elif group == "number" and match["tail"]:
            raise error_at(what, text, position, repr(found), "a number such as 3, -0.5 or 1e-3")
        elif group != "space":
            value = unquote(found) if found[0] in _QUOTES else found
            tokens.append(Token(_KINDS[str(group)], found, value, position))
        position = end
    tokens.append(Token(TokenKind.END, "", "", len(text)))
    return tokens


_KINDS = {
    "string": TokenKind.STRING,
    "quoted": TokenKind.QUOTED,
    "backtick": TokenKind.BACKTICK,
    "number": TokenKind.NUMBER,
    "operator": TokenKind.OPERATOR,
    "open": TokenKind.OPEN,
    "close": TokenKind.CLOSE,
    "comma": TokenKind.COMMA,
    "word": TokenKind.WORD,
}


def _path(text: str, position: int, prefix: str, start: int, what: str) -> Token:
    """Return the token of ``prefix.key``; the key begins at ``start``."""
    quoted = text[start : start + 1] in tuple(_QUOTES)
    match = (_QUOTED_KEY if quoted else _BARE_KEY).match(text, start)
    if match is None:
        if quoted:
            raise _no_token(text, start, what)
        found = repr(text[start]) if start < len(text) else "the end"
        raise error_at(what, text, start, found, f"a key after '{prefix}.'")
    key = unquote(match.group()) if quoted else match.group()
    if not key:
        raise error_at(what, text, start, match.group(), "a key that is not empty")
    name = unquote(prefix) if prefix[0] in _QUOTES else prefix
    return Token(TokenKind.PATH, text[position : match.end()], name, position, key)


def _no_token(text: str, position: int, what: str) -> MlflowException:
    character = text[position]
    if character in _QUOTES:
        return error_at(
            what,
            text,
            position,
            f"{character} that is never closed",
            f"a closing {character} (double it to mean the sign itself)",
        )
    return error_at(what, text, position, repr(character), "a field, an operator or a value")
