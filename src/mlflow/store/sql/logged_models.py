"""Logged models: models with an id of their own, which runs make, measure and use."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from mlflow._core import limits
from mlflow._core.clock import now_ms
from mlflow._core.ids import new_model_id
from mlflow._core.names import random_run_name
from mlflow._core.tags import MLFLOW_LOGGED_MODELS
from mlflow.entities._entity import KeyValue
from mlflow.entities.lifecycle_stage import LifecycleStage
from mlflow.entities.logged_model import LoggedModel
from mlflow.entities.logged_model_parameter import LoggedModelParameter
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.entities.logged_model_tag import LoggedModelTag
from mlflow.entities.metric import Metric
from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.store.sql.chunks import rows_for
from mlflow.store.sql.dialect import placeholders
from mlflow.store.sql.experiments import require_active
from mlflow.store.sql.keyed_texts import KeyedTexts
from mlflow.store.sql.keys import MODEL_PARAM, MODEL_TAG, TAG, key_ids
from mlflow.store.sql.locations import below, experiment_location
from mlflow.store.sql.model_metrics import load_model_metrics
from mlflow.store.sql.news import LOGGED_MODELS, note
from mlflow.store.sql.run_keys import lock_active_run
from mlflow.store.sql.session import Row, Session
from mlflow.store.sql.tags import put_tags

_MAX_NAME_LENGTH: Final = 500
_MAX_TYPE_LENGTH: Final = 500
_MAX_RUN_ID_LENGTH: Final = 32
# Tags and params of models hold prompts and settings: far longer ones than those of runs.
_MAX_VALUE_LENGTH: Final = 1_048_576
_SHOWN: Final = 250
# A name stands between slashes and quotes in URIs and filters.
_FORBIDDEN_IN_NAMES: Final = ("/", ":", ".", "%", '"', "'")

_TAGS: Final = KeyedTexts("hr_model_tags", "model_id", MODEL_TAG)
_PARAMS: Final = KeyedTexts("hr_model_params", "model_id", MODEL_PARAM)
_NEW: Final = (
    "model_uuid, experiment_id, name, artifact_location, creation_time, last_update_time, status,"
    " lifecycle_stage, model_type, source_run_id"
)
_INSERT: Final = f"INSERT INTO hr_logged_models ({_NEW}) VALUES ({placeholders(10)})"
_SELECT: Final = (
    "SELECT m.id, m.model_uuid, m.experiment_id, m.name, m.artifact_location, m.creation_time,"
    " m.last_update_time, m.status, m.status_message, m.model_type, m.source_run_id,"
    " e.artifact_location"
    " FROM hr_logged_models m JOIN hr_experiments e ON e.id = m.experiment_id WHERE m.id IN ({})"
)


def create_logged_model(
    session: Session,
    experiment_id: object,
    name: str | None = None,
    source_run_id: str | None = None,
    tags: Sequence[LoggedModelTag] | None = None,
    params: Sequence[LoggedModelParameter] | None = None,
    model_type: str | None = None,
) -> LoggedModel:
    """Create a pending logged model in an active experiment; a missing name is made up.

    Args:
        session: The transaction.
        experiment_id: The experiment.
        name: Not unique; without slash, colon, dot, percent sign and quotes.
        source_run_id: The run that makes it; not looked up.
        tags: Its first tags; of two with one key the later holds.
        params: Its params.
        model_type: A free text.

    Raises:
        MlflowException: the experiment is deleted or not there, or an argument is wrong.
    """
    checked_name = _check_name(name)
    run = _check_optional(source_run_id, "source_run_id", _MAX_RUN_ID_LENGTH)
    kind = _check_optional(model_type, "model_type", _MAX_TYPE_LENGTH)
    tag_pairs = _tag_pairs(tags or ())
    param_pairs = _param_pairs(params or ())
    experiment = require_active(session, experiment_id)
    model_id = new_model_id()
    kept = f"models/{model_id}/artifacts"
    now = now_ms()
    status, stage = LoggedModelStatus.PENDING.to_int(), LifecycleStage.ACTIVE
    values = (model_id, experiment, checked_name, kept, now, now, status, stage, kind, run)
    note(session, LOGGED_MODELS, experiment)
    number = session.insert(_INSERT, values)
    _TAGS.put(session, number, tag_pairs)
    _put_params(session, number, model_id, param_pairs)
    return load_models(session, [number])[0]


def get_logged_model(
    session: Session, model_id: object, *, allow_deleted: bool = False
) -> LoggedModel:
    """Return a logged model with its tags, params and metrics.

    Raises:
        MlflowException: there is none with this id, or it is deleted and that is not allowed.
    """
    number, stage = find_model(session, model_id)
    if stage != LifecycleStage.ACTIVE and not allow_deleted:
        raise _unknown(model_id)
    return load_models(session, [number])[0]


def load_models(session: Session, ids: Sequence[int]) -> list[LoggedModel]:
    """Return logged models in the order of their keys as given, active or deleted.

    The number of queries does not depend on the number of models but for chunks of thousands. Keys
    that no model has are left out.
    """
    rows = {row[0]: row for row in rows_for(session, _SELECT, ids)}
    tags, params = _TAGS.load(session, ids), _PARAMS.load(session, ids)
    metrics = load_model_metrics(session, {number: row[1] for number, row in rows.items()})
    return [_entity(session, rows[i], tags[i], params[i], metrics.get(i)) for i in ids if i in rows]


def finalize_logged_model(
    session: Session, model_id: object, status: LoggedModelStatus | str
) -> LoggedModel:
    """Set the status of a logged model and return it.

    Raises:
        MlflowException: there is none with this id, or there is no such status.
    """
    try:
        number = LoggedModelStatus(status).to_int()
    except ValueError:
        raise MlflowException.invalid_parameter_value(
            f"{status!r} is no status of a logged model; it must be one of"
            f" {', '.join(LoggedModelStatus)}."
        ) from None
    model = _to_change(session, model_id)
    session.run(
        "UPDATE hr_logged_models SET status = ?, last_update_time = ? WHERE id = ?",
        (number, now_ms(), model),
    )
    return load_models(session, [model])[0]


def set_logged_model_tags(
    session: Session, model_id: object, tags: Sequence[LoggedModelTag]
) -> None:
    """Set tags of a logged model.

    Raises:
        MlflowException: there is no such model, or a tag cannot be kept.
    """
    pairs = _tag_pairs(tags)
    _TAGS.put(session, _to_change(session, model_id), pairs)


def delete_logged_model_tag(session: Session, model_id: object, key: object) -> None:
    """Remove a tag of a logged model.

    Raises:
        MlflowException: there is no such model, or it has no such tag.
    """
    text = limits.validate_key(key, "key")
    number = _to_change(session, model_id)
    if not _TAGS.remove(session, number, text):
        raise MlflowException(
            f"No tag with key {text!r} found for model with ID {str(model_id)!r}.",
            RESOURCE_DOES_NOT_EXIST,
        )


def log_logged_model_params(
    session: Session, model_id: object, params: Sequence[LoggedModelParameter]
) -> None:
    """Set params of a logged model, each once.

    Raises:
        MlflowException: there is no such model, a param cannot be kept, or it has another value
            already, and the message names both.
    """
    pairs = _param_pairs(params)
    _put_params(session, _to_change(session, model_id), str(model_id), pairs)


def delete_logged_model(session: Session, model_id: object) -> None:
    """Mark a logged model as deleted; a deleted one stays so.

    Raises:
        MlflowException: there is none with this id.
    """
    number = _to_change(session, model_id)
    session.run(
        "UPDATE hr_logged_models SET lifecycle_stage = ?, last_update_time = ?"
        " WHERE id = ? AND lifecycle_stage = ?",
        (LifecycleStage.DELETED, now_ms(), number, LifecycleStage.ACTIVE),
    )


def record_logged_model(session: Session, run_id: str, mlflow_model: Any) -> None:
    """Append a model's summary to the JSON list in a run's tag, as older clients read it.

    The tag may grow beyond the limit of tags that users set: a shorter one would be no JSON.

    Args:
        session: The transaction.
        run_id: The run.
        mlflow_model: A ``mlflow.models.Model``; what its ``get_tags_dict`` returns is recorded.

    Raises:
        MlflowException: the run is deleted or not there, or the argument is no model.
    """
    summary = getattr(mlflow_model, "get_tags_dict", None)
    if summary is None:
        raise MlflowException.invalid_parameter_value(
            f"'mlflow_model' must be a mlflow.models.Model, not {type(mlflow_model).__name__}."
        )
    run = lock_active_run(session, run_id)
    key = key_ids(session, TAG, (MLFLOW_LOGGED_MODELS,), create=True)[MLFLOW_LOGGED_MODELS]
    text = session.scalar(
        "SELECT value FROM hr_tags WHERE run_id = ? AND key_id = ?", (run.id, key)
    )
    known = json.loads(text) if text else []
    put_tags(session, run.id, {MLFLOW_LOGGED_MODELS: json.dumps([*known, summary()])})


def find_model(session: Session, model_id: object) -> tuple[int, str]:
    """Return the key and the lifecycle stage of a logged model.

    Raises:
        MlflowException: there is none with this id.
    """
    found = session.row(
        "SELECT id, lifecycle_stage FROM hr_logged_models WHERE model_uuid = ?", (str(model_id),)
    )
    if found is None:
        raise _unknown(model_id)
    return int(found[0]), str(found[1])


def _to_change(session: Session, model_id: object) -> int:
    """Return the key of a logged model, and note that its experiment's models change."""
    found = session.row(
        "SELECT id, experiment_id FROM hr_logged_models WHERE model_uuid = ?", (str(model_id),)
    )
    if found is None:
        raise _unknown(model_id)
    note(session, LOGGED_MODELS, found[1])
    return int(found[0])


