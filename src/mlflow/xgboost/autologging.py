"""Autologging of XGBoost: ``xgboost.train`` and its estimators."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.boosting import Boosting, Rounds, patch_library
from mlflow._autolog.config import get_autologging_config
from mlflow._autolog.datasets import EVAL, TRAIN, dataset_of
from mlflow._autolog.examples import INPUT_EXAMPLE_SAMPLE_ROWS
from mlflow._autolog.options import autolog_function
from mlflow._autolog.patch import safe_patch
from mlflow._core.guard import contained
from mlflow._flavor.spec import Argument
from mlflow.xgboost.flavor import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FLAVOR: Final = "xgboost"
# The first rows of what each matrix was made of: it keeps numbers, and neither types nor names.
_SAMPLES: Final[weakref.WeakKeyDictionary[Any, Any]] = weakref.WeakKeyDictionary()


def _enable(given: dict[str, Any]) -> None:
    import xgboost  # noqa: PLC0415 - optional package

    for cls in (xgboost.DMatrix, xgboost.QuantileDMatrix):
        safe_patch(_FLAVOR, cls, "__init__", _make_matrix)
    modules = {"xgboost": xgboost, "xgboost.sklearn": xgboost.sklearn}
    classes = [
        value
        for value in vars(xgboost).values()
        if isinstance(value, type) and issubclass(value, xgboost.XGBModel)
    ]
    patch_library(LIBRARY, modules, classes, given["extra_tags"])


def _make_matrix(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> None:
    data: Any = args[0] if args else kwargs.get("data")
    sample = None
    with contained("Looking at the data of a matrix"):
        if hasattr(data, "shape"):
            rows = data[:INPUT_EXAMPLE_SAMPLE_ROWS]
            sample = rows.copy() if hasattr(rows, "copy") else rows
    original(self, *args, **kwargs)
    if sample is not None:
        _SAMPLES[self] = sample


def _callback(rounds: Rounds) -> Any:
    from xgboost.callback import TrainingCallback  # noqa: PLC0415 - optional package

    class LogRounds(TrainingCallback):
        """Passes the metrics of each round on."""

        def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:  # noqa: ARG002
            """Log; never stop the training."""
            metrics = {
                f"{data}-{name.replace('@', '_at_')}": values[-1][0]
                if isinstance(values[-1], tuple)
                else values[-1]
                for data, by_name in evals_log.items()
                for name, values in by_name.items()
            }
            if metrics:
                rounds.add(metrics)
            return False

    return LogRounds()


def _datasets(given: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    yield dataset_of(given["dtrain"].get_data()), TRAIN
    for matrix, name in given.get("evals") or ():
        yield dataset_of(matrix.get_data(), name=name), EVAL


def _predict(booster: Any, rows: Any) -> Any:
    import xgboost  # noqa: PLC0415 - optional package

    return booster.predict(xgboost.DMatrix(rows))


def _importance(booster: Any, kind: str) -> dict[str, Any]:
    values: dict[str, Any] = booster.get_score(importance_type=kind)
    return values


def _best(booster: Any, given: dict[str, Any], rounds: Rounds) -> tuple[float, float, int] | None:
    if given.get("early_stopping_rounds") is None:
        return None
    best = int(booster.best_iteration)
    return best, len(rounds.values) - 1, best


def _types() -> list[str]:
    return list(get_autologging_config(_FLAVOR, "importance_types") or ["weight"])


LIBRARY: Final = Boosting(
    flavor=_FLAVOR,
    modules=("xgboost", "xgboost.sklearn"),
    unlogged=frozenset(
        ("params", "dtrain", "evals", "obj", "feval", "evals_result", "xgb_model", "callbacks")
    ),
    log_model=FUNCTIONS.log_model,
    callback=_callback,
    datasets=_datasets,
    sample=lambda given: _SAMPLES.get(given["dtrain"]),
    predict=_predict,
    importance=_importance,
    importance_types=_types,
    best=_best,
)


autolog: Final = autolog_function(
    _FLAVOR,
    "Log the training of XGBoost's boosters and estimators.",
    (
        "importance_types log_input_examples log_model_signatures log_models log_datasets "
        "SWITCHES registered_model_name model_format extra_tags"
    ),
    _enable,
    {
        "importance_types": Argument(
            None, list[str] | None, "The types of importance of features; ``weight`` by default."
        ),
        "model_format": Argument("ubj", str, "``ubj`` or ``json``."),
    },
)
