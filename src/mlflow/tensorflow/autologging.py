"""Autologging of Keras models on TensorFlow, with TensorBoard's files and checkpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.keras_callbacks import MlflowModelCheckpointCallback, TensorflowCallback
from mlflow._autolog.keras_training import (
    Training,
    early_stopping,
    log_early_stopping,
    log_early_stopping_params,
    tensorboard,
)
from mlflow._autolog.models import failing_with
from mlflow._autolog.options import autolog_function, checkpoint_options
from mlflow._autolog.patch import safe_patch
from mlflow._flavor.spec import Argument
from mlflow.tensorflow.flavor import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

FLAVOR: Final = "tensorflow"


def _enable(given: dict[str, Any]) -> None:
    import keras  # noqa: PLC0415 - optional package

    # While Keras itself imports TensorFlow it has no models yet; its own integration is on then.
    if hasattr(keras, "Model"):
        safe_patch(
            FLAVOR, keras.Model, "fit", _fit, manage_run=True, extra_tags=given["extra_tags"]
        )


def _fit(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
    training = Training(FLAVOR, self, args, kwargs)
    training.log_before()
    callbacks = training.callbacks
    stopping = early_stopping(callbacks)
    if stopping is not None:
        log_early_stopping_params(stopping)
    points = TensorflowCallback(
        training.option("log_every_epoch"), training.option("log_every_n_steps")
    )
    points.model_id = training.model_id
    if not any(isinstance(one, TensorflowCallback) for one in callbacks):
        callbacks.append(points)
    if training.option("checkpoint"):
        callbacks.append(MlflowModelCheckpointCallback(**checkpoint_options(FLAVOR)))
    with failing_with(training.model_id), tensorboard(callbacks):
        history = original(self, **training.arguments())
    if stopping is not None:
        log_early_stopping(stopping, history, training.model_id)
    training.log_after(
        FUNCTIONS.log_model,
        saved_model_kwargs=training.option("saved_model_kwargs"),
        keras_model_kwargs=training.option("keras_model_kwargs"),
    )
    return history


autolog: Final = autolog_function(
    FLAVOR,
    "Log the training of Keras models on TensorFlow.",
    (
        "log_models log_datasets SWITCHES registered_model_name log_input_examples "
        "log_model_signatures saved_model_kwargs keras_model_kwargs extra_tags "
        "log_every_epoch log_every_n_steps CHECKPOINT"
    ),
    _enable,
    {
        "saved_model_kwargs": Argument(None, dict[str, Any] | None, "See ``save_model``."),
        "keras_model_kwargs": Argument(None, dict[str, Any] | None, "See ``save_model``."),
    },
)
