"""Which experiments and models changed lately, as topics that pages follow.

A write to a model notes its time in ``hr_changes``. Experiments and runs bear theirs already, so
that nothing more is written for them: of each experiment one step into the index of its runs by
change says whether anything happens there.
"""

from functools import cache
from typing import Final

from mlflow.exceptions import MlflowException
from mlflow.store.entities.change import News
from mlflow.store.sql.dialect import Dialect
from mlflow.store.sql.session import Session

MODELS: Final = "models"
LOGGED_MODELS: Final = "logged_models"
# How long a transaction may take from its note to its commit and still be told.
_LOOK_BACK_MS: Final = 3_000
# Experiments bear the time of whoever changed them, whose clock may be so wrong.
_SKEW_MS: Final = 60_000
_MOST: Final = 1_000
_NOTED: Final = "SELECT name, changed_time FROM hr_changes WHERE topic = '{}' AND changed_time >= ?"
# Not MAX: MariaDB would read all runs of an experiment for it.
_LAST: Final = (
    "SELECT r.changed_time FROM hr_runs r WHERE r.experiment_id = e.id"
    " ORDER BY r.changed_time DESC LIMIT 1"
)
_TOPICS: Final = {
    "experiments": "SELECT id, last_update_time FROM hr_experiments"
    f" WHERE last_update_time >= ? - {_SKEW_MS}",
    "activity": f"SELECT id, changed_time FROM (SELECT e.id, ({_LAST}) AS changed_time"
    " FROM hr_experiments e) AS experiments WHERE changed_time >= ?",
    MODELS: _NOTED.format(MODELS),
    LOGGED_MODELS: _NOTED.format(LOGGED_MODELS),
}


def note(session: Session, topic: str, name: object) -> None:
    """Note that something changed, in the transaction that changes it."""
    session.run(_note(session.dialect), (topic, str(name)))


def forget(session: Session, topic: str, name: object) -> None:
    """Remove the note of something that is gone for good, which nobody follows any more."""
    session.run("DELETE FROM hr_changes WHERE topic = ? AND name = ?", (topic, str(name)))


@cache
def _note(dialect: Dialect) -> str:
    columns = ("topic", "name", "changed_time")
    upsert = dialect.upsert("hr_changes", columns, columns[:2], columns[2:])
    return upsert.replace("?, ?, ?", f"?, ?, {dialect.now_ms}")


def get_news(session: Session, topic: str, since_ms: int | None) -> News:
    """Return what changed since an answer was given, and what did in the seconds before that.

    Args:
        session: The transaction.
        topic: ``experiments``, their ``activity``, registered ``models`` or ``logged_models``.
        since_ms: The time of the answer before; None to begin.

    Raises:
        MlflowException: there is no such topic.
    """
    if topic not in _TOPICS:
        raise MlflowException.invalid_parameter_value(
            f"Invalid topic {topic[:100]!r}; it must be one of {', '.join(_TOPICS)}."
        )
    now = int(session.scalar(f"SELECT {session.dialect.now_ms}"))
    start = (now if since_ms is None else since_ms) - _LOOK_BACK_MS
    # More than are ever named need not be known: whoever follows then asks for everything.
    sql = f"{_TOPICS[topic]} ORDER BY 2 DESC LIMIT {_MOST}"
    rows = session.rows(sql, (start,))
    return News(now, frozenset((str(name), int(time)) for name, time in rows))
