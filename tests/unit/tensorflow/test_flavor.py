"""TensorFlow and Keras models: what comes back, and what is refused."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import mlflow
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
with warnings.catch_warnings():  # of the libraries' own imports
    warnings.simplefilter("ignore")
    tf = pytest.importorskip("tensorflow", reason="tensorflow is not installed")
    keras = pytest.importorskip("keras", reason="keras is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")
X = np.arange(12, dtype=np.float32).reshape(4, 3)


def _model() -> Any:
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile("adam", keras.losses.MeanSquaredError())
    model.fit(X, np.ones((4, 2)), verbose=0)
    return model


def test_keras_infers_the_signature(tmp_path: Path) -> None:
    """An example is saved and both flavors predict what the model does."""
    model = _model()
    expected = model.predict(X, verbose=0)
    for flavor in (mlflow.keras, mlflow.tensorflow):
        path = str(tmp_path / flavor.__name__)
        flavor.save_model(model, path, input_example=X)
        function = mlflow.pyfunc.load_model(path)
        assert "tensor" in str(
            function.metadata.signature and function.metadata.signature.to_dict()
        )
        np.testing.assert_allclose(function.predict(X), expected, rtol=1e-5)
        np.testing.assert_allclose(flavor.load_model(path).predict(X), expected, rtol=1e-5)


def test_a_lambda_is_refused_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller may switch Keras's safe mode off, unless the policy forbids it."""
    path = str(tmp_path / "m")
    layers = [keras.Input((3,)), keras.layers.Lambda(lambda data: data * 2)]
    mlflow.tensorflow.save_model(keras.Sequential(layers), path)
    with pytest.raises(ValueError, match="Lambda"):
        mlflow.tensorflow.load_model(path)
    options: dict[str, Any] = {"keras_model_kwargs": {"safe_mode": False}}
    loaded = mlflow.tensorflow.load_model(path, **options)
    np.testing.assert_array_equal(loaded.predict(X, verbose=0), X * 2)
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(MlflowException, match="MLFLOW_ALLOW_PICKLE"):
        mlflow.tensorflow.load_model(path, **options)


@pytest.mark.parametrize("kind", ["hdf5", "module", "exported"])
def test_formats_that_run_code_are_refused_where_the_policy_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """HDF5 files and SavedModels need the permission, a ``.keras`` file does not."""
    path, model = str(tmp_path / "m"), _model()
    if kind == "hdf5":
        mlflow.tensorflow.save_model(model, path, keras_model_kwargs={"save_format": "h5"})
    elif kind == "module":
        module = tf.Module()
        module.__call__ = tf.function(lambda data: data, [tf.TensorSpec([None, 3])])
        mlflow.tensorflow.save_model(module, path)
    else:
        signature = mlflow.models.infer_signature(X, model.predict(X, verbose=0))
        mlflow.keras.save_model(model, path, save_exported_model=True, signature=signature)
    mlflow.pyfunc.load_model(path)
    mlflow.keras.save_model(model, str(tmp_path / "plain"))
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(MlflowException, match="MLFLOW_ALLOW_PICKLE"):
        mlflow.pyfunc.load_model(path)
    mlflow.keras.load_model(str(tmp_path / "plain"))


def test_registered_classes_travel_with_the_models_that_use_them(tmp_path: Path) -> None:
    """A model that uses none gets no pickle."""

    @keras.saving.register_keras_serializable("unit")
    class Tripled(keras.layers.Dense):  # type: ignore[name-defined, misc]  # keras has no types here
        """A layer that Keras does not know."""

        def call(self, inputs: Any) -> Any:
            return 3 * super().call(inputs)

    assert mlflow.tensorflow.get_global_custom_objects()["unit>Tripled"] is Tripled
    mlflow.tensorflow.save_model(_model(), str(tmp_path / "without"))
    used = keras.Sequential([keras.Input((3,)), Tripled(2)])
    mlflow.tensorflow.save_model(used, str(tmp_path / "with"))
    expected = used.predict(X, verbose=0)
    keras.saving.get_custom_objects().pop("unit>Tripled")
    names = [
        "global_custom_objects.cloudpickle" in os.listdir(tmp_path / place / "data")  # noqa: PTH208
        for place in ("with", "without")
    ]
    assert names == [True, False]
    loaded = mlflow.tensorflow.load_model(str(tmp_path / "with"))
    np.testing.assert_allclose(loaded.predict(X, verbose=0), expected, rtol=1e-5)


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    """So is data that no model takes, and an export without a signature."""
    with pytest.raises(MlflowException, match="Unknown model type"):
        mlflow.tensorflow.save_model({}, str(tmp_path / "a"))
    with pytest.raises(MlflowException, match="signature"):
        mlflow.keras.save_model(_model(), str(tmp_path / "b"), save_exported_model=True)
    mlflow.tensorflow.save_model(_model(), str(tmp_path / "c"))
    with pytest.raises(MlflowException, match="Unsupported input"):
        mlflow.pyfunc.load_model(str(tmp_path / "c")).predict("text")
