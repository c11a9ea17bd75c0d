"""Autologging of scikit-learn: estimators, pipelines, searches, and metrics after training.

Classes are patched when their module is there: those that are imported at once, others when they
will be. scikit-learn's own modules are never imported for it.
"""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.import_hook import when_imported
from mlflow._autolog.options import autolog_function
from mlflow._autolog.patch import safe_patch
from mlflow._autolog.post_training import METRICS, patch_estimator, patch_metrics
from mlflow._flavor.spec import Argument
from mlflow.sklearn.training import FLAVOR, Data, log_after, log_before, option

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

_TRAINS: Final = ("fit", "fit_predict", "fit_transform")
# Steps of preparation, which are no models by themselves.
_STEPS: Final = ("feature_extraction", "feature_selection", "impute", "preprocessing")
_NO_MODELS: Final = tuple(f"sklearn.{name}." for name in _STEPS)
_COMPOSES: Final = "ColumnTransformer"


def _enable(given: dict[str, Any]) -> None:
    for name in [name for name in sys.modules if name.startswith("sklearn")]:
        _patch_module(sys.modules[name], given["extra_tags"])
    when_imported(
        "sklearn.*", lambda module: _patch_later(module, given["extra_tags"]), owner=FLAVOR
    )


def _patch_later(module: ModuleType, extra_tags: dict[str, str] | None) -> None:
    if not option("disable"):
        _patch_module(module, extra_tags)


def _patch_module(module: ModuleType, extra_tags: dict[str, str] | None) -> None:
    """Patch the estimators that a module defines, or the metrics."""
    base = getattr(sys.modules.get("sklearn.base"), "BaseEstimator", None)
    if module.__name__ == METRICS and option("log_post_training_metrics"):
        patch_metrics(FLAVOR, module)
    if base is None or not module.__name__.startswith("sklearn."):
        return
    for cls in list(vars(module).values()):
        if inspect.isclass(cls) and cls.__module__ == module.__name__ and issubclass(cls, base):
            _patch_class(cls, extra_tags)


def _patch_class(cls: type, extra_tags: dict[str, str] | None) -> None:
    parts = cls.__module__.split(".")
    if cls.__name__.startswith("_") or inspect.isabstract(cls) or "tests" in parts:
        return
    if cls.__module__.startswith(_NO_MODELS) or cls.__name__ in (_COMPOSES, "BaseEstimator"):
        return
    for name in _TRAINS:
        if hasattr(cls, name):
            safe_patch(FLAVOR, cls, name, _fit, manage_run=True, extra_tags=extra_tags)
    if option("log_post_training_metrics"):
        patch_estimator(FLAVOR, cls)


def _fit(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
    data = Data.of(original, args, kwargs)
    dataset = log_before(self, data)
    result = original(self, *args, **kwargs)
    log_after(self, data, dataset)
    return result


autolog: Final = autolog_function(
    FLAVOR,
    "Log the training of scikit-learn's estimators, pipelines and searches.",
    (
        "log_input_examples log_model_signatures log_models log_datasets SWITCHES "
        "max_tuning_runs log_post_training_metrics serialization_format "
        "registered_model_name pos_label extra_tags"
    ),
    _enable,
    {
        "max_tuning_runs": Argument(
            5, int | None, "How many candidates of a search have child runs; None is all."
        ),
        "serialization_format": Argument(
            "cloudpickle", str, "``cloudpickle``, ``pickle`` or ``skops``."
        ),
        "pos_label": Argument(
            None, Any, "The positive class of a binary classifier's metrics; averages by default."
        ),
    },
)
