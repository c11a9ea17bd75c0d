"""Aliases: names that move from version to version of a registered model."""

from typing import Final

from mlflow._core.registry_names import LATEST, alias_text, parse_version, validate_alias
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.store.sql import model_moves
from mlflow.store.sql.model_version_loading import load_versions
from mlflow.store.sql.model_versions import require_version
from mlflow.store.sql.registered_models import ModelKey, require_registered_model
from mlflow.store.sql.session import Session

_COLUMNS: Final = ("model_id", "alias", "version")


def set_alias(
    session: Session, name: object, alias: object, version: object, *, user: str | None
) -> None:
    """Let an alias name a version, whatever it named before.

    Raises:
        MlflowException: there is no such version, or the alias is none.
    """
    text, number = validate_alias(alias), parse_version(version)
    model = require_registered_model(session, name, lock=True)
    require_version(session, model, number, version)
    if _named(session, model, text) == number:
        return
    sql = session.dialect.upsert("hr_model_aliases", _COLUMNS, _COLUMNS[:2], _COLUMNS[2:])
    session.run(sql, (model.id, text, number))
    model_moves.note_alias(session, model.id, text, number, user)


def delete_alias(session: Session, name: object, alias: object, *, user: str | None) -> None:
    """Remove an alias; a missing one is none already.

    Raises:
        MlflowException: there is no such model.
    """
    text = alias_text(alias)
    model = require_registered_model(session, name, lock=True)
    sql = "DELETE FROM hr_model_aliases WHERE model_id = ? AND alias = ?"
    if session.run(sql, (model.id, text)):
        model_moves.note_alias(session, model.id, text, None, user)


def get_by_alias(
    session: Session, name: object, alias: object, as_of_ms: int | None = None
) -> ModelVersion:
    """Return the version that an alias names; ``latest`` is the one with the greatest number.

    Args:
        session: The transaction.
        name: The registered model.
        alias: The alias.
        as_of_ms: The time that is asked about; now when None.

    Raises:
        MlflowException: there is no such model, the alias named no version, or that version is
            gone since.
    """
    model = require_registered_model(session, name)
    text = str(alias)
    is_latest = text.lower() == LATEST
    if is_latest:
        number = _newest(session, model, as_of_ms)
    elif as_of_ms is None:
        number = _named(session, model, text)
    else:
        number = model_moves.version_at(session, model.id, text, as_of_ms)
    if number is None and is_latest:
        raise MlflowException(
            f"Latest version not found for model {model.name}.", RESOURCE_DOES_NOT_EXIST
        )
    if number is None:
        then = "" if as_of_ms is None else f": it named no version at {as_of_ms}"
        raise MlflowException.invalid_parameter_value(
            f"Registered model alias {text[:255]} not found{then}."
        )
    return load_versions(session, [require_version(session, model, number, number)])[0]


def _named(session: Session, model: ModelKey, alias: str) -> int | None:
    sql = "SELECT version FROM hr_model_aliases WHERE model_id = ? AND alias = ?"
    found = session.scalar(sql, (model.id, alias))
    return None if found is None else int(found)


def _newest(session: Session, model: ModelKey, as_of_ms: int | None) -> int | None:
    sql = "SELECT MAX(version) FROM hr_model_versions WHERE model_id = ?"
    then = () if as_of_ms is None else (as_of_ms,)
    found = session.scalar(f"{sql} AND creation_time <= ?" if then else sql, (model.id, *then))
    return None if found is None else int(found)
