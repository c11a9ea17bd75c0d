"""The Keras flavor: models of Keras 3, whole and exported."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
from pathlib import Path

import keras
import numpy as np
import pandas as pd

from mlflow.models import infer_signature

LIBRARY = ("keras",)
GROUP = "torch"
DIFFERENT = ("keras.code",)
NEEDS = {"pip_requirements": ["keras", "tensorflow"]}

X = np.arange(6, dtype=np.float32).reshape(2, 3)
Y = np.ones((2, 2), dtype=np.float32)


def trained():
    """Return a model after two epochs."""
    keras.utils.set_random_seed(0)
    keras.utils.disable_interactive_logging()
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(4, activation="relu"), keras.layers.Dense(2)]
    )
    model.compile("adam", "mse")
    model.fit(X, Y, epochs=2, verbose=0)
    return model


def models():
    model = trained()
    signature = infer_signature(X, Y)
    inputs = {"array": X, "frame": pd.DataFrame(X, index=[3, 4]), "double": X.astype(float)}
    return {
        "plain": (model, dict(NEEDS), {**inputs, "list": X.tolist(), "arrays": [X], "text": "abc"}),
        "signed": (model, {"signature": signature, **NEEDS}, inputs),
        "exported": (
            model,
            {"save_exported_model": True, "signature": signature, **NEEDS},
            {"array": X, "frame": pd.DataFrame(X)},
        ),
    }


def predict(model, data):
    call = model.predict if hasattr(model, "predict") else model.serve
    return np.asarray(call(np.asarray(data, dtype=np.float32).reshape(-1, 3)))


def hostile(folder, bomb):
    """Put a lambda into the model: the layer's code would make the marker."""
    place = str(bomb.marker)
    marker = Path(place)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Lambda(lambda t: (__import__("os").mkdir(place), t)[1]),
        ]
    )
    model.save(folder / "data" / "model.keras")
    if marker.is_dir():  # Keras runs the function when the model is made
        marker.rmdir()
