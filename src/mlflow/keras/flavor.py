"""The Keras flavor: models of Keras 3 on any backend, as ``.keras`` files or exported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.functions import public_functions
from mlflow._flavor.keras_files import (
    DATA,
    KERAS_FILE,
    MODULE_FILE,
    KerasModel,
    keras_version,
    load_keras,
    load_saved_model,
)
from mlflow._flavor.load import model_file
from mlflow._flavor.spec import Argument, Flavor
from mlflow.exceptions import MlflowException
from mlflow.models.environment import canonical
from mlflow.models.saving import Dumped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_EXPORTED: Final = "model"


def _dump(
    model: Any,
    folder: Path,
    *,
    save_exported_model: bool,
    save_model_kwargs: dict[str, Any] | None,
    signature: Any,
) -> Dumped:
    import keras  # noqa: PLC0415 - optional package

    if save_exported_model and not signature:
        raise MlflowException.invalid_parameter_value(
            "`signature` cannot be None when `save_exported_model=True`"
        )
    data = folder / DATA
    data.mkdir()
    (data / MODULE_FILE).write_text("keras", "utf-8")
    if save_exported_model:
        model.export(str(data / _EXPORTED), **(save_model_kwargs or {}))
    else:
        model.save(str(data / KERAS_FILE), **(save_model_kwargs or {}))
    backend = keras.backend.backend()
    conf = {
        "data": DATA,
        "keras_version": keras_version(),
        "keras_backend": backend,
        "save_exported_model": save_exported_model,
    }
    return Dumped("mlflow.keras", {}, {"keras": conf}, frozenset(), ("keras", canonical(backend)))


def _read(
    folder: Path,
    conf: Mapping[str, Any],
    custom_objects: Any = None,
    load_model_kwargs: dict[str, Any] | None = None,
) -> Any:
    if conf.get("save_exported_model"):
        path = model_file(folder, f"{conf['data']}/{_EXPORTED}/saved_model.pb").parent
        return load_saved_model(path, **(load_model_kwargs or {}))
    path = model_file(folder, f"{conf['data']}/{KERAS_FILE}")
    return load_keras(path, custom_objects, **(load_model_kwargs or {}))


def _wrap(model: Any, conf: Mapping[str, Any]) -> KerasModel:
    exported = conf.get("save_exported_model") and hasattr(model, "serve")
    return KerasModel(model, "serve" if exported else "predict")


FLAVOR: Final = Flavor(
    name="keras",
    title="a Keras model",
    model="model",
    dump=_dump,
    load=_read,
    wrap=_wrap,
    requirements=("keras",),
    needs=("signature",),
    own={
        "save_exported_model": Argument(
            False, bool, "Export it, without what is needed to train it; needs a signature."
        ),
        "save_model_kwargs": Argument(
            None, dict[str, Any] | None, "Arguments of ``model.save`` or ``model.export``."
        ),
        "custom_objects": Argument(
            None, dict[str, Any] | None, "Classes and functions that Keras does not know by name."
        ),
        "load_model_kwargs": Argument(
            None, dict[str, Any] | None, "Arguments of ``keras.saving.load_model``."
        ),
    },
    save=(
        "MODEL path save_exported_model conda_env mlflow_model EXAMPLE PIP save_model_kwargs"
        " metadata"
    ),
    log=(
        "MODEL artifact_path save_exported_model conda_env EXAMPLE registered_model_name"
        " await_registration_for PIP save_model_kwargs metadata LOGGED"
    ),
    read="model_uri dst_path custom_objects load_model_kwargs",
)
FUNCTIONS: Final = public_functions(FLAVOR)
