"""``mlflow.autolog()``: every integration whose library is imported, now or later."""

from __future__ import annotations

import inspect
import logging
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.config import GLOBALLY_CONFIGURED
from mlflow._autolog.import_hook import forget, when_imported
from mlflow._autolog.state import AUTOLOGGING_INTEGRATIONS
from mlflow._autolog.versions import LIBRARIES
from mlflow._core.lazy import resolve

if TYPE_CHECKING:
    from types import ModuleType

_logger: Final = logging.getLogger("mlflow.tracking.fluent")


def autolog(
    log_input_examples: bool = False,
    log_model_signatures: bool = True,
    log_models: bool = True,
    log_datasets: bool = True,
    log_traces: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    extra_tags: dict[str, str] | None = None,
    exclude_flavors: list[str] | None = None,
) -> None:
    """Switch on every integration whose library is imported, at once or when it will be.

    An integration that was configured by its own ``autolog`` function stays as it is.

    Args:
        log_input_examples: Log an example of the input with each model.
        log_model_signatures: Log the signature of each model.
        log_models: Log the trained models.
        log_datasets: Log the datasets that models are trained and measured on.
        log_traces: Log traces, where an integration makes them.
        disable: Switch the integrations off instead.
        exclusive: Log nothing to runs that the program started.
        disable_for_unsupported_versions: Leave libraries alone whose version is not known.
        silent: Print nothing while logging.
        extra_tags: Tags of the runs that integrations make.
        exclude_flavors: Integrations to leave out.
    """
    options = dict(locals())
    AUTOLOGGING_INTEGRATIONS["mlflow"] = dict(options)
    excluded = set(options.pop("exclude_flavors") or ())
    for name, library in LIBRARIES.items():
        if library.flavor in excluded:
            forget(name)
        else:
            when_imported(name, partial(_switch_on, library.flavor, options))


def _switch_on(flavor: str, options: dict[str, Any], _module: ModuleType) -> None:
    config = AUTOLOGGING_INTEGRATIONS.get(flavor)
    if config and not config.get(GLOBALLY_CONFIGURED):
        return
    function = resolve(f"mlflow.{flavor}:autolog")
    known = inspect.signature(function).parameters
    function(**{name: value for name, value in options.items() if name in known})
    AUTOLOGGING_INTEGRATIONS[flavor][GLOBALLY_CONFIGURED] = True
    if not options["disable"] and not options["silent"]:
        _logger.info("Autologging successfully enabled for %s.", flavor)
