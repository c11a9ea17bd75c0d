"""The TensorFlow flavor: Keras models in both formats, and a module."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import cloudpickle
import keras
import numpy as np
import pandas as pd
import tensorflow as tf

LIBRARY = ("tensorflow-cpu",)
GROUP = "torch"
# Upstream writes what is registered with Keras beside every model, used or not.
FILES = ("data/global_custom_objects.cloudpickle",)
NEEDS = {"pip_requirements": ["tensorflow"]}

X = np.arange(6, dtype=np.float32).reshape(2, 3)


@keras.saving.register_keras_serializable("case")
class Doubled(keras.layers.Dense):
    """A layer that Keras does not know."""

    def call(self, inputs):
        return 2 * super().call(inputs)


class Module(tf.Module):
    """A module without Keras."""

    @tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
    def __call__(self, data):
        return data * 2


def trained(layer):
    """Return a model after two epochs."""
    keras.utils.set_random_seed(0)
    keras.utils.disable_interactive_logging()
    model = keras.Sequential([keras.Input((3,)), layer])
    model.compile("adam", keras.losses.MeanSquaredError())
    model.fit(X, np.ones((2, 2)), epochs=2, verbose=0)
    return model


def models():
    model = trained(keras.layers.Dense(2))
    a, b = keras.Input((2,), name="a"), keras.Input((1,), name="b")
    pair = {"a": X[:, :2], "b": X[:, 2:]}
    inputs = {"array": X, "frame": pd.DataFrame(X, index=[3, 4]), "double": X.astype(float)}
    return {
        "custom": (
            trained(Doubled(2)),
            {
                "custom_objects": {"Doubled": Doubled},
                "pip_requirements": ["tensorflow", "cloudpickle"],
            },
            inputs,
        ),
        "plain": (model, dict(NEEDS), {**inputs, "list": X.tolist(), "arrays": [X], "text": "abc"}),
        "example": (model, {"input_example": X, **NEEDS}, inputs),
        "hdf5": (model, {"keras_model_kwargs": {"save_format": "h5"}, **NEEDS}, inputs),
        "named": (
            keras.Model([a, b], keras.layers.Concatenate()([a, b])),
            {"input_example": pair, **NEEDS},
            {"arrays": pair, "array": X},
        ),
        "module": (Module(), dict(NEEDS), {**inputs, "list": X.tolist()}),
    }


def predict(model, data):
    if isinstance(data, dict):
        return model.predict(data)
    call = getattr(model, "predict", model)
    return np.asarray(call(np.asarray(data, dtype=np.float32).reshape(-1, 3)))


def hostile(folder, bomb):
    (folder / "data" / "custom_objects.cloudpickle").write_bytes(cloudpickle.dumps(bomb))
