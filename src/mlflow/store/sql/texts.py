"""The text of params and tags on its way into a row: checked, and cut where it is too long."""

import logging

from mlflow._core.limits import (
    MAX_EXPERIMENT_TAG_KEY_LENGTH,
    MAX_EXPERIMENT_TAG_VAL_LENGTH,
    MAX_PARAM_VAL_LENGTH,
    MAX_TAG_VAL_LENGTH,
    missing_value,
    validate_key,
    validate_length,
    validate_text,
)
from mlflow.entities.experiment_tag import ExperimentTag
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.environment_variables import MLFLOW_TRUNCATE_LONG_VALUES

_logger = logging.getLogger(__name__)
_SHOWN = 100


def param_pair(param: Param, path: str = "") -> tuple[str, str]:
    """Return key and value of a param as they are kept.

    Args:
        param: What the caller gave.
        path: Where it stands in a request, for messages, such as ``params[3].``.

    Raises:
        MlflowException: the key or the value cannot be kept.
    """
    key = validate_key(param.key, f"{path}key")
    value: object = param.value
    if value is None:
        raise missing_value(f"{path}value")
    text = validate_text(value, f"{path}value")
    return key, _fit(text, MAX_PARAM_VAL_LENGTH, f"Param {key!r}")


def tag_pair(tag: RunTag, path: str = "") -> tuple[str, str]:
    """Return key and value of a run's tag as they are kept; a missing value is the empty text.

    Args:
        tag: What the caller gave.
        path: Where it stands in a request, for messages, such as ``tags[3].``.

    Raises:
        MlflowException: the key or the value cannot be kept.
    """
    key = validate_key(tag.key, f"{path}key")
    value: object = tag.value
    text = "" if value is None else validate_text(value, f"{path}value")
    return key, _fit(text, MAX_TAG_VAL_LENGTH, f"Tag {key!r}")


def experiment_tag_pair(tag: ExperimentTag) -> tuple[str, str]:
    """Return key and value of an experiment's tag as they are kept.

    Raises:
        MlflowException: the key or the value cannot be kept.
    """
    key = validate_key(tag.key, "key", limit=MAX_EXPERIMENT_TAG_KEY_LENGTH)
    value: object = tag.value
    text = "" if value is None else validate_text(value, "value")
    return key, validate_length("value", MAX_EXPERIMENT_TAG_VAL_LENGTH, text)


def _fit(text: str, limit: int, what: str) -> str:
    if len(text) <= limit:
        return text
    if not MLFLOW_TRUNCATE_LONG_VALUES.get():
        return validate_length(f"{what}: value", limit, text)
    _logger.warning(
        "%s: the value has %d characters and is truncated to %d, the most that is kept: '%s...'",
        what,
        len(text),
        limit,
        text[:_SHOWN],
    )
    return text[:limit]
