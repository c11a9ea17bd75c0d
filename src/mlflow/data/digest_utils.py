"""Digests of data: eight hex digits of an MD5 over row hashes, lengths and names.

What goes into them was measured on the interface that we mirror, so that the same data has the
same digest there and here.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import pandas as pd

MAX_ROWS: Final = 10000
_DIGITS: Final = 8


def get_normalized_md5_digest(elements: Iterable[Any]) -> str:
    """Return the digest over bytes, arrays and numpy scalars, one after another.

    Args:
        elements: What goes in; at least one.

    Raises:
        MlflowException: there are none.
    """
    given = list(elements)
    if not given:
        raise MlflowException.invalid_parameter_value("No hashable elements were given.")
    digest = hashlib.md5(usedforsecurity=False)
    for element in given:
        digest.update(element)
    return digest.hexdigest()[:_DIGITS]


def compute_pandas_digest(df: pd.DataFrame) -> str:
    """Return the digest of a DataFrame: its first 10,000 rows, its length, its column names.

    Only columns of numbers and columns of text alone are part of the rows' hashes.

    Args:
        df: The data.
    """
    import numpy as np  # noqa: PLC0415 - optional package
    import pandas as pd  # noqa: PLC0415 - optional package

    head = df.head(MAX_ROWS)
    texts = [
        place
        for place in range(head.shape[1])
        if all(isinstance(value, str) for value in head.iloc[:, place])
    ]
    text_columns = head.columns[texts]
    number_columns = head.select_dtypes(include=["number"]).columns
    chosen = head[text_columns.union(number_columns)]
    return get_normalized_md5_digest(
        [
            pd.util.hash_pandas_object(chosen).to_numpy(),
            np.int64(len(df)),
            *(str(column).encode() for column in df.columns),
        ]
    )


def compute_numpy_digest(features: Any, targets: Any = None) -> str:
    """Return the digest of arrays: 10,000 values and the shape of each.

    Args:
        features: An array, or arrays by name.
        targets: An array, or arrays by name, or None.
    """
    elements = [*_array_elements(features)]
    if targets is not None:
        elements.extend(_array_elements(targets))
    return get_normalized_md5_digest(elements)


def _array_elements(data: Any) -> list[Any]:
    if isinstance(data, dict):
        return [part for name in sorted(data) for part in _one_array(data[name])]
    return _one_array(data)


def _one_array(array: np.ndarray[Any, Any]) -> list[Any]:
    import numpy as np  # noqa: PLC0415 - optional package
    import pandas as pd  # noqa: PLC0415 - optional package

    flat = array.flatten()[:MAX_ROWS]
    shape = [np.int64(length) for length in array.shape]
    try:
        return [pd.util.hash_array(flat), *shape]
    except TypeError:  # values that have no hash, such as lists
        return [np.int64(array.size), *shape]
