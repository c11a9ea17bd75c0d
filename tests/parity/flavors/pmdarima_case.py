"""pmdarima: an ARIMA, one with other columns, and a pipeline."""

import pickle

import numpy as np
import pandas as pd
import pmdarima
from pmdarima.pipeline import Pipeline
from pmdarima.preprocessing import BoxCoxEndogTransformer

LIBRARY = ("pmdarima",)
# Upstream lists what the library imports; we list what the model is made of.
BESIDES = ("matplotlib", "rich", "scikit-learn", "zipp", "statsmodels")
GROUP = "libs"
RNG = np.random.default_rng(0)
Y = np.cumsum(RNG.normal(size=60)) + 10
OTHER = np.arange(60.0).reshape(-1, 1)


def models():
    """Small models of time series."""
    one = pd.DataFrame({"n_periods": [3]})
    inputs = {
        "periods": one,
        "bounds": pd.DataFrame([{"n_periods": 2, "return_conf_int": True, "alpha": 0.1}]),
        "bounds by default": pd.DataFrame([{"n_periods": 2, "return_conf_int": True}]),
        "two rows": pd.DataFrame({"n_periods": [3, 4]}),
        "missing": pd.DataFrame({"x": [1]}),
        "float": pd.DataFrame({"n_periods": [3.0]}),
        "text": pd.DataFrame({"n_periods": ["3"]}),
    }
    regressors = {
        "lists": pd.DataFrame([{"n_periods": 2, "X": [[60.0], [61.0]]}]),
        "none": one,
    }
    arima = pmdarima.ARIMA(order=(1, 1, 0)).fit(Y)
    steps = [("box", BoxCoxEndogTransformer(lmbda2=20)), ("arima", pmdarima.ARIMA((1, 1, 0)))]
    return {
        "arima": (arima, {"input_example": one}, inputs),
        "plain": (arima, {}, inputs),
        "regressors": (pmdarima.ARIMA((1, 0, 0)).fit(Y, X=OTHER), {}, regressors),
        "pipeline": (Pipeline(steps).fit(Y), {}, {"periods": one}),
    }


def predict(model, data):
    """Predict as the library does."""
    return model.predict(n_periods=int(data["n_periods"][0]))


def hostile(folder, bomb):
    """Put another pickle where the model is."""
    (folder / "model.pmd").write_bytes(pickle.dumps(bomb))
