"""Gradient boosting: what the integrations of XGBoost and LightGBM share.

The ``train`` function logs params, the metrics of each round, the importance of features and the
booster. A library's estimators train through the same function; then the estimator is what is
logged as the model, and its scores and predictions are measured afterwards as scikit-learn's are.
"""

from __future__ import annotations

import inspect
import json
import logging
import threading
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.arguments import given_arguments
from mlflow._autolog.config import get_autologging_config
from mlflow._autolog.datasets import log_dataset
from mlflow._autolog.examples import (
    INPUT_EXAMPLE_SAMPLE_ROWS,
    resolve_input_example_and_signature,
)
from mlflow._autolog.figures import draw, importances, write_text
from mlflow._autolog.import_hook import when_imported
from mlflow._autolog.log import log_metrics, log_params
from mlflow._autolog.patch import put_on, safe_patch
from mlflow._autolog.post_training import METRICS, patch_estimator, patch_metrics, track
from mlflow._autolog.run import with_managed_run
from mlflow._autolog.session import is_training
from mlflow._core.guard import contained
from mlflow.models.signature import infer_signature
from mlflow.tracking import fluent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType


@dataclass
class Rounds:
    """The metrics of each round of a training.

    Attributes:
        values: For each round the numbers by metric.
        model_id: The logged model that they belong to.
    """

    values: list[dict[str, float]] = field(default_factory=list)
    model_id: str | None = None

    def add(self, metrics: dict[str, float]) -> None:
        """Log the metrics of a round; a failure does not reach the training."""
        with contained("Logging the metrics of a round"):
            self.values.append(metrics)
            log_metrics(metrics, len(self.values) - 1, model_id=self.model_id)


@dataclass(frozen=True)
class Boosting:
    """What differs between libraries.

    Attributes:
        flavor: The integration.
        modules: The modules in which the ``train`` function stands.
        unlogged: Arguments of it that are no params.
        log_model: The flavor's function.
        callback: Makes the library's callback that passes the metrics of a round on.
        datasets: Returns the datasets of a call, given its arguments, with their contexts.
        sample: Returns the first rows of the training data.
        predict: Predicts rows with a booster.
        importance: Returns numbers by feature, of one type, of a booster.
        importance_types: The types.
        best: Returns the best round as the library counts, the last one, and the best one's place
            in ``Rounds``; None where the training did not watch for the best.
        indent: How the files of importances are written.
    """

    flavor: str
    modules: tuple[str, ...]
    unlogged: frozenset[str]
    log_model: Callable[..., Any]
    callback: Callable[[Rounds], Any]
    datasets: Callable[[dict[str, Any]], Iterable[tuple[Any, str]]]
    sample: Callable[[dict[str, Any]], Any]
    predict: Callable[[Any, Any], Any]
    importance: Callable[[Any, str], dict[str, Any]]
    importance_types: Callable[[], list[str]]
    best: Callable[[Any, dict[str, Any], Rounds], tuple[float, float, int] | None]
    indent: int | None = None

    def option(self, key: str) -> Any:
        """Return an argument of the last call of ``autolog``."""
        return get_autologging_config(self.flavor, key)


class _Estimators(threading.local):
    """What the thread does.

    Attributes:
        fitting: Whether it is inside of an estimator's ``fit``, which logs the model itself.
        params: What the training inside of it logged as params.
    """

    fitting = False
    params: dict[str, Any] | None = None


_ESTIMATORS: Final = _Estimators()


def patch_library(
    library: Boosting,
    modules: dict[str, ModuleType],
    estimators: Iterable[type],
    extra_tags: dict[str, str] | None,
) -> None:
    """Patch a library.

    Args:
        library: What it is like.
        modules: Its modules by name.
        estimators: Its classes with the interface of scikit-learn.
        extra_tags: Tags of the runs that are made.
    """
    flavor = library.flavor
    train = partial(_train, library)
    for name in library.modules:
        safe_patch(flavor, modules[name], "train", train, manage_run=True, extra_tags=extra_tags)
    fit = with_managed_run(flavor, partial(_fit, library), extra_tags)
    for cls in estimators:
        put_on(flavor, cls, "fit", fit, wants=_is_outermost)
        patch_estimator(flavor, cls)
    when_imported(METRICS, partial(_patch_metrics, flavor), owner=flavor)


def _is_outermost(_args: tuple[Any, ...], _kwargs: dict[str, Any]) -> bool:
    return not _ESTIMATORS.fitting and not is_training()


