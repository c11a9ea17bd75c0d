"""Models that the tests of serving make: small, real, saved as users save them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

import mlflow.pyfunc
import mlflow.sklearn
from mlflow.models import ModelSignature, infer_signature
from mlflow.types.schema import ColSpec, ParamSchema, ParamSpec, Schema

FLOWERS = pd.DataFrame(
    {"length <cm>": [1.4, 1.3, 4.7, 4.5, 6.0, 5.1], "width": [0.2, 0.2, 1.4, 1.5, 2.5, 1.9]}
)
KINDS = np.array([0, 0, 1, 1, 2, 2])
X = Schema([ColSpec("double", "x")])


class Echo(mlflow.pyfunc.PythonModel):
    """Tells what it was given; streams it word by word."""

    def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
        """Return the type and the values of the input."""
        if isinstance(model_input, pd.DataFrame):
            model_input = model_input.to_dict("list")
        return {"type": type(model_input).__name__, "data": model_input, "params": params}

    def predict_stream(self, context: Any, model_input: Any, params: Any = None) -> Any:
        """Yield the words of the first message; fail at the word ``fail``."""
        for word in model_input["messages"][0]["content"].split():
            if word == "fail":
                raise ValueError("no more words")
            yield {"word": word}


class Doubler(mlflow.pyfunc.PythonModel):
    """Doubles a column, and counts the rows of each call."""

    def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
        """Return for each row its double and how many rows came with it."""
        if (model_input["x"] < 0).any():
            raise ValueError("negative")
        factor = (params or {}).get("factor", 2.0)
        return pd.DataFrame({"y": model_input["x"] * factor, "rows": len(model_input)})


class Waiting(mlflow.pyfunc.PythonModel):
    """Says in one pipe that it was called, and answers what it reads from another."""

    def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
        """Return what is written to the pipe that the input names."""
        folder = Path(str(model_input[0]))
        (folder / "called").write_text("x")
        return [(folder / "go").read_text()]


def pipes(folder: Path) -> Path:
    """Make the pipes of a ``Waiting`` model and return their folder."""
    folder.mkdir()
    os.mkfifo(folder / "called")
    os.mkfifo(folder / "go")
    return folder


def save_models(folder: Path) -> None:
    """Save each under its name."""
    signature = infer_signature(FLOWERS, KINDS)
    model = LogisticRegression().fit(FLOWERS, KINDS)
    mlflow.sklearn.save_model(
        model, str(folder / "flowers"), signature=signature, input_example=FLOWERS.head(2)
    )
    mlflow.pyfunc.save_model(str(folder / "echo"), python_model=Echo(), streamable=True)
    mlflow.pyfunc.save_model(str(folder / "waiting"), python_model=Waiting())
    factor = ParamSchema([ParamSpec("factor", "double", 2.0)])
    mlflow.pyfunc.save_model(
        str(folder / "doubler"),
        python_model=Doubler(),
        signature=ModelSignature(inputs=X, params=factor),
    )
