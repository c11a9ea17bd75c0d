"""sktime's own flavor, unchanged: what packages outside write against upstream's helpers."""

import pickle
import zipfile
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from sktime.forecasting.naive import NaiveForecaster
from sktime.forecasting.trend import TrendForecaster
from sktime.utils import mlflow_sktime

LIBRARY = ("sktime",)
GROUP = "sktime"
MODULE = "pyfunc"
DIFFERENT = ("artifact_path", "model_id", "run_id")  # of what was logged
# What sktime unpickles itself is its own to guard.
GUARDED = ("function",)

INDEX = pd.period_range("2020-01", periods=24, freq="M")
SERIES = pd.Series(np.arange(24.0), index=INDEX)


def models():
    """Forecasters in each format, with and without a configuration of the function."""
    naive = NaiveForecaster(sp=12).fit(SERIES, fh=[1, 2, 3])
    trend = TrendForecaster().fit(SERIES, fh=[1, 2])
    spread = NaiveForecaster().fit(SERIES, fh=[1, 2])
    spread.pyfunc_predict_conf = {"predict_method": ["predict", "predict_interval"]}
    inputs = {"empty": pd.DataFrame()}
    example = {"input_example": pd.DataFrame({"a": [1.0]})}
    return {
        "naive": (naive, {}, inputs),
        "cloudpickle": (trend, {"serialization_format": "cloudpickle", **example}, inputs),
        "interval": (spread, {}, inputs),
        "logged": (naive, {"logged": True}, inputs),
    }


def save(model, path, logged=False, **options):
    """Save into a folder, or log and download."""
    if not logged:
        mlflow_sktime.save_model(model, path, **options)
        return
    mlflow.set_tracking_uri("sqlite:///store.db")
    with mlflow.start_run():
        info = mlflow_sktime.log_model(model, "forecaster", **options)
    mlflow.artifacts.download_artifacts(info.model_uri, dst_path=path)
    Path(path, "registered_model_meta").unlink(missing_ok=True)  # upstream's note of the download


def load(path):
    """Load as sktime does."""
    return mlflow_sktime.load_model(path)


def predict(model, data):
    """Predict the horizon that the forecaster was fitted with."""
    return model.predict()


def hostile(folder, bomb):
    """Replace the pickled forecaster in its archive."""
    with zipfile.ZipFile(folder / "model.zip") as archive:
        names = archive.namelist()
    with zipfile.ZipFile(folder / "model.zip", "w") as archive:
        for name in names:
            archive.writestr(name, pickle.dumps(bomb))
