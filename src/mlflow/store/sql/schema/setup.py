"""Is the schema there, is it ours, is it of this version; and the making of a new one.

Neither SQLAlchemy nor Alembic is needed for a normal start: a new database is made by a script that
``tables.py`` generates (a test holds the two together), and an existing one is asked its revision.
"""

from functools import lru_cache
from pathlib import Path
from typing import Final

from mlflow._core.clock import now_ms
from mlflow.entities.lifecycle_stage import LifecycleStage
from mlflow.exceptions import INTERNAL_ERROR, MlflowException
from mlflow.store.sql.schema import views
from mlflow.store.sql.session import Session
from mlflow.version import HEADRACE_VERSION

VERSION_TABLE: Final = "hr_alembic_version"
# Every revision in order; the last is what this version of the code reads and writes.
REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006")
HEAD: Final = REVISIONS[-1]
# The first version of Headrace that knows HEAD; older ones tell their users to install it.
NEEDS: Final = "0.1.0"
DEFAULT_EXPERIMENT_NAME: Final = "Default"
_EXPERIMENT: Final = ("id", "name", "lifecycle_stage", "creation_time", "last_update_time")
_FOLDER: Final = Path(__file__).parent
_STATEMENT_END: Final = ";\n"

_TABLES: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN (?, ?, ?)",
    "postgresql": "SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
    " AND table_schema = current_schema() AND table_name IN (?, ?, ?)",
    "mysql": "SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
    " AND table_schema = DATABASE() AND table_name IN (?, ?, ?)",
}


def revision(session: Session) -> str | None:
    """Return the revision of our schema in this database; None when it is not there.

    Raises:
        MlflowException: the database belongs to MLflow itself.
    """
    sql = _TABLES[session.dialect.name]
    found = {row[0] for row in session.rows(sql, (VERSION_TABLE, "alembic_version", "experiments"))}
    if VERSION_TABLE in found:
        current = session.scalar(f"SELECT version_num FROM {VERSION_TABLE}")
        return None if current is None else str(current)
    if found == {"alembic_version", "experiments"}:
        raise MlflowException(
            "This database was made by MLflow itself; Headrace has not touched it. Give a URI of"
            " its own to Headrace, such as mlflow.set_tracking_uri('sqlite:///headrace.db') or"
            " MLFLOW_TRACKING_URI, or go on using this one with MLflow.",
            INTERNAL_ERROR,
        )
    return None


def is_current(session: Session) -> bool:
    """Return whether the schema is there; False when it has to be made.

    Raises:
        MlflowException: it is of another version, or the database belongs to MLflow itself.
    """
    current = revision(session)
    if current is None:
        return False
    if current == HEAD:
        return True
    if current in REVISIONS:
        raise MlflowException(
            f"The database has schema {current}, older than the {HEAD} of Headrace"
            f" {HEADRACE_VERSION}. Make a backup, then run: mlflow db upgrade URI",
            INTERNAL_ERROR,
        )
    needed = session.scalar("SELECT value FROM hr_info WHERE name = ?", ("needs_headrace",))
    raise MlflowException(
        f"The database has schema {current}, newer than the {HEAD} of Headrace {HEADRACE_VERSION}."
        f" Install Headrace {needed or 'of a later version'} or newer:"
        f" pip install 'headrace>={needed or HEADRACE_VERSION}'",
        INTERNAL_ERROR,
    )


@lru_cache(maxsize=8)
def script(name: str, folder: Path = _FOLDER) -> tuple[str, ...]:
    """Return the statements that make the schema.

    Args:
        name: ``sqlite``, ``postgresql``, ``mysql`` or ``mariadb``.
        folder: Where the scripts lie: the present ones, or a migration's.
    """
    text = (folder / f"{name}.sql").read_text(encoding="utf-8")
    return tuple(part.strip() for part in text.split(_STATEMENT_END) if part.strip())


def create(session: Session, statements: tuple[str, ...]) -> None:
    """Make the schema, the views that bear upstream's names, and the first experiment.

    Every step can be run again: a server that has no transaction around schema changes may have
    been stopped half-way.
    """
    for statement in statements:
        session.run(statement)
    finish(session)
    session.run(f"DELETE FROM {VERSION_TABLE}")
    session.run(f"INSERT INTO {VERSION_TABLE} (version_num) VALUES (?)", (HEAD,))


def finish(session: Session) -> None:
    """Make what stands beside the tables of this version: views, first rows, who can read it."""
    views.create(session)
    ignore = session.dialect.insert_ignore
    upsert = session.dialect.upsert("hr_info", ("name", "value"), ("name",), ("value",))
    session.run(upsert, ("needs_headrace", NEEDS))
    now = now_ms()
    session.run(
        ignore("hr_experiments", _EXPERIMENT, ("id",)),
        (0, DEFAULT_EXPERIMENT_NAME, LifecycleStage.ACTIVE, now, now),
    )
