"""Thresholds that a model's metrics must pass, alone or against a baseline."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from mlflow.exceptions import BAD_REQUEST, INVALID_PARAMETER_VALUE, MlflowException

if TYPE_CHECKING:
    from mlflow._evaluate.result import EvaluationResult

_logger: Final = logging.getLogger(__name__)


class MetricThresholdClassException(MlflowException):
    """A threshold that makes no sense."""

    def __init__(self, _message: str, **kwargs: Any) -> None:
        super().__init__(
            "Could not instantiate MetricThreshold class: " + _message,
            error_code=INVALID_PARAMETER_VALUE,
            **kwargs,
        )


class ModelValidationFailedException(MlflowException):
    """A model that does not pass."""

    def __init__(self, message: str, **kwargs: Any) -> None:
        super().__init__(message, error_code=BAD_REQUEST, **kwargs)


class MetricThreshold:
    """What a metric must reach."""

    def __init__(
        self,
        threshold: float | None = None,
        min_absolute_change: float | None = None,
        min_relative_change: float | None = None,
        greater_is_better: bool | None = None,
    ) -> None:
        """Check the thresholds.

        Args:
            threshold: The least value, or the greatest where smaller is better.
            min_absolute_change: How much better than the baseline, in the metric's unit.
            min_relative_change: How much better than the baseline, as a share of it (0 to 1).
            greater_is_better: The metric's direction.

        Raises:
            MetricThresholdClassException: they make no sense.
        """
        if threshold is not None and type(threshold) not in (int, float):
            raise MetricThresholdClassException("`threshold` parameter must be a number.")
        if min_absolute_change is not None and (
            type(min_absolute_change) not in (int, float) or min_absolute_change <= 0
        ):
            raise MetricThresholdClassException(
                "`min_absolute_change` parameter must be a positive number."
            )
        if min_relative_change is not None:
            if type(min_relative_change) is not float:
                raise MetricThresholdClassException(
                    "`min_relative_change` parameter must be a floating point number."
                )
            if not 0 < min_relative_change < 1:
                raise MetricThresholdClassException(
                    "`min_relative_change` parameter must be between 0 and 1."
                )
        if greater_is_better is None:
            raise MetricThresholdClassException("`greater_is_better` parameter must be defined.")
        if type(greater_is_better) is not bool:
            raise MetricThresholdClassException("`greater_is_better` parameter must be a boolean.")
        if threshold is None and min_absolute_change is None and min_relative_change is None:
            raise MetricThresholdClassException("no threshold was specified.")
        self._threshold = threshold
        self._min_absolute_change = min_absolute_change
        self._min_relative_change = min_relative_change
        self._greater_is_better = greater_is_better

    @property
    def threshold(self) -> float | None:
        """The least value, or the greatest where smaller is better."""
        return self._threshold

    @property
    def min_absolute_change(self) -> float | None:
        """How much better than the baseline, in the metric's unit."""
        return self._min_absolute_change

    @property
    def min_relative_change(self) -> float | None:
        """How much better than the baseline, as a share of it."""
        return self._min_relative_change

    @property
    def greater_is_better(self) -> bool:
        """The metric's direction."""
        return self._greater_is_better

    def __str__(self) -> str:
        known = {
            "Threshold": self._threshold,
            "Minimum Absolute Change": self._min_absolute_change,
            "Minimum Relative Change": self._min_relative_change,
        }
        parts = [f"{name}: {value}." for name, value in known.items() if value is not None]
        direction = "Greater" if self._greater_is_better else "Lower"
        return " ".join([*parts, f"{direction} value is better."])


def validate_evaluation_results(
    validation_thresholds: dict[str, MetricThreshold],
    candidate_result: EvaluationResult,
    baseline_result: EvaluationResult | None = None,
) -> None:
    """Raise if a model does not pass.

    Args:
        validation_thresholds: For each metric, what it must reach.
        candidate_result: The model's evaluation.
        baseline_result: The evaluation of the model that it is compared with.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for thresholds that are none.
        ModelValidationFailedException: the model does not pass; the text says every reason.
    """
    if not isinstance(validation_thresholds, dict) or not all(
        isinstance(name, str) and isinstance(threshold, MetricThreshold)
        for name, threshold in validation_thresholds.items()
    ):
        raise MlflowException.invalid_parameter_value(
            "The validation thresholds argument must be a dictionary that maps strings to"
            " MetricThreshold objects."
        )
    baseline = baseline_result.metrics if baseline_result is not None else {}
    failures = [
        failure
        for name, threshold in validation_thresholds.items()
        for failure in _failures(name, threshold, candidate_result.metrics, baseline)
    ]
    if failures:
        raise ModelValidationFailedException(" ".join(failures))
    _logger.info("Model validation passed!")


def _failures(
    name: str, wanted: MetricThreshold, candidate: dict[str, Any], baseline: dict[str, Any]
) -> list[str]:
    """Return why a metric does not pass, a sentence for each reason."""
    if name not in candidate:
        where = "was missing from the evaluation result of the candidate model."
        return [f"Metric validation failed: metric {name} {where}"]
    value, sign = candidate[name], 1 if wanted.greater_is_better else -1
    found = []
    if wanted.threshold is not None and sign * value < sign * wanted.threshold:
        found.append(
            f"Metric {name} value threshold check failed: candidate model {name} = {value},"
            f" {name} threshold = {wanted.threshold}."
        )
    if wanted.min_absolute_change is None and wanted.min_relative_change is None:
        return found
    if name not in baseline:
        where = "was missing from the evaluation result of the baseline model."
        return [*found, f"Model comparison failed: metric {name} {where}"]
    base = baseline[name]
    gain = sign * (value - base)
    compared = f"candidate model {name} = {value}, baseline model {name} = {base},"
    if wanted.min_absolute_change is not None and gain < wanted.min_absolute_change:
        found.append(
            f"Metric {name} minimum absolute change check failed: {compared}"
            f" {name} minimum absolute change threshold = {wanted.min_absolute_change}."
        )
    if wanted.min_relative_change is not None and not _is_enough(
        name, gain, base, wanted.min_relative_change
    ):
        found.append(
            f"Metric {name} minimum relative change check failed: {compared}"
            f" {name} minimum relative change threshold = {wanted.min_relative_change}."
        )
    return found


def _is_enough(name: str, gain: float, base: float, share: float) -> bool:
    if base == 0:
        _logger.warning(
            "The baseline's %s is 0, so no share of it can be taken: any gain over it passes.", name
        )
        return gain > 0
    return bool(gain / abs(base) >= share)
