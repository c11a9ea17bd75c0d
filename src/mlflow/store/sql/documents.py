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
from mlflow.store.sql import document_contents as contents
from mlflow.store.sql.run_keys import find_run, lock_active_run
from mlflow.store.sql.session import Session

_MAX_CONTENT_TYPE_LENGTH: Final = 250
# RFC 9110 section 8.3: type "/" subtype, then parameters.
_CONTENT_TYPE: Final = re.compile(
    r"[!#$%&'*+.^_`|~\w-]+/[!#$%&'*+.^_`|~\w-]+( *;[ -~]*)?", re.ASCII
)
_COLUMNS: Final = ("run_id", "name", "content_type", "digest", "creation_time")


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
    log_run_documents(session, [(run_id, name, content, content_type)])


def log_run_documents(
    session: Session, found: Sequence[tuple[object, object, object, object]]
) -> None:
    """Keep documents of several active runs, each (run id, name, content, content type).

    Raises:
        MlflowException: a run is missing or deleted, or an argument is wrong.
    """
    digests: dict[bytes, str] = {}
    rows: list[tuple[object, str, str, str]] = []
    for run_id, name, content, content_type in found:
        key = limits.validate_key(name, "name")
        kind = _check_content_type(content_type)
        data = _check_content(key, content)
        if data not in digests:
            digests[data] = contents.digest_of(data)
        rows.append((run_id, key, kind, digests[data]))
    contents.keep(session, {digest: data for data, digest in digests.items()})
    sql = session.dialect.upsert("hr_run_documents", _COLUMNS, _COLUMNS[:2], _COLUMNS[2:])
    for run_id, key, kind, digest in sorted(rows, key=_lock_order):
        run = lock_active_run(session, run_id)
        session.run(sql, (run.id, key, kind, digest, now_ms()))


def _lock_order(document: tuple[object, str, str, str]) -> tuple[str, str]:
    """Return what orders the locks on runs, so that no two writers wait for each other."""
    return str(document[0]), document[1]


def get_run_document(session: Session, run_id: object, name: object) -> RunDocument:
    """Return a document of a run, active or deleted.

    Raises:
        MlflowException: there is no such run, or it has no document of this name.
    """
    key = limits.validate_key(name, "name")
    run = find_run(session, run_id)
    row = session.row(
        "SELECT c.content, c.size, d.content_type, d.creation_time FROM hr_run_documents d"
        " JOIN hr_document_contents c ON c.digest = d.digest WHERE d.run_id = ? AND d.name = ?",
        (run.id, key),
    )
    if row is None:
        raise MlflowException(f"Run {run_id} has no document {key!r}.", RESOURCE_DOES_NOT_EXIST)
    content, size, content_type, creation_time = row
    data = contents.unpacked(bytes(content), size)
    return RunDocument(key, data, content_type, creation_time)


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
