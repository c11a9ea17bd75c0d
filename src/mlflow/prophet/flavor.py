"""The Prophet flavor: the library's own JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.functions import public_functions
from mlflow._flavor.load import model_file, predicting
from mlflow._flavor.spec import Flavor
from mlflow.models.environment import installed_version
from mlflow.models.saving import Dumped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FILE: Final = "model.pr"


def _dump(model: Any, folder: Path) -> Dumped:
    from prophet.serialize import model_to_json  # noqa: PLC0415 - optional package

    # A JSON text whose one value is a JSON text: so this format has always been.
    (folder / _FILE).write_text(json.dumps(model_to_json(model)), "utf-8")
    return Dumped(
        loader_module="mlflow.prophet",
        function={"data": _FILE},
        flavors={
            "prophet": {
                "prophet_version": installed_version("prophet"),
                "model_type": type(model).__name__,
                "data": _FILE,
            }
        },
        modules=frozenset({"pandas"}),
        distributions=("prophet",),
    )


def _load(folder: Path, conf: Mapping[str, Any]) -> Any:
    from prophet.serialize import model_from_json  # noqa: PLC0415 - optional package

    return model_from_json(json.loads(model_file(folder, conf["data"]).read_text("utf-8")))


FLAVOR: Final = Flavor(
    name="prophet",
    title="a Prophet model",
    model="pr_model",
    dump=_dump,
    load=_load,
    wrap=predicting(lambda model, data, _params: model.predict(data)),
    requirements=("prophet",),
)
FUNCTIONS: Final = public_functions(FLAVOR)
