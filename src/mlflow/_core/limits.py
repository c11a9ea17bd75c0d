"""Limits on names and values, and the checks of arguments against them.

Keys are opaque text here: every character but NUL is allowed, and ``a`` stands beside ``a/b``.
"""

import math
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any, Final

from mlflow.exceptions import MlflowException

MAX_EXPERIMENT_NAME_LENGTH: Final = 500
MAX_ENTITY_KEY_LENGTH: Final = 250
MAX_PARAM_VAL_LENGTH: Final = 6000
MAX_TAG_VAL_LENGTH: Final = 8000
MAX_EXPERIMENT_TAG_KEY_LENGTH: Final = 250
MAX_EXPERIMENT_TAG_VAL_LENGTH: Final = 20000
MAX_METRICS_PER_BATCH: Final = 1000
MAX_PARAMS_TAGS_PER_BATCH: Final = 100
MAX_ENTITIES_PER_BATCH: Final = 1000
MAX_BATCH_LOG_REQUEST_SIZE: Final = 1_000_000
MAX_DATASETS_PER_BATCH: Final = 1000
MAX_DATASET_NAME_SIZE: Final = 500
MAX_DATASET_DIGEST_SIZE: Final = 36
MAX_DATASET_SOURCE_SIZE: Final = 65535
MAX_DATASET_SCHEMA_SIZE: Final = 1_048_575
MAX_DATASET_PROFILE_SIZE: Final = 16_777_215
MAX_INPUT_TAG_KEY_SIZE: Final = 255
MAX_INPUT_TAG_VALUE_SIZE: Final = 500
MAX_EXPERIMENTS_LISTED_PER_PAGE: Final = 50000
MAX_MODEL_REGISTRY_TAG_KEY_LENGTH: Final = 250
MAX_MODEL_REGISTRY_TAG_VALUE_LENGTH: Final = 100_000
MAX_REGISTERED_MODEL_ALIAS_LENGTH: Final = 255
MAX_TRACE_TAG_KEY_LENGTH: Final = 250
MAX_TRACE_TAG_VAL_LENGTH: Final = 8000
MAX_RUN_DOCUMENT_SIZE: Final = 1_048_576

INT64_MIN: Final = -(2**63)
INT64_MAX: Final = 2**63 - 1


def _refuse(path: str, value: object, why: str) -> MlflowException:
    shown = repr(value)
    if len(shown) > 200:  # noqa: PLR2004 - a message is read by a person
        shown = shown[:200] + "…"
    return MlflowException.invalid_parameter_value(
        f"Invalid value {shown} for parameter '{path}' supplied: {why}"
    )


def missing_value(path: str) -> MlflowException:
    """Return the error for an argument that must be given."""
    return MlflowException.invalid_parameter_value(
        f"Missing value for required parameter '{path}'."
    )


def validate_text(value: object, path: str) -> str:
    """Return a value that every database can hold as text.

    Raises:
        MlflowException: it is not a string, or holds NUL or half a surrogate pair.
    """
    if not isinstance(value, str):
        raise _refuse(path, value, f"it must be a string, not {type(value).__name__}.")
    if "\x00" in value:
        raise _refuse(path, value, "it holds the character NUL, which no store keeps.")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise _refuse(
                path, value, f"character {error.start} is half of a surrogate pair."
            ) from None
    return value


def validate_key(key: object, path: str, *, limit: int = MAX_ENTITY_KEY_LENGTH) -> str:
    """Return the key of a metric, param or tag.

    Args:
        key: What the caller gave.
        path: What the argument is called in messages.
        limit: Greatest length in characters.

    Raises:
        MlflowException: it is missing, empty, too long or no text that a store can keep.
    """
    if key is None:
        raise missing_value(path)
    text = validate_text(key, path)
    if not text:
        raise _refuse(path, key, "a key name must be provided.")
    if len(text) > limit:
        raise MlflowException.invalid_parameter_value(
            f"'{path}' exceeds the maximum length of {limit} characters: it has {len(text)}"
            f" ({text[:40]!r}…)."
        )
    return text


