"""Run documents: small named blobs that say how a run came about, such as its uncommitted diff.

They are neither tags (they are long) nor artifacts (a fresh run lists none).
"""

import re
from collections.abc import Sequence
from typing import Final

from mlflow._core import limits
from mlflow._core.clock import now_ms
from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.store.entities.run_document import RunDocument
from mlflow.store.sql.run_keys import find_run, lock_active_run
from mlflow.store.sql.session import Session

_MAX_CONTENT_TYPE_LENGTH: Final = 250
# RFC 9110 section 8.3: type "/" subtype, then parameters.
_CONTENT_TYPE: Final = re.compile(
    r"[!#$%&'*+.^_`|~\w-]+/[!#$%&'*+.^_`|~\w-]+( *;[ -~]*)?", re.ASCII
)
_COLUMNS: Final = ("run_id", "name", "content_type", "content", "size", "creation_time")


def log_run_document(
    session: Session, run_id: object, name: object, content: object, content_type: object
) -> None:
    """Keep a document with an active run; one of the same name is replaced.

    Args:
        session: The transaction.
        run_id: The run.
        name: Unique within the run.
        content: Bytes, at most ``limits.MAX_RUN_DOCUMENT_SIZE``.
        content_type: A media type.

    Raises:
        MlflowException: the run is missing or deleted, or an argument is wrong.
    """
    key = limits.validate_key(name, "name")
    kind = _check_content_type(content_type)
    data = _check_content(key, content)
    run = lock_active_run(session, run_id)
    sql = session.dialect.upsert("hr_run_documents", _COLUMNS, _COLUMNS[:2], _COLUMNS[2:])
    session.run(sql, (run.id, key, kind, data, len(data), now_ms()))


def log_run_documents(session: Session, found: Sequence[tuple[str, str, bytes, str]]) -> None:
    """Keep documents of several active runs, each (run id, name, content, content type).

    Raises:
        MlflowException: a run is missing or deleted, or an argument is wrong.
    """
    for run_id, name, content, content_type in sorted(found, key=_run_and_name):
        log_run_document(session, run_id, name, content, content_type)


def _run_and_name(document: tuple[str, str, bytes, str]) -> tuple[str, str]:
    """Return what orders the locks on runs, so that no two writers wait for each other."""
    return document[0], document[1]


def get_run_document(session: Session, run_id: object, name: object) -> RunDocument:
    """Return a document of a run, active or deleted.

    Raises:
        MlflowException: there is no such run, or it has no document of this name.
    """
    key = limits.validate_key(name, "name")
    run = find_run(session, run_id)
    row = session.row(
        "SELECT content, content_type, creation_time FROM hr_run_documents"
        " WHERE run_id = ? AND name = ?",
        (run.id, key),
    )
    if row is None:
        raise MlflowException(f"Run {run_id} has no document {key!r}.", RESOURCE_DOES_NOT_EXIST)
    content, content_type, creation_time = row
    return RunDocument(key, bytes(content), content_type, creation_time)


def list_run_documents(session: Session, run_id: object) -> list[str]:
    """Return the names of a run's documents in order.

    Raises:
        MlflowException: there is no such run.
    """
    run = find_run(session, run_id)
    rows = session.rows(
        "SELECT name FROM hr_run_documents WHERE run_id = ? ORDER BY name", (run.id,)
    )
    return [name for (name,) in rows]


def _check_content(name: str, content: object) -> bytes:
    if not isinstance(content, (bytes, bytearray, memoryview)):
        raise MlflowException.invalid_parameter_value(
            f"The content of document {name!r} must be bytes, not {type(content).__name__};"
            " encode text first."
        )
    data = bytes(content)
    if len(data) > limits.MAX_RUN_DOCUMENT_SIZE:
        raise MlflowException.invalid_parameter_value(
            f"Document {name!r} has {len(data)} bytes; the most that is kept is"
            f" {limits.MAX_RUN_DOCUMENT_SIZE}. Log it as an artifact."
        )
    return data


def _check_content_type(content_type: object) -> str:
    text = limits.validate_text(content_type, "content_type")
    limits.validate_length("content_type", _MAX_CONTENT_TYPE_LENGTH, text)
    if not _CONTENT_TYPE.fullmatch(text):
        raise MlflowException.invalid_parameter_value(
            f"{text!r} is no media type, such as 'text/plain; charset=utf-8'."
        )
    return text
