"""The XGBoost flavor: boosters and estimators in XGBoost's own formats, which hold no code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.functions import public_functions
from mlflow._flavor.load import model_file, named_class, predicting, qualified_name
from mlflow._flavor.spec import SAVE, Argument, Flavor
from mlflow.models.environment import installed_version
from mlflow.models.saving import Dumped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_BOOSTER: Final = "xgboost.core.Booster"


def _dump(model: Any, folder: Path, *, model_format: str, **options: Any) -> Dumped:
    file = f"model.{model_format}"
    model.save_model(str(folder / file), **options)
    kind = qualified_name(model)
    return Dumped(
        loader_module="mlflow.xgboost",
        function={"data": file},
        flavors={
            "xgboost": {
                "xgb_version": installed_version("xgboost"),
                "data": file,
                "model_class": kind,
                "model_format": model_format,
            }
        },
        modules=frozenset({kind, "numpy", "scipy"}),
        distributions=("xgboost", *(("scikit-learn",) if kind != _BOOSTER else ())),
    )


def _load(folder: Path, conf: Mapping[str, Any]) -> Any:
    import xgboost  # noqa: PLC0415 - optional package

    path = model_file(folder, conf["data"])
    name = conf.get("model_class") or _BOOSTER
    model = named_class(name, (xgboost.Booster, xgboost.XGBModel), path)()
    model.load_model(str(path))
    return model


def _predict(model: Any, data: Any, params: dict[str, Any]) -> Any:
    import xgboost  # noqa: PLC0415 - optional package

    if isinstance(model, xgboost.Booster):
        data = xgboost.DMatrix(data)
    return model.predict(data, **params)


FLAVOR: Final = Flavor(
    name="xgboost",
    title="an XGBoost model",
    model="xgb_model",
    dump=_dump,
    load=_load,
    wrap=predicting(_predict),
    requirements=("xgboost",),
    own={"model_format": Argument("ubj", str, "``ubj`` or ``json``.")},
    save=f"{SAVE} **kwargs",
)
FUNCTIONS: Final = public_functions(FLAVOR)
