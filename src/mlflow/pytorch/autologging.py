"""Autologging of Lightning's trainers, of both its packages."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.config import get_autologging_config
from mlflow._autolog.import_hook import when_imported
from mlflow._autolog.models import failing_with, start_model
from mlflow._autolog.options import autolog_function, checkpoint_options
from mlflow._autolog.patch import safe_patch
from mlflow._core.guard import contained
from mlflow._core.lazy import resolve
from mlflow._flavor.spec import Argument
from mlflow.pytorch.files import PICKLE
from mlflow.pytorch.flavor import FUNCTIONS
from mlflow.tracking import fluent

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

_logger: Final = logging.getLogger("mlflow")
FLAVOR: Final = "pytorch"
_TRAINERS: Final = ("pytorch_lightning.trainer.trainer", "lightning.pytorch.trainer.trainer")
_SUMMARY: Final = "model_summary.txt"


def _enable(given: dict[str, Any]) -> None:

    def patch(module: ModuleType) -> None:
        if not get_autologging_config(FLAVOR, "disable"):
            safe_patch(
                FLAVOR, module.Trainer, "fit", _fit, manage_run=True, extra_tags=given["extra_tags"]
            )

    for name in _TRAINERS:
        when_imported(name, patch)


def _fit(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
    def option(key: str) -> Any:
        return get_autologging_config(FLAVOR, key)

    model_id = start_model() if option("log_models") else None
    callbacks = [*self.callbacks]
    made = resolve("mlflow.pytorch.callbacks:PointsCallback")
    if not any(isinstance(one, made) for one in callbacks):
        every = (option("log_every_n_epoch"), option("log_every_n_step"))
        callbacks.append(made(*every, model_id))
        if option("checkpoint"):
            keeps = resolve("mlflow.pytorch.callbacks:MlflowModelCheckpointCallback")
            callbacks.append(keeps(**checkpoint_options(FLAVOR)))
    self.callbacks = callbacks
    with failing_with(model_id):
        result = original(self, *args, **kwargs)
    module = args[0] if args else kwargs.get("model")
    with contained("Describing the model", logger=_logger):
        package = type(self).__module__.partition(".trainer")[0]
        summary = resolve(f"{package}.utilities.model_summary:ModelSummary")(module, max_depth=-1)
        fluent.log_text(str(summary), _SUMMARY)
    if model_id is not None:
        with contained("Logging the model", logger=_logger):
            FUNCTIONS.log_model(
                self.model,
                name="model",
                registered_model_name=option("registered_model_name"),
                serialization_format=PICKLE,
                model_id=model_id,
            )
    return result


autolog: Final = autolog_function(
    FLAVOR,
    "Log the training of Lightning's modules.",
    (
        "log_every_n_epoch log_every_n_step log_models log_datasets SWITCHES "
        "registered_model_name extra_tags CHECKPOINT log_model_signatures"
    ),
    _enable,
    {
        "log_every_n_step": Argument(
            None, int | None, "Log the metrics of batches every so many batches."
        ),
        "log_datasets": Argument(True, bool, "Accepted: loaders of data are not described."),
        "log_model_signatures": Argument(True, bool, "Accepted: a module's input is not known."),
    },
)
