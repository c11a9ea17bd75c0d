"""Pictures of trained models, drawn by Pillow: what stands where, and odd data."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from mlflow._autolog.figures import confusion_matrix, curve, importances
from mlflow._autolog.plot import BLUE, WHITE, mixed

DEEP, PALE = (8, 48, 107), (247, 251, 255)


def test_a_confusion_matrix_is_dark_where_shares_are_high() -> None:
    """Cells beside their texts have the colour of the share; the rows are the true classes."""
    picture = confusion_matrix(np.array([[1.0, 0.0], [0.0, math.nan]]), ["no", "yes"])
    assert picture.size == (640, 480)
    assert picture.getpixel((190, 60)) == DEEP
    assert picture.getpixel((360, 60)) == PALE
    assert picture.getpixel((360, 230)) == PALE  # nothing is known of this class


@pytest.mark.parametrize("labels", [["x" * 200, ""], ["é\n\t中", 3], [True, None]])
def test_any_labels_are_written(labels: list[Any]) -> None:
    """Long ones are cut, odd ones do no harm."""
    assert confusion_matrix(np.eye(2), labels).size == (640, 480)


def test_many_classes_fit() -> None:
    """A hundred classes are cells without texts."""
    picture = confusion_matrix(np.eye(100), range(100))
    assert picture.getpixel((172, 46)) == DEEP


def test_a_curve_goes_through_its_points() -> None:
    """The frame's corners are 0 and 1; beside the line nothing is drawn."""
    words = {"title": "ROC curve", "x_label": "x", "y_label": "y", "label": "AUC = 1.00"}
    picture = curve([0, 0.5, 1], [0, 0.5, 1], **words)
    middle = ((70 + 610) // 2, (44 + 420) // 2)
    found = picture.getpixel(middle)
    assert all(abs(one - other) < 32 for one, other in zip(found, BLUE, strict=True))
    assert picture.getpixel((middle[0] - 100, middle[1] - 20)) == WHITE


def test_the_greatest_importances_are_bars() -> None:
    """Ten at most, the greatest on top; none, or none but zeros, is an empty frame."""
    picture = importances({f"f{number}": number for number in range(20)}, "gain")
    assert picture.getpixel((320, 60)) == BLUE
    assert picture.getpixel((880, 60)) == BLUE
    assert picture.getpixel((880, 400)) == WHITE
    for values in ({}, {"a": 0.0}, {"a": [0.0, 0.0]}):
        assert importances(values, "gain").getpixel((400, 230)) == WHITE


def test_colours_are_mixed() -> None:
    """Shares outside of 0 to 1 are the nearest of them."""
    assert mixed(0.5, (0, 0, 0), (100, 50, 10)) == (50, 25, 5)
    assert mixed(2.0, (0, 0, 0), (9, 9, 9)) == (9, 9, 9)
    assert mixed(math.nan, (1, 1, 1), (9, 9, 9)) == (1, 1, 1)
