"""A limit on the time of reads, set around a call and honoured by the databases under it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from mlflow._core.clock import monotonic
from mlflow.exceptions import DEADLINE_EXCEEDED, MlflowException


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a read has to end.

    Attributes:
        until: The end, on the monotonic clock.
        seconds: How long it was given.
    """

    until: float
    seconds: float

    def rest(self) -> float:
        """Return how many seconds are left; below zero when it is over."""
        return self.until - monotonic()

    def error(self) -> MlflowException:
        """Return what to raise for a read that took too long."""
        return MlflowException(
            f"The query took longer than the {self.seconds:g} seconds that it may take. Ask for"
            " less: a narrower filter, fewer runs or experiments, a smaller page.",
            DEADLINE_EXCEEDED,
        )


_current: Final[ContextVar[Deadline | None]] = ContextVar("headrace_deadline", default=None)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Let the reads in this block, of this thread, take so many seconds in all.

    A read that takes longer is stopped and raises ``DEADLINE_EXCEEDED``. A block inside another
    ends no later than that. Writes are not stopped: they are short.
    """
    until, outer = monotonic() + seconds, _current.get()
    inner = outer if outer is not None and outer.until <= until else Deadline(until, seconds)
    token = _current.set(inner)
    try:
        yield
    finally:
        _current.reset(token)


def current_deadline() -> Deadline | None:
    """Return the limit that holds here, None when there is none."""
    return _current.get()


def is_over() -> bool:
    """Return whether the limit that holds here has passed."""
    found = _current.get()
    return found is not None and monotonic() > found.until
