"""What models return becomes the column of the Spark type that was asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlflow.exceptions import MlflowException
from mlflow.pyfunc.spark_results import convert_output, result_type_of
from mlflow.types.schema import Array, ColSpec, Map, Object, Property, Schema, TensorSpec

types = pytest.importorskip("pyspark.sql.types", reason="pyspark is not installed: just clusters")

N = 3
DOUBLES = types.ArrayType(types.DoubleType())
FRAME = pd.DataFrame({"z": np.arange(N), "w": ["s"] * N, "v": [[1.0, 2.0]] * N})


def plain(value: Any) -> Any:
    """Return a converted column as Python values, NaN as None."""
    if isinstance(value, (list, np.ndarray)):
        return [plain(one) for one in value]
    value = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(value, float) and np.isnan(value) else value


@pytest.mark.parametrize(
    ("kind", "output", "expected"),
    [
        (types.DoubleType(), np.arange(N), [0.0, 1.0, 2.0]),
        (types.DoubleType(), [None, 1.0, np.nan], [None, 1.0, None]),
        (types.DoubleType(), np.arange(2 * N).reshape(N, 2), [0.0, 2.0, 4.0]),
        (types.DoubleType(), pd.DataFrame({"t": ["a"] * N, "x": [0.5] * N}), [0.5] * N),
        (types.FloatType(), np.arange(N) + 0.5, [0.5, 1.5, 2.5]),
        (types.LongType(), np.arange(N), [0, 1, 2]),
        (types.IntegerType(), np.arange(N, dtype="int32"), [0, 1, 2]),
        (types.BooleanType(), np.arange(N) == 1, [False, True, False]),
        (types.StringType(), np.arange(N), ["0", "1", "2"]),
        (types.StringType(), ["x", "y", "z"], ["x", "y", "z"]),
        (types.BinaryType(), [b"ab"] * N, [b"ab"] * N),
        (DOUBLES, np.arange(N), [[0.0], [1.0], [2.0]]),
        (DOUBLES, np.arange(2 * N).reshape(N, 2), [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]),
        (DOUBLES, [[1, 2], [], [3]], [[1.0, 2.0], [], [3.0]]),
        (types.ArrayType(types.StringType()), [["a", "b"]] * N, [["a", "b"]] * N),
        (types.ArrayType(types.LongType()), [[i] * i for i in range(N)], [[], [1], [2, 2]]),
        (types.ArrayType(DOUBLES), np.zeros((N, 1, 2)), [[[0.0, 0.0]]] * N),
        (types.MapType(types.StringType(), types.DoubleType()), [{"k": 0.5}] * N, [{"k": 0.5}] * N),
        (types.DoubleType(), {"a": np.arange(N), "b": ["t"] * N}, [0.0, 1.0, 2.0]),
    ],
)
def test_results_have_the_type_that_was_asked_for(kind: Any, output: Any, expected: Any) -> None:
    """Scalars come from the leftmost column that has such, arrays from all of them."""
    found = convert_output(output, kind, N)
    assert [plain(one) for one in found] == expected


def test_a_struct_takes_columns_by_name() -> None:
    """Fields come in the order asked for; those of an array are its columns in order."""
    kind = types.StructType().add("w", types.StringType()).add("z", types.DoubleType())
    found = convert_output(FRAME, kind, N)
    assert found.to_dict("list") == {"w": ["s"] * N, "z": [0.0, 1.0, 2.0]}
    numbers = types.StructType().add("p", types.DoubleType()).add("q", types.DoubleType())
    array = convert_output(np.arange(2 * N).reshape(N, 2), numbers, N)
    assert array.to_dict("list") == {"p": [0.0, 2.0, 4.0], "q": [1.0, 3.0, 5.0]}
    rows = convert_output([{"z": i, "w": "s"} for i in range(N)], kind, N)
    assert rows.equals(found)


@pytest.mark.parametrize(
    ("kind", "output", "message"),
    [
        (types.IntegerType(), np.arange(N) + 0.5, "compatible with the requested type 'int'"),
        (types.IntegerType(), np.arange(N) + 2**40, "compatible with the requested type 'int'"),
        (types.DoubleType(), ["text"] * N, "compatible with the requested type 'double'"),
        (types.ArrayType(DOUBLES), np.arange(N), "compatible with the requested type"),
        (types.ArrayType(types.LongType()), [[0.5]] * N, "compatible with the requested type"),
        (types.DoubleType(), [1.0] * (N + 1), "4 predictions for 3 rows"),
        (types.DoubleType(), None, "no prediction for each row"),
        (types.StructType().add("missing", types.LongType()), FRAME, "no column 'missing'"),
    ],
)
def test_results_that_do_not_fit_are_errors(kind: Any, output: Any, message: str) -> None:
    """The error says what the model gave and what was asked for."""
    with pytest.raises(MlflowException, match=message):
        convert_output(output, kind, N)


@pytest.mark.parametrize(
    ("outputs", "expected"),
    [
        (None, "double"),
        ([ColSpec("long")], "bigint"),
        ([ColSpec("string", "label")], "string"),
        ([ColSpec("double", "z"), ColSpec("string", "w")], "struct<z:double,w:string>"),
        ([ColSpec("double"), ColSpec("double")], "struct<0:double,1:double>"),
        ([ColSpec(Array("long"))], "array<bigint>"),
        ([ColSpec(Map("double"))], "map<string,double>"),
        ([ColSpec(Object([Property("a", Array("string"))]))], "struct<a:array<string>>"),
        ([TensorSpec(np.dtype("float32"), (-1, 2))], "array<float>"),
        ([TensorSpec(np.dtype("int64"), (-1,))], "array<bigint>"),
        ([TensorSpec(np.dtype("float64"), (-1, 2, 2))], "array<array<double>>"),
    ],
)
def test_the_signature_says_what_a_row_gives(outputs: Any, expected: str) -> None:
    """Without a result type the outputs of the signature decide; without these it is double."""
    kind = result_type_of(None, Schema(outputs) if outputs else None)
    assert kind.simpleString() == expected
