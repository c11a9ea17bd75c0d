"""Tables, predictions and messages as bytes, between Pythons that may have other libraries.

Nothing that is read here can run code, whichever versions of pandas and numpy the two have.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import IO, Any, Final

import msgspec

from mlflow.exceptions import MlflowException

_ARRAY: Final = 1
_TABLE: Final = 2
_TIME: Final = 3
_DATE: Final = 4
_DECIMAL: Final = 5
_PLAIN: Final = (str, int, float, bool, bytes, type(None))
_FIXED: Final = "biufcmMUS"  # kinds of numpy types whose values are their bytes
_LENGTH_BYTES: Final = 8


def encode(value: Any) -> bytes:
    """Return a value as bytes.

    Args:
        value: A DataFrame, Series, array, number, text, time, or lists and dictionaries of them.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where it holds anything else.
    """
    try:
        return msgspec.msgpack.encode(_plain(value))
    except (AttributeError, OverflowError, TypeError, ValueError) as error:
        raise MlflowException.invalid_parameter_value(
            f"It cannot be passed to or from the model's process: {error}"
        ) from error


def decode(content: bytes) -> Any:
    """Return what was encoded; a Series as a DataFrame, a tuple as a list."""
    return msgspec.msgpack.decode(content, ext_hook=_read)


def send(stream: IO[bytes], content: bytes) -> None:
    """Write what was encoded to the other process."""
    stream.write(len(content).to_bytes(_LENGTH_BYTES, "big"))
    stream.write(content)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Return what the other process sent.

    Raises:
        EOFError: it is gone.
    """
    size = int.from_bytes(_exactly(stream, _LENGTH_BYTES), "big")
    return decode(_exactly(stream, size))


def _exactly(stream: IO[bytes], size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content


def _plain(value: Any) -> Any:
    """Return a value made of what the encoder knows."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind in (list, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {_plain(key): _plain(one) for key, one in value.items()}
    if hasattr(value, "dtype"):
        return _of_numpy(value)
    return _extension(_TABLE, _table(value)) if hasattr(value, "iloc") else _scalar(value)


def _of_numpy(value: Any) -> Any:
    """Return an array, a Series or a scalar of numpy's."""
    if hasattr(value, "to_frame"):
        return _extension(_TABLE, _table(value.to_frame()))
    if hasattr(value, "tobytes") and value.shape:
        return _extension(_ARRAY, _array(value))
    return _plain((value.astype("M8[us]") if value.dtype.kind == "M" else value).item())


def _scalar(value: Any) -> Any:
    kind = type(value)
    if kind.__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, Decimal):
        return _extension(_DECIMAL, str(value))
    if isinstance(value, dt.datetime):
        exact = value.to_pydatetime(warn=False) if hasattr(value, "to_pydatetime") else value
        return _extension(_TIME, exact.isoformat())
    if isinstance(value, dt.date):
        return _extension(_DATE, value.isoformat())
    raise TypeError(f"{kind.__module__}.{kind.__qualname__} is no table, array, text or number")


def _extension(code: int, content: Any) -> Any:
    return msgspec.msgpack.Ext(code, msgspec.msgpack.encode(content))


def _array(array: Any) -> list[Any]:
    shape = list(array.shape)
    if array.dtype.kind in _FIXED:
        return [array.dtype.str, shape, array.tobytes()]
    if array.dtype.kind != "O":
        raise TypeError(f"an array of {array.dtype} is none of numbers, texts or objects")
    return ["O", shape, [_plain(one) for one in array.ravel().tolist()]]


def _table(table: Any) -> list[Any]:
    labels = [_plain(label) for label in table.columns]
    return [labels, [_column(table.iloc[:, i]) for i in range(table.shape[1])]]


def _column(column: Any) -> list[Any]:
    """Return a column: its array, or the name of its type and its values."""
    if not hasattr(column.dtype, "construct_array_type"):  # numpy's own
        return ["", _array(column.to_numpy())]
    values = column.astype(object).where(column.notna(), None)
    return [str(column.dtype), [_plain(one) for one in values.tolist()]]


def _read(code: int, content: memoryview) -> Any:
    value = msgspec.msgpack.decode(content, ext_hook=_read)
    if code == _ARRAY:
        return _read_array(value)
    if code == _TABLE:
        return _read_table(*value)
    if code == _TIME:
        return dt.datetime.fromisoformat(value)
    return dt.date.fromisoformat(value) if code == _DATE else Decimal(value)


def _read_array(parts: list[Any]) -> Any:
    import numpy as np  # noqa: PLC0415 - optional package

    kind, shape, values = parts
    if kind != "O":
        return np.frombuffer(values, dtype=kind).reshape(shape).copy()
    array = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):  # numpy would take apart what is itself a list
        array[place] = value
    return array.reshape(shape)


def _read_table(labels: list[Any], columns: list[Any]) -> Any:
    import pandas as pd  # noqa: PLC0415 - optional package

    found = [_read_column(*column) for column in columns]
    table = pd.DataFrame(dict(enumerate(found)))
    table.columns = pd.Index([tuple(one) if isinstance(one, list) else one for one in labels])
    return table


def _read_column(kind: str, values: Any) -> Any:
    import pandas as pd  # noqa: PLC0415 - optional package

    if not kind:
        return pd.Series(_read_array(values))
    try:
        return pd.Series(values, dtype=kind)
    except TypeError:  # this pandas has no such type
        return pd.Series(values, dtype=object)
