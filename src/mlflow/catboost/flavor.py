"""The CatBoost flavor: models in CatBoost's own formats, which hold no code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.functions import public_functions
from mlflow._flavor.load import model_file, named_class, predicting
from mlflow._flavor.spec import SAVE, Flavor
from mlflow.models.environment import installed_version
from mlflow.models.saving import Dumped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FILE: Final = "model.cb"
_FORMAT: Final = "cbm"


def _dump(model: Any, folder: Path, **options: Any) -> Dumped:
    model.save_model(str(folder / _FILE), **options)
    return Dumped(
        loader_module="mlflow.catboost",
        function={"data": _FILE},
        flavors={
            "catboost": {
                "catboost_version": installed_version("catboost"),
                "data": _FILE,
                "model_type": type(model).__name__,
                "save_format": options.get("format", _FORMAT),
            }
        },
        distributions=("catboost", "numpy", "scipy"),
    )


def _load(folder: Path, conf: Mapping[str, Any]) -> Any:
    import catboost  # noqa: PLC0415 - optional package

    path = model_file(folder, conf["data"])
    name = f"catboost.{conf.get('model_type', 'CatBoost')}"
    model = named_class(name, (catboost.CatBoost,), path)()
    return model.load_model(str(path), format=conf.get("save_format", _FORMAT))


FLAVOR: Final = Flavor(
    name="catboost",
    title="a CatBoost model",
    model="cb_model",
    dump=_dump,
    load=_load,
    wrap=predicting(lambda model, data, _params: model.predict(data)),
    requirements=("catboost",),
    save=f"{SAVE} **kwargs",
)
FUNCTIONS: Final = public_functions(FLAVOR)
