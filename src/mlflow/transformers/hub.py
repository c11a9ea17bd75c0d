"""Repositories of the hub: a model may name one instead of holding its weights."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from mlflow._core.guard import contained

_logger = logging.getLogger(__name__)


def find_revision(name: str) -> str | None:
    """Return the commit of a repository's main branch; None if no repository is known by the name.

    What was downloaded to this machine answers; else the hub is asked.

    Args:
        name: ``owner/name``, or anything else that a model says that it comes from.
    """
    from huggingface_hub import HfApi, try_to_load_from_cache  # noqa: PLC0415 - optional package
    from huggingface_hub.utils import (  # noqa: PLC0415 - optional package
        HFValidationError,
        validate_repo_id,
    )

    if not name or Path(name).exists():
        return None
    try:
        validate_repo_id(name)
    except HFValidationError:
        return None
    cached = try_to_load_from_cache(name, "config.json")
    if isinstance(cached, str):
        return Path(cached).parent.name
    revision: str | None = None
    with contained(f"Asking the hub for {name}", logger=_logger):  # each of its clients' own errors
        revision = HfApi().model_info(name).sha
    return revision  # noqa: RET504 - None where the block failed


def name_of(part: Any) -> str:
    """Return the name that a model, a tokenizer or another component was loaded by."""
    return str(getattr(part, "name_or_path", None) or "")
