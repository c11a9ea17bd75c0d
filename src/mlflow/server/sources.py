"""Which sources a caller may name for a version of a registered model.

A place that this server issued must be named together with the run or the logged model that it
was issued to, and lie in it. Buckets are text that the server keeps for clients and never opens.
What a tag says never matters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mlflow._core.model_uris import SCHEME, parse_model_uri
from mlflow._core.paths import relative_path
from mlflow._core.uri import scheme_of
from mlflow.environment_variables import MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX
from mlflow.exceptions import MlflowException
from mlflow.server.locations import PROXIED, check_scheme, check_uri, is_elsewhere, path_below

if TYPE_CHECKING:
    from mlflow._wire.registry_messages import CreateModelVersion
    from mlflow.store.tracking.abstract_store import AbstractStore

_LOCAL: Final = ("", "file")
_RUN: Final = re.compile(r"runs:/+([^/]+)/(.+)", re.IGNORECASE)
_MISSING: Final = "RESOURCE_DOES_NOT_EXIST"


def check_source(ask: CreateModelVersion, tracking: AbstractStore) -> None:
    """Refuse a source that a caller may not name.

    Args:
        ask: The request.
        tracking: Knows what was issued to runs and logged models.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE; the same for places that exist and that do not.
    """
    source = ask.source or ""
    pattern = MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX.get()
    if pattern and not re.search(pattern, source):
        raise _refused(source, "This server takes only sources of another form.")
    if source.lower().startswith(f"{SCHEME}:"):
        _check_model(ask, source)
        return
    _check_segments(source)
    scheme = check_uri(source, "source")
    if scheme == "runs":
        match = _RUN.fullmatch(source)
        if match is None or match[1] != ask.run_id:
            raise _not_in(source, "run_id")
        relative_path(match[2])
    elif scheme in _LOCAL:
        if not _is_issued(ask, source, tracking):
            raise _refused(
                source,
                "To use a local path as a model version source, the run_id request parameter has to"
                " be specified and the local path has to be contained within the artifact directory"
                " of the run specified by the run_id.",
            )
    elif scheme == PROXIED and not is_elsewhere(source):
        if not _is_issued(ask, source, tracking):
            raise _not_in(source, "run_id")
    elif scheme not in _ALLOWED_HOSTS:
        check_scheme(scheme, "source", source)


# ``check_uri`` lets these pass only where the operator allows them.
_ALLOWED_HOSTS: Final = ("http", "https", "ftp", "sftp", "hdfs", "viewfs", PROXIED)


def _check_model(ask: CreateModelVersion, source: str) -> None:
    named = parse_model_uri(source)
    if named.path or (named.model_id is not None and named.model_id != ask.model_id):
        raise _not_in(source, "model_id")


def _check_segments(source: str) -> None:
    rest = source.partition(":")[2] if scheme_of(source) else source
    try:
        relative_path(rest.lstrip("/"))
    except MlflowException:
        if scheme_of(source) in _LOCAL:
            return  # refused below, in the same words as any local path
        raise _refused(
            source,
            "An absolute path must be provided, without relative path references present.",
        ) from None


def _is_issued(ask: CreateModelVersion, source: str, tracking: AbstractStore) -> bool:
    """Return whether a place lies in that of the run or the logged model that are named."""
    roots = []
    try:
        if ask.run_id:
            roots.append(tracking.get_run(ask.run_id).info.artifact_uri)
        if ask.model_id:
            roots.append(tracking.get_logged_model(ask.model_id).artifact_location)
        return any(path_below(source, root) is not None for root in roots if root)
    except MlflowException as error:
        if error.error_code in (_MISSING, "INVALID_PARAMETER_VALUE"):
            return False
        raise


def _not_in(source: str, parameter: str) -> MlflowException:
    return _refused(
        source,
        f"The {parameter} request parameter must identify the resource that contains the source.",
    )


def _refused(source: str, why: str) -> MlflowException:
    return MlflowException.invalid_parameter_value(
        f"Invalid model version source: {source[:500]!r}. {why}"
    )
