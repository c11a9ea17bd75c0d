"""Autologging of Spark ML; public as ``mlflow.pyspark.ml.autolog``."""

from __future__ import annotations

import json
import logging
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.config import get_autologging_config
from mlflow._autolog.datasets import TRAIN, log_dataset
from mlflow._autolog.figures import write_text
from mlflow._autolog.import_hook import when_imported
from mlflow._autolog.log import log_metrics, log_params, set_tags
from mlflow._autolog.options import autolog_function
from mlflow._autolog.patch import put_on
from mlflow._autolog.run import with_managed_run
from mlflow._core.guard import contained
from mlflow._core.tags import MLFLOW_AUTOLOGGING, MLFLOW_PARENT_RUN_ID
from mlflow._flavor.spec import Argument
from mlflow.data.spark_dataset import from_spark
from mlflow.models.signature import infer_signature
from mlflow.spark.flavor import FUNCTIONS
from mlflow.spark.ml_description import Parts, candidate, estimator_info, is_search, params_of
from mlflow.tracking import fluent
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.context.registry import resolve_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

_logger: Final = logging.getLogger("mlflow.pyspark.ml")
FLAVOR: Final = "pyspark.ml"
_BASE: Final = "pyspark.ml.base"
# Steps of preparation, which are no models by themselves.
_STEPS: Final = "pyspark.ml.feature"
_EXAMPLE_ROWS: Final = 5
_WITHIN: Final = "_mlflow_trained_within"  # of what another estimator trains; copies have it too


def _option(key: str) -> Any:
    return get_autologging_config(FLAVOR, key)


def _enable(given: dict[str, Any]) -> None:
    if _BASE in sys.modules:
        _patch(sys.modules[_BASE], given["extra_tags"])
    when_imported(_BASE, lambda module: _patch(module, given["extra_tags"]))


def _patch(module: ModuleType, extra_tags: dict[str, str] | None) -> None:
    if not _option("disable"):
        fit = with_managed_run(FLAVOR, _fit, extra_tags)
        put_on(FLAVOR, module.Estimator, "fit", fit, trains=True, wants=_is_training)


def _is_training(args: tuple[Any, ...], _kwargs: dict[str, Any]) -> bool:
    """Return whether a call of ``fit`` trains a model by itself."""
    estimator = args[0]
    return not (type(estimator).__module__.startswith(_STEPS) or hasattr(estimator, _WITHIN))


@contextmanager
def _training(parts: Parts) -> Iterator[None]:
    """Mark what an estimator is made of: searches train copies of it in threads of their own."""
    inner = [part for part in parts.all if part is not parts.top]
    for part in inner:
        setattr(part, _WITHIN, True)
    try:
        yield
    finally:
        for part in inner:
            vars(part).pop(_WITHIN, None)


