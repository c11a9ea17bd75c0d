"""One call of a patched function: the caller's function runs once, whatever the patch does."""

from __future__ import annotations

import logging
import threading
from contextlib import ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.pools import works_for_training
from mlflow._autolog.quiet import begin_logging, end_logging, keep_silent
from mlflow._autolog.random_state import capture, restore
from mlflow._autolog.state import AUTOLOGGING_INTEGRATIONS, SWITCH, THREAD
from mlflow._core.guard import contained
from mlflow._http.patience import losing
from mlflow.environment_variables import (
    HEADRACE_SERVER_PATIENCE_SECONDS,
    MLFLOW_AUTOLOGGING_TESTING,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from types import TracebackType

_logger: Final = logging.getLogger("mlflow.utils.autologging_utils")


class Original:
    """The caller's function, as a patch calls it; its outcome is kept.

    Logging code before and after it draws no random numbers of the caller's: ``state`` is what is
    to be put back. As a context manager it swallows the error that the function raised and no
    other: the caller gets it afterwards, from ``outcome``.
    """

    def __init__(self, function: Callable[..., Any], *, trains: bool) -> None:
        """Prepare a call.

        Args:
            function: The caller's function.
            trains: Whether what it calls logs no run of its own.
        """
        self.__wrapped__ = function  # what inspect.signature() looks for
        self.called = False
        self.state = capture()
        self.error: BaseException | None = None
        self._function = function
        self._trains = trains
        self._result: Any = None
        self._traceback: TracebackType | None = None
        self._bounds = ExitStack()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the function; a second call gives the outcome of the first."""
        if self.called:
            return self.outcome()
        self.called = True
        restore(self.state)
        silent_was, THREAD.silent = THREAD.silent, False
        end_logging()
        THREAD.training += self._trains
        if self._trains:
            SWITCH.trainings.add(threading.get_ident())
        try:
            self._result = self._function(*args, **kwargs)
        except BaseException as error:
            self.error = error
            self._traceback = error.__traceback__ and error.__traceback__.tb_next
            raise
        finally:
            THREAD.training -= self._trains
            if not THREAD.training:
                SWITCH.trainings.discard(threading.get_ident())
            THREAD.silent = silent_was
            begin_logging()
            self.state = capture()
            # The training is over: a server that is away must not keep its caller for minutes.
            self._bounds.enter_context(losing(HEADRACE_SERVER_PATIENCE_SECONDS.get()))
        return self._result

    def close(self) -> None:
        """End what holds for the logging after the call."""
        self._bounds.close()

    def outcome(self) -> Any:
        """Return what the function returned, or raise what it raised."""
        if self.error is not None:
            raise self.error.with_traceback(self._traceback)
        return self._result

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> bool:
        return error is not None and error is self.error


def run_patched(
    flavor: str,
    patch: Callable[..., Any],
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    *,
    trains: bool,
) -> Any:
    """Run a patch around the caller's function.

    Args:
        flavor: The integration.
        patch: Called with the original and the caller's arguments.
        function: The caller's function.
        args: The caller's arguments.
        kwargs: The caller's keyword arguments.
        trains: Whether what the function calls logs no run of its own.

    Returns:
        What the function returns, however the patch fares.
    """
    original = Original(function, trains=trains)
    silent = bool(AUTOLOGGING_INTEGRATIONS.get(flavor, {}).get("silent", False))
    if silent:
        keep_silent()
    silent_was = THREAD.silent
    THREAD.silent = silent or silent_was
    begin_logging()
    level = logging.DEBUG if silent else logging.WARNING
    try:
        with _containment(f"{flavor} autologging", level), original:
            patch(original, *args, **kwargs)
    finally:
        original.close()
        end_logging()
        THREAD.silent = silent_was
        restore(original.state)
    return original.outcome() if original.called else function(*args, **kwargs)


def _containment(what: str, level: int) -> AbstractContextManager[None]:
    if MLFLOW_AUTOLOGGING_TESTING.get():
        return nullcontext()
    return contained(what, level=level, logger=_logger)


@contextmanager
def inside() -> Iterator[None]:
    """Let what the block calls log no run and no metric of its own."""
    THREAD.training += 1
    try:
        yield
    finally:
        THREAD.training -= 1


def is_training() -> bool:
    """Return whether this thread is part of a patched call that logs by itself."""
    return THREAD.training > 0 or works_for_training(Original.__call__.__code__)
