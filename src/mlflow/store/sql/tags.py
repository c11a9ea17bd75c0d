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
from mlflow.store.sql.keyed_texts import KeyedTexts
from mlflow.store.sql.keys import PARAM, TAG
from mlflow.store.sql.session import Session

_TAGS: Final = KeyedTexts("hr_tags", "run_id", TAG)
_PARAMS: Final = KeyedTexts("hr_params", "run_id", PARAM)
_MAX_SHOWN: Final = 250


def put_tags(session: Session, run: int, pairs: Mapping[str, str]) -> None:
    """Set tags of a run; the tag that holds the run's name names the run."""
    _TAGS.put(session, run, pairs)


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
    if not _TAGS.remove(session, run, text):
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
    changed = _PARAMS.put_once(session, run, pairs)
    if changed:
        raise _conflict(run_id, changed, one=one)


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
