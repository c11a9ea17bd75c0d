"""Autologging of Paddle's high-level models, ``paddle.Model``."""

from __future__ import annotations

import inspect
import logging
from contextlib import redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.config import get_autologging_config
from mlflow._autolog.log import log_metrics, log_params
from mlflow._autolog.models import failing_with, start_model
from mlflow._autolog.options import autolog_function
from mlflow._autolog.patch import safe_patch
from mlflow._core.guard import contained
from mlflow._core.lazy import resolve
from mlflow.paddle.flavor import FUNCTIONS
from mlflow.tracking import fluent

if TYPE_CHECKING:
    from collections.abc import Callable

_logger: Final = logging.getLogger("mlflow")
FLAVOR: Final = "paddle"
_STOPPING: Final = ("monitor", "patience", "min_delta", "baseline")
_SUMMARY: Final = "model_summary.txt"
_STOPPED: Final = ("stopped_epoch", "best_value")


def _enable(given: dict[str, Any]) -> None:
    import paddle  # noqa: PLC0415 - optional package

    tags = given["extra_tags"]
    safe_patch(FLAVOR, paddle.Model, "fit", _fit, manage_run=True, extra_tags=tags)


def _fit(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
    import paddle  # noqa: PLC0415 - optional package

    def option(key: str) -> Any:
        return get_autologging_config(FLAVOR, key)

    bound = inspect.signature(original).bind_partial(self, *args, **kwargs)
    given = bound.arguments.get("callbacks") or []
    callbacks = [*given] if isinstance(given, (list, tuple)) else [given]
    kind = paddle.callbacks.EarlyStopping
    stopping = next((one for one in callbacks if isinstance(one, kind)), None)
    if stopping is not None:
        log_params({name: getattr(stopping, name) for name in _STOPPING})
    model_id = start_model() if option("log_models") else None
    made = resolve("mlflow.paddle.callbacks:PointsCallback")
    bound.arguments["callbacks"] = [*callbacks, made(option("log_every_n_epoch"), model_id)]
    with failing_with(model_id):
        result = original(*bound.args, **bound.kwargs)
    with contained("Describing the model", logger=_logger):
        with redirect_stdout(StringIO()):  # it prints a table
            summary = self.summary()
        fluent.log_text(str(summary), _SUMMARY)
    if stopping is not None:
        with contained("Noting where the training stopped", logger=_logger):
            found = {name: getattr(stopping, name) for name in _STOPPED}
            log_metrics(found, 0, model_id=model_id)
    if model_id is not None:
        name = option("registered_model_name")
        with contained("Logging the model", logger=_logger):
            FUNCTIONS.log_model(self, name="model", registered_model_name=name, model_id=model_id)
    return result


autolog: Final = autolog_function(
    FLAVOR,
    "Log the training of Paddle's high-level models.",
    "log_every_n_epoch log_models disable exclusive silent registered_model_name extra_tags",
    _enable,
)
