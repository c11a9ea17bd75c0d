"""The LightGBM flavor: boosters as LightGBM's text, estimators with skops."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor import estimators
from mlflow._flavor.functions import public_functions
from mlflow._flavor.load import model_file, predicting, qualified_name
from mlflow._flavor.spec import Flavor
from mlflow.models.choke import load_pickle
from mlflow.models.environment import installed_version
from mlflow.models.saving import Dumped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_BOOSTER: Final = "lightgbm.basic.Booster"
# A booster's state is the text that LightGBM's own loader reads; an estimator's is data.
_VOUCHED: Final = (
    _BOOSTER,
    "lightgbm.sklearn.LGBMRegressor",
    "lightgbm.sklearn.LGBMClassifier",
    "collections.OrderedDict",
)


def _dump(
    model: Any,
    folder: Path,
    *,
    serialization_format: str | None,
    skops_trusted_types: Any,
    **_ignored: Any,
) -> Dumped:
    kind = qualified_name(model)
    if kind == _BOOSTER:
        estimators.check_format(serialization_format)
        path, modules = folder / "model.lgb", frozenset({kind})
        model.save_model(str(path))
        written = estimators.Written(path, serialization_format or estimators.SKOPS, modules)
        needed: tuple[str, ...] = ("lightgbm",)
    else:
        dump = partial(estimators.dump_skops, vouched=_VOUCHED)
        written = estimators.write_estimator(
            model, folder, serialization_format, skops_trusted_types, dump=dump
        )
        needed = (*written.distributions("lightgbm"), "scikit-learn")
    is_skops = written.format_name == estimators.SKOPS
    conf = {
        "lgb_version": installed_version("lightgbm"),
        "data": written.path.name,
        "model_class": kind,
        "serialization_format": written.format_name,
        "skops_trusted_types": list(dict.fromkeys((*_VOUCHED, *(skops_trusted_types or ()))))
        if is_skops
        else None,
    }
    return Dumped(
        loader_module="mlflow.lightgbm",
        function={"data": written.path.name},
        flavors={"lightgbm": conf},
        modules=written.modules | {"numpy", "scipy"},
        distributions=needed,
    )


def _load(folder: Path, conf: Mapping[str, Any]) -> Any:
    import lightgbm  # noqa: PLC0415 - optional package

    path = model_file(folder, conf["data"])
    if conf.get("model_class", _BOOSTER) == _BOOSTER:
        return lightgbm.Booster(model_file=str(path))
    format_name = conf.get("serialization_format", estimators.CLOUDPICKLE)
    if format_name == estimators.SKOPS:
        return estimators.load_skops(path, vouched=_VOUCHED)
    return load_pickle(path, format_name=format_name)


FLAVOR: Final = Flavor(
    name="lightgbm",
    title="a LightGBM model",
    model="lgb_model",
    dump=_dump,
    load=_load,
    wrap=predicting(lambda model, data, _params: model.predict(data)),
    requirements=estimators.requirements("lightgbm"),
    own=estimators.ARGUMENTS,
    save=(
        "MODEL path ENV mlflow_model EXAMPLE PIP metadata serialization_format"
        " skops_trusted_types extra_files **kwargs"
    ),
    log=(
        "MODEL artifact_path ENV registered_model_name EXAMPLE await_registration_for PIP metadata"
        " extra_files LOGGED serialization_format skops_trusted_types **kwargs"
    ),
    defaults=estimators.DEFAULTS,
)
FUNCTIONS: Final = public_functions(FLAVOR)
