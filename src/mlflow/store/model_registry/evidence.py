"""What speaks for a new version: which logged model it is, and whether its files are whole.

Only locations that the tracking store gave for an id are looked at, and only by a check that may
open them. Where no manifest is, or nobody here may read the files, nothing is known, and the
version is taken as other servers take it.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from mlflow._core.model_uris import SCHEME, ModelUri, parse_model_uri
from mlflow._core.uri import scheme_of
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.destinations import find_destination
from mlflow.store.artifact.model_files import find_fault
from mlflow.store.entities.version_evidence import DigestStatus, VersionEvidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow.entities.logged_model import LoggedModel
    from mlflow.store.entities.model_manifest import ModelManifest
    from mlflow.store.model_registry.abstract_store import AbstractStore as Registry
    from mlflow.store.tracking.abstract_store import AbstractStore

_MISSING: Final = "RESOURCE_DOES_NOT_EXIST"
# As every tracking store lays logged models out.
LOCATION: Final = re.compile(r"/models/(m-[0-9a-f]{32})/artifacts/?$")
_RUN_PATH: Final = re.compile(r"runs:/+([^/]+)/([^/]+)", re.IGNORECASE)
_known: Final[ContextVar[VersionEvidence | None]] = ContextVar("mlflow_evidence", default=None)


class Files(Protocol):
    """What may open the locations of models."""

    def __call__(self, location: str, manifest: ModelManifest) -> tuple[DigestStatus, str | None]:
        """Hold the files at a location to a manifest."""


def check_files(location: str, manifest: ModelManifest) -> tuple[DigestStatus, str | None]:
    """Hold the files at a location, which a store gave, to a manifest, with this process's rights.

    Args:
        location: Where they lie.
        manifest: What there must be.

    Returns:
        What came of it, and what is wrong with the files.
    """
    files = find_destination(location)
    if files is None:
        return DigestStatus.UNKNOWN, None
    fault = find_fault(files, "", manifest)
    return (DigestStatus.VERIFIED if fault is None else DigestStatus.FAILED), fault


@contextmanager
def with_evidence(evidence: VersionEvidence) -> Iterator[None]:
    """Say what is known of the version that the block creates: a database waits for no files."""
    token = _known.set(evidence)
    try:
        yield
    finally:
        _known.reset(token)


def known_evidence() -> VersionEvidence | None:
    """Return what was gathered beforehand."""
    return _known.get()


def gather(
    tracking: AbstractStore,
    registry: Registry,
    check: Files,
    source: str,
    run_id: str | None,
    model_id: str | None,
) -> VersionEvidence:
    """Return what is known of a version that is about to be created.

    Args:
        tracking: Knows runs and logged models, and their manifests.
        registry: Knows other versions.
        check: Holds files to a manifest.
        source: Where the version comes from, as the caller names it.
        run_id: The run that produced it, as the caller says.
        model_id: The logged model, as the caller says.

    Raises:
        MlflowException: the source is a model or version that is not there, or its files cannot be
            read now.
    """
    if scheme_of(source) == SCHEME:
        return _of_model_uri(tracking, registry, check, parse_model_uri(source), run_id)
    model = _model_behind(tracking, source)
    found = VersionEvidence(run_id)
    if model is not None:
        found = replace(_of_model(tracking, check, model), run_id=run_id)
        if scheme_of(source) == "runs":
            found = replace(found, storage_location=None)  # it is asked for by its name
    if not run_id and model_id:
        named = find_model(tracking, model_id)
        found = replace(found, run_id=(named and named.source_run_id) or run_id)
    return found


def _of_model_uri(
    tracking: AbstractStore, registry: Registry, check: Files, uri: ModelUri, run_id: str | None
) -> VersionEvidence:
    if uri.path:
        raise MlflowException.invalid_parameter_value(
            f"A version is a whole model, not the path {uri.path!r} in one."
        )
    if uri.model_id is not None:
        model = tracking.get_logged_model(uri.model_id)
        return replace(_of_model(tracking, check, model), run_id=run_id or model.source_run_id)
    name = str(uri.name)
    if uri.version is None:
        if uri.alias is None:
            raise MlflowException.invalid_parameter_value(
                f"A version cannot be made of the stage {uri.stage!r} of {name!r}: name a version"
                " or an alias."
            )
        version = registry.get_model_version_by_alias(name, uri.alias).version
    else:
        version = registry.get_model_version(name, uri.version).version
    known = registry.get_model_version_evidence(name, version)
    location = known.storage_location or registry.get_model_version(name, version).source
    run_id = run_id or known.run_id
    found = replace(known, run_id=run_id, storage_location=location)
    behind = None if known.model_id is None else find_model(tracking, known.model_id)
    if behind is None or known.fault is not None:
        return found
    return replace(_of_model(tracking, check, behind), run_id=run_id, storage_location=location)


def _model_behind(tracking: AbstractStore, source: str) -> LoggedModel | None:
    """Return the logged model that a location or a path of a run is; None when it is none."""
    if match := _RUN_PATH.fullmatch(source.rstrip("/")):
        try:
            outputs = tracking.get_run(match[1]).outputs
        except MlflowException as error:
            if error.error_code == _MISSING:
                return None
            raise
        made = outputs.model_outputs if outputs else ()
        models = [find_model(tracking, one.model_id) for one in made]
        named = [model for model in models if model is not None and model.name == match[2]]
        return max(named, key=lambda model: model.creation_timestamp, default=None)
    if match := LOCATION.search(source):
        model = find_model(tracking, match[1])
        if model is not None and model.artifact_location.rstrip("/") == source.rstrip("/"):
            return model
    return None


def find_model(tracking: AbstractStore, model_id: str) -> LoggedModel | None:
    """Return a logged model that is not deleted; None when there is none."""
    try:
        return tracking.get_logged_model(model_id)
    except MlflowException as error:
        if error.error_code == _MISSING:
            return None
        raise


def _of_model(tracking: AbstractStore, check: Files, model: LoggedModel) -> VersionEvidence:
    manifest = tracking.get_model_manifest(model.model_id)
    found = VersionEvidence(None, model.artifact_location, model.model_id)
    if manifest.files:
        found = replace(found, digest=manifest.digest)
    if model.status is LoggedModelStatus.FAILED:
        fault = f"The logged model {model.model_id} was not logged completely."
        return replace(found, digest_status=DigestStatus.FAILED, fault=fault)
    if not manifest.files:
        return found
    status, what = check(model.artifact_location, manifest)
    if what is None:
        return replace(found, digest_status=status)
    text = f"The files of the logged model {model.model_id} are not as they were logged: {what}"
    return replace(found, digest_status=status, fault=text)
