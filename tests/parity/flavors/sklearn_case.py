"""scikit-learn: each format, another function, a pipeline."""

import pickle

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

LIBRARY = ("scikit-learn", "skops")
GROUP = "ci"

RNG = np.random.default_rng(0)
X = pd.DataFrame(RNG.normal(size=(60, 3)), columns=["a", "b", "c"])
Y = (X.a + X.b > 0).astype(int)
TREE = ["sklearn.tree._tree.Tree"]


def models():
    """Small models of every kind that is saved in another way."""
    logistic = LogisticRegression().fit(X, Y)
    forest = RandomForestClassifier(3, random_state=0).fit(X, Y)
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y)
    plain = LinearRegression().fit(X.to_numpy(), X)
    inputs = {"frame": X.head(3), "array": X.head(3).to_numpy(), "dict": X.head(3).to_dict("list")}
    return {
        "logistic": (logistic, {"input_example": X.head(2)}, inputs),
        "pickle": (logistic, {"serialization_format": "pickle"}, inputs),
        "cloudpickle": (logistic, {"serialization_format": "cloudpickle"}, inputs),
        "proba": (logistic, {"pyfunc_predict_fn": "predict_proba"}, inputs),
        "forest": (forest, {"skops_trusted_types": TREE}, inputs),
        "pipeline": (pipeline, {"input_example": X.head(2), "metadata": {"k": 1}}, inputs),
        "outputs": (plain, {"input_example": X.to_numpy()[:2]}, inputs),
        "clusters": (KMeans(2, n_init=1, random_state=0).fit(X), {}, inputs),
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
