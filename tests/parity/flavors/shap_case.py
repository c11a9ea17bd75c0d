"""SHAP: explainers of methods that are saved by their own flavor, and of others."""

import pickle

import mlflow.shap
import numpy as np
import pandas as pd
import shap
from sklearn.linear_model import LinearRegression

# Upstream brings pyarrow along: names of columns that it pickles are made by it.
LIBRARY = ("shap", "scikit-learn", "pyarrow")
GROUP = "libs"
# Upstream lists what the library itself loads.
BESIDES = ("matplotlib", "rich", "cloudpickle", "scipy", "numpy", "scikit-learn", "pandas")
RNG = np.random.default_rng(0)
X = pd.DataFrame(RNG.normal(size=(30, 3)), columns=["a", "b", "c"])
Y = X.a * 2 + X.b

save = mlflow.shap.save_explainer
load = mlflow.shap.load_explainer


def models():
    """Small explainers; exact ones, so that two agree."""
    linear = LinearRegression().fit(X, Y)
    whole = {"serialize_model_using_mlflow": False, "input_example": X.head(2)}
    inputs = {"frame": X.head(2)}
    return {
        "by its flavor": (shap.explainers.Exact(linear.predict, X.to_numpy()), {}, inputs),
        "whole": (shap.explainers.Exact(linear.predict, X.to_numpy()), whole, inputs),
        "linear": (shap.LinearExplainer(linear, X), {}, inputs),
    }


def predict(model, data):
    """Explain as the library does."""
    return model(data.to_numpy()).values  # noqa: PD011 - no DataFrame


def hostile(folder, bomb):
    """Put another pickle where the explainer is."""
    (folder / "explainer.shap").write_bytes(pickle.dumps(bomb))
