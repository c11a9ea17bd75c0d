"""PaddlePaddle: a program that was traced, and a high-level model saved to infer with."""

import pickle

import numpy as np
import paddle
import pandas as pd

LIBRARY = ("paddlepaddle",)
BESIDES = ("cython", "jaraco-text", "rich", "tqdm")  # upstream lists what the library imports
GROUP = "libs"
X = np.array([[1.0, 2.0], [3.0, 4.0]], dtype="float32")
SPEC = paddle.static.InputSpec([None, 2], "float32", "x")


class Net(paddle.nn.Layer):
    """One linear layer."""

    def __init__(self):
        super().__init__()
        self.layer = paddle.nn.Linear(2, 1)

    def forward(self, x):
        return self.layer(x)


def models():
    """Small models."""
    paddle.seed(0)
    traced = paddle.jit.to_static(Net(), input_spec=[SPEC])
    traced.eval()
    high = paddle.Model(Net(), SPEC)
    high.prepare(paddle.optimizer.Adam(parameters=high.parameters()), paddle.nn.MSELoss())
    high.fit(paddle.io.TensorDataset([paddle.to_tensor(X), paddle.to_tensor(X[:, :1])]), verbose=0)
    inputs = {
        "array": X,
        "frame": pd.DataFrame(X),
        "doubles": X.astype("float64"),
        "list": X.tolist(),
        "flat": X[0],
    }
    return {
        "traced": (traced, {"input_example": X}, inputs),
        "plain": (traced, {}, {"array": X, "frame": pd.DataFrame(X), "list": X.tolist()}),
        "high": (high, {}, {"array": X}),
    }


def predict(model, data):
    """Predict as the library does."""
    model.eval()
    return model(paddle.to_tensor(np.asarray(data, "float32"))).numpy()


def hostile(folder, bomb):
    """Put a pickle where the parameters are."""
    (folder / "model.pdiparams").write_bytes(pickle.dumps(bomb))
