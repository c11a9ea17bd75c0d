"""Several processes on one socket: for databases that take more than one writer."""

from __future__ import annotations

import logging
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from mlflow._core.clock import monotonic
from mlflow.exceptions import INVALID_STATE, MlflowException

if TYPE_CHECKING:
    from collections.abc import Callable

_STOP_SECONDS: Final = 12
_QUICK_DEATH_SECONDS: Final = 5.0
_SIGNALS: Final = ("SIGTERM", "SIGINT", "SIGALRM")
_logger: Final = logging.getLogger("mlflow.server")


class Workers:
    """Starts workers, replaces those that die, and stops them all."""

    def __init__(self, serve: Callable[[int], None], count: int) -> None:
        """Prepare the workers.

        Args:
            serve: What a worker does until it is told to stop, given its number.
            count: How many.

        Raises:
            MlflowException: this system cannot fork.
        """
        if sys.platform == "win32":
            raise MlflowException.invalid_parameter_value(
                "Several workers need a system with fork(); start one server a port instead."
            )
        self._serve: Final = serve
        self._count: Final = count
        self._alive: dict[int, int] = {}
        self._stopping = False

    def run(self) -> None:
        """Run them until told to stop by SIGTERM or SIGINT.

        Raises:
            MlflowException: a worker did not start.
        """
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGALRM, self._kill)
        started = monotonic()
        for number in range(self._count):
            self._start(number)
        while self._alive:
            pid, status = os.wait()
            number = self._alive.pop(pid)
            if self._stopping:
                continue
            gave_up = os.WIFEXITED(status) and status != 0  # it said why, and was not killed
            if gave_up and monotonic() - started < _QUICK_DEATH_SECONDS:
                self._stop(signal.SIGTERM, None)
                raise MlflowException("A worker did not start: see above.", INVALID_STATE)
            _logger.error("Worker %d ended (status %d); another takes its place", number, status)
            started = monotonic()
            self._start(number)

    def _start(self, number: int) -> None:
        pid = os.fork()
        if pid:
            self._alive[pid] = number
            return
        for name in _SIGNALS:
            signal.signal(getattr(signal, name), signal.SIG_DFL)
        status = 1
        try:
            self._serve(number)
            status = 0
        except MlflowException as error:
            sys.stderr.write(f"Error: {error}\n")
        finally:
            sys.stderr.flush()
            logging.shutdown()
            os._exit(status)

    def _stop(self, _number: int, _frame: object) -> None:
        self._stopping = True
        self._send(signal.SIGTERM)
        signal.alarm(_STOP_SECONDS)

    def _kill(self, _number: int, _frame: object) -> None:
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        for pid in list(self._alive):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
