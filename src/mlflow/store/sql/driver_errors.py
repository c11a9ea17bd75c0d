"""What the drivers raise becomes one kind of error, here and nowhere else.

A driver's error says what the database saw; ours says what was wrong for the user and what to do.
"""

import sqlite3
from collections.abc import Callable
from typing import Final

from mlflow.exceptions import (
    BAD_REQUEST,
    INTERNAL_ERROR,
    PERMISSION_DENIED,
    RESOURCE_EXHAUSTED,
    TEMPORARILY_UNAVAILABLE,
    MlflowException,
)

_UNCHANGED: Final = "Nothing was changed."

# A fragment of SQLite's message -> error code, what was wrong and what to do. SQLite's own codes
# came to the module only with Python 3.11; its messages are part of its tested interface.
_CANNOT_WRITE: Final = (
    "{where} cannot be written. Check the permissions of the file and of its folder (SQLite makes"
    " files beside the database)."
)
_CANNOT_OPEN: Final = (
    "{where} cannot be opened. Check that its folder exists and that this user may write there."
)
_NO_DATABASE: Final = (
    "{where} is not an SQLite database, or its beginning was damaged. Check the tracking URI; if it"
    " is right, restore the file from a backup."
)
_DAMAGED: Final = (
    "{where} is damaged. Keep a copy, then restore a backup, or recover what can be read with:"
    " sqlite3 FILE .recover"
)
_DISK_FULL: Final = "the disk is full: {where} could not grow. Free some space and try again."
_DISK_FAILED: Final = (
    "the disk under {where} failed to read or write. Check the disk and its space."
)
_LOCKED: Final = (
    "another program holds {where} locked for long. Close it (an open sqlite3 shell, a backup) and"
    " try again."
)
_SQLITE: Final[tuple[tuple[str, int, str], ...]] = (
    ("database or disk is full", RESOURCE_EXHAUSTED, _DISK_FULL),
    ("readonly database", PERMISSION_DENIED, _CANNOT_WRITE),
    ("unable to open database file", PERMISSION_DENIED, _CANNOT_OPEN),
    ("file is not a database", INTERNAL_ERROR, _NO_DATABASE),
    ("malformed", INTERNAL_ERROR, _DAMAGED),
    ("disk i/o error", INTERNAL_ERROR, _DISK_FAILED),
    ("locked", TEMPORARILY_UNAVAILABLE, _LOCKED),
)

# SQLSTATE classes and MySQL error numbers after which the same transaction may well succeed.
_RETRIED_STATES: Final = frozenset({"40001", "40P01", "55P03"})
_RETRIED_NUMBERS: Final = frozenset({1205, 1213, 1020})
_LOST_NUMBERS: Final = frozenset({0, 2006, 2013, 2055, 1927, 4031})
_TIMEOUT_NUMBERS: Final = frozenset({1969, 3024})
_FULL_STATES: Final = frozenset({"53100", "53200"})
_BUSY_STATES: Final = frozenset({"53300", "57P03"})
_FULL_NUMBERS: Final = frozenset({1021, 1114, 28})
_BUSY_NUMBERS: Final = frozenset({1040, 1203})
_UNREACHABLE_NUMBERS: Final = frozenset({2002, 2003, 2005})
_DENIED_NUMBERS: Final = frozenset({1044, 1045, 1142, 1227, 1290, 1698, 1836})


class DatabaseFailed(MlflowException):
    """What a database refused: its text names places and users, for who owns the database."""


def is_interrupt_sqlite(error: sqlite3.Error) -> bool:
    """Return whether a query ended because a signal's handler raised while it ran."""
    return str(error) == "interrupted"


def is_retryable_sqlite(error: sqlite3.Error) -> bool:
    """Return whether another connection was in the way."""
    text = str(error)
    return isinstance(error, sqlite3.OperationalError) and ("locked" in text or "busy" in text)


def state_of(error: BaseException) -> str | int | None:
    """Return the SQLSTATE (PostgreSQL) or the error number (MySQL) of a driver's error."""
    number = error.args[0] if error.args else None
    if type(number) is int:  # newer drivers for MySQL give the coarser SQLSTATE too
        return number
    state = getattr(error, "sqlstate", None)
    return None if state is None else str(state)


def is_retryable(error: BaseException) -> bool:
    """Return whether a server rolled a transaction back because of another one."""
    state = state_of(error)
    return state in _RETRIED_STATES or state in _RETRIED_NUMBERS


