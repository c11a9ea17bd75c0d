"""Versions of registered models from rows, with a number of queries that theirs does not change."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.model_version_stages import STAGES
from mlflow.entities.model_registry.model_version_status import ModelVersionStatus
from mlflow.entities.model_registry.model_version_tag import ModelVersionTag
from mlflow.store.sql.chunks import rows_for
from mlflow.store.sql.keyed_texts import KeyedTexts
from mlflow.store.sql.keys import VERSION_TAG
from mlflow.store.sql.session import Row, Session

VERSION_TAGS: Final = KeyedTexts("hr_model_version_tags", "version_id", VERSION_TAG)
_SELECT: Final = (
    "SELECT v.id, m.name, v.version, v.creation_time, v.last_update_time, v.description, v.stage,"
    " v.source, v.run_id, v.run_link, v.status, v.status_message"
    " FROM hr_model_versions v JOIN hr_registered_models m ON m.id = v.model_id"
    " WHERE v.id IN ({})"
)
_ALIASES: Final = (
    "SELECT v.id, a.alias FROM hr_model_versions v JOIN hr_model_aliases a"
    " ON a.model_id = v.model_id AND a.version = v.version WHERE v.id IN ({})"
)


def load_versions(
    session: Session, ids: Sequence[int], *, aliases: bool = True
) -> list[ModelVersion]:
    """Return versions in the order of their keys; keys that none has are left out.

    Args:
        session: The transaction.
        ids: The keys.
        aliases: Whether they say their aliases.
    """
    rows = {row[0]: row for row in rows_for(session, _SELECT, ids)}
    tags = VERSION_TAGS.load(session, ids)
    named: dict[int, list[str]] = defaultdict(list)
    if aliases:
        for version, alias in sorted(rows_for(session, _ALIASES, ids)):
            named[version].append(alias)
    return [_entity(rows[i], tags[i], named[i]) for i in ids if i in rows]


def _entity(row: Row, tags: Mapping[str, str], aliases: list[str]) -> ModelVersion:
    _, name, version, created, updated, description, stage, source, run_id, link = row[:10]
    status, message = row[10:]
    return ModelVersion(
        name,
        version,
        created,
        updated,
        description,
        current_stage=STAGES[stage],
        source=source,
        run_id=run_id,
        status=ModelVersionStatus.to_string(status),
        status_message=message,
        tags=[ModelVersionTag(key, value) for key, value in tags.items()],
        run_link=link,
        aliases=aliases,
    )
