"""Progress bars leave their last state, whatever portions they arrive in."""

from __future__ import annotations

import pytest

from mlflow.tracking.console.fold import CUT, MAX_ROW, WINDOW_ROWS, Screen


def shown(text: str, portion: int | None = None) -> str:
    screen = Screen()
    size = portion or len(text) or 1
    taken = ""
    for start in range(0, len(text), size):
        screen.feed(text[start : start + size])
        taken += screen.take()
    return taken + screen.rest()


@pytest.mark.parametrize("portion", [None, 1, 3])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\n", "a\nb\n"),
        ("a\r\nb\r\n", "a\nb\n"),
        ("\r 10%\r 20%\r100%\ndone\n", "100%\ndone\n"),
        ("one\n\r 1\r 2", "one\n 2"),
        ("\x1b[31mred\x1b[0m\n", "\x1b[31mred\x1b[0m\n"),
        ("\x1b]0;title\x07text\x1b[?25l\n", "text\n"),
        ("abc\x08\x08x\n", "ax\n"),
        ("head\nfoo\x1b[2K\rbar\n", "head\nbar\n"),
        ("a\nb\nc\x1b[2F\x1b[Jx\n", "x\n"),
        ("a\x1b", "a"),
    ],
)
def test_what_a_terminal_would_show_is_kept(text: str, expected: str, portion: int | None) -> None:
    """Returned, erased and rewritten lines collapse; colours stay; other sequences go."""
    assert shown(text, portion) == expected


def test_nested_bars_keep_one_line_each() -> None:
    """A bar and another one a row below, drawn as tqdm draws them, end in their last states."""
    out = ""
    for outer in range(4):
        out += f"\router: {outer}/3"
        if outer < 3:
            out += "".join(f"\n\rinner: {inner}/50\x1b[A" for inner in range(51))
            out += f"\n\r{' ' * 12}\r\x1b[A"  # the inner one leaves nothing behind
    rows = shown(f"{out}\n", 7).split("\n")
    assert [row for row in rows if row] == ["outer: 3/3"]


def test_a_live_display_that_moves_up_is_kept_once() -> None:
    """A block of rows redrawn in place many times is there once, in its last state."""
    frame = "\r\x1b[2K\x1b[1A\x1b[2K\x1b[1A\x1b[2K"
    text = "top\n" + frame.join(f"a {i}\nb {i}\nc {i}" for i in range(200)) + "\nend\n"
    assert shown(text, 5) == "top\na 199\nb 199\nc 199\nend\n"


def test_rows_beyond_the_window_are_final_and_long_ones_are_cut() -> None:
    """What is held is bounded in rows and in their length."""
    screen = Screen()
    screen.feed("x" * 10 * MAX_ROW + "\n" + "\n".join(map(str, range(100))))
    taken = screen.take()
    assert taken.startswith("x" * MAX_ROW + CUT + "\n0\n")
    assert screen.rest().count("\n") == WINDOW_ROWS - 1
    screen.feed("y" * 10 * MAX_ROW)
    assert len(screen.rest()) < 2 * MAX_ROW
