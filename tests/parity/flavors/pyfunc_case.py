"""Python functions: a class with artifacts' configuration, a plain function."""

import pickle

import mlflow
import numpy as np
import pandas as pd
from mlflow.models import infer_signature

LIBRARY = ("pandas",)
GROUP = "ci"

X = pd.DataFrame({"a": [1.0, 2.0, 3.0]})


class Scale(mlflow.pyfunc.PythonModel):
    """Multiplies, by what the configuration says."""

    def predict(self, context, model_input, params=None):
        """Return the products."""
        factor = (params or {}).get("factor", context.model_config.get("factor", 1))
        return np.asarray(model_input) * factor


def double(model_input):
    """Return twice the values."""
    return [2 * value for value in model_input]


def models():
    """One of each shape."""
    inputs = {"frame": X, "array": X.to_numpy(), "params": (X, {"factor": 5.0})}
    signature = infer_signature(X, X.to_numpy(), {"factor": 3.0})
    return {
        "class": (Scale(), {"input_example": X}, inputs),
        "params": (Scale(), {"signature": signature}, inputs),
        "config": (Scale(), {"model_config": {"factor": 7}}, inputs),
        "function": (double, {"input_example": ["a", "b"]}, {"list": ["x"], "numbers": [1]}),
    }


def save(model, path, **options):
    """Save as a Python function."""
    mlflow.pyfunc.save_model(path, python_model=model, **options)


def load(path):
    """Load; there is no other way than as a function."""
    return mlflow.pyfunc.load_model(path)


def predict(model, data):
    """Predict with the function."""
    return model.predict(data)


def hostile(folder, bomb):
    """Replace the pickled class."""
    (folder / "python_model.pkl").write_bytes(pickle.dumps(bomb))
