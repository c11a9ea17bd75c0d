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
    """Return the digest of a DataFrame: its rows, its length, its column names.

    The first 10,000 rows of columns of numbers and of columns of text alone go in as they do
    upstream; what that leaves out goes in after them, so that every change of content shows.

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
    covered = set(chosen.columns)
    others = [place for place, name in enumerate(df.columns) if name not in covered]
    left_out = [_hashes(head.iloc[:, place]) for place in others]
    if len(df) > MAX_ROWS:
        rest = df.iloc[MAX_ROWS:]
        left_out += [_hashes(rest.iloc[:, place]) for place in range(rest.shape[1])]
        left_out.append(_hashes(rest.index.to_series()))
    return get_normalized_md5_digest(
        [
            pd.util.hash_pandas_object(chosen).to_numpy(),
            np.int64(len(df)),
            *(str(column).encode() for column in df.columns),
            *left_out,
        ]
    )


def _hashes(values: pd.Series[Any]) -> np.ndarray[Any, Any] | bytes:
    """Return a hash for each value; of values that have none, such as lists, their text."""
    import pandas as pd  # noqa: PLC0415 - optional package

    try:
        return pd.util.hash_pandas_object(values, index=False).to_numpy()
    except TypeError:
        return "\x00".join(map(_text_of, values)).encode("utf-8", "surrogatepass")


def _text_of(value: Any) -> str:
    """Return a text that differs when the value does; an array's own leaves out its middle."""
    if hasattr(value, "tolist"):
        return f"{type(value).__name__}{value.tolist()!r}"
    if isinstance(value, (list, tuple)):
        return f"{type(value).__name__}({','.join(map(_text_of, value))})"
    if isinstance(value, dict):
        pairs = (f"{key!r}:{_text_of(item)}" for key, item in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, (set, frozenset)):
        return f"set({','.join(sorted(map(_text_of, value)))})"
    return repr(value)


def content_digest(data: Any) -> str:
    """Return the digest of a DataFrame or an array.

    Args:
        data: The data.
    """
    return compute_pandas_digest(data) if hasattr(data, "iloc") else compute_numpy_digest(data)


def compute_numpy_digest(features: Any, targets: Any = None) -> str:
    """Return the digest of arrays: their values and shapes, in the order that upstream has.

    Values after the first 10,000, and values without a hash, go in at the end.

    Args:
        features: An array, or arrays by name.
        targets: An array, or arrays by name, or None.
    """
    given = [features] if targets is None else [features, targets]
    arrays = [array for data in given for array in _arrays(data)]
    elements = [element for array in arrays for element in _one_array(array)]
    return get_normalized_md5_digest([*elements, *(rest for a in arrays for rest in _rest(a))])


def _arrays(data: Any) -> list[Any]:
    return [data[name] for name in sorted(data)] if isinstance(data, dict) else [data]


def _one_array(array: np.ndarray[Any, Any]) -> list[Any]:
    import numpy as np  # noqa: PLC0415 - optional package
    import pandas as pd  # noqa: PLC0415 - optional package

    flat = array.flatten()[:MAX_ROWS]
    shape = [np.int64(length) for length in array.shape]
    try:
        return [pd.util.hash_array(flat), *shape]
    except TypeError:  # values that have no hash, such as lists
        return [np.int64(array.size), *shape]


def _rest(array: np.ndarray[Any, Any]) -> list[Any]:
    """Return what ``_one_array`` leaves out."""
    import pandas as pd  # noqa: PLC0415 - optional package

    flat = array.reshape(-1)
    try:
        pd.util.hash_array(flat[:MAX_ROWS])
        return [pd.util.hash_array(flat[MAX_ROWS:])] if flat.size > MAX_ROWS else []
    except TypeError:
        return ["\x00".join(map(_text_of, flat)).encode("utf-8", "surrogatepass")]
