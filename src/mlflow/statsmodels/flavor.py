"""The statsmodels flavor: results in pickle, the only format that the library has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.functions import public_functions
from mlflow._flavor.load import model_file, predicting
from mlflow._flavor.spec import Argument, Flavor
from mlflow.exceptions import MlflowException
from mlflow.models.choke import load_pickle
from mlflow.models.environment import installed_version
from mlflow.models.requirements import pickled_modules
from mlflow.models.saving import Dumped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FILE: Final = "model.statsmodels"


def _dump(model: Any, folder: Path, *, remove_data: bool) -> Dumped:
    path = folder / _FILE
    model.save(str(path), remove_data=remove_data)
    return Dumped(
        loader_module="mlflow.statsmodels",
        function={"data": _FILE},
        flavors={
            "statsmodels": {
                "statsmodels_version": installed_version("statsmodels"),
                "data": _FILE,
            }
        },
        modules=frozenset(pickled_modules(path)),
        distributions=("statsmodels", "numpy", "scipy"),
    )


def _load(folder: Path, conf: Mapping[str, Any]) -> Any:
    return load_pickle(model_file(folder, conf["data"]))


def _predict(results: Any, data: Any, _params: dict[str, Any]) -> Any:
    from statsmodels.tsa.base.tsa_model import TimeSeriesModel  # noqa: PLC0415 - optional package

    if not isinstance(getattr(results, "model", None), TimeSeriesModel):
        return results.predict(data)
    if data.shape[0] != 1 or not {"start", "end"} <= set(getattr(data, "columns", ())):
        raise MlflowException(
            "The prediction of a time series takes a DataFrame with exactly one row and columns"
            " named start and end"
        )
    return results.predict(data["start"][0], data["end"][0])


FLAVOR: Final = Flavor(
    name="statsmodels",
    title="a statsmodels result",
    model="statsmodels_model",
    dump=_dump,
    load=_load,
    wrap=predicting(_predict),
    requirements=("statsmodels",),
    own={"remove_data": Argument(False, bool, "Leave the training data out of the file.")},
    save="MODEL path ENV mlflow_model remove_data EXAMPLE PIP metadata extra_files",
    log=(
        "MODEL artifact_path ENV registered_model_name remove_data EXAMPLE await_registration_for"
        " PIP metadata extra_files LOGGED **kwargs"
    ),
)
FUNCTIONS: Final = public_functions(FLAVOR)
