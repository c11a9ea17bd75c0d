"""H2O: a linear model and a boosted one, on a cluster in this machine."""

import pickle

import h2o
import numpy as np
import pandas as pd
from h2o.estimators import H2OGeneralizedLinearEstimator, H2OGradientBoostingEstimator

LIBRARY = ("h2o",)
# Upstream lists what the library imports.
BESIDES = ("matplotlib", "numpy", "scipy", "wcwidth", "zipp")
GROUP = "libs"
RNG = np.random.default_rng(0)
X = pd.DataFrame(RNG.normal(size=(60, 2)), columns=["a", "b"])


def _start():
    if h2o.connection() is None:
        h2o.init(max_mem_size="500m", nthreads=1, bind_to_localhost=True, verbose=False)
        h2o.no_progress()


def models():
    """Small models; training the same one again replaces it."""
    _start()
    label = np.where(X.a > 0, "p", "n")
    data = h2o.H2OFrame(X.assign(y=X.a * 2 + X.b, label=label), column_types={"label": "enum"})
    linear = H2OGeneralizedLinearEstimator(model_id="linear")
    linear.train(["a", "b"], "y", data)
    boosted = H2OGradientBoostingEstimator(model_id="boosted", ntrees=2, seed=1)
    boosted.train(["a", "b"], "label", data)
    inputs = {"frame": X.head(3), "wrong": pd.DataFrame({"x": [1.0]})}
    return {
        "linear": (linear, {"input_example": X.head(2)}, inputs),
        "boosted": (boosted, {"settings": {"k": 1}}, {"frame": X.tail(3)}),
    }


def predict(model, data):
    """Predict as the library does."""
    return model.predict(h2o.H2OFrame(data)).as_data_frame()


def hostile(folder, bomb):
    """Put a pickle where the model is."""
    (folder / "model.h2o" / "linear").write_bytes(pickle.dumps(bomb))
