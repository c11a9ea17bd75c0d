"""Keeps what logging code says away from the caller: warnings always, log lines if asked to.

``warnings.catch_warnings`` changes all threads; here one filter and one log filter ask what the
thread that speaks is doing. The filter is there only while some thread runs logging code, because
libraries hand the list of filters to their workers.
"""

from __future__ import annotations

import logging
import threading
import warnings
from typing import Any, Final

from mlflow._autolog.state import THREAD


class _AnyWhileLogging(type):
    """Every class of warnings is a subclass while the thread runs logging code."""

    def __subclasscheck__(cls, _subclass: type) -> bool:
        return THREAD.logging


class _OfLogging(Warning, metaclass=_AnyWhileLogging):
    """Stands in a filter where a class of warnings stands."""


class _UnlessSilent(logging.Filter):
    """Drops records of a thread that must not print."""

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 - the thread decides
        """Return whether the record may be printed."""
        return not THREAD.silent


class _Presence:
    """How many threads run logging code."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.count = 0


_FILTER: Final = ("ignore", None, _OfLogging, None, 0)
_UNLESS_SILENT: Final = _UnlessSilent()
_PRESENCE: Final = _Presence()


def begin_logging() -> None:
    """Note that this thread runs logging code from now on."""
    filters: Any = warnings.filters
    with _PRESENCE.lock:
        _PRESENCE.count += 1
        if not filters or filters[0] is not _FILTER:
            filters.insert(0, _FILTER)
    THREAD.logging = True


def end_logging() -> None:
    """Note that this thread runs the caller's code again."""
    THREAD.logging = False
    filters: Any = warnings.filters
    with _PRESENCE.lock:
        _PRESENCE.count -= 1
        if not _PRESENCE.count:
            filters[:] = [one for one in filters if one is not _FILTER]


def keep_silent() -> None:
    """Let loggers of the package ask whether the thread may print."""
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if isinstance(logger, logging.Logger) and name.split(".")[0] == "mlflow":
            logger.addFilter(_UNLESS_SILENT)
