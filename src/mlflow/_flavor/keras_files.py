"""Keras models in files, for the two flavors that save them: ``.keras`` by default, or HDF5.

Reading a ``.keras`` file runs no code as long as ``safe_mode`` is on, Keras's default; the caller
alone can switch it off, and then the file passes the choke point as every format that can run code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow.exceptions import MlflowException
from mlflow.models.choke import admit_code, admitted

if TYPE_CHECKING:
    from pathlib import Path

DATA: Final = "data"
MODULE_FILE: Final = "keras_module.txt"
KERAS_FILE: Final = "model.keras"
HDF5_FILE: Final = "model.h5"


class KerasModel:
    """A Keras model as a Python function."""

    def __init__(self, model: Any, name: str = "predict") -> None:
        self._model = model
        self._call = getattr(model, name)
        self._options = {"verbose": 0} if name == "predict" else {}

    def get_raw_model(self) -> Any:
        """Return the model."""
        return self._model

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:  # noqa: ARG002
        """Return the model's output; for a DataFrame, a DataFrame.

        Args:
            data: A DataFrame, an array, or a list, tuple or dictionary of arrays.
            params: Not used.

        Raises:
            MlflowException: INVALID_PARAMETER_VALUE for other data.
        """
        import numpy as np  # noqa: PLC0415 - optional package
        import pandas as pd  # noqa: PLC0415 - optional package

        if isinstance(data, pd.DataFrame):
            values = np.asarray(self._call(data.to_numpy(), **self._options))
            return pd.DataFrame(values, index=data.index)
        if not isinstance(data, (np.ndarray, list, tuple, dict)):
            raise MlflowException.invalid_parameter_value(
                f"Unsupported input data type: {type(data)}. It must be a DataFrame, an array, or"
                " a list, tuple or dictionary of arrays"
            )
        output = self._call(data, **self._options)
        return output.numpy() if hasattr(output, "numpy") else output


def keras_version() -> str:
    """Return the version of Keras."""
    import keras  # noqa: PLC0415 - optional package

    return str(keras.__version__)


def is_keras_model(model: Any) -> bool:
    """Return whether an object is a Keras model."""
    import keras  # noqa: PLC0415 - optional package

    return isinstance(model, keras.Model)


def load_keras(path: Path, custom_objects: Any = None, **options: Any) -> Any:
    """Return the Keras model of a file.

    Args:
        path: The file.
        custom_objects: Classes and functions by the names under which the file has them.
        **options: Passed to ``keras.saving.load_model``.
    """
    import keras  # noqa: PLC0415 - optional package

    if path.suffix == ".h5":
        admit_code("Keras HDF5", path)
    if not options.get("safe_mode", True):
        admit_code("Keras without safe mode", path)
    return keras.saving.load_model(str(path), custom_objects=custom_objects, **options)


def load_saved_model(path: Path, **options: Any) -> Any:
    """Return what a TensorFlow SavedModel holds.

    Args:
        path: Its folder.
        **options: Passed to ``tensorflow.saved_model.load``.
    """
    import tensorflow as tf  # noqa: PLC0415 - optional package

    return tf.saved_model.load(str(admitted("TensorFlow SavedModel", path)), **options)
