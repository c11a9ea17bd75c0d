"""Saves the models that both servers of the serving comparison load; runs in upstream."""

import sys

import numpy as np
import pandas as pd

import mlflow
from mlflow.models import ModelSignature
from mlflow.pyfunc import PythonModel
from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema, TensorSpec
from mlflow.types.schema import Array, Object, Property


def shown(value):
    """Return what a model was given, as JSON can hold it."""
    if isinstance(value, pd.DataFrame):
        rows = [[repr(item) for item in row] for row in value.itertuples(index=False)]
        columns = [[str(name), str(kind)] for name, kind in value.dtypes.items()]
        return {"columns": columns, "index": [str(one) for one in value.index], "rows": rows}
    if isinstance(value, np.ndarray):
        return {"dtype": str(value.dtype), "shape": list(value.shape), "values": value.tolist()}
    if isinstance(value, dict):
        return {name: shown(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shown(item) for item in value]
    return [type(value).__name__, repr(value)]


class Echo(PythonModel):
    """Returns what it was given."""

    def predict(self, context, model_input, params=None):
        """Return the input and the parameters."""
        return {"got": shown(model_input), "params": params}

    def predict_stream(self, context, model_input, params=None):
        """Yield two pieces."""
        yield {"piece": 1}
        yield "two"


class Kinds(PythonModel):
    """Returns a value of the kind that a parameter names."""

    def predict(self, context, model_input, params=None):
        """Return it, or fail."""
        kind = params["kind"]
        if kind == "raise":
            raise ValueError("boom")
        if kind == "mlflow":
            raise mlflow.MlflowException("boom")
        times = pd.to_datetime(["2020-01-01", "2021-02-03T04:05:06"])
        return {
            "frame": pd.DataFrame({"a": [1, 2], "b": ["x", None], "t": times}),
            "names": pd.DataFrame({0: [1.0, 2.0], 1: [3.0, 4.0]}, index=["r", "s"]),
            "floats": np.array([[1.5, 2.0], [3.0, np.nan]]),
            "numbers": np.arange(3),
            "flags": np.array([True, False]),
            "words": np.array(["a", "b"]),
            "days": np.array(["2020-01-01"], dtype="datetime64[D]"),
            "series": pd.Series([1, 2.5]),
            "list": [1, "a", None],
            "dictionary": {"a": np.array([1, 2]), "b": np.float32(1.5)},
            "text": "hello",
            "bytes": b"abc",
            "nothing": None,
            "number": 5,
            "infinite": [float("inf"), float("nan")],
            "scalar": np.float64(2.5),
            "time": pd.Timestamp("2020-01-01"),
            "pair": (1, 2),
            "set": [{1, 2}],
            "object": object(),
        }[kind]


ROWS = [
    ColSpec("double", "x"),
    ColSpec("long", "n"),
    ColSpec("string", "s", required=False),
    ColSpec("datetime", "t", required=False),
    ColSpec("binary", "b", required=False),
    ColSpec("boolean", "f", required=False),
]
MESSAGE = Object([Property("role", "string"), Property("content", "string")])
SIGNATURES = {
    "echo": None,
    "rows": ModelSignature(
        inputs=Schema(ROWS),
        params=ParamSchema(
            [ParamSpec("heat", "double", 0.5), ParamSpec("stop", "string", ["a"], shape=(-1,))]
        ),
    ),
    "array": ModelSignature(inputs=Schema([TensorSpec(np.dtype("float32"), (-1, 2))])),
    "arrays": ModelSignature(
        inputs=Schema(
            [
                TensorSpec(np.dtype("float32"), (-1, 2), "a"),
                TensorSpec(np.dtype("int64"), (-1,), "b"),
            ]
        )
    ),
    "text": ModelSignature(inputs=Schema([ColSpec("string")])),
    "prompt": ModelSignature(
        inputs=Schema([ColSpec("string", "prompt")]),
        params=ParamSchema([ParamSpec("temperature", "double", 0.5)]),
    ),
    "chat": ModelSignature(inputs=Schema([ColSpec(Array(MESSAGE), "messages")])),
}


def save(path, model, signature):
    """Save a model; requirements that are given are not inferred by loading it elsewhere."""
    mlflow.pyfunc.save_model(
        path, python_model=model, signature=signature, pip_requirements=["mlflow"]
    )


def main(folder):
    """Save each model under its name and return the names."""
    for name, signature in SIGNATURES.items():
        save(f"{folder}/{name}", Echo(), signature)
    kinds = ModelSignature(
        inputs=Schema([ColSpec("double", "x")]),
        params=ParamSchema([ParamSpec("kind", "string", "frame")]),
    )
    save(f"{folder}/kinds", Kinds(), kinds)
    return [*SIGNATURES, "kinds"]


if __name__ == "__main__":
    main(sys.argv[1])
