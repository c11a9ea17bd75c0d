"""Requests that are applied once however often they come: noted in the transaction they write in.

A journal has one row for ever: the floor, below which everything is done, and the sequences above
it that were applied. An idempotency key has a row with its answer for a day.
"""

from collections.abc import Callable
from typing import Final

from mlflow._core.clock import now_ms
from mlflow._core.limits import validate_length, validate_text
from mlflow.exceptions import MlflowException
from mlflow.store.entities.request_key import IdempotencyKey, JournalKey, RequestKey
from mlflow.store.sql.dialect import placeholders
from mlflow.store.sql.session import Session

KEPT_MS: Final = 24 * 3_600_000
_MAX_JOURNAL_ID: Final = 64
_MAX_KEY: Final = 250
# A client has a few in flight; more than this above the floor is a floor that was never moved.
MAX_WINDOW: Final = 1_000
_JOURNAL: Final = "SELECT floor, applied FROM hr_journals WHERE journal_id = ?"
_JOURNAL_COLUMNS: Final = ("journal_id", "floor", "applied")
_KEY_COLUMNS: Final = ("request_key", "response", "creation_time")
_EXPIRED: Final = "DELETE FROM hr_request_keys WHERE request_key = ? AND creation_time <= ?"


def check_key(key: RequestKey) -> None:
    """Check that a key can be kept.

    Raises:
        MlflowException: it cannot.
    """
    if isinstance(key, IdempotencyKey):
        _check_text(key.key, "idempotency key", _MAX_KEY)
        return
    _check_text(key.journal_id, "journal id", _MAX_JOURNAL_ID)
    if not 0 <= key.floor <= key.sequence < 2**63:
        raise MlflowException.invalid_parameter_value(
            f"Sequence {key.sequence} of journal {key.journal_id!r} cannot be: it must be at least"
            f" the floor, {key.floor}, and that at least 0."
        )


def _check_text(text: object, what: str, limit: int) -> None:
    if not validate_length(what, limit, validate_text(text, what)):
        raise MlflowException.invalid_parameter_value(f"The {what} must not be empty.")


def once(session: Session, key: RequestKey, call: Callable[[], bytes]) -> bytes:
    """Run a call whose writes are parts of this transaction, unless its request was applied.

    Args:
        session: The transaction.
        key: What the request is known by, checked.
        call: What to do.

    Returns:
        The answer: of an applied request the one that was kept, none for a journal's.
    """
    if isinstance(key, JournalKey):
        return _once_of_journal(session, key, call)
    if session.dialect.name == "sqlite":
        return _once_alone(session, key.key, call)
    return _once_among_others(session, key.key, call)


def _once_of_journal(session: Session, key: JournalKey, call: Callable[[], bytes]) -> bytes:
    # Two requests of one journal wait for each other here, on its row.
    sql = _JOURNAL if session.dialect.name == "sqlite" else f"{_JOURNAL} FOR UPDATE"
    row = session.row(sql, (key.journal_id,))
    if row is None:
        insert = session.dialect.insert_ignore("hr_journals", _JOURNAL_COLUMNS, ("journal_id",))
        session.run(insert, (key.journal_id, key.floor, ""))
        row = session.row(sql, (key.journal_id,))
    floor, text = row or (key.floor, "")
    applied = {int(number) for number in text.split()}
    if key.sequence < floor or key.sequence in applied:
        return b""
    response = call()
    applied.add(key.sequence)
    floor, applied = advance(max(floor, key.floor), applied)
    if len(applied) > MAX_WINDOW:
        raise MlflowException.invalid_parameter_value(
            f"Journal {key.journal_id!r} has more than {MAX_WINDOW} requests above its floor,"
            f" {floor}. Send the lowest sequence that is not acknowledged as the floor."
        )
    window = " ".join(map(str, sorted(applied)))
    session.run(
        "UPDATE hr_journals SET floor = ?, applied = ? WHERE journal_id = ?",
        (floor, window, key.journal_id),
    )
    return response


def advance(floor: int, applied: set[int]) -> tuple[int, set[int]]:
    """Return the highest floor below which all is applied, and what is applied above it."""
    while floor in applied:
        floor += 1
    return floor, {number for number in applied if number > floor}


def _find(session: Session, key: str, oldest: int) -> bytes | None:
    sql = "SELECT response FROM hr_request_keys WHERE request_key = ? AND creation_time > ?"
    row = session.row(sql, (key, oldest))
    return None if row is None else bytes(row[0])


def _once_alone(session: Session, key: str, call: Callable[[], bytes]) -> bytes:
    """On SQLite nobody else writes: look, run, note; nothing is written before the call."""
    now = now_ms()
    found = _find(session, key, now - KEPT_MS)
    if found is not None:
        return found
    response = call()
    session.run(
        session.dialect.upsert("hr_request_keys", _KEY_COLUMNS, _KEY_COLUMNS[:1], _KEY_COLUMNS[1:]),
        (key, response, now),
    )
    return response


def _once_among_others(session: Session, key: str, call: Callable[[], bytes]) -> bytes:
    """On a server the row comes first: who repeats a request waits for it, and reads the answer."""
    now = now_ms()
    insert = session.dialect.insert_ignore("hr_request_keys", _KEY_COLUMNS, _KEY_COLUMNS[:1])
    while not session.run(insert, (key, b"", now)):
        found = _find(session, key, now - KEPT_MS)
        if found is not None:
            return found
        session.run(_EXPIRED, (key, now - KEPT_MS))
    response = call()
    session.run("UPDATE hr_request_keys SET response = ? WHERE request_key = ?", (response, key))
    return response


def forget_some(session: Session, limit: int) -> int:
    """Remove at most so many idempotency keys that are older than a day; return how many."""
    rows = session.rows(
        "SELECT request_key FROM hr_request_keys WHERE creation_time <= ?"
        f" ORDER BY creation_time LIMIT {limit}",
        (now_ms() - KEPT_MS,),
    )
    if not rows:
        return 0
    keys = [key for (key,) in rows]
    some = placeholders(len(keys))
    return session.run(f"DELETE FROM hr_request_keys WHERE request_key IN ({some})", keys)
