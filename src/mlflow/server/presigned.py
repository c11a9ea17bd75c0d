"""Tickets: what the server signs so that it can be asked for later without an account.

A ticket is for one purpose, holds what it is for, and ends after a time. The key is shared by the
workers of a database through it, so that each accepts what another signed.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Final

import msgspec

from mlflow._core.clock import monotonic, now_ms
from mlflow.exceptions import PERMISSION_DENIED, MlflowException
from mlflow.store.entities.request_key import IdempotencyKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.store.tracking.abstract_store import AbstractStore

_KEY: Final = IdempotencyKey("headrace server key")
_KEY_BYTES: Final = 32
_MAX_TICKET: Final = 16_384
_RELOADED_AFTER: Final = 3600.0  # seconds


class _Content(msgspec.Struct, array_like=True):
    purpose: str
    until_ms: int
    fields: dict[str, str]


class Signer:
    """Makes tickets and reads them."""

    def __init__(self, load_key: Callable[[], bytes]) -> None:
        """Remember where the key comes from.

        Args:
            load_key: Returns the key that is in force; asked again when a ticket has another one.
        """
        self._load = load_key
        self._lock = threading.Lock()
        self._keys: list[bytes] = []  # the newest first; the one before it lives on
        self._loaded_at = 0.0

    def seal(self, purpose: str, fields: dict[str, str], *, seconds: int) -> str:
        """Return a ticket.

        Args:
            purpose: What it may be used for.
            fields: What it says.
            seconds: How long it is valid.
        """
        content = msgspec.json.encode(_Content(purpose, now_ms() + seconds * 1000, fields))
        return f"{_text(content)}.{_text(_mac(self._current(), content))}"

    def open(self, purpose: str, ticket: str) -> dict[str, str]:
        """Return what a ticket says.

        Args:
            purpose: What it is used for.
            ticket: What the caller sent.

        Raises:
            MlflowException: nobody here signed it, it is for something else, or over
                (PERMISSION_DENIED).
        """
        try:
            content, mac = map(_bytes, ticket[:_MAX_TICKET].split(".", 1))
        except ValueError:
            raise _invalid() from None
        if not self._is_ours(content, mac):
            raise _invalid()
        found = msgspec.json.decode(content, type=_Content)
        if found.purpose != purpose or found.until_ms < now_ms():
            raise _invalid()
        return found.fields

    def _is_ours(self, content: bytes, mac: bytes) -> bool:
        self._current()
        if any(hmac.compare_digest(_mac(key, content), mac) for key in self._keys):
            return True
        return hmac.compare_digest(_mac(self._reload(), content), mac)

    def _current(self) -> bytes:
        if self._keys and monotonic() - self._loaded_at < _RELOADED_AFTER:
            return self._keys[0]
        return self._reload()

    def _reload(self) -> bytes:
        with self._lock:
            key = self._load()
            if key not in self._keys:
                self._keys = [key, *self._keys[:1]]
            self._loaded_at = monotonic()
        return key


def shared_key(store: AbstractStore | None) -> Callable[[], bytes]:
    """Return what loads the key that all servers of a store use.

    The store keeps what a keyed request answered for a day; the key is such an answer, and a new
    one takes its place then.

    Args:
        store: The tracking store; without one the key is this process's own.
    """
    own = secrets.token_bytes(_KEY_BYTES)
    if store is None:
        return lambda: own
    kept = store
    return lambda: kept.once(_KEY, lambda: own)


def _mac(key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, content, hashlib.sha256)


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _invalid() -> MlflowException:
    return MlflowException(
        "The address is not valid any more, or never was. Ask for a new one.", PERMISSION_DENIED
    )