def _unknown(model_id: object) -> MlflowException:
    return MlflowException(
        f"Logged model with ID {str(model_id)!r} not found.", RESOURCE_DOES_NOT_EXIST
    )


def _entity(
    session: Session,
    row: Row,
    tags: dict[str, str],
    params: dict[str, str],
    metrics: list[Metric] | None,
) -> LoggedModel:
    _, model_id, experiment_id, name, kept, created, updated, status, message = row[:9]
    model_type, source_run_id, location = row[9:]
    base = experiment_location(location, experiment_id, session.artifact_root)
    return LoggedModel(
        experiment_id=str(experiment_id),
        model_id=model_id,
        name=name,
        artifact_location=below(kept, base),
        creation_timestamp=created,
        last_updated_timestamp=updated,
        model_type=model_type,
        source_run_id=source_run_id,
        status=status,
        status_message=message,
        tags=tags,
        params=params,
        metrics=metrics,
    )


def _put_params(session: Session, model: int, model_id: str, pairs: Mapping[str, str]) -> None:
    for key, old, new in _PARAMS.put_once(session, model, pairs):
        raise _changed_param(model_id, key, old, new)


def _tag_pairs(tags: Iterable[LoggedModelTag]) -> dict[str, str]:
    return dict(_pairs(tags, "tags"))


