"""Autologging of transformers: its trainers get the library's own callback; others keep quiet."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.config import disable_discrete_autologging
from mlflow._autolog.options import autolog_function
from mlflow._autolog.patch import safe_patch
from mlflow._core.guard import contained
from mlflow._flavor.spec import Argument

if TYPE_CHECKING:
    from collections.abc import Callable

_logger: Final = logging.getLogger("mlflow")
FLAVOR: Final = "transformers"
_OTHERS: Final = ["sklearn", "tensorflow", "keras", "pytorch"]


def _enable(_given: dict[str, Any]) -> None:
    import transformers  # noqa: PLC0415 - optional package

    safe_patch(FLAVOR, transformers.Trainer, "train", _train)


def _train(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
    with contained("Adding the callback that logs", logger=_logger):
        from transformers.integrations import MLflowCallback  # noqa: PLC0415 - optional package

        if not any(isinstance(one, MLflowCallback) for one in self.callback_handler.callbacks):
            self.add_callback(MLflowCallback())
    with disable_discrete_autologging(_OTHERS):
        return original(self, *args, **kwargs)


autolog: Final = autolog_function(
    FLAVOR,
    "Log the training of a ``Trainer`` with the library's own callback, and keep others quiet.",
    "log_input_examples log_model_signatures log_models log_datasets SWITCHES extra_tags",
    _enable,
    {
        name: Argument(False, bool, "Accepted: the trainer logs no models.")
        for name in ("log_input_examples", "log_model_signatures", "log_models", "log_datasets")
    }
    | {
        "extra_tags": Argument(None, dict[str, str] | None, "Accepted: the trainer makes the runs.")
    },
)
