"""What other servers take from the scoring server."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mlflow.pyfunc.scoring_server as scoring
from mlflow.exceptions import MlflowException
from mlflow.types.schema import ColSpec, Schema


@pytest.mark.parametrize(
    ("predictions", "expected"),
    [
        (np.array([1, 2]), [1, 2]),
        (np.array(["2020-01-01"], dtype="datetime64[ns]"), ["2020-01-01T00:00:00.000000000"]),
        (pd.Series([1, 2.5]), [{"0": 1.0}, {"0": 2.5}]),
        (pd.DataFrame({0: [1], "t": [pd.Timestamp(0)]}), [{"0": 1, "t": "1970-01-01T00:00:00"}]),
        ({"a": np.float32(1.5), "b": b"abc"}, {"a": 1.5, "b": "YWJj\n"}),
        ("text", "text"),
    ],
)
def test_predictions_are_written(predictions: Any, expected: Any) -> None:
    """Wrapped with what else is said, or as they are."""
    output, plain = io.StringIO(), io.StringIO()
    scoring.predictions_to_json(predictions, output, metadata={"more": 1})
    scoring.unwrapped_predictions_to_json(predictions, plain)
    assert json.loads(output.getvalue()) == {"predictions": expected, "more": 1}
    assert json.loads(plain.getvalue()) == expected


def test_metadata_has_no_predictions() -> None:
    """They would be lost."""
    with pytest.raises(MlflowException, match="metadata cannot contain 'predictions' key"):
        scoring.predictions_to_json([1], io.StringIO(), metadata={"predictions": 1})


def test_older_names_read_requests() -> None:
    """The names that MLServer has known, and those of the current release."""
    schema = Schema([ColSpec("double", "x")])
    body = {"dataframe_records": [{"x": 1}]}
    for frame in (
        scoring.infer_and_parse_json_input(json.dumps(body), schema),
        scoring.infer_and_parse_data(body, schema),
        scoring.dataframe_from_parsed_json([{"x": 1}], "records", schema),
        scoring.dataframe_from_parsed_json({"columns": ["x"], "data": [[1]]}, "split", schema),
        scoring.parse_csv_input(io.StringIO("x\n1\n"), schema),
    ):
        assert frame["x"].tolist() == [1.0]
        assert str(frame["x"].dtype) == "float64"
    assert scoring.parse_tf_serving_input({"instances": [1, 2]}).tolist() == [1, 2]
    assert scoring.CONTENT_TYPES == [
        scoring.CONTENT_TYPE_CSV, scoring.CONTENT_TYPE_JSON, scoring.CONTENT_TYPE_PARQUET,
    ]  # fmt: skip
    assert scoring.CONTENT_TYPE_JSON_SPLIT_ORIENTED.startswith(scoring.CONTENT_TYPE_JSON)
