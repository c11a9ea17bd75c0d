"""CatBoost: each class of models, and formats on request."""

import pickle

import catboost
import numpy as np
import pandas as pd
from mlflow.models import infer_signature

LIBRARY = ("catboost",)
GROUP = "catboost"

RNG = np.random.default_rng(0)
X = pd.DataFrame(RNG.normal(size=(60, 3)), columns=["a", "b", "c"])
Y = (X.a + X.b > 0).astype(int)
OPTIONS = {"iterations": 3, "verbose": False, "allow_writing_files": False}


def models():
    """Small models of every kind that is saved in another way."""
    classifier = catboost.CatBoostClassifier(**OPTIONS).fit(X, Y)
    ranker = catboost.CatBoostRanker(**OPTIONS).fit(X, Y, group_id=[0] * len(X))
    kind = infer_signature(X, None, {"prediction_type": "Probability"})
    inputs = {
        "frame": X.head(3),
        "array": X.head(3).to_numpy(),
        "list": X.head(3).to_numpy().tolist(),
    }
    return {
        "classifier": (classifier, {"input_example": X.head(2)}, inputs),
        "regressor": (catboost.CatBoostRegressor(**OPTIONS).fit(X, Y), {"signature": kind}, inputs),
        "base": (catboost.CatBoost({**OPTIONS}).fit(X, Y), {}, inputs),
        "ranker": (ranker, {}, inputs),
        "json": (classifier, {"format": "json"}, inputs),
        "onnx": (classifier, {"format": "onnx"}, inputs),
    }


def predict(model, data):
    """Predict as the library does."""
    return model.predict(data)


def hostile(folder, bomb):
    """Name something else of the library's as the model's class, and a pickle as its file."""
    (folder / "model.cb").write_bytes(pickle.dumps(bomb))
    text = (folder / "MLmodel").read_text()
    (folder / "MLmodel").write_text(text.replace("CatBoostClassifier", "Pool"))
