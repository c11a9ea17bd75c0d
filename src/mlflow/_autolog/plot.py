"""Plots with a frame, labels and ticks, drawn by Pillow.

A plotting library takes ten times as long for these few lines, in the background of a training
that wants the processor for itself.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.lazy import resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

Color = tuple[int, int, int]
BLACK: Final[Color] = (31, 35, 40)
WHITE: Final[Color] = (255, 255, 255)
GREY: Final[Color] = (208, 212, 218)
BLUE: Final[Color] = (31, 104, 180)
_TEXT: Final = 13  # pixels
_TITLE: Final = 16
_TICK: Final = 4
_FINER: Final = 4  # how much larger a curve is drawn before it is made smaller
_LINE: Final = 2
_LONGEST: Final = 40  # characters of a label
_LONGEST_TURNED: Final = 12


@lru_cache(maxsize=4)
def _font(size: int) -> Any:
    return resolve("PIL.ImageFont:load_default")(size)


class Plot:
    """A picture with one pair of axes; places in it are pixels from the upper left corner."""

    def __init__(
        self, title: str, x_label: str, y_label: str, size: tuple[int, int], box: tuple[int, ...]
    ) -> None:
        """Draw the frame and its titles.

        Args:
            title: What it shows.
            x_label: What the horizontal axis shows.
            y_label: What the vertical axis shows.
            size: Width and height in pixels.
            box: Left, top, right and bottom of the frame in pixels.
        """
        self.image = resolve("PIL.Image:new")("RGB", size, WHITE)
        self._draw = resolve("PIL.ImageDraw:Draw")(self.image)
        self.left, self.top, self.right, self.bottom = box
        middle = (self.left + self.right) / 2
        self.text((middle, self.top - 16), title, "ms", size=_TITLE)
        self.text((middle, size[1] - 12), x_label, "ms")
        label = _cut(y_label)
        self._paste_turned(label, 90, (14, (self.top + self.bottom) / 2), (0.5, 0.5))
        self.frame()

    def frame(self) -> None:
        """Draw the frame again, over what was drawn."""
        self._draw.rectangle((self.left, self.top, self.right, self.bottom), outline=BLACK)

    def text(
        self,
        place: tuple[float, float],
        text: str,
        anchor: str,
        *,
        size: int = _TEXT,
        color: Color = BLACK,
    ) -> None:
        """Write a text; ``anchor`` is Pillow's, as ``mm`` for the middle at the place."""
        self._draw.text(place, _cut(text), color, font=_font(size), anchor=anchor)

    def fill(self, box: tuple[float, float, float, float], color: Color) -> None:
        """Fill a box."""
        self._draw.rectangle(box, fill=color)

    def x_ticks(self, ticks: Sequence[tuple[float, str]], room: float) -> None:
        """Mark places on the horizontal axis.

        Args:
            ticks: Pixels from the left of the picture, and the texts.
            room: Pixels for each text: longer ones are turned.
        """
        texts = [_cut(text) for _, text in ticks]
        turned = any(_font(_TEXT).getlength(text) > room for text in texts)
        for (x, _), text in zip(ticks, texts, strict=True):
            self._draw.line((x, self.bottom, x, self.bottom + _TICK), BLACK)
            below = self.bottom + 2 * _TICK
            if turned:
                self._paste_turned(_cut(text, _LONGEST_TURNED), 45, (x + _TICK, below), (1, 0))
            else:
                self.text((x, below), text, "mt")

    def y_ticks(self, ticks: Sequence[tuple[float, str]]) -> None:
        """Mark places on the vertical axis: pixels from the top of the picture, and the texts."""
        for y, text in ticks:
            self._draw.line((self.left - _TICK, y, self.left, y), BLACK)
            self.text((self.left - 2 * _TICK, y), text, "rm")

    def curve(self, points: Sequence[tuple[float, float]], color: Color = BLUE) -> None:
        """Draw a line through points of the frame, given as shares of its width and height."""
        width, height = self.right - self.left, self.bottom - self.top
        mask = resolve("PIL.Image:new")("L", (width * _FINER, height * _FINER), 0)
        finer = [(x * width * _FINER, (1 - y) * height * _FINER) for x, y in points]
        resolve("PIL.ImageDraw:Draw")(mask).line(finer, 255, _LINE * _FINER, joint="curve")
        self.image.paste(color, (self.left, self.top), mask.reduce(_FINER))

    def _paste_turned(
        self, text: str, angle: int, place: tuple[float, float], anchor: tuple[float, float]
    ) -> None:
        font = _font(_TEXT)
        left, top, right, bottom = font.getbbox(text)
        mask = resolve("PIL.Image:new")("L", (int(right - left) + 2, int(bottom - top) + 2), 0)
        resolve("PIL.ImageDraw:Draw")(mask).text((1 - left, 1 - top), text, 255, font=font)
        turned = mask.rotate(angle, resolve("PIL.Image:Resampling").BICUBIC, expand=True)
        corner = tuple(
            int(at - share * length)
            for at, share, length in zip(place, anchor, turned.size, strict=True)
        )
        self.image.paste(BLACK, corner, turned)


def _cut(text: str, longest: int = _LONGEST) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def mixed(share: float, low: Color, high: Color) -> Color:
    """Return the colour at a share of the way from one to another; NaN is the first."""
    at = min(max(share, 0.0), 1.0) if share == share else 0.0  # noqa: PLR0124 - only NaN differs
    red, green, blue = (round(a + (b - a) * at) for a, b in zip(low, high, strict=True))
    return red, green, blue
