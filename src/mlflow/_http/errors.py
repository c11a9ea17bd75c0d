"""What is raised when a server gave no answer, or one that says that it cannot answer now."""

import re
from typing import Final

from mlflow.exceptions import TEMPORARILY_UNAVAILABLE, MlflowException

_MAX_SHOWN: Final = 300
_TITLE: Final = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)


class TransportError(MlflowException):
    """The way to the server failed, not the request: the same request may succeed later.

    Attributes:
        status: The HTTP status of the last answer; None when there was none.
        maybe_done: Whether the server may have done what was asked, all the same.
    """

    def __init__(
        self, message: str, status: int | None = None, *, maybe_done: bool = False
    ) -> None:
        """Keep what is known of the failure.

        Args:
            message: What was tried, what came of it, what to do.
            status: The HTTP status of the last answer, if any.
            maybe_done: Whether the server may have done what was asked, all the same.
        """
        super().__init__(message, TEMPORARILY_UNAVAILABLE)
        self.status = status
        self.maybe_done = maybe_done


def summary_of(body: bytes) -> str:
    """Return in a few words what an answer said that is no JSON error: pages are not dumped."""
    text = body[:65536].decode(errors="replace").strip()
    if text[:1] == "<":
        title = _TITLE.search(text)
        named = f" titled {' '.join(title[1].split())[:_MAX_SHOWN]!r}" if title else ""
        return f"an HTML page{named}"
    text = " ".join(text.split())
    return repr(text[:_MAX_SHOWN]) if text else "no text"
