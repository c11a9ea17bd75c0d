"""The pmdarima flavor: models in pickle, the only format that the library has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.functions import public_functions
from mlflow._flavor.load import model_file, predicting
from mlflow._flavor.spec import Flavor
from mlflow.exceptions import MlflowException
from mlflow.models.choke import dump_pickle, load_joblib
from mlflow.models.environment import installed_version
from mlflow.models.requirements import pickled_modules
from mlflow.models.saving import Dumped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FILE: Final = "model.pmd"


def _dump(model: Any, folder: Path) -> Dumped:
    dump_pickle(model, folder / _FILE, format_name="pickle")
    return Dumped(
        loader_module="mlflow.pmdarima",
        function={"data": _FILE},
        flavors={
            "pmdarima": {
                "pmdarima_version": installed_version("pmdarima"),
                "data": _FILE,
                "model_type": type(model).__name__,
            }
        },
        modules=frozenset({*pickled_modules(folder / _FILE), "pandas"}),
        distributions=("pmdarima",),
    )


def _load(folder: Path, conf: Mapping[str, Any]) -> Any:
    return load_joblib(model_file(folder, conf["data"]))  # older folders hold joblib's arrays


def _predict(model: Any, data: Any, _params: dict[str, Any]) -> Any:
    import numpy as np  # noqa: PLC0415 - optional package
    import pandas as pd  # noqa: PLC0415 - optional package

    if not isinstance(data, pd.DataFrame) or "n_periods" not in data.columns:
        raise MlflowException.invalid_parameter_value(
            "A pmdarima model takes a DataFrame of one row with the column `n_periods`, how many"
            " periods to predict; it got"
            f" {list(data.columns) if isinstance(data, pd.DataFrame) else type(data).__name__}."
        )
    if len(data) != 1:
        raise MlflowException.invalid_parameter_value(
            f"The DataFrame contains {len(data)} rows. Only 1 row should be supplied."
        )
    row = data.to_dict("records")[0]
    periods = row["n_periods"]
    if not isinstance(periods, (int, np.integer)):
        raise MlflowException.invalid_parameter_value(
            f"The provided `n_periods` value {periods} must be an integer, got {type(periods)}."
        )
    options = {"X": row["X"]} if row.get("X") is not None else {}
    if not row.get("return_conf_int", False):
        return pd.DataFrame({"yhat": model.predict(n_periods=periods, **options)})
    values, bounds = model.predict(
        n_periods=periods, return_conf_int=True, alpha=row.get("alpha", 0.05), **options
    )
    lower, upper = zip(*bounds, strict=True)
    return pd.DataFrame({"yhat": values, "yhat_lower": lower, "yhat_upper": upper})


FLAVOR: Final = Flavor(
    name="pmdarima",
    title="a pmdarima model",
    model="pmdarima_model",
    dump=_dump,
    load=_load,
    wrap=predicting(_predict),
    requirements=("pmdarima",),
)
FUNCTIONS: Final = public_functions(FLAVOR)
