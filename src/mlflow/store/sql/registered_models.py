"""Registered models: rows with a unique name, their tags, and the numbers of their versions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from mlflow._core.clock import now_ms
from mlflow._core.limits import validate_key
from mlflow._core.registry_names import (
    MAX_MODEL_NAME_LENGTH,
    registry_tag,
    validate_description,
    validate_model_name,
)
from mlflow.entities._entity import KeyValue
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.registered_model import RegisteredModel
from mlflow.entities.model_registry.registered_model_alias import RegisteredModelAlias
from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag
from mlflow.exceptions import RESOURCE_ALREADY_EXISTS, RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.store.sql.chunks import rows_for
from mlflow.store.sql.keyed_texts import KeyedTexts
from mlflow.store.sql.keys import REGISTERED_MODEL_TAG
from mlflow.store.sql.model_version_loading import load_versions
from mlflow.store.sql.news import MODELS, note
from mlflow.store.sql.session import Row, Session

_TAGS: Final = KeyedTexts("hr_registered_model_tags", "model_id", REGISTERED_MODEL_TAG)
_NEW: Final = ("name", "description", "creation_time", "last_update_time", "last_version")
_SELECT: Final = (
    "SELECT id, name, description, creation_time, last_update_time FROM hr_registered_models"
    " WHERE id IN ({})"
)
# The newest of each stage: four steps into an index for each model, however many versions it has.
_LATEST: Final = (
    "SELECT v.model_id, v.id, v.version FROM hr_registered_models m"
    " CROSS JOIN (SELECT 0 AS stage UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) s"
    " JOIN hr_model_versions v ON v.model_id = m.id AND v.version ="
    " (SELECT MAX(w.version) FROM hr_model_versions w"
    " WHERE w.model_id = m.id AND w.stage = s.stage)"
    " WHERE m.id IN ({})"
)


class ModelKey(NamedTuple):
    """What an operation needs to know of a registered model."""

    id: int
    name: str
    last_version: int


def require_registered_model(session: Session, name: object, *, lock: bool = False) -> ModelKey:
    """Return the key of a registered model.

    Args:
        session: The transaction.
        name: Its name.
        lock: Whether nobody else may change it or its versions meanwhile.

    Raises:
        MlflowException: there is none of this name.
    """
    text = validate_model_name(name) if name is None else str(name)
    found = None
    if len(text) <= MAX_MODEL_NAME_LENGTH:
        sql = "SELECT id, name, last_version FROM hr_registered_models WHERE name = ?"
        is_shared = lock and session.dialect.name != "sqlite"  # where who writes is alone
        found = session.row(f"{sql} FOR UPDATE" if is_shared else sql, (text,))
    if found is None:
        raise MlflowException(
            f"Registered Model with name={text[:MAX_MODEL_NAME_LENGTH]} not found",
            RESOURCE_DOES_NOT_EXIST,
        )
    return ModelKey._make(found)


def create_registered_model(
    session: Session, name: object, tags: Iterable[KeyValue] = (), description: object = None
) -> RegisteredModel:
    """Create a registered model without versions.

    Raises:
        MlflowException: the name is taken, or an argument is wrong.
    """
    text = validate_model_name(name)
    pairs = tag_pairs(tags)
    about = validate_description(description)
    now = now_ms()
    sql = session.dialect.insert_ignore("hr_registered_models", _NEW, ("name",))
    if not session.run(sql, (text, about, now, now, 0)):
        raise _taken(text)
    model = require_registered_model(session, text)
    _TAGS.put(session, model.id, pairs)
    return load_registered_models(session, [model.id])[0]


def get_registered_model(session: Session, name: object) -> RegisteredModel:
    """Return a registered model with tags, aliases, and the newest version of each stage.

    Raises:
        MlflowException: there is none of this name.
    """
    return load_registered_models(session, [require_registered_model(session, name).id])[0]


def update_registered_model(session: Session, name: object, description: object) -> RegisteredModel:
    """Set or, with None, remove the description of a registered model.

    Raises:
        MlflowException: there is none of this name, or the description cannot be kept.
    """
    about = validate_description(description)
    model = require_registered_model(session, name, lock=True)
    sql = "UPDATE hr_registered_models SET description = ?, last_update_time = ? WHERE id = ?"
    session.run(sql, (about, now_ms(), model.id))
    return load_registered_models(session, [model.id])[0]


def rename_registered_model(session: Session, name: object, new_name: object) -> RegisteredModel:
    """Give a registered model another name, under which its versions and aliases go on.

    Raises:
        MlflowException: there is none of this name, or the new one is taken or wrong.
    """
    text = validate_model_name(new_name, "new_name")
    model = require_registered_model(session, name, lock=True)
    sql = "SELECT id FROM hr_registered_models WHERE name = ? AND id <> ?"
    if session.row(sql, (text, model.id)) is not None:
        raise _taken(text)
    now = now_ms()
    session.run(
        "UPDATE hr_registered_models SET name = ?, last_update_time = ? WHERE id = ?",
        (text, now, model.id),
    )
    session.run(
        "UPDATE hr_model_versions SET last_update_time = ? WHERE model_id = ?", (now, model.id)
    )
    note(session, MODELS, text)  # the old name is noted with the others
    return load_registered_models(session, [model.id])[0]


def delete_registered_model(session: Session, name: object) -> None:
    """Remove a registered model with all its versions, aliases, and their history.

    Raises:
        MlflowException: there is none of this name.
    """
    model = require_registered_model(session, name, lock=True)
    session.run(
        "DELETE FROM hr_model_version_tags WHERE version_id IN"
        " (SELECT id FROM hr_model_versions WHERE model_id = ?)",
        (model.id,),
    )
    for table in (
        "hr_model_versions",
        "hr_model_aliases",
        "hr_model_moves",
        "hr_registered_model_tags",
    ):
        session.run(f"DELETE FROM {table} WHERE model_id = ?", (model.id,))
    session.run("DELETE FROM hr_registered_models WHERE id = ?", (model.id,))


def set_registered_model_tag(session: Session, name: object, tag: KeyValue) -> None:
    """Set a tag of a registered model.

    Raises:
        MlflowException: there is none of this name, or the tag cannot be kept.
    """
    key, value = registry_tag(tag.key, tag.value)
    _TAGS.put(session, require_registered_model(session, name).id, {key: value})


def delete_registered_model_tag(session: Session, name: object, key: object) -> None:
    """Remove a tag of a registered model; a missing one is none already.

    Raises:
        MlflowException: there is no model of this name.
    """
    text = validate_key(key, "key")
    model = require_registered_model(session, name)
    _TAGS.remove(session, model.id, text)


def touch(session: Session, model: int, now: int) -> None:
    """Note that a registered model was changed."""
    sql = "UPDATE hr_registered_models SET last_update_time = ? WHERE id = ?"
    session.run(sql, (now, model))


def load_registered_models(
    session: Session, ids: Sequence[int], *, newest_first: bool = False
) -> list[RegisteredModel]:
    """Return registered models in the order of their keys; those that nothing has are left out.

    Args:
        session: The transaction.
        ids: The keys.
        newest_first: Whether the newest versions of the stages come in falling order.
    """
    rows = {row[0]: row for row in rows_for(session, _SELECT, ids)}
    tags = _TAGS.load(session, ids)
    aliases: dict[int, list[RegisteredModelAlias]] = defaultdict(list)
    sql = "SELECT model_id, alias, version FROM hr_model_aliases WHERE model_id IN ({})"
    for model, alias, version in sorted(rows_for(session, sql, ids)):
        aliases[model].append(RegisteredModelAlias(alias, version))
    latest = latest_versions(session, ids, newest_first=newest_first)
    return [_entity(rows[i], latest[i], tags[i], aliases[i]) for i in ids if i in rows]


def latest_versions(
    session: Session, ids: Sequence[int], *, newest_first: bool = False, aliases: bool = False
) -> Mapping[int, list[ModelVersion]]:
    """Return the newest version of each stage, by the keys of registered models.

    Args:
        session: The transaction.
        ids: The keys.
        newest_first: Whether they come in falling order.
        aliases: Whether they say their aliases.
    """
    rows = sorted(rows_for(session, _LATEST, ids), key=lambda row: row[2], reverse=newest_first)
    versions = load_versions(session, [row[1] for row in rows], aliases=aliases)
    found: dict[int, list[ModelVersion]] = defaultdict(list)
    for row, version in zip(rows, versions, strict=True):
        found[row[0]].append(version)
    return found


def tag_pairs(tags: Iterable[KeyValue]) -> dict[str, str]:
    """Return tags as they are kept; of two with one key the later holds.

    Raises:
        MlflowException: one cannot be kept.
    """
    return dict(registry_tag(tag.key, tag.value) for tag in tags)


def _entity(
    row: Row,
    latest: list[ModelVersion],
    texts: Mapping[str, str],
    aliases: list[RegisteredModelAlias],
) -> RegisteredModel:
    _, name, description, created, updated = row
    tags = [RegisteredModelTag(key, value) for key, value in texts.items()]
    return RegisteredModel(name, created, updated, description, latest, tags, aliases)


def _taken(name: str) -> MlflowException:
    return MlflowException(
        f"Registered Model (name={name}) already exists.", RESOURCE_ALREADY_EXISTS
    )
