"""Autologging of LightGBM: ``lightgbm.train`` and its estimators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.boosting import Boosting, Rounds, patch_library
from mlflow._autolog.datasets import EVAL, TRAIN, dataset_of
from mlflow._autolog.examples import INPUT_EXAMPLE_SAMPLE_ROWS
from mlflow._autolog.options import autolog_function
from mlflow.lightgbm.flavor import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

_FLAVOR: Final = "lightgbm"
_TYPES: Final = ("split", "gain")


def _enable(given: dict[str, Any]) -> None:
    import lightgbm  # noqa: PLC0415 - optional package
    import lightgbm.sklearn  # noqa: PLC0415 - optional package

    modules = {"lightgbm": lightgbm, "lightgbm.sklearn": lightgbm.sklearn}
    classes = [
        value
        for value in vars(lightgbm).values()
        if isinstance(value, type) and issubclass(value, lightgbm.LGBMModel)
    ]
    patch_library(LIBRARY, modules, classes, given["extra_tags"])


def _callback(rounds: Rounds) -> Any:
    def log_rounds(env: Any) -> None:
        metrics = {
            f"{data}-{name.replace('@', '_at_')}": value
            for data, name, value, *_ in env.evaluation_result_list or ()
        }
        if metrics:
            rounds.add(metrics)

    log_rounds.order = 1  # type: ignore[attr-defined]  # before early stopping, which raises
    return log_rounds


def _datasets(given: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    yield _dataset(given["train_set"]), TRAIN
    names = given.get("valid_names") or ()
    for number, data in enumerate(given.get("valid_sets") or ()):
        yield _dataset(data, names[number] if number < len(names) else None), EVAL


def _dataset(data: Any, name: str | None = None) -> Any:
    return dataset_of(data.data, data.label, name)


def _sample(given: dict[str, Any]) -> Any:
    data = given["train_set"].data
    return data[:INPUT_EXAMPLE_SAMPLE_ROWS] if hasattr(data, "shape") else None


def _importance(booster: Any, kind: str) -> dict[str, Any]:
    numbers = booster.feature_importance(importance_type=kind).tolist()
    return dict(zip(booster.feature_name(), numbers, strict=True))


def _best(booster: Any, given: dict[str, Any], rounds: Rounds) -> tuple[float, float, int] | None:
    if booster.best_iteration <= 0:
        return None
    best = int(booster.best_iteration)
    return best, len(rounds.values), best - 1


LIBRARY: Final = Boosting(
    flavor=_FLAVOR,
    modules=("lightgbm", "lightgbm.sklearn"),
    unlogged=frozenset(
        (
            "params",
            "train_set",
            "valid_sets",
            "valid_names",
            "fobj",
            "feval",
            "init_model",
            "learning_rates",
            "callbacks",
        )
    ),
    log_model=FUNCTIONS.log_model,
    callback=_callback,
    datasets=_datasets,
    sample=_sample,
    predict=lambda booster, rows: booster.predict(rows),
    importance=_importance,
    importance_types=lambda: list(_TYPES),
    best=_best,
    indent=2,
)


autolog: Final = autolog_function(
    _FLAVOR,
    "Log the training of LightGBM's boosters and estimators.",
    (
        "log_input_examples log_model_signatures log_models log_datasets SWITCHES "
        "registered_model_name extra_tags"
    ),
    _enable,
)
