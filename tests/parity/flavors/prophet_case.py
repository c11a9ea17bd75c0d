"""Prophet: a forecast of a line."""

import pickle

import numpy as np
import pandas as pd
from prophet import Prophet

LIBRARY = ("prophet",)
BESIDES = ("numpy", "pandas")  # we list them
GROUP = "libs"
DAYS = pd.date_range("2020-01-01", periods=40)
FUTURE = pd.DataFrame({"ds": pd.date_range("2020-02-01", periods=3)})


def _fitted(**options):
    seasons = dict.fromkeys(("weekly", "yearly", "daily"), False)
    given = {f"{name}_seasonality": value for name, value in seasons.items()}
    values = pd.DataFrame({"ds": DAYS, "y": np.arange(40) + np.sin(np.arange(40))})
    # No samples, so that two forecasts are the same.
    return Prophet(**given, uncertainty_samples=0, **options).fit(values)


def models():
    """Small forecasts."""
    inputs = {
        "frame": FUTURE,
        "text": pd.DataFrame({"ds": ["2020-02-01"]}),
        "wrong": pd.DataFrame({"x": [1]}),
        "dict": {"ds": ["2020-02-01"]},
    }
    return {
        "line": (_fitted(), {"input_example": FUTURE}, inputs),
        "flat": (_fitted(growth="flat"), {}, {"frame": FUTURE}),
    }


def predict(model, data):
    """Predict as the library does."""
    return model.predict(data)


def hostile(folder, bomb):
    """Put a pickle where the JSON is."""
    (folder / "model.pr").write_bytes(pickle.dumps(bomb))
