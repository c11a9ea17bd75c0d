"""XGBoost: a booster in each format, and estimators."""

import pickle

import numpy as np
import pandas as pd
import xgboost
from mlflow.models import infer_signature

LIBRARY = ("xgboost", "scikit-learn")
GROUP = "ci"

RNG = np.random.default_rng(0)
X = pd.DataFrame(RNG.normal(size=(60, 3)), columns=["a", "b", "c"])
Y = (X.a + X.b > 0).astype(int)


def models():
    """Small models of every kind that is saved in another way."""
    data = xgboost.DMatrix(X, label=Y)
    booster = xgboost.train({"objective": "binary:logistic", "max_depth": 2}, data, 3)
    classifier = xgboost.XGBClassifier(n_estimators=3, max_depth=2).fit(X, Y)
    margin = infer_signature(X, None, {"output_margin": True})
    inputs = {
        "frame": X.head(3),
        "array": X.head(3).to_numpy(),
        "list": X.head(3).to_numpy().tolist(),
        "dict": X.head(3).to_dict("list"),
        "params": (X.head(3), {"output_margin": False}),
    }
    return {
        "classifier": (classifier, {"input_example": X.head(2)}, inputs),
        "booster": (booster, {}, inputs),
        "json": (booster, {"model_format": "json", "signature": margin}, inputs),
        "estimator_params": (classifier, {"signature": margin, "metadata": {"k": 1}}, inputs),
        "regressor": (xgboost.XGBRegressor(n_estimators=2).fit(X, Y), {}, inputs),
        "random_forest": (xgboost.XGBRFClassifier(n_estimators=2).fit(X, Y), {}, inputs),
    }


def predict(model, data):
    """Predict as the library does."""
    return model.predict(xgboost.DMatrix(data) if isinstance(model, xgboost.Booster) else data)


def hostile(folder, bomb):
    """Name another class than the library's as the model's."""
    (folder / "evil.pkl").write_bytes(pickle.dumps(bomb))
    text = (folder / "MLmodel").read_text()
    text = text.replace("xgboost.sklearn.XGBClassifier", "pickle.Unpickler")
    (folder / "MLmodel").write_text(text.replace("model.ubj", "evil.pkl"))