def _fit(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
    table = kwargs.get("dataset", args[0] if args else None)
    extra = kwargs.get("params", args[1] if len(args) > 1 else None)
    if isinstance(extra, (list, tuple)):
        return original(self, *args, **kwargs)
    own = {param: value for param, value in (extra or {}).items() if param in self.params}
    estimator = self.copy(own) if own else self
    parts = Parts.of(estimator)
    set_tags(_tags(self))
    log_params(params_of(parts))
    if (info := estimator_info(parts)) is not None:
        fluent.log_dict(info, "estimator_info.json")
    if _option("log_datasets"):
        with contained("Logging the dataset", logger=_logger):
            log_dataset(from_spark(table), TRAIN)
    with _training(Parts.of(self)):
        model = original(self, *args, **kwargs)
    if is_search(estimator):
        with contained("Logging the search", logger=_logger):
            _log_search(estimator, model, parts)
    if _option("log_models") and _is_wanted(model):
        with contained("Logging the model", logger=_logger):
            _log_model(model, table)
    return model


def _tags(estimator: Any) -> dict[str, str]:
    cls = type(estimator)
    return {"estimator_name": cls.__name__, "estimator_class": f"{cls.__module__}.{cls.__name__}"}


def _is_wanted(model: Any) -> bool:
    allowed = _option("log_model_allowlist")
    cls = type(model)
    name = f"{cls.__module__}.{cls.__name__}"
    return allowed is None or any(
        name == one or (one.endswith(".*") and name.startswith(one[:-1])) for one in allowed
    )


def _log_search(search: Any, model: Any, parts: Parts) -> None:
    """Log what a search found: the best candidate, the table of all, a child run for each."""
    run = fluent.active_run()
    if run is None:
        return
    import pandas as pd  # noqa: PLC0415 - optional package

    evaluator = search.getEvaluator()
    metric = evaluator.getMetricName()
    columns = (
        {f"avg_{metric}": model.avgMetrics, f"std_{metric}": getattr(model, "stdMetrics", [])}
        if hasattr(model, "avgMetrics")
        else {metric: model.validationMetrics}
    )
    columns = {name: list(values) for name, values in columns.items() if len(values)}
    tried = [candidate(one, parts) for one in search.getEstimatorParamMaps()]
    scores = next(iter(columns.values()))
    best = (max if evaluator.isLargerBetter() else min)(range(len(scores)), key=scores.__getitem__)
    fluent.log_dict(tried[best], "best_parameters.json")
    log_params({f"best_{name}": value for name, value in tried[best].items()})
    table = pd.DataFrame({"params": [json.dumps(one, default=str) for one in tried], **columns})
    names = list(dict.fromkeys(name for one in tried for name in one))
    for name in names:
        table[f"param.{name}"] = [one.get(name) for one in tried]
    text = table.to_csv(index=False)
    write_text(text, "search_results.csv", run_id=run.info.run_id, uri=run.tracking_uri)
    client = MlflowClient(run.tracking_uri)
    for place, values in enumerate(search.getEstimatorParamMaps()):
        estimator = search.getEstimator().copy(values)
        tags = {MLFLOW_PARENT_RUN_ID: run.info.run_id, MLFLOW_AUTOLOGGING: FLAVOR}
        tags = resolve_tags({**tags, **_tags(estimator)})
        child = client.create_run(run.info.experiment_id, tags=tags).info.run_id
        log_params(params_of(Parts.of(estimator)), child, uri=run.tracking_uri)
        measured = {name: column[place] for name, column in columns.items()}
        log_metrics(measured, run_id=child, uri=run.tracking_uri)
        client.set_terminated(child)


def _log_model(model: Any, table: Any) -> None:
    sample = signature = None
    targets = {
        part.getOrDefault("labelCol")
        for part in (model, *getattr(model, "stages", ()))
        if part.hasParam("labelCol") and part.isDefined("labelCol")
    }
    inputs = table.select(*[name for name in table.columns if name not in targets])
    if _option("log_model_signatures"):
        outputs = model.transform(inputs.limit(0))
        outputs = outputs.select("prediction") if "prediction" in outputs.columns else None
        signature = infer_signature(inputs, outputs)
    if _option("log_input_examples"):
        sample = inputs.limit(_EXAMPLE_ROWS).toPandas()
    FUNCTIONS.log_model(
        model,
        "model",
        signature=signature if signature is not None else False,
        input_example=sample,
        registered_model_name=_option("registered_model_name"),
    )


autolog: Final = autolog_function(
    FLAVOR,
    "Log the training of Spark ML's estimators, pipelines and searches.",
    (
        "log_models log_datasets SWITCHES log_post_training_metrics registered_model_name "
        "log_input_examples log_model_signatures log_model_allowlist extra_tags"
    ),
    _enable,
    {
        "log_post_training_metrics": Argument(
            True, bool, "Has no effect: what evaluators say is not logged."
        ),
        "log_model_allowlist": Argument(
            None, list[str] | None, "Names of the classes whose models are logged; by default all."
        ),
    },
)
