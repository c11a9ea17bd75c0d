"""Input examples: the two JSON files that show how a model is called.

``input_example.json`` holds the data as it is, ``serving_input_example.json`` the body of a
request to a scoring server. Both formats are read and written by every implementation.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import math
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mlflow.exceptions import INVALID_PARAMETER_VALUE, MlflowException

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE_FILE: Final = "input_example.json"
SERVING_FILE: Final = "serving_input_example.json"
# A dictionary with one of these keys is the body of a chat request by itself.
_CHAT_KEYS: Final = ("messages", "input")


class TensorsNotSupportedException(MlflowException):
    """An example holds arrays where only scalars can be written."""

    def __init__(self, msg: str) -> None:
        super().__init__(f"Multidimensional arrays (aka tensors) are not supported. {msg}")


@dataclass(frozen=True)
class Example:
    """An input example, taken apart: what is written, and how it is called in MLmodel."""

    data: Any
    params: dict[str, Any] | None
    kind: str
    written: Any
    serving: dict[str, Any]
    orient: str | None = None

    def info(self) -> dict[str, Any]:
        """Return what MLmodel says about the example."""
        parts: dict[str, Any] = {"artifact_path": EXAMPLE_FILE}
        if self.params is not None:
            parts["params"] = "true"
        parts["type"] = self.kind
        if self.orient is not None:
            parts["pandas_orient"] = self.orient
        return {**parts, "serving_input_path": SERVING_FILE}

    def save(self, folder: Path) -> None:
        """Write both files."""
        body = self.written
        if self.params is not None:
            body = {"inputs": body, "params": self.params}
        (folder / EXAMPLE_FILE).write_text(json.dumps(body, default=encode), "utf-8")
        (folder / SERVING_FILE).write_text(self.serving_json(), "utf-8")

    def serving_json(self) -> str:
        """Return the body of a request."""
        body = self.serving
        if self.params is not None:
            body = {**body, "params": self.params}
        return json.dumps(body, indent=2, default=encode)


def make_example(input_example: Any) -> Example:
    """Take an input example apart.

    Args:
        input_example: A DataFrame, an array, a dictionary, a list, a sparse matrix, a scalar, or
            a pair of one of these and the parameters of inference.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for data that no example can hold.
    """
    params = None
    if (
        isinstance(input_example, tuple)
        and len(input_example) == 2  # noqa: PLR2004 - data and parameters
        and isinstance(input_example[1], dict)
    ):
        input_example, params = input_example
    pandas, numpy = sys.modules.get("pandas"), sys.modules.get("numpy")
    if pandas is not None and isinstance(input_example, pandas.DataFrame):
        return _frame_example(input_example, params)
    if numpy is not None and _holds_arrays(input_example, numpy):
        written = _plain_arrays(input_example)
        return Example(input_example, params, "ndarray", written, {"inputs": written})
    if hasattr(input_example, "tocsr") and hasattr(input_example, "indptr"):
        return _sparse_example(input_example, params)
    return _object_example(input_example, params, numpy)


def _frame_example(frame: Any, params: dict[str, Any] | None) -> Example:
    rows = [[_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    if all(isinstance(name, int) for name in frame.columns):
        written: dict[str, Any] = {"data": rows}
        orient = "values"
    else:
        written = {"columns": list(frame.columns), "data": rows}
        orient = "split"
    return Example(frame, params, "dataframe", written, {"dataframe_split": written}, orient)


def _cell(value: Any) -> Any:
    return _plain_arrays(value) if hasattr(value, "tolist") else value


def _holds_arrays(data: Any, numpy: Any) -> bool:
    if isinstance(data, dict):
        return bool(data) and all(isinstance(value, numpy.ndarray) for value in data.values())
    return isinstance(data, numpy.ndarray)


def _plain_arrays(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _plain_arrays(value) for name, value in data.items()}
    plain = data.tolist()
    if getattr(data.dtype, "kind", "") == "f" and data.size and not _all_finite(plain):
        return _without_nan(plain)
    return plain


def _all_finite(plain: Any) -> bool:
    if isinstance(plain, list):
        return all(map(_all_finite, plain))
    return not math.isnan(plain)


def _without_nan(plain: Any) -> Any:
    if isinstance(plain, list):
        return [_without_nan(item) for item in plain]
    return None if math.isnan(plain) else plain


def _sparse_example(matrix: Any, params: dict[str, Any] | None) -> Example:
    kind = f"sparse_matrix_{matrix.format}"
    if matrix.format not in ("csr", "csc"):
        raise _unsupported(matrix)
    written = {
        "data": matrix.data.tolist(),
        "indices": matrix.indices.tolist(),
        "indptr": matrix.indptr.tolist(),
        "shape": list(matrix.shape),
    }
    return Example(matrix, params, kind, written, {"inputs": matrix.toarray().tolist()})


def _object_example(data: Any, params: dict[str, Any] | None, numpy: Any) -> Example:
    if isinstance(data, list) and numpy is not None:
        if any(isinstance(item, numpy.ndarray) for item in data):
            raise TensorsNotSupportedException(
                "Numpy arrays in list are not supported as input examples."
            )
    elif not isinstance(data, (dict, list, str, bytes, int, float, dt.date)) and not (
        (numpy is not None and isinstance(data, numpy.generic)) or hasattr(data, "model_dump")
    ):
        raise _unsupported(data)
    written = encode(data) if isinstance(data, (bytes, dt.date)) else data
    chat = isinstance(data, dict) and any(isinstance(data.get(key), list) for key in _CHAT_KEYS)
    serving = data if chat else {"inputs": written}
    return Example(data, params, "json_object", written, serving)


def _unsupported(data: Any) -> MlflowException:
    return MlflowException(
        "An input example is a pandas DataFrame, a numpy array, a dictionary of arrays, a scipy"
        " CSR or CSC matrix, a dictionary, a list or a scalar, or a tuple of one of these and a"
        f" dictionary of parameters; got {type(data)}",
        INVALID_PARAMETER_VALUE,
    )


def encode(value: Any) -> Any:
    """Return what JSON has for a value that it does not have."""
    if isinstance(value, bytes):
        return base64.encodebytes(value).decode("ascii")
    if isinstance(value, dt.date):
        return value.isoformat()
    if hasattr(value, "model_dump"):  # a Pydantic model
        return value.model_dump()
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    raise TypeError(f"{type(value)} cannot be written to an input example")


def convert_input_example_to_serving_input(input_example: Any) -> str | None:
    """Return the body of the scoring request that an input example stands for.

    Args:
        input_example: See ``make_example``; None gives None.
    """
    return None if input_example is None else make_example(input_example).serving_json()


def read_example(folder: Path, info: dict[str, Any]) -> tuple[Any, dict[str, Any] | None]:
    """Return the input example and the parameters that a model's folder holds.

    Args:
        folder: The model's folder.
        info: What MLmodel says about the example.
    """
    body = json.loads((folder / info["artifact_path"]).read_text("utf-8"))
    params = None
    if info.get("params"):
        body, params = body["inputs"], body["params"]
    kind = info["type"]
    if kind == "dataframe":
        import pandas as pd  # noqa: PLC0415 - optional package

        return pd.DataFrame(**body), params
    if kind == "ndarray":
        return _arrays(body), params
    if kind in ("sparse_matrix_csr", "sparse_matrix_csc"):
        from scipy import sparse  # noqa: PLC0415 - optional package

        make = sparse.csr_matrix if kind.endswith("csr") else sparse.csc_matrix
        matrix = make((body["data"], body["indices"], body["indptr"]), shape=body["shape"])
        return matrix, params
    return body, params


def _arrays(body: Any) -> Any:
    import numpy as np  # noqa: PLC0415 - optional package

    if isinstance(body, dict):
        return {name: np.array(values) for name, values in body.items()}
    return np.array(body)
