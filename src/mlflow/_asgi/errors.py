"""From an error to an answer: every one is JSON with a code, none says what it should not."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from mlflow.exceptions import (
    ENDPOINT_NOT_FOUND,
    INTERNAL_ERROR,
    TEMPORARILY_UNAVAILABLE,
    MlflowException,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RETRY_AFTER_SECONDS: Final = 1
_logger: Final = logging.getLogger("mlflow.server")


class RequestRefused(MlflowException):
    """A request that is answered with a status of its own, whatever its code stands for.

    Attributes:
        status: The HTTP status.
        headers: What the answer says beside.
    """

    def __init__(
        self,
        message: str,
        error_code: int,
        *,
        status: int,
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Keep the status and the headers."""
        super().__init__(message, error_code)
        self.status: Final = status
        self.headers: Final = tuple(headers)

    def get_http_status_code(self) -> int:
        """Return the status of the answer."""
        return self.status


class Overloaded(RequestRefused):
    """The server has as much to do as it takes on: 503, and when to ask again."""

    def __init__(self, what: str) -> None:
        """Say what is full."""
        super().__init__(
            f"{what} Try again in a moment.",
            TEMPORARILY_UNAVAILABLE,
            status=503,
            headers=(("retry-after", str(RETRY_AFTER_SECONDS)),),
        )


class Disconnected(Exception):  # noqa: N818 - an end, and nobody is left to tell
    """The client went away; there is nobody to answer."""


def internal_error(what: str, error: Exception) -> MlflowException:
    """Log a failure that nobody foresaw and return the error that its caller sees.

    Args:
        what: What was being done, with the request's id.
        error: The failure; its text stays in the log.
    """
    _logger.error("%s failed: %s: %s", what, type(error).__name__, error, exc_info=error)
    return MlflowException(
        "Internal error. The server's log has more, beside this answer's X-Request-Id.",
        INTERNAL_ERROR,
    )


def allowed_methods(verbs: Iterable[str]) -> str:
    """Return the verbs of a path as the header ``Allow`` lists them."""
    found = {*verbs, "OPTIONS"}
    if "GET" in found:
        found.add("HEAD")
    return ", ".join(sorted(found))


def shown(text: str) -> str:
    """Return what a caller sent as a message may repeat it: short, and visible ASCII only."""
    plain = "".join(
        c if c.isascii() and c.isprintable() and c not in "<>&\"'" else "?" for c in text
    )
    return plain if len(plain) <= 100 else plain[:100] + "..."  # noqa: PLR2004 - read by a person


def method_refused(method: str, verbs: Iterable[str]) -> RequestRefused:
    """Return the answer to a verb that a path does not have.

    Args:
        method: The verb.
        verbs: Those that it has.
    """
    allowed = allowed_methods(verbs)
    return RequestRefused(
        f"{shown(method)} is no method of this path; it has {allowed}.",
        ENDPOINT_NOT_FOUND,
        status=405,
        headers=(("allow", allowed),),
    )