def _param_pairs(params: Iterable[LoggedModelParameter]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for key, value in _pairs(params, "params"):
        if pairs.setdefault(key, value) != value:
            raise MlflowException.invalid_parameter_value(
                f"Param {key!r} is given twice, as {pairs[key][:_SHOWN]!r} and {value[:_SHOWN]!r}."
            )
    return pairs


def _pairs(items: Iterable[KeyValue], what: str) -> Iterator[tuple[str, str]]:
    """Yield keys and values as they are kept: a value that is no text as its text."""
    for item in items:
        if not isinstance(item, KeyValue):
            raise MlflowException.invalid_parameter_value(
                f"'{what}' must be a list of entities with key and value; it holds a"
                f" {type(item).__name__}."
            )
        key = limits.validate_key(item.key, f"{what}.key")
        value: object = item.value
        if value is None:
            raise limits.missing_value(f"{what}.{key}")
        text = limits.validate_text(str(value), f"{what}.{key}")
        yield key, limits.validate_length(f"{what}.{key}", _MAX_VALUE_LENGTH, text)


def _changed_param(model_id: str, key: str, old: str, new: str) -> MlflowException:
    return MlflowException.invalid_parameter_value(
        f"Changing param values is not allowed. Param with key={key!r} was already logged with"
        f" value={old[:_SHOWN]!r} for model ID={model_id!r}. Attempted logging new value"
        f" {new[:_SHOWN]!r}."
    )


def _check_name(name: object) -> str:
    if name is None:
        return random_run_name()
    if not isinstance(name, str) or not name or any(c in name for c in _FORBIDDEN_IN_NAMES):
        raise MlflowException.invalid_parameter_value(
            f"Invalid model name ({name!r}) provided. Model name must be a non-empty string and"
            f" cannot contain the following characters: {_FORBIDDEN_IN_NAMES}"
        )
    return limits.validate_length("name", _MAX_NAME_LENGTH, limits.validate_text(name, "name"))


def _check_optional(value: object, name: str, limit: int) -> str | None:
    if value is None:
        return None
    return limits.validate_length(name, limit, limits.validate_text(value, name))
