"""Versions of registered models: contiguous numbers, stages, tags, and where the files are."""

from collections.abc import Iterable, Sequence
from typing import Final

from mlflow._core.clock import now_ms
from mlflow._core.limits import validate_key, validate_length, validate_text
from mlflow._core.registry_names import parse_version, registry_tag, validate_description
from mlflow.entities._entity import KeyValue
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.model_version_stages import (
    DEFAULT_STAGES_FOR_GET_LATEST_VERSIONS,
    STAGES,
    get_canonical_stage,
)
from mlflow.entities.model_registry.model_version_status import ModelVersionStatus
from mlflow.exceptions import INVALID_STATE, RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.store.entities.version_evidence import DigestStatus, VersionEvidence
from mlflow.store.sql import model_moves
from mlflow.store.sql.dialect import placeholders
from mlflow.store.sql.model_version_loading import VERSION_TAGS, load_versions
from mlflow.store.sql.registered_models import (
    ModelKey,
    latest_versions,
    require_registered_model,
    tag_pairs,
    touch,
)
from mlflow.store.sql.session import Session

MAX_SOURCE_LENGTH: Final = 2048
_MAX_RUN_ID_LENGTH: Final = 250
_READY: Final = ModelVersionStatus.READY
_FAILED: Final = ModelVersionStatus.FAILED_REGISTRATION
_DIGEST_STATUSES: Final = tuple(DigestStatus)

_NEW: Final = (
    "model_id, version, creation_time, last_update_time, description, stage, source,"
    " storage_location, run_id, run_link, status, status_message, model_uuid, digest,"
    " digest_status"
)
_INSERT: Final = f"INSERT INTO hr_model_versions ({_NEW}) VALUES ({placeholders(15)})"


def create_model_version(
    session: Session,
    name: object,
    source: object,
    tags: Iterable[KeyValue] = (),
    run_link: str | None = None,
    description: object = None,
    *,
    evidence: VersionEvidence,
) -> ModelVersion:
    """Create the next version of a registered model; no number is left out or given twice.

    Args:
        session: The transaction.
        name: The registered model.
        source: Where the version comes from, as the caller names it.
        tags: Its first tags; of two with one key the later holds.
        run_link: A link to a run of another server.
        description: A free text.
        evidence: What is known of its files; with a fault in it the version cannot be used.

    Raises:
        MlflowException: there is no such model, or an argument is wrong.
    """
    place = validate_length("source", MAX_SOURCE_LENGTH, validate_text(source, "source"))
    link = None if run_link is None else validate_text(run_link, "run_link")
    if link is not None:
        validate_length("run_link", MAX_SOURCE_LENGTH, link)
    run = evidence.run_id
    if run is not None:
        validate_length("run_id", _MAX_RUN_ID_LENGTH, validate_text(run, "run_id"))
    about = validate_description(description)
    pairs = tag_pairs(tags)
    model = require_registered_model(session, name, lock=True)
    now, number = now_ms(), model.last_version + 1
    status = _READY if evidence.fault is None else _FAILED
    digest_status = _DIGEST_STATUSES.index(evidence.digest_status)
    files = (evidence.model_id, evidence.digest, digest_status)
    where = (place, evidence.storage_location, run, link)
    values = (model.id, number, now, now, about, 0, *where, status, evidence.fault, *files)
    version = session.insert(_INSERT, values)
    session.run(
        "UPDATE hr_registered_models SET last_version = ?, last_update_time = ? WHERE id = ?",
        (number, now, model.id),
    )
    VERSION_TAGS.put(session, version, pairs)
    return load_versions(session, [version])[0]


def get_model_version(session: Session, name: object, version: object) -> ModelVersion:
    """Return a version.

    Raises:
        MlflowException: there is no such model or version.
    """
    return load_versions(session, [_find(session, name, version)[1]])[0]


def update_model_version(
    session: Session, name: object, version: object, description: object
) -> ModelVersion:
    """Set or, with None, remove the description of a version.

    Raises:
        MlflowException: there is no such version, or the description cannot be kept.
    """
    about = validate_description(description)
    _, found = _find(session, name, version, lock=True)
    sql = "UPDATE hr_model_versions SET description = ?, last_update_time = ? WHERE id = ?"
    session.run(sql, (about, now_ms(), found))
    return load_versions(session, [found])[0]