def validate_length(path: str, limit: int, value: str) -> str:
    """Return a text that is not over its limit.

    Raises:
        MlflowException: it is longer.
    """
    if len(value) > limit:
        raise MlflowException.invalid_parameter_value(
            f"'{path}' exceeds the maximum length of {limit} characters: it has {len(value)}."
        )
    return value


def validate_metric_value(key: str, value: Any, timestamp: object = None) -> float:
    """Return a metric's value as a double.

    Args:
        key: The metric, for the message.
        value: A real number, or an array or tensor of one element; neither text nor bool.
        timestamp: The point's time, for the message.

    Raises:
        MlflowException: it is no such number.
    """
    if type(value) is float:
        return value
    if value is None:
        raise missing_value("value")
    if isinstance(value, bool) or not isinstance(value, (int, float, Real)):
        raise _refuse(
            "value",
            value,
            f"(metric {key!r}, timestamp={timestamp}). Please specify value as a valid double"
            " (64-bit floating point).",
        )
    try:
        return float(value)
    except OverflowError:
        raise _refuse("value", value, f"(metric {key!r}) it is too large for a double.") from None


def validate_int64(value: Any, path: str, what: str) -> int:
    """Return an integer that fits 64 bits.

    Args:
        value: What the caller gave; a float without a fraction counts.
        path: What the argument is called in messages.
        what: Says whose value it is, in messages.

    Raises:
        MlflowException: it is no such number.
    """
    if type(value) is not int:
        usable = isinstance(value, (float, Integral)) and not isinstance(value, bool)
        if not usable or not math.isfinite(value):
            raise _refuse(path, value, f"{what}: it must be a valid long (64-bit integer).")
    number = int(value)
    if not INT64_MIN <= number <= INT64_MAX:
        raise _refuse(path, value, f"{what}: it must be a valid long (64-bit integer).")
    return number


def validate_timestamp(value: Any, what: str) -> int:
    """Return milliseconds since 1970, none before.

    Raises:
        MlflowException: it is no such number.
    """
    number = validate_int64(value, "timestamp", what)
    if number < 0:
        raise _refuse("timestamp", value, f"{what}: it must be a nonnegative long.")
    return number


def validate_experiment_name(name: object) -> str:
    """Return the name of an experiment.

    Raises:
        MlflowException: it is missing, empty, no text or too long.
    """
    if name is None or name == "":
        raise MlflowException.invalid_parameter_value(f"Invalid experiment name: {name!r}")
    if not isinstance(name, str):
        raise MlflowException.invalid_parameter_value(
            f"Invalid experiment name: {name!r}. Expects a string."
        )
    return validate_length("name", MAX_EXPERIMENT_NAME_LENGTH, validate_text(name, "name"))


def validate_batch_limits(
    metrics: Sequence[Any], params: Sequence[Any], tags: Sequence[Any]
) -> None:
    """Refuse a batch with more metrics, params or tags than one request may carry.

    Raises:
        MlflowException: one of the lists, or all together, are too long.
    """
    sizes = (
        ("metrics", MAX_METRICS_PER_BATCH, len(metrics)),
        ("params", MAX_PARAMS_TAGS_PER_BATCH, len(params)),
        ("tags", MAX_PARAMS_TAGS_PER_BATCH, len(tags)),
        (
            "metrics, params, and tags",
            MAX_ENTITIES_PER_BATCH,
            len(metrics) + len(params) + len(tags),
        ),
    )
    for what, limit, length in sizes:
        if length > limit:
            raise MlflowException.invalid_parameter_value(
                f"A batch logging request can contain at most {limit} {what}. Got {length} {what}."
                f" Please split up {what} across multiple requests and try again."
            )
