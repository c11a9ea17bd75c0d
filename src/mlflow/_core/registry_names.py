"""Names, aliases and numbers of the model registry, checked."""

from __future__ import annotations

import re
from typing import Final

from mlflow._core.limits import (
    INT64_MAX,
    MAX_MODEL_REGISTRY_TAG_KEY_LENGTH,
    MAX_MODEL_REGISTRY_TAG_VALUE_LENGTH,
    MAX_REGISTERED_MODEL_ALIAS_LENGTH,
    missing_value,
    validate_key,
    validate_length,
    validate_text,
)
from mlflow.exceptions import MlflowException

MAX_MODEL_NAME_LENGTH: Final = 256
MAX_DESCRIPTION_LENGTH: Final = 100_000
_ALIAS: Final = re.compile(r"[\w\-]*")
_LIKE_VERSION: Final = re.compile(r"v\d+", re.IGNORECASE)
LATEST: Final = "latest"


def validate_model_name(name: object, path: str = "name") -> str:
    """Return the name of a registered model.

    Raises:
        MlflowException: it is missing or blank, too long, or could not stand in a model's URI.
    """
    if name is None:
        raise missing_value(path)
    text = validate_text(name, path)
    if not text.strip():
        raise missing_value(path)
    if "/" in text or ":" in text:
        raise MlflowException.invalid_parameter_value(
            f"Invalid model name {text[:100]!r}. Names cannot contain '/' or ':'."
        )
    if text in (".", ".."):
        raise MlflowException.invalid_parameter_value(
            f"Invalid model name {text!r}. It would name a folder where models are kept as files."
        )
    return validate_length(path, MAX_MODEL_NAME_LENGTH, text)


def validate_alias(alias: object) -> str:
    """Return an alias that may be set.

    Raises:
        MlflowException: it is empty, too long, reserved, or holds other characters than letters,
            digits, underscores and dashes.
    """
    text = alias_text(alias)
    if text.lower() == LATEST:
        raise MlflowException.invalid_parameter_value(
            "'latest' alias name (case insensitive) is reserved."
        )
    if _LIKE_VERSION.fullmatch(text):
        raise MlflowException.invalid_parameter_value(f"Version alias name {text!r} is reserved.")
    return text


def alias_text(alias: object) -> str:
    """Return an alias, reserved or not.

    Raises:
        MlflowException: it is empty, too long, or holds other characters than those of an alias.
    """
    if alias is None:
        raise missing_value("alias")
    text = validate_text(alias, "alias")
    if not text:
        raise MlflowException.invalid_parameter_value(
            "Registered model alias name cannot be empty."
        )
    if not _ALIAS.fullmatch(text):
        raise MlflowException.invalid_parameter_value(
            f"Invalid alias name: {text[:100]!r}. Names may only contain alphanumerics,"
            " underscores (_), and dashes (-)."
        )
    return validate_length("Registered model alias name", MAX_REGISTERED_MODEL_ALIAS_LENGTH, text)


def parse_version(version: object) -> int:
    """Return the number of a version; one that none can have is 0.

    Raises:
        MlflowException: it is missing, or no whole number.
    """
    if version is None:
        raise missing_value("version")
    try:
        number = int(version)  # type: ignore[call-overload]  # refused below when it cannot be
    except (TypeError, ValueError):
        raise MlflowException.invalid_parameter_value(
            f"Parameter 'version' must be an integer, got {str(version)[:100]!r}."
        ) from None
    return number if 0 < number <= INT64_MAX else 0


def registry_tag(key: object, value: object) -> tuple[str, str]:
    """Return key and value of a tag as they are kept: a value that is no text as its text.

    Raises:
        MlflowException: one of them cannot be kept.
    """
    name = validate_key(key, "key", limit=MAX_MODEL_REGISTRY_TAG_KEY_LENGTH)
    text = validate_text("" if value is None else str(value), "value")
    return name, validate_length("value", MAX_MODEL_REGISTRY_TAG_VALUE_LENGTH, text)


def validate_description(description: object) -> str | None:
    """Return a description, None for none.

    Raises:
        MlflowException: it is no text that can be kept, or longer than 100,000 characters.
    """
    if description is None:
        return None
    text = validate_text(description, "description")
    return validate_length("description", MAX_DESCRIPTION_LENGTH, text)
