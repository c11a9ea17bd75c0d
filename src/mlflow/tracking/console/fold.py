"""The last rows of a stream as a terminal would show them, so that progress bars fold.

A bar rewrites its line with carriage returns, several bars move the cursor up; only the last state
of such a line is worth keeping. This is a terminal reduced to what such programs use: a returned
line is replaced as a whole, colours (SGR) stay in the text, other control sequences go.
"""

from __future__ import annotations

import re
from typing import Final

# How far up the cursor may go: rows above are final.
WINDOW_ROWS: Final = 32
# A row longer than this is cut; nobody reads it, and it would be sent again and again.
MAX_ROW: Final = 8000
CUT: Final = " … [cut]"

_TOKEN: Final = re.compile(
    r"\x1b\[(?P<numbers>[0-9;:?]*)(?P<letter>[@-~])"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b[^\[\]]"
    r"|(?P<control>[\r\n]|\x08+)"
    r"|(?P<text>[^\x1b\r\n\x08]+)"
    r"|\x1b"
)
_UNFINISHED: Final = re.compile(r"\x1b(?:\[[0-9;:?]*|\][^\x07\x1b]{0,200})?\Z")
_MOVES: Final = re.compile(r"[\r\x08]|\x1b(?!\[[0-9;:]*m)")


class Screen:
    """The rows of one stream that may still change; the last one is where text goes on."""

    def __init__(self) -> None:
        self._rows: list[str] = [""]
        self._row = 0
        self._returned = False
        self._carry = ""

    def feed(self, text: str) -> None:
        """Take what was written, in any portions."""
        if self._carry:
            text, self._carry = self._carry + text, ""
        if self._row == len(self._rows) - 1 and not self._returned and not _MOVES.search(text):
            unfinished = _UNFINISHED.search(text) if "\x1b" in text else None
            if unfinished is None:
                first, *others = text.split("\n")
                self._rows[-1] = _limited(self._rows[-1] + first)
                self._rows.extend(map(_limited, others))
                self._row = len(self._rows) - 1
                return
        unfinished = _UNFINISHED.search(text)
        if unfinished is not None:
            text, self._carry = text[: unfinished.start()], unfinished.group()
        for token in _TOKEN.finditer(text):
            if token["text"] is not None:
                self._write(token["text"])
            elif token["control"] is not None:
                self._control(token["control"])
            elif token["letter"] is not None:
                self._escape(token.group(), token["numbers"], token["letter"])

    def take(self) -> str:
        """Return the rows that are final, each with its line end, and forget them."""
        count = min(self._row, max(0, len(self._rows) - WINDOW_ROWS))
        rows = self._rows[:count]
        del self._rows[:count]
        self._row -= count
        return "".join(f"{row.rstrip(' ')}\n" for row in rows)

    def rest(self) -> str:
        """Return the rows that may still change."""
        return "\n".join(row.rstrip(" ") for row in self._rows)

    def _write(self, text: str) -> None:
        if self._returned:
            self._returned = False
            # Colours left in an erased row would count as text.
            self._rows[self._row] = text
        else:
            self._rows[self._row] = _limited(self._rows[self._row] + text)

    def _control(self, control: str) -> None:
        if control == "\r":
            self._returned = True
        elif control == "\n":
            self._down(1)
        elif not self._returned:
            self._rows[self._row] = self._rows[self._row][: -len(control)]

    def _escape(self, sequence: str, numbers: str, letter: str) -> None:
        if letter == "m":
            self._write(sequence)
        elif letter in "AF":
            self._row = max(0, self._row - _number(numbers))
            self._returned = self._returned or letter == "F"
        elif letter in "BE":
            self._down(_number(numbers))
        elif letter == "G":
            self._returned = self._returned or _number(numbers) == 1
        elif letter == "K":
            if self._returned or numbers == "2":
                self._rows[self._row] = ""
        elif letter == "J":
            del self._rows[self._row + 1 :]
            if self._returned:
                self._rows[self._row] = ""

    def _down(self, count: int) -> None:
        for _ in range(min(count, WINDOW_ROWS)):
            self._row += 1
            if self._row == len(self._rows):
                self._rows.append("")
        # On a row that is there already text starts at its beginning.
        self._returned = bool(self._rows[self._row])


def _number(numbers: str) -> int:
    return max(1, int(numbers)) if numbers.isdigit() and len(numbers) < 5 else 1  # noqa: PLR2004 - no screen is longer


def _limited(row: str) -> str:
    if len(row) <= MAX_ROW + len(CUT):
        return row
    return row[:MAX_ROW] + CUT