def transition_stage(
    session: Session,
    name: object,
    version: object,
    stage: str,
    *,
    archive_existing: bool,
    user: str | None,
) -> ModelVersion:
    """Move a version to a stage.

    Args:
        session: The transaction.
        name: The registered model.
        version: The version.
        stage: A stage's name, in any case.
        archive_existing: Whether the others that are in the stage are archived.
        user: Who moves it.

    Raises:
        MlflowException: there is no such version or stage, or versions would be archived in favour
            of one that is not in use.
    """
    target = get_canonical_stage(stage)
    if archive_existing and target not in DEFAULT_STAGES_FOR_GET_LATEST_VERSIONS:
        raise MlflowException.invalid_parameter_value(
            f"Model version transition cannot archive existing model versions because {target!r}"
            f" is not an Active stage. Valid stages are {DEFAULT_STAGES_FOR_GET_LATEST_VERSIONS}"
        )
    model, found = _find(session, name, version, lock=True)
    now = now_ms()
    place = STAGES.index(target)
    if archive_existing:
        sql = "SELECT id, version FROM hr_model_versions WHERE model_id = ? AND stage = ?"
        for other, number in session.rows(f"{sql} AND id <> ?", (model.id, place, found)):
            _move(session, other, len(STAGES) - 1, now)
            model_moves.note_stage(session, model.id, number, len(STAGES) - 1, user)
    _move(session, found, place, now)
    model_moves.note_stage(session, model.id, parse_version(version), place, user)
    touch(session, model.id, now)
    return load_versions(session, [found])[0]


def delete_model_version(
    session: Session, name: object, version: object, *, user: str | None
) -> None:
    """Remove a version and the aliases that name it; its number is not given again.

    Raises:
        MlflowException: there is no such version.
    """
    model, found = _find(session, name, version, lock=True)
    number = parse_version(version)
    model_moves.remove_aliases_of(session, model.id, number, user)
    session.run("DELETE FROM hr_model_version_tags WHERE version_id = ?", (found,))
    session.run("DELETE FROM hr_model_versions WHERE id = ?", (found,))
    touch(session, model.id, now_ms())


def get_latest_versions(
    session: Session, name: object, stages: Sequence[str] | None
) -> list[ModelVersion]:
    """Return the newest version of each of the stages; of every stage when none is named.

    Raises:
        MlflowException: there is no such model or stage.
    """
    model = require_registered_model(session, name)
    wanted = {get_canonical_stage(stage) for stage in stages or STAGES}
    found = latest_versions(session, [model.id], aliases=True)[model.id]
    return [version for version in found if version.current_stage in wanted]


def get_download_uri(session: Session, name: object, version: object) -> str:
    """Return where the files of a version are, or how its source was named when that is not known.

    Raises:
        MlflowException: there is no such version, or its files are not as they were logged.
    """
    _, found = _find(session, name, version)
    columns = "status, status_message, storage_location, source"
    row = session.row(f"SELECT {columns} FROM hr_model_versions WHERE id = ?", (found,))
    status, message, location, source = row or (_READY, None, None, "")
    if status != _READY:
        raise MlflowException(
            f"Model Version (name={name}, version={version}) cannot be used: its status is"
            f" {ModelVersionStatus.to_string(status)}. {message or ''}".rstrip(),
            INVALID_STATE,
        )
    return str(source if location is None else location)


def get_evidence(session: Session, name: object, version: object) -> VersionEvidence:
    """Return what is known of the files of a version.

    Raises:
        MlflowException: there is no such version.
    """
    _, found = _find(session, name, version)
    columns = "run_id, storage_location, model_uuid, digest, digest_status, status, status_message"
    row = session.row(f"SELECT {columns} FROM hr_model_versions WHERE id = ?", (found,))
    run_id, location, model, digest, digest_status, status, message = row or (None,) * 7
    return VersionEvidence(
        run_id,
        location,
        model,
        digest,
        _DIGEST_STATUSES[digest_status],
        None if status == _READY else message,
    )


def set_model_version_tag(session: Session, name: object, version: object, tag: KeyValue) -> None:
    """Set a tag of a version.

    Raises:
        MlflowException: there is no such version, or the tag cannot be kept.
    """
    key, value = registry_tag(tag.key, tag.value)
    VERSION_TAGS.put(session, _find(session, name, version)[1], {key: value})


def delete_model_version_tag(session: Session, name: object, version: object, key: object) -> None:
    """Remove a tag of a version; a missing one is none already.

    Raises:
        MlflowException: there is no such version.
    """
    text = validate_key(key, "key")
    _, found = _find(session, name, version)
    VERSION_TAGS.remove(session, found, text)


def _find(
    session: Session, name: object, version: object, *, lock: bool = False
) -> tuple[ModelKey, int]:
    """Return the keys of a registered model and of a version of it."""
    number = parse_version(version)
    model = require_registered_model(session, name, lock=lock)
    return model, require_version(session, model, number, version)


def require_version(session: Session, model: ModelKey, number: int, shown: object) -> int:
    """Return the key of a version.

    Raises:
        MlflowException: the model has none of this number.
    """
    sql = "SELECT id FROM hr_model_versions WHERE model_id = ? AND version = ?"
    found = session.scalar(sql, (model.id, number))
    if found is None:
        raise MlflowException(
            f"Model Version (name={model.name}, version={shown}) not found",
            RESOURCE_DOES_NOT_EXIST,
        )
    return int(found)


def _move(session: Session, version: int, stage: int, now: int) -> None:
    sql = "UPDATE hr_model_versions SET stage = ?, last_update_time = ? WHERE id = ?"
    session.run(sql, (stage, now, version))