def is_lost_connection(error: BaseException) -> bool:
    """Return whether a server's connection is gone."""
    state = state_of(error)
    if isinstance(state, str):
        return state.startswith("08") or state in ("57P01", "57P02", "57P03")
    if state is None:
        return type(error).__name__ in ("OperationalError", "InterfaceError")
    return state in _LOST_NUMBERS


def is_timeout(error: BaseException) -> bool:
    """Return whether a server stopped a statement because its time was over."""
    state = state_of(error)
    return state == "57014" or state in _TIMEOUT_NUMBERS


def translate_sqlite(error: sqlite3.Error, where: str) -> MlflowException:
    """Return the error to raise for what SQLite raised.

    Args:
        error: The driver's error.
        where: What to call the database.
    """
    text = str(error)
    for fragment, code, advice in _SQLITE:
        if fragment in text.lower():
            return DatabaseFailed(f"{_capital(advice.format(where=where))} ({text})", code)
    code = BAD_REQUEST if isinstance(error, sqlite3.IntegrityError) else INTERNAL_ERROR
    return DatabaseFailed(f"SQLite refused a statement on {where}: {text}. {_UNCHANGED}", code)


def translate_server(error: BaseException, where: str) -> MlflowException:
    """Return the error to raise for what a server's driver raised.

    Args:
        error: The driver's error.
        where: What to call the database; without its password.
    """
    state = state_of(error)
    text = " ".join(str(part) for part in error.args) or type(error).__name__
    if "NUL (0x00)" in text:
        return MlflowException.invalid_parameter_value(
            f"A text holds the character NUL, which no store keeps. {_UNCHANGED}"
        )
    for matches, code, advice in _SERVER:
        if matches(state, error):
            return DatabaseFailed(f"{_capital(advice.format(where=where))} ({text.strip()})", code)
    code = BAD_REQUEST if "IntegrityError" in type(error).__name__ else INTERNAL_ERROR
    return DatabaseFailed(
        f"The database {where} refused a statement: {text.strip()}. {_UNCHANGED}", code
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is_full(state: str | int | None, _error: BaseException) -> bool:
    return state in _FULL_STATES or state in _FULL_NUMBERS


def _is_busy(_state: str | int | None, error: BaseException) -> bool:
    return is_server_busy(error)


def _is_denied(state: str | int | None, _error: BaseException) -> bool:
    if isinstance(state, str):
        return state.startswith("28") or state == "42501"
    return state in _DENIED_NUMBERS


def _is_missing(state: str | int | None, error: BaseException) -> bool:
    text = str(error)
    return state in ("3D000", 1049) or ('database "' in text and "does not exist" in text)


def _is_conflict(_state: str | int | None, error: BaseException) -> bool:
    return is_retryable(error)


def _is_unreachable(state: str | int | None, error: BaseException) -> bool:
    return is_lost_connection(error) or state in _UNREACHABLE_NUMBERS


_NO_ROOM: Final = (
    "the database {where} takes no more connections now. Try again later, lower"
    " MLFLOW_SQLALCHEMYSTORE_POOL_SIZE or raise the server's limit."
)
_UNREACHABLE: Final = (
    "the database {where} cannot be reached. Check that it runs and that host, port, user and"
    " password in the URI are right."
)
_SERVER_FULL: Final = "the disk of the database {where} is full. Free some space and try again."
_REFUSED: Final = (
    "the database {where} refused this user. Check user, password and rights in the URI."
)
_MISSING: Final = (
    "the database {where} does not exist. Create it first: that step is the server's owner's."
)
_CONFLICT: Final = (
    "the database {where} kept rolling the transaction back because of others. Try again."
)
_Test = Callable[[str | int | None, BaseException], bool]
_SERVER: Final[tuple[tuple[_Test, int, str], ...]] = (
    (_is_full, RESOURCE_EXHAUSTED, _SERVER_FULL),
    (_is_busy, TEMPORARILY_UNAVAILABLE, _NO_ROOM),
    (_is_denied, PERMISSION_DENIED, _REFUSED),
    (_is_missing, INTERNAL_ERROR, _MISSING),
    (_is_conflict, TEMPORARILY_UNAVAILABLE, _CONFLICT),
    (_is_unreachable, TEMPORARILY_UNAVAILABLE, _UNREACHABLE),
)


def is_server_busy(error: BaseException) -> bool:
    """Return whether a server has no room for one more connection right now."""
    state = state_of(error)
    if state in _BUSY_STATES or state in _BUSY_NUMBERS:
        return True
    return "too many clients" in str(error) or "remaining connection slots" in str(error)
