"""Manifests of logged models: which files there must be, beside what the model is."""

from mlflow.store.entities.model_manifest import ModelManifest
from mlflow.store.sql.logged_models import find_model
from mlflow.store.sql.session import Session

_SELECT = "SELECT content FROM hr_model_manifests WHERE model_id = ?"
_COLUMNS = ("model_id", "digest", "content")


def log_model_manifest(session: Session, model_id: object, manifest: ModelManifest) -> None:
    """Add files to the manifest of a logged model; those of a path that it has are replaced.

    Raises:
        MlflowException: there is no such model.
    """
    number, _ = find_model(session, model_id)
    if session.dialect.name != "sqlite":  # where a transaction that writes is alone
        session.row("SELECT id FROM hr_logged_models WHERE id = ? FOR UPDATE", (number,))
    whole = _load(session, number).merged(manifest)
    sql = session.dialect.upsert("hr_model_manifests", _COLUMNS, _COLUMNS[:1], _COLUMNS[1:])
    session.run(sql, (number, whole.digest, whole.to_json()))


def get_model_manifest(session: Session, model_id: object) -> ModelManifest:
    """Return the manifest of a logged model, deleted or not; one without files when it has none.

    Raises:
        MlflowException: there is no such model.
    """
    return _load(session, find_model(session, model_id)[0])


def _load(session: Session, number: int) -> ModelManifest:
    found = session.scalar(_SELECT, (number,))
    return ModelManifest() if found is None else ModelManifest.from_json(found)
