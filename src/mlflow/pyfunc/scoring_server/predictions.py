"""Predictions as JSON, whatever a model returns."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Final

from mlflow.exceptions import MlflowException
from mlflow.models.example import encode

if TYPE_CHECKING:
    from typing import TextIO

PREDICTIONS: Final = "predictions"


def plain(value: Any) -> Any:
    """Return predictions as JSON can hold them: tables as records, arrays as lists."""
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if numpy is not None and isinstance(value, numpy.ndarray):
        return (
            numpy.datetime_as_string(value).tolist() if value.dtype.kind == "M" else value.tolist()
        )
    if pandas is not None and isinstance(value, pandas.Series):
        value = value.to_frame()
    if pandas is not None and isinstance(value, pandas.DataFrame):
        records: list[dict[Any, Any]] = value.to_dict(orient="records")
        return [{str(name): item for name, item in record.items()} for record in records]
    return value


def dumps(value: Any) -> str:
    """Return a value as JSON; numbers that are not finite are written as Python writes them."""
    return json.dumps(plain(value), default=encode)


def predictions_to_json(
    raw_predictions: Any, output: TextIO, metadata: dict[str, Any] | None = None
) -> None:
    """Write predictions as the answer to a scoring request.

    Args:
        raw_predictions: What the model returned.
        output: Where to write.
        metadata: Fields of the answer beside ``predictions``.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where they have a field of that name.
    """
    if metadata and PREDICTIONS in metadata:
        raise MlflowException.invalid_parameter_value(
            f"metadata cannot contain '{PREDICTIONS}' key"
        )
    output.write(dumps({PREDICTIONS: plain(raw_predictions), **(metadata or {})}))


def unwrapped_predictions_to_json(raw_predictions: Any, output: TextIO) -> None:
    """Write predictions as the answer to a chat or completion request, as they are.

    Args:
        raw_predictions: What the model returned.
        output: Where to write.
    """
    output.write(dumps(raw_predictions))
