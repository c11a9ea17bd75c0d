"""The metrics and artifacts of users."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from mlflow._evaluate.metric import EvaluationMetric, Given, MetricValue
from mlflow._evaluate.standard import LATENCY
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mlflow._evaluate.findings import Findings, Question

_logger: Final = logging.getLogger(__name__)
_TABLE: Final = "eval_results_table"


def add_custom(
    question: Question,
    found: Findings,
    metrics: Iterable[EvaluationMetric],
    makers: Iterable[Callable[..., Any]],
) -> None:
    """Add the user's metrics, a table of the scores of each row, and the user's artifacts.

    Args:
        question: What is asked.
        found: Where to add.
        metrics: The user's metrics.
        makers: The user's functions ``(eval_df, builtin_metrics, artifacts_dir) -> dict``.

    Raises:
        MlflowException: a metric asks for what is not known, or fails.
    """
    given = Given(
        question.predictions,
        question.targets,
        _columns(question),
        question.config.get("col_mapping") or {},
    )
    for metric in metrics:
        if metric.name == LATENCY and question.seconds is not None:
            value: Any = question.seconds
        else:
            value = _measured(metric, given, found, question)
        _add_value(metric, value, found)
    _add_table(question, found)
    for place, maker in enumerate(makers):
        _add_artifacts(place, maker, given, found)


def _columns(question: Question) -> dict[str, Any]:
    features = question.data.features_data
    inputs = {name: features[name] for name in features.columns}
    return {**question.config, **inputs, **question.other_outputs}


def _measured(
    metric: EvaluationMetric, given: Given, found: Findings, question: Question
) -> MetricValue | float | None:
    arguments, missing = given.arguments(metric, found.metrics, found.values)
    if missing:
        raise MlflowException.invalid_parameter_value(
            f"Metric calculation failed: metric '{metric.name}' requires columns that are not"
            f" there: {missing}. The data has {question.data.feature_names}, the model's output"
            f" {['predictions', *question.other_outputs]}. Name what to take for each:"
            " evaluator_config={'col_mapping': {<missing column name>: <existing column name>}}"
        )
    try:
        value: MetricValue | float | None = metric.eval_fn(**arguments)
    except Exception as error:  # whatever the user's function raises
        raise MlflowException(f"Metric '{metric.name}' failed: {error!r}") from error
    return value


def _add_value(metric: EvaluationMetric, value: Any, found: Findings) -> None:
    import numpy as np  # noqa: PLC0415 - optional package

    name = f"{metric.name}/{metric.version}" if metric.version else metric.name
    if isinstance(value, MetricValue):
        found.values[name] = value
        for part, number in (value.aggregate_results or {}).items():
            found.add_metric(name if part == metric.name else f"{name}/{part}", number)
    elif isinstance(value, (int, float, np.number)) and not isinstance(value, bool):
        found.values[name] = MetricValue(aggregate_results={metric.name: float(value)})
        found.add_metric(name, value)
    else:
        _logger.warning(
            "The metric %r returned %s instead of a number or a MetricValue; it is left out.",
            metric.name,
            type(value).__name__,
        )


def _add_table(question: Question, found: Findings) -> None:
    """Add the rows with their scores, if there are scores."""
    scored = {name: value for name, value in found.values.items() if value.scores is not None}
    if not scored:
        return
    table = question.data.features_data.copy()
    if question.targets is not None:
        table[question.data.targets_name or "target"] = list(question.targets)
    outputs = question.data.predictions_name or "outputs"
    table[outputs] = list(question.predictions)
    for name, column in question.other_outputs.items():
        table[name] = list(column)
    for name, value in scored.items():
        table["latency" if name == LATENCY else f"{name}/score"] = value.scores
        if value.justifications is not None:
            table[f"{name}/justification"] = value.justifications
    split = table.to_json(orient="split", index=False)
    found.add_artifact(_TABLE, split)


def _add_artifacts(place: int, maker: Callable[..., Any], given: Given, found: Findings) -> None:
    name = getattr(maker, "__name__", type(maker).__name__)
    where = f"Custom artifact function '{name}' at index {place} in `custom_artifacts`"
    own = found.folder / f"own-{place}"
    own.mkdir()
    made = maker(given.frame(), dict(found.metrics), str(own))
    if made is None:
        return
    if not isinstance(made, dict) or not all(isinstance(key, str) for key in made):
        _logger.warning("%s returned no dictionary of artifacts by name; it is left out.", where)
        return
    for key, value in made.items():
        found.add_artifact(key, value, where)
