"""Tags and params of runs: one text under one key."""

from collections.abc import Mapping, Sequence
from typing import Final

from mlflow._core.limits import validate_key
from mlflow._core.tags import MLFLOW_RUN_NAME
from mlflow.exceptions import (
    INVALID_PARAMETER_VALUE,
    RESOURCE_DOES_NOT_EXIST,
    MlflowException,
)
from mlflow.store.sql.dialect import placeholders
from mlflow.store.sql.keys import PARAM, TAG, key_id, key_ids
from mlflow.store.sql.session import Session

_KEY: Final = ("run_id", "key_id")
_COLUMNS: Final = (*_KEY, "value")
_MAX_SHOWN: Final = 250


def put_tags(session: Session, run: int, pairs: Mapping[str, str]) -> None:
    """Set tags of a run; the tag that holds the run's name names the run."""
    if not pairs:
        return
    ids = key_ids(session, TAG, pairs, create=True)
    sql = session.dialect.upsert("hr_tags", _COLUMNS, _KEY, ("value",))
    session.run_many(sql, sorted((run, ids[key], value) for key, value in pairs.items()))


def set_tags(session: Session, run: int, pairs: Mapping[str, str]) -> None:
    """Set tags of an existing run, and its name if it is among them."""
    put_tags(session, run, pairs)
    if MLFLOW_RUN_NAME in pairs:
        session.run("UPDATE hr_runs SET name = ? WHERE id = ?", (pairs[MLFLOW_RUN_NAME], run))


def delete_tag(session: Session, run: int, run_id: str, key: object) -> None:
    """Remove a tag of a run.

    Raises:
        MlflowException: the run has no such tag.
    """
    text = validate_key(key, "key")
    found = key_id(session, TAG, text, create=False)
    sql = "DELETE FROM hr_tags WHERE run_id = ? AND key_id = ?"
    if found is None or not session.run(sql, (run, found)):
        raise MlflowException(
            f"No tag with name: {text} in run with id {run_id}", RESOURCE_DOES_NOT_EXIST
        )


def put_params(
    session: Session, run: int, run_id: str, pairs: Mapping[str, str], *, one: bool = False
) -> None:
    """Set params of a run, each once.

    Args:
        session: The transaction.
        run: The run's key.
        run_id: The run's id, for messages.
        pairs: Keys and values.
        one: Whether the request was for one param, for the message.

    Raises:
        MlflowException: one of them has another value already; the message names both.
    """
    if not pairs:
        return
    ids = key_ids(session, PARAM, pairs, create=True)
    rows = sorted((run, ids[key], value) for key, value in pairs.items())
    sql = session.dialect.insert_ignore("hr_params", _COLUMNS, _KEY)
    if session.run_many(sql, rows) == len(rows):
        return
    old = _old_values(session, run, rows)
    changed = [(key, old[ids[key]], new) for key, new in pairs.items() if old[ids[key]] != new]
    if changed:
        raise _conflict(run_id, changed, one=one)


def _old_values(session: Session, run: int, rows: Sequence[tuple[int, int, str]]) -> dict[int, str]:
    sql = (
        "SELECT key_id, value FROM hr_params WHERE run_id = ?"
        f" AND key_id IN ({placeholders(len(rows))})"
    )
    return dict(session.rows(sql, [run, *(key for _, key, _ in rows)]))


def _conflict(
    run_id: str, changed: Sequence[tuple[str, str, str]], *, one: bool
) -> MlflowException:
    head = "Changing param values is not allowed."
    if one:
        key, old, new = changed[0]
        text = (
            f"{head} Param with key={key!r} was already logged with value={_shown(old)} for run"
            f" ID={run_id!r}. Attempted logging new value {_shown(new)}."
        )
    else:
        listed = ", ".join(
            f"{{'key': {key!r}, 'old_value': {_shown(old)}, 'new_value': {_shown(new)}}}"
            for key, old, new in changed
        )
        text = f"{head} Params were already logged='[{listed}]' for run ID={run_id!r}."
    return MlflowException(text, INVALID_PARAMETER_VALUE)


def _shown(value: str) -> str:
    return repr(value if len(value) <= _MAX_SHOWN else f"{value[:_MAX_SHOWN]}…")
