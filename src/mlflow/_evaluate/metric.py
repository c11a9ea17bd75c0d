"""What a metric is: a function of predictions and targets, a name, and a direction."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class MetricValue:
    """What a metric gives: a score for each row, figures over all rows, or both.

    Attributes:
        scores: A score for each row.
        justifications: A text for each row.
        aggregate_results: Figures by name; of numeric scores, mean, variance and 90th percentile.
    """

    scores: list[Any] | None = None
    justifications: list[str] | None = None
    aggregate_results: dict[str, float] | None = None

    def __post_init__(self) -> None:
        if self.aggregate_results is None and self.scores is not None:
            self.aggregate_results = standard_aggregations(self.scores)


def standard_aggregations(scores: Any) -> dict[str, float]:
    """Return mean, variance (of the population) and 90th percentile; none of scores in words."""
    import numpy as np  # noqa: PLC0415 - optional package

    numbers = [score for score in scores if score is not None]
    if not numbers or not all(isinstance(score, (int, float, np.number)) for score in numbers):
        return {}
    return {
        "mean": float(np.mean(numbers)),
        "variance": float(np.var(numbers)),
        "p90": float(np.percentile(numbers, 90)),
    }


@dataclass
class EvaluationMetric:
    """A metric.

    Attributes:
        eval_fn: The function; its parameters say what it is given (see ``make_metric``).
        name: The metric's name.
        greater_is_better: The metric's direction.
        long_name: A name to read.
        version: The metric's version.
        metric_details: How it is measured.
        metric_metadata: What you want to say about it.
        genai_metric_args: The arguments that a metric of a language model was made with.
    """

    eval_fn: Callable[..., Any]
    name: str
    greater_is_better: bool
    long_name: str | None = None
    version: str | None = None
    metric_details: str | None = None
    metric_metadata: dict[str, Any] | None = None
    genai_metric_args: dict[str, Any] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.long_name = self.long_name or self.name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return what the function returns."""
        return self.eval_fn(*args, **kwargs)

    def __str__(self) -> str:
        known = {
            "name": self.name,
            "greater_is_better": self.greater_is_better,
            "long_name": self.long_name,
            "version": self.version,
            "metric_details": self.metric_details,
        }
        text = ", ".join(f"{key}={value}" for key, value in known.items() if value is not None)
        return f"EvaluationMetric({text})"


def make_metric(
    *,
    eval_fn: Callable[..., Any],
    greater_is_better: bool,
    name: str | None = None,
    long_name: str | None = None,
    version: str | None = None,
    metric_details: str | None = None,
    metric_metadata: dict[str, Any] | None = None,
    genai_metric_args: dict[str, Any] | None = None,
) -> EvaluationMetric:
    """Return a metric made of a function.

    Args:
        eval_fn: The function. Its parameters name what it is given: ``predictions``, ``targets``
            (pandas Series), ``metrics`` (a ``MetricValue`` for each metric so far), columns of the
            data or of the model's outputs, entries of the evaluator's configuration;
            ``eval_df`` and ``builtin_metrics`` give the older form. It returns a number or a
            ``MetricValue``.
        greater_is_better: The metric's direction.
        name: The metric's name; the function's by default.
        long_name: A name to read.
        version: The metric's version.
        metric_details: How it is measured.
        metric_metadata: What you want to say about it.
        genai_metric_args: The arguments that a metric of a language model was made with.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for a function without a name.
    """
    own = getattr(eval_fn, "__name__", "<lambda>")
    if name is None and own == "<lambda>":
        raise MlflowException.invalid_parameter_value(
            "`name` must be specified if `eval_fn` is a lambda function."
        )
    return EvaluationMetric(
        eval_fn=eval_fn,
        name=name or own,
        greater_is_better=greater_is_better,
        long_name=long_name,
        version=version,
        metric_details=metric_details,
        metric_metadata=metric_metadata,
        genai_metric_args=genai_metric_args,
    )


@dataclass(frozen=True)
class Given:
    """What metrics can ask for.

    Attributes:
        predictions: The predictions.
        targets: The targets, or None.
        columns: Everything else by name: columns of data and outputs, the configuration.
        renamed: For a parameter's name, the name in ``columns`` or the value itself.
    """

    predictions: Any
    targets: Any
    columns: dict[str, Any]
    renamed: dict[str, Any]

    def arguments(
        self, metric: EvaluationMetric, numbers: dict[str, Any], values: dict[str, MetricValue]
    ) -> tuple[dict[str, Any], list[str]]:
        """Return a metric's arguments, and the names of those that nothing is known of.

        Args:
            metric: The metric.
            numbers: The figures so far, by name.
            values: The metrics so far, by name.
        """
        found: dict[str, Any] = {}
        missing = []
        special = self._special(numbers, values)
        for name, parameter in inspect.signature(metric.eval_fn).parameters.items():
            if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
                continue
            source = self.renamed.get(name, name)
            if name in special:
                found[name] = special[name]
            elif not isinstance(source, str):
                found[name] = source
            elif source in self.columns:
                found[name] = self.columns[source]
            elif parameter.default is parameter.empty:
                missing.append(name)
        return found, missing

    def _special(self, numbers: dict[str, Any], values: dict[str, MetricValue]) -> dict[str, Any]:
        import pandas as pd  # noqa: PLC0415 - optional package

        special = {
            "eval_df": self.frame(),
            "builtin_metrics": dict(numbers),
            "metrics": dict(values),
            "predictions": pd.Series(self.predictions),
        }
        return special if self.targets is None else {**special, "targets": pd.Series(self.targets)}

    def frame(self) -> Any:
        """Return a DataFrame of predictions and targets."""
        import pandas as pd  # noqa: PLC0415 - optional package

        pair = {"prediction": self.predictions}
        pair |= {} if self.targets is None else {"target": self.targets}
        return pd.DataFrame({key: list(value) for key, value in pair.items()})
