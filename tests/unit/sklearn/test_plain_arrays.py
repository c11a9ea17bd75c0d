"""Arrays of .npy files are read as numpy reads them."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest

from mlflow.sklearn.plain_arrays import read_npy


def _npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "array",
    [
        np.arange(5.0),
        np.zeros((0, 3)),
        np.array(3),
        np.array([[1, 2], [3, 4]], order="F"),
        np.array(["a", "bc"]),
        np.array([b"x"]),
        np.array("2020", dtype="M8[D]"),
        np.zeros(3, dtype=[("a", "i4"), ("b", "f8", (2,))]),
        np.zeros(3, dtype={"names": ["a"], "formats": ["i1"], "offsets": [4], "itemsize": 16}),
    ],
)
def test_arrays_come_back(array: Any) -> None:
    """Type, shape and content are numpy's own, and the array can be written to."""
    found, expected = read_npy(_npy(array)), np.load(io.BytesIO(_npy(array)))
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)
    assert found.flags.writeable


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x93NUMPY\x01\x00",
        _npy(np.arange(5.0))[:-1],
        _npy(np.arange(3)).replace(b"(3,)", b"(9,)"),
        _npy(np.arange(3)).replace(b"<i8", b"|O8"),
        _npy(np.arange(3)).replace(b"<i8", b"i()"),
        _npy(np.arange(3)).replace(b"'<i8'", b"([['x"),
        _npy(np.array([None])),
    ],
)
def test_what_is_no_array_is_an_error(data: bytes) -> None:
    """Files that end too early, say something else, or hold objects are not read."""
    with pytest.raises((ValueError, EOFError, TypeError)):
        read_npy(data)
