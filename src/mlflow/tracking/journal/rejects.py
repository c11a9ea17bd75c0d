"""Calls that a store refused after they had returned: kept for people, raised when asked."""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING, Final

from mlflow._core.clock import now_ms
from mlflow.tracking.journal.calls import describe

if TYPE_CHECKING:
    from pathlib import Path

    from mlflow.exceptions import MlflowException
    from mlflow.tracking.journal.calls import Record

_REMEMBERED: Final = 10_000


class Rejects:
    """The refused calls of one journal.

    Attributes:
        path: A file of JSON lines; None when the journal is in memory only.
        count: How many there were.
    """

    def __init__(self, path: Path | None) -> None:
        """Remember the file; it is made for the first refused call."""
        self.path: Final = path
        self.count = 0
        self._lock = threading.Lock()
        self._by_number: dict[int, tuple[str, MlflowException]] = {}
        self._forgiven: dict[int, None] = {}

    def add(self, record: Record, error: MlflowException) -> None:
        """Keep a refused call."""
        with self._lock:
            self.count += 1
            if record.number not in self._forgiven:
                self._keep(record, error)
        if self.path is None:
            return
        line = {
            "time_ms": now_ms(),
            **describe(record.call),
            "error_code": error.error_code,
            "message": error.message,
        }
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=repr) + "\n")

    def _keep(self, record: Record, error: MlflowException) -> None:
        if len(self._by_number) >= _REMEMBERED:
            del self._by_number[next(iter(self._by_number))]
        self._by_number[record.number] = (record.call[1], error)

    def forgive(self, number: int) -> None:
        """Let the refusal of a call raise nothing; it is logged and kept in the file."""
        with self._lock:
            self._by_number.pop(number, None)
            if len(self._forgiven) >= _REMEMBERED:
                del self._forgiven[next(iter(self._forgiven))]
            self._forgiven[number] = None

    def take(self, number: int) -> MlflowException | None:
        """Return why a call was refused, None when it was not; whoever takes it has seen it."""
        if not self._by_number:
            return None
        with self._lock:
            _, error = self._by_number.pop(number, ("", None))
            return error

    def take_run(self, run_id: str) -> list[MlflowException]:
        """Return the errors of a run's refused calls that nobody has seen, in their order."""
        if not self._by_number:
            return []
        with self._lock:
            numbers = [n for n, (of_run, _) in self._by_number.items() if of_run == run_id]
            return [self._by_number.pop(number)[1] for number in sorted(numbers)]
