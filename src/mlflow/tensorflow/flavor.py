"""The TensorFlow flavor: Keras models as files, ``tf.Module`` as a SavedModel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.functions import public_functions
from mlflow._flavor.keras_files import (
    DATA,
    HDF5_FILE,
    KERAS_FILE,
    MODULE_FILE,
    KerasModel,
    is_keras_model,
    load_keras,
    load_saved_model,
)
from mlflow._flavor.load import model_file
from mlflow._flavor.spec import Argument, Flavor
from mlflow.exceptions import MlflowException
from mlflow.models.choke import dump_pickle, load_pickle
from mlflow.models.requirements import pickled_modules
from mlflow.models.saving import Dumped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_CUSTOM: Final = "custom_objects.cloudpickle"
_REGISTERED: Final = "global_custom_objects.cloudpickle"
_FORMAT_FILE: Final = "save_format.txt"
_KERAS: Final = "keras"
_MODULE: Final = "tf2-module"
_SAVED: Final = "tf2model"
_OPTIONS: Final = dict[str, Any] | None


class ModuleModel:
    """What a SavedModel holds, as a Python function of arrays."""

    def __init__(self, module: Any) -> None:
        self._module = module

    def get_raw_model(self) -> Any:
        """Return the module."""
        return self._module

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:  # noqa: ARG002
        """Return the module's output.

        Args:
            data: An array, or a list.
            params: Not used.

        Raises:
            MlflowException: for other data.
        """
        import numpy as np  # noqa: PLC0415 - optional package
        import tensorflow as tf  # noqa: PLC0415 - optional package

        if not isinstance(data, (np.ndarray, list)):
            raise MlflowException(
                f"Unsupported input data type: {type(data)}, the input data must be a numpy array"
                " or a list"
            )
        output = self._module(tf.convert_to_tensor(data))
        return output.numpy() if isinstance(output, tf.Tensor) else output


def get_global_custom_objects() -> dict[str, Any]:
    """Return the classes and functions that are registered with Keras, by their names there."""
    import keras  # noqa: PLC0415 - optional package

    return dict(keras.saving.get_custom_objects())


def _dump(
    model: Any,
    folder: Path,
    *,
    custom_objects: dict[str, Any] | None,
    saved_model_kwargs: dict[str, Any] | None,
    keras_model_kwargs: dict[str, Any] | None,
) -> Dumped:
    import tensorflow as tf  # noqa: PLC0415 - optional package

    if not is_keras_model(model):
        if not isinstance(model, tf.Module):
            raise MlflowException.invalid_parameter_value(f"Unknown model type: {type(model)}")
        tf.saved_model.save(model, str(folder / _SAVED), **(saved_model_kwargs or {}))
        conf: dict[str, Any] = {"saved_model_dir": _SAVED, "model_type": _MODULE}
        return _dumped({}, conf, frozenset())
    data = folder / DATA
    data.mkdir()
    (data / MODULE_FILE).write_text("tensorflow.keras", "utf-8")
    options = dict(keras_model_kwargs or {})
    save_format = options.pop("save_format", "tf")
    (data / _FORMAT_FILE).write_text(save_format, "utf-8")
    modules: set[str] = set()
    text = model.to_json()
    used = {name: one for name, one in get_global_custom_objects().items() if f'"{name}"' in text}
    for objects, name in ((used, _REGISTERED), (custom_objects, _CUSTOM)):
        if objects:
            dump_pickle(objects, data / name)
            modules |= pickled_modules(data / name)
    model.save(str(data / (HDF5_FILE if save_format == "h5" else KERAS_FILE)), **options)
    conf = {
        "data": DATA,
        "keras_version": tf.__version__,
        "model_type": _KERAS,
        "save_format": save_format,
    }
    return _dumped({"data": DATA}, conf, frozenset(modules))


def _dumped(function: dict[str, Any], conf: dict[str, Any], modules: frozenset[str]) -> Dumped:
    needed = ("tensorflow", *(("cloudpickle",) if modules else ()))
    return Dumped("mlflow.tensorflow", function, {"tensorflow": conf}, modules, needed)


def _read(
    folder: Path,
    conf: Mapping[str, Any],
    saved_model_kwargs: dict[str, Any] | None = None,
    keras_model_kwargs: dict[str, Any] | None = None,
) -> Any:
    if conf.get("model_type") == _MODULE:
        path = model_file(folder, f"{conf['saved_model_dir']}/saved_model.pb").parent
        return load_saved_model(path, **(saved_model_kwargs or {}))
    options = dict(keras_model_kwargs or {})
    data = conf.get("data", DATA)
    custom: dict[str, Any] = {}
    for part in (_REGISTERED, _CUSTOM):
        if (folder / data / part).is_file():
            stored = model_file(folder, f"{data}/{part}")
            custom |= load_pickle(stored, format_name="cloudpickle")
    custom |= options.pop("custom_objects", None) or {}
    name = HDF5_FILE if conf.get("save_format") == "h5" else KERAS_FILE
    return load_keras(model_file(folder, f"{data}/{name}"), custom, **options)


def _wrap(model: Any, conf: Mapping[str, Any]) -> KerasModel | ModuleModel:
    return ModuleModel(model) if conf.get("model_type") == _MODULE else KerasModel(model)


FLAVOR: Final = Flavor(
    name="tensorflow",
    title="a TensorFlow or Keras model",
    model="model",
    dump=_dump,
    load=_read,
    wrap=_wrap,
    requirements=lambda include_cloudpickle: [
        "tensorflow",
        *(["cloudpickle"] if include_cloudpickle else []),
    ],
    own={
        "custom_objects": Argument(
            None, _OPTIONS, "Classes and functions that Keras does not know by name."
        ),
        "saved_model_kwargs": Argument(
            None, _OPTIONS, "Arguments of ``tensorflow.saved_model``'s ``save`` or ``load``."
        ),
        "keras_model_kwargs": Argument(
            None, _OPTIONS, "Arguments of ``model.save`` or ``keras.saving.load_model``."
        ),
        "include_cloudpickle": Argument(False, bool, "Add cloudpickle."),
    },
    save=(
        "MODEL path ENV mlflow_model custom_objects EXAMPLE PIP saved_model_kwargs"
        " keras_model_kwargs metadata extra_files"
    ),
    log=(
        "MODEL artifact_path custom_objects ENV EXAMPLE registered_model_name"
        " await_registration_for PIP saved_model_kwargs keras_model_kwargs metadata extra_files"
        " LOGGED **kwargs"
    ),
    read="model_uri dst_path saved_model_kwargs keras_model_kwargs",
    defaults="include_cloudpickle",
)
FUNCTIONS: Final = public_functions(FLAVOR)
