"""LightGBM: a booster, and estimators in each format."""

import pickle

import lightgbm
import numpy as np
import pandas as pd
from mlflow.models import infer_signature

LIBRARY = ("lightgbm", "scikit-learn", "skops")
GROUP = "ci"

RNG = np.random.default_rng(0)
X = pd.DataFrame(RNG.normal(size=(80, 3)), columns=["a", "b", "c"])
Y = (X.a + X.b > 0).astype(int)


def models():
    """Small models of every kind that is saved in another way."""
    options = {"objective": "binary", "verbose": -1, "num_leaves": 4}
    booster = lightgbm.train(options, lightgbm.Dataset(X, Y), 3)
    classifier = lightgbm.LGBMClassifier(n_estimators=3, verbose=-1).fit(X, Y)
    raw = infer_signature(X, None, {"raw_score": True})
    inputs = {
        "frame": X.head(3),
        "array": X.head(3).to_numpy(),
        "list": X.head(3).to_numpy().tolist(),
        "params": (X.head(3), {"raw_score": False}),
    }
    return {
        "classifier": (classifier, {"input_example": X.head(2)}, inputs),
        "booster": (booster, {"signature": raw}, inputs),
        "booster_pickle": (booster, {"serialization_format": "pickle"}, inputs),
        "pickle": (classifier, {"serialization_format": "pickle"}, inputs),
        "cloudpickle": (classifier, {"serialization_format": "cloudpickle"}, inputs),
        "regressor": (lightgbm.LGBMRegressor(n_estimators=2, verbose=-1).fit(X, Y), {}, inputs),
    }


def predict(model, data):
    """Predict as the library does."""
    return model.predict(data)


def hostile(folder, bomb):
    """Say that the estimator is in a pickle."""
    (folder / "model.pkl").write_bytes(pickle.dumps(bomb))
    text = (folder / "MLmodel").read_text().replace("model.skops", "model.pkl")
    text = text.replace("serialization_format: skops", "serialization_format: pickle")
    (folder / "MLmodel").write_text(text)
