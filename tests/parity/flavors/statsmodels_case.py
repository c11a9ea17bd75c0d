"""statsmodels: regressions, a formula, time series."""

import pickle

import numpy as np
import pandas as pd
import statsmodels.api as sm
import statsmodels.formula.api as smf

LIBRARY = ("statsmodels",)
GROUP = "ci"
# One of the two environments may have pyarrow: then pickles of names would need it.
pd.set_option("mode.string_storage", "python")

RNG = np.random.default_rng(0)
X = pd.DataFrame({"a": RNG.normal(size=40), "b": RNG.normal(size=40)})
Y = X.a * 2 + X.b + RNG.normal(size=40)
DAYS = pd.date_range("2020-01-01", periods=40)
SERIES = pd.Series(np.cumsum(RNG.normal(size=40)), index=DAYS)


def models():
    """Small models of every kind that predicts in another way."""
    inputs = {"frame": X.head(3), "array": X.head(3).to_numpy(), "none": None}
    spans = {
        "days": pd.DataFrame({"start": [DAYS[30]], "end": [DAYS[35]]}),
        "numbers": pd.DataFrame({"start": [38], "end": [42], "more": [1]}),
        "two rows": pd.DataFrame({"start": [1, 2], "end": [3, 4]}),
        "start": pd.DataFrame({"start": [1]}),
        "array": np.array([[1, 2], [3, 4]]),
    }
    arima = sm.tsa.ARIMA(SERIES, order=(1, 0, 0)).fit()
    smoothing = sm.tsa.ExponentialSmoothing(SERIES, trend="add").fit()
    return {
        "ols": (sm.OLS(Y, X).fit(), {"input_example": X.head(2)}, inputs),
        "formula": (smf.ols("y ~ a + b", X.assign(y=Y)).fit(), {"remove_data": True}, inputs),
        "glm": (sm.GLM(Y, X).fit(), {}, inputs),
        "arima": (arima, {}, spans),
        "smoothing": (smoothing, {}, spans),
    }


def predict(model, data):
    """Predict as the library does."""
    return (
        model.predict(data) if len(data) != 1 else model.predict(data["start"][0], data["end"][0])
    )


def hostile(folder, bomb):
    """Replace the only file: the format itself runs code."""
    (folder / "model.statsmodels").write_bytes(pickle.dumps(bomb))
