"""The SHAP flavor: explainers, in the library's own file of pickles."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.functions import (
    default_functions,
    load_model_function,
    loader_function,
    log_function,
    save_function,
)
from mlflow._flavor.load import model_file, model_folder, predicting
from mlflow._flavor.spec import Argument, Flavor
from mlflow.models.choke import admitted
from mlflow.models.environment import installed_version
from mlflow.models.saving import Dumped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FILE: Final = "explainer.shap"
_UNDERLYING: Final = "underlying_model"
_UNKNOWN: Final = "unknown"
# Flavors that the explained model is saved by -> the options that save it as it always was.
_OPTIONS: Final = {"sklearn": {"serialization_format": "cloudpickle"}, "pytorch": {}}


def get_underlying_model_flavor(model: Any) -> str:
    """Return the flavor that an explained model is saved by: sklearn, pytorch, or unknown.

    Args:
        model: The ``model`` of an explainer.
    """
    inner = getattr(model, "inner_model", None)
    sklearn, torch = sys.modules.get("sklearn.base"), sys.modules.get("torch.nn")
    if sklearn is not None and isinstance(getattr(inner, "__self__", None), sklearn.BaseEstimator):
        # The flavor gives ``predict`` back: other methods go into the explainer's own file.
        return "sklearn" if getattr(inner, "__name__", None) == "predict" else _UNKNOWN
    if torch is not None and isinstance(inner, torch.Module):
        return "pytorch"
    return _UNKNOWN


def _dump(explainer: Any, folder: Path, *, serialize_model_using_mlflow: bool) -> Dumped:
    explained = explainer.model
    flavor = get_underlying_model_flavor(explained) if serialize_model_using_mlflow else None
    is_known = flavor in _OPTIONS
    if flavor is not None and is_known:
        inner = explained.inner_model
        model = inner.__self__ if flavor == "sklearn" else inner
        save = import_module(f"mlflow.{flavor}").save_model
        save(model, folder / _UNDERLYING, **_OPTIONS[flavor])
    with (folder / _FILE).open("wb") as file:
        explainer.save(file, model_saver=None if is_known else ".save")
    said = {"underlying_model_flavor": flavor}
    return Dumped(
        loader_module="mlflow.shap",
        function={"model_path": _FILE, **said},
        flavors={
            "shap": {
                "shap_version": installed_version("shap"),
                "serialized_explainer": _FILE,
                **said,
            }
        },
        modules=frozenset({"pandas", *({flavor} if flavor == "sklearn" else ())}),
        distributions=("shap", "cloudpickle"),
    )


def _load(folder: Path, conf: Mapping[str, Any]) -> Any:
    import shap  # noqa: PLC0415 - optional package

    path = admitted("SHAP pickle", model_file(folder, conf["serialized_explainer"]))
    flavor = conf.get("underlying_model_flavor")
    loader = None
    if flavor in _OPTIONS:
        inner = model_folder(folder, _UNDERLYING)
        loaded = import_module(f"mlflow.{flavor}").load_model(str(inner))
        function = loaded.predict if flavor == "sklearn" else loaded
        loader = lambda _file: function  # noqa: E731 - the file holds nothing for it
    with path.open("rb") as file:
        return shap.Explainer.load(file, model_loader=loader)


def _predict(explainer: Any, data: Any, _params: dict[str, Any]) -> Any:
    return explainer(data.to_numpy() if hasattr(data, "to_numpy") else data).values


FLAVOR: Final = Flavor(
    name="shap",
    title="a SHAP explainer",
    model="explainer",
    dump=_dump,
    load=_load,
    wrap=predicting(_predict),
    requirements=("shap",),
    own={
        "serialize_model_using_mlflow": Argument(
            True,
            bool,
            "Save the explained model by its own flavor, if it is scikit-learn's or PyTorch's.",
        )
    },
    save="MODEL path OWN ENV mlflow_model EXAMPLE PIP metadata",
    log=(
        "MODEL artifact_path OWN ENV registered_model_name EXAMPLE await_registration_for PIP name"
        " metadata params tags model_type step model_id"
    ),
    read="model_uri",
    # An explainer has the outputs of no prediction: nobody infers what they would be.
    signature=lambda _explainer, _example, **_own: False,
)
save_explainer = save_function(FLAVOR, "save_explainer")
save_model = save_function(FLAVOR)
log_explainer = log_function(FLAVOR, "log_explainer")
load_explainer = load_model_function(FLAVOR, "load_explainer")
_load_pyfunc = loader_function(FLAVOR)
get_default_pip_requirements, get_default_conda_env = default_functions(FLAVOR)
