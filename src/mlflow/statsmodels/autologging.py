"""Autologging of statsmodels: the ``fit`` of every model.

Classes are patched when their module is there; statsmodels' own modules are not imported for it.
"""

from __future__ import annotations

import logging
import sys
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.arguments import get_mlflow_run_params_for_fn_args
from mlflow._autolog.config import get_autologging_config
from mlflow._autolog.figures import write_text
from mlflow._autolog.import_hook import when_imported
from mlflow._autolog.log import log_metrics, log_params
from mlflow._autolog.options import autolog_function
from mlflow._autolog.patch import safe_patch
from mlflow._core.guard import contained
from mlflow._flavor.spec import Argument
from mlflow.statsmodels.flavor import FUNCTIONS
from mlflow.tracking import fluent

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

_FLAVOR: Final = "statsmodels"
_BASE: Final = "statsmodels.base.model"
_METRICS: Final = (
    "aic",
    "bic",
    "centered_tss",
    "condition_number",
    "df_model",
    "df_resid",
    "ess",
    "f_pvalue",
    "fvalue",
    "llf",
    "mse_model",
    "mse_resid",
    "mse_total",
    "rsquared",
    "rsquared_adj",
    "scale",
    "ssr",
    "uncentered_tss",
)
_logger: Final = logging.getLogger("mlflow.statsmodels")


def _enable(given: dict[str, Any]) -> None:
    for name in [name for name in sys.modules if name.startswith("statsmodels.")]:
        _patch_module(sys.modules[name], given["extra_tags"])
    when_imported(
        "statsmodels.*", lambda one: _patch_module(one, given["extra_tags"]), owner=_FLAVOR
    )


def _patch_module(module: ModuleType, extra_tags: dict[str, str] | None) -> None:
    base = getattr(sys.modules.get(_BASE), "Model", None)
    if base is None or get_autologging_config(_FLAVOR, "disable"):
        return
    for cls in list(vars(module).values()):
        if not isinstance(cls, type) or cls.__module__ != module.__name__:
            continue
        if issubclass(cls, base) and "fit" in vars(cls):
            safe_patch(_FLAVOR, cls, "fit", _fit, manage_run=True, extra_tags=extra_tags)


def _fit(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> None:
    params = get_mlflow_run_params_for_fn_args(original, (self, *args), kwargs, ["self"])
    log_params(params)
    result = original(self, *args, **kwargs)
    model_id = None
    if get_autologging_config(_FLAVOR, "log_models"):
        with contained("Logging the model", logger=_logger):
            info = FUNCTIONS.log_model(
                result,
                name="model",
                registered_model_name=get_autologging_config(_FLAVOR, "registered_model_name"),
                params={str(key): str(value) for key, value in params.items()},
            )
            model_id = info.model_id
    log_metrics(_measures(result), model_id=model_id)
    run = fluent.active_run()
    if run is not None and hasattr(result, "summary"):
        text = result.summary().as_text()
        write_text(text, "model_summary.txt", run_id=run.info.run_id, uri=run.tracking_uri)


def _measures(result: Any) -> dict[str, float]:
    """Return what the result knows of a fixed list of measures."""
    found: dict[str, float] = {}
    for name in _METRICS:
        with contained(f"Reading {name}", level=logging.DEBUG, logger=_logger):
            value = getattr(result, name, None)
            if isinstance(value, Real):
                found[name] = float(value)
    return found


autolog: Final = autolog_function(
    _FLAVOR,
    "Log the fitting of statsmodels' models.",
    "log_models log_datasets SWITCHES registered_model_name extra_tags",
    _enable,
    {
        "log_datasets": Argument(True, bool, "Accepted; models of statsmodels show no dataset."),
    },
)
