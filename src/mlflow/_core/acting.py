"""Who does what is being done: the caller of a server's operation, or this machine's user."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST: Final = 256
_acting: Final[ContextVar[str | None]] = ContextVar("mlflow_acting_user", default=None)


@contextmanager
def acting_as(user: str) -> Iterator[None]:
    """Say who asked for what the block does.

    Args:
        user: A name; "" when nobody knows.
    """
    token = _acting.set(user[:_MOST])
    try:
        yield
    finally:
        _acting.reset(token)


def acting_user() -> str | None:
    """Return who asked, None when nobody knows; outside of any block, this machine's user."""
    user = _acting.get()
    return (user or None) if user is not None else machine_user()


def machine_user() -> str | None:
    """Return the name of the user that this process belongs to, None when it has none."""
    try:
        return getpass.getuser()[:_MOST]
    except (ImportError, KeyError, OSError):  # a user without an entry, as in containers
        return None
