"""The scikit-learn flavor: skops by default, pickle and cloudpickle on request."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor import estimators
from mlflow._flavor.functions import public_functions
from mlflow._flavor.load import model_file
from mlflow._flavor.spec import Argument, Flavor
from mlflow.models.choke import load_pickle
from mlflow.models.environment import installed_version
from mlflow.models.saving import Dumped
from mlflow.sklearn import skops_format
from mlflow.sklearn.array_calls import array_call

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_logger = logging.getLogger(__name__)
_FUNCTIONS: Final = (
    "predict",
    "predict_proba",
    "predict_log_proba",
    "predict_joint_log_proba",
    "decision_function",
    "score",
    "transform",
    "fit_transform",
    "fit_predict",
)


class SklearnModel:
    """An estimator as a Python function; every function of the estimator can be the one called."""

    # Estimators leave their input as it is: a DataFrame that fits is passed without a copy.
    keeps_input = True

    def __init__(self, estimator: Any, _settings: object = None) -> None:
        self._estimator = estimator
        for name in _FUNCTIONS:
            if hasattr(estimator, name):
                call = array_call(estimator, name) or getattr(estimator, name)
                setattr(self, name, call)

    def get_raw_model(self) -> Any:
        """Return the estimator."""
        return self._estimator


def _dump(
    estimator: Any,
    folder: Path,
    *,
    serialization_format: str | None,
    skops_trusted_types: Any,
    pyfunc_predict_fn: str,
) -> Dumped:
    written = estimators.write_estimator(
        estimator, folder, serialization_format, skops_trusted_types, dump=skops_format.dump
    )
    conf = {
        "pickled_model": written.path.name,
        "sklearn_version": installed_version("scikit-learn"),
        "serialization_format": written.format_name,
        "skops_trusted_types": written.trusted,  # for upstream's loader; ours does not look
    }
    function = {"model_path": written.path.name, "predict_fn": pyfunc_predict_fn}
    predicts = hasattr(estimator, pyfunc_predict_fn)
    if not predicts:
        _logger.warning(
            "The model has no function %r: its python_function flavor is left out.",
            pyfunc_predict_fn,
        )
    return Dumped(
        loader_module="mlflow.sklearn",
        function=function if predicts else None,
        flavors={"sklearn": conf},
        modules=written.modules,
        distributions=written.distributions("scikit-learn"),
    )


def _read(folder: Path, conf: Mapping[str, Any]) -> Any:
    path = model_file(folder, conf["pickled_model"])
    format_name = conf.get("serialization_format", estimators.PICKLE)
    if format_name == estimators.SKOPS:
        return skops_format.load(path)
    return load_pickle(path, format_name=format_name)


FLAVOR: Final = Flavor(
    name="sklearn",
    title="a scikit-learn model",
    model="sk_model",
    dump=_dump,
    load=_read,
    wrap=SklearnModel,
    requirements=estimators.requirements("scikit-learn"),
    own={
        **estimators.ARGUMENTS,
        "pyfunc_predict_fn": Argument("predict", str, "The estimator's function that predicts."),
    },
    save=(
        "MODEL path ENV mlflow_model serialization_format EXAMPLE PIP pyfunc_predict_fn metadata"
        " skops_trusted_types extra_files"
    ),
    log=(
        "MODEL artifact_path ENV serialization_format registered_model_name EXAMPLE"
        " await_registration_for PIP pyfunc_predict_fn metadata extra_files params tags model_type"
        " step model_id name skops_trusted_types **kwargs"
    ),
    defaults=estimators.DEFAULTS,
)
FUNCTIONS: Final = public_functions(FLAVOR)