def _patch_metrics(flavor: str, module: ModuleType) -> None:
    if not get_autologging_config(flavor, "disable", True):
        patch_metrics(flavor, module)


def _train(library: Boosting, original: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    parameters = inspect.signature(original).parameters
    defaults = {name: one.default for name, one in parameters.items()}
    # Arguments that may only be named are given by place in old programs, which are warned.
    given: dict[str, Any] = {**defaults, **given_arguments(original, args, kwargs)}
    named = {key: value for key, value in given.items() if key not in library.unlogged}
    params = {**(given.get("params") or {}), **named}
    log_params(params)
    _ESTIMATORS.params = params
    sample: Any = None
    logger = logging.getLogger(f"mlflow.{library.flavor}")
    with contained("Looking at the training data", logger=logger):
        sample = library.sample(given)
        if library.option("log_datasets"):
            for dataset, context in library.datasets(given):
                log_dataset(dataset, context)
    rounds = Rounds()
    logs_model = library.option("log_models") and not _ESTIMATORS.fitting
    if logs_model:
        with contained("Making the logged model", logger=logger):
            rounds.model_id = fluent.initialize_logged_model("model").model_id
    callbacks = [*(given["callbacks"] or ()), library.callback(rounds)]
    place = list(parameters).index("callbacks")
    if place < len(args):
        args = (*args[:place], callbacks, *args[place + 1 :])
    else:
        kwargs["callbacks"] = callbacks
    try:
        booster = original(*args, **kwargs)
    except BaseException:
        if rounds.model_id is not None:
            fluent.finalize_logged_model(rounds.model_id, "FAILED")
        raise
    with contained("Noting where the training stopped", logger=logger):
        _log_best(library.best(booster, given, rounds), rounds)
    for kind in library.importance_types():
        with contained(f"Logging the importance ({kind}) of features", logger=logger):
            _log_importance(library, booster, kind)
    if logs_model:
        predict = partial(library.predict, booster)
        _log_model(library, booster, sample, predict, model_id=rounds.model_id)


def _fit(
    library: Boosting, original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any
) -> None:
    was, _ESTIMATORS.fitting = _ESTIMATORS.fitting, True
    try:
        original(self, *args, **kwargs)
    finally:
        _ESTIMATORS.fitting = was
    model_id = None
    if library.option("log_models"):
        features = args[0] if args else kwargs.get("X")
        params = _ESTIMATORS.params or {}
        sample = features[:INPUT_EXAMPLE_SAMPLE_ROWS] if features is not None else None
        texts = {str(key): str(value) for key, value in params.items()}
        model_id = _log_model(library, self, sample, self.predict, params=texts)
    track(library.flavor, self, model_id)


def _log_model(
    library: Boosting,
    model: Any,
    sample: Any,
    predict: Callable[[Any], Any],
    **more: Any,
) -> str | None:
    logger = logging.getLogger(f"mlflow.{library.flavor}")

    def example() -> Any:
        if sample is None:
            raise ValueError("the training data show no rows")
        return sample

    found, signature = resolve_input_example_and_signature(
        example,
        lambda rows: infer_signature(rows, predict(rows)),
        library.option("log_input_examples"),
        library.option("log_model_signatures"),
        logger,
    )
    options = {"model_format": library.option("model_format")}
    model_id: str | None = None
    with contained("Logging the model", logger=logger):
        info = library.log_model(
            model,
            name="model",
            signature=signature if signature is not None else False,
            input_example=found,
            registered_model_name=library.option("registered_model_name"),
            **more,
            **{key: value for key, value in options.items() if value is not None},
        )
        model_id = info.model_id
    return model_id  # noqa: RET504 - None where the block failed


def _log_best(found: tuple[float, float, int] | None, rounds: Rounds) -> None:
    """Log where a training that watched for the best round stopped, and that round once more."""
    if found is None:
        return
    best, stopped, place = found
    log_metrics({"best_iteration": best, "stopped_iteration": stopped}, model_id=rounds.model_id)
    if 0 <= place < len(rounds.values):
        log_metrics(rounds.values[place], len(rounds.values), model_id=rounds.model_id)


def _log_importance(library: Boosting, booster: Any, kind: str) -> None:
    values = library.importance(booster, kind)
    run = fluent.active_run()
    if run is None or not values:
        return
    file = f"feature_importance_{kind}"
    text = json.dumps(values, indent=library.indent)
    write_text(text, f"{file}.json", run_id=run.info.run_id, uri=run.tracking_uri)
    draw({f"{file}.png": lambda: importances(values, kind)})
