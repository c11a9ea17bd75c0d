"""Secrets in what a program prints are masked before it leaves the process.

What is masked: the shapes that well-known services give their keys, what follows words such as
``password=``, private key blocks, and the values of this process's own secret variables. It is a
net with meshes: nobody should print a secret and count on it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from mlflow._core.variables import snapshot
from mlflow.environment_variables import (
    MLFLOW_TRACKING_PASSWORD,
    MLFLOW_TRACKING_TOKEN,
    MLFLOW_TRACKING_URI,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

MASK: Final = "[secret]"

_SHAPES: Final = re.compile(
    r"\b(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b"  # AWS key ids
    r"|\bgh[pousr]_[A-Za-z0-9]{30,}\b|\bgithub_pat_\w{30,}"
    r"|\bglpat-[\w-]{20,}"
    r"|\bhf_[A-Za-z0-9]{30,}\b"
    r"|\bsk-[\w-]{20,}"
    r"|\bxox[abeoprs]-[\w-]{10,}"
    r"|\bAIza[\w-]{35}"
    r"|\bdapi[0-9a-f]{32}\b"
    r"|\bpypi-[\w-]{50,}"
    r"|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+"  # JSON web tokens
)
_AFTER_WORD: Final = re.compile(
    r"(?P<word>\b(?:Bearer|Basic)\s+|AccountKey=)[\w.~+/=-]{8,}"
    # Models have tokens too: only what looks random.
    r"|(?P<token>token[\"']?\s*[=:]\s*[\"']?)(?=[\w.~+/-]*\d)[\w.~+/=-]{8,}"
    r"|(?P<name>(?:password|passwd|secret|api[_-]?key|access[_-]?key|auth[_-]?token"
    r"|access[_-]?token|private[_-]?key)[\w-]{0,40}[\"']?\s*[=:]\s*)(?P<quote>[\"']?)"
    r"(?!None\b|True\b|False\b|null\b)[^\s\"',;&}\])\x1b]+",
    re.IGNORECASE,
)
_IN_URL: Final = re.compile(r"(?P<before>://[^\s/:@]{0,99}:)[^\s/@]{1,999}(?=@)")
# Without one of these no search for what follows a word: it is the dear one.
_WORDS: Final = ("passw", "secret", "key", "token", "bearer", "basic")
_PRIVATE_KEY: Final = "private key"
# Masked at once, in characters: other threads stand still meanwhile.
_BLOCK: Final = 8192
_KEY_BEGIN: Final = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")
_KEY_END: Final = re.compile(r"-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")
# A block that never ends is no key.
_KEY_LINES: Final = 200

_NAME_OF_SECRET: Final = re.compile(
    r"PASSWORD|PASSWD|SECRET|TOKEN$|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS$", re.IGNORECASE
)
_SHORTEST_GUESS: Final = 6
_SHORTEST: Final = 3


def own_secrets() -> tuple[str, ...]:
    """Return the values of this process's variables that are secrets by their names."""
    guessed = {
        value
        for name, value in snapshot(("",)).items()
        if _NAME_OF_SECRET.search(name) and not value.startswith(("/", "~"))
    }
    try:
        password = urlsplit(MLFLOW_TRACKING_URI.get() or "").password or ""
    except ValueError:
        password = ""
    ours = {password, unquote(password)}
    ours |= {MLFLOW_TRACKING_PASSWORD.get() or "", MLFLOW_TRACKING_TOKEN.get() or ""}
    # A word of letters that some variable holds is in ordinary text too often.
    found = {value for value in guessed if len(value) >= _SHORTEST_GUESS and not value.isalpha()}
    found |= {value for value in ours if len(value) >= _SHORTEST}
    return tuple(sorted(found, key=len, reverse=True))


class Masker:
    """Masks the rows of one stream; remembers when it is within a private key."""

    def __init__(self, values: tuple[str, ...] = ()) -> None:
        self._values = re.compile("|".join(map(re.escape, values))) if values else None
        self._key_lines = 0

    def mask(self, text: str) -> str:
        """Return whole rows without their secrets."""
        return "".join(map(self._mask_block, _blocks(text)))

    def _mask_block(self, text: str) -> str:
        if self._values is not None:
            text = self._values.sub(MASK, text)
        lowered = text.lower()
        if self._key_lines or _PRIVATE_KEY in lowered:
            text = "".join(map(self._outside_key, text.splitlines(keepends=True)))
        text = _SHAPES.sub(MASK, text)
        if "://" in text:
            text = _IN_URL.sub(rf"\g<before>{MASK}", text)
        if any(word in lowered for word in _WORDS):
            text = _AFTER_WORD.sub(_after_word, text)
        return text

    def peek(self, text: str) -> str:
        """Return rows that may still change without their secrets, and remember nothing."""
        before = self._key_lines
        masked = self.mask(text)
        self._key_lines = before
        return masked

    def _outside_key(self, row: str) -> str:
        if self._key_lines:
            self._key_lines = 0 if _KEY_END.search(row) else self._key_lines - 1
            return ""
        begin = _KEY_BEGIN.search(row)
        if begin is None:
            return row
        if not _KEY_END.search(row):  # some are on one line, with escaped line ends
            self._key_lines = _KEY_LINES
        end = "\n" if row.endswith("\n") else ""
        return f"{row[: begin.start()]}{MASK}{end}"


def _blocks(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = text.find("\n", start + _BLOCK) + 1 or len(text)
        yield text[start:end]
        start = end


def _after_word(match: re.Match[str]) -> str:
    before = match["word"] or match["token"]
    if before is not None:
        return f"{before}{MASK}"
    return f"{match['name']}{match['quote']}{MASK}"
