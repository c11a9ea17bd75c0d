"""Autologging of Keras 3 on any backend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.keras_callbacks import KerasCallback
from mlflow._autolog.keras_training import Training
from mlflow._autolog.models import failing_with
from mlflow._autolog.options import autolog_function
from mlflow._autolog.patch import safe_patch
from mlflow._flavor.spec import Argument
from mlflow.keras.flavor import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

FLAVOR: Final = "keras"


def _enable(given: dict[str, Any]) -> None:
    import keras  # noqa: PLC0415 - optional package

    safe_patch(FLAVOR, keras.Model, "fit", _fit, manage_run=True, extra_tags=given["extra_tags"])


def _fit(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
    training = Training(FLAVOR, self, args, kwargs)
    training.log_before()
    if not any(isinstance(one, KerasCallback) for one in training.callbacks):
        training.callbacks.append(
            KerasCallback(
                training.option("log_every_epoch"),
                training.option("log_every_n_steps"),
                training.model_id,
            )
        )
    with failing_with(training.model_id):
        history = original(self, **training.arguments())
    training.log_after(
        FUNCTIONS.log_model,
        save_exported_model=training.option("save_exported_model"),
        save_model_kwargs=training.option("save_model_kwargs"),
    )
    return history


autolog: Final = autolog_function(
    FLAVOR,
    "Log the training of Keras models.",
    (
        "log_every_epoch log_every_n_steps log_models log_model_signatures "
        "save_exported_model log_datasets log_input_examples SWITCHES "
        "registered_model_name save_model_kwargs extra_tags"
    ),
    _enable,
    {
        "save_exported_model": Argument(False, bool, "Export the models; see ``save_model``."),
        "save_model_kwargs": Argument(None, dict[str, Any] | None, "See ``save_model``."),
    },
)
