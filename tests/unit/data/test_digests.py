"""Digests change when the content does, and only then."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlflow.data.digest_utils import compute_numpy_digest, compute_pandas_digest

_CELLS: dict[str, Any] = {
    "integers": st.integers(-(2**40), 2**40),
    "numbers": st.floats(allow_nan=False),
    "texts": st.text(max_size=5),
    "booleans": st.booleans(),
    "lists": st.lists(st.integers(0, 3), max_size=3),
    "mixed": st.one_of(st.none(), st.text(max_size=3), st.booleans(), st.integers(0, 9)),
    "times": st.datetimes(dt.datetime(1980, 1, 1), dt.datetime(2100, 1, 1)),  # noqa: DTZ001
}


def _frame(kind: str, values: list[Any]) -> pd.DataFrame:
    dtype = object if kind in ("lists", "mixed") else None
    frame: pd.DataFrame = pd.DataFrame({"first": range(len(values))})
    frame[kind] = pd.Series(values, dtype=dtype)
    return frame


@pytest.mark.parametrize("kind", sorted(_CELLS))
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_digest_changes_exactly_when_a_cell_does(kind: str, data: st.DataObject) -> None:
    """The same rows give the same digest; one other cell gives another."""
    cell = _CELLS[kind]
    values = data.draw(st.lists(cell, min_size=1, max_size=6))
    place = data.draw(st.integers(0, len(values) - 1))
    before = compute_pandas_digest(_frame(kind, values))
    assert compute_pandas_digest(_frame(kind, list(values))) == before
    other = data.draw(cell)
    changed = [*values[:place], other, *values[place + 1 :]]
    is_same = type(other) is type(values[place]) and other == values[place]
    assert (compute_pandas_digest(_frame(kind, changed)) == before) == is_same


@pytest.mark.parametrize("row", [0, 9_999, 10_000, 24_999])
def test_every_row_counts(row: int) -> None:
    """A change in any row shows, far beyond the first 10,000 too."""
    frame = pd.DataFrame({"a": np.arange(25_000.0), "b": np.arange(25_000) % 2 == 0})
    array = np.arange(25_000.0).reshape(-1, 1)
    digests = (compute_pandas_digest(frame), compute_numpy_digest(array))
    frame.loc[row, "a"] += 0.5
    array[row, 0] += 0.5
    assert compute_pandas_digest(frame) != digests[0]
    assert compute_numpy_digest(array) != digests[1]
