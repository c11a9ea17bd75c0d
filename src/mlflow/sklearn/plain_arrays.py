"""Arrays of ``.npy`` files, at once: numpy parses each header as a Python program.

A model of trees has hundreds of small arrays that differ in length only.
"""

from __future__ import annotations

import ast
import io
import math
import re
from functools import lru_cache
from typing import Any, Final

_MAGIC: Final = b"\x93NUMPY\x01\x00"  # of the first version, with two bytes of length
_START: Final = len(_MAGIC) + 2
_HEADER: Final = re.compile(
    r"\{'descr': (.{1,2000}), 'fortran_order': False, 'shape': \((\d[\d, ]*|)\), \}\s*"
)


def read_npy(data: bytes) -> Any:
    """Return the array in the content of a file, without pickle.

    Args:
        data: The content.

    Raises:
        ValueError: it is no such file, it ends too early, or it holds objects.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    size = int.from_bytes(data[len(_MAGIC) : _START], "little")
    text = data[_START : _START + size].decode("latin1")
    found = _HEADER.fullmatch(text) if data.startswith(_MAGIC) else None
    if found is None:
        return np.load(io.BytesIO(data), allow_pickle=False)
    dtype = _dtype(found[1])
    if dtype.hasobject:
        raise ValueError("an array of objects")
    shape = tuple(int(part) for part in found[2].split(",") if part.strip())
    count = math.prod(shape)
    content = data[_START + size : _START + size + count * dtype.itemsize]
    return np.frombuffer(bytearray(content), dtype=dtype, count=count).reshape(shape)


@lru_cache(maxsize=128)
def _dtype(text: str) -> Any:
    import numpy as np  # noqa: PLC0415 - optional package

    try:
        return np.lib.format.descr_to_dtype(ast.literal_eval(text))
    except SyntaxError as error:
        raise ValueError(f"{text} is no type of numbers") from error
