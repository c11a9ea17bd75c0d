"""Whether and how often the load of the machine is recorded.

The settings live in environment variables, so that child processes have them too.
"""

import math

from mlflow.environment_variables import (
    MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING,
    MLFLOW_SYSTEM_METRICS_NODE_ID,
    MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING,
    MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL,
)
from mlflow.exceptions import MlflowException


def enable_system_metrics_logging() -> None:
    """Record the machine's load in every run that starts from now on."""
    MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING.set(True)


def disable_system_metrics_logging() -> None:
    """Record the machine's load no more in runs that start from now on."""
    MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING.set(False)


def set_system_metrics_sampling_interval(interval: float | None) -> None:
    """Set how often the machine is sampled.

    Args:
        interval: Seconds between two samples; None for the default, 10.

    Raises:
        MlflowException: it is no positive number.
    """
    if interval is None:
        MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL.unset()
        return
    try:
        seconds = float(interval)
    except (TypeError, ValueError):
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise MlflowException.invalid_parameter_value(
            f"The sampling interval of system metrics must be a positive number of seconds, got"
            f" {interval!r}"
        )
    MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL.set(seconds)


def set_system_metrics_samples_before_logging(samples: int | None) -> None:
    """Set how many samples are averaged into one logged point.

    Args:
        samples: At least 1; None for the default, 1.

    Raises:
        MlflowException: it is no positive whole number.
    """
    if samples is None:
        MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING.unset()
        return
    if isinstance(samples, bool) or not isinstance(samples, int) or samples < 1:
        raise MlflowException.invalid_parameter_value(
            "The number of samples of system metrics before logging must be a positive whole"
            f" number, got {samples!r}"
        )
    MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING.set(samples)


def set_system_metrics_node_id(node_id: str | None) -> None:
    """Set the name of this machine within a run that several machines log to.

    Args:
        node_id: It becomes part of the metrics' names, ``system/<node id>/...``; None for none.
    """
    if node_id is None:
        MLFLOW_SYSTEM_METRICS_NODE_ID.unset()
        return
    MLFLOW_SYSTEM_METRICS_NODE_ID.set(str(node_id))
