"""What a scoring server is told: one frozen value, checked when it is made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from mlflow.exceptions import MlflowException

DEFAULT_NAME: Final = "default"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, kw_only=True, slots=True)
class ServingSettings:
    """The settings of a scoring server.

    Attributes:
        models: Names and URIs; the first one answers ``/invocations``.
        host: The address to listen on.
        port: The port to listen on; 0 for any that is free.
        workers: Processes that serve, each with models of its own.
        threads: Most predictions at the same time in a process.
        queue: Most requests that wait in a process; what comes beyond is told to ask again.
        timeout: Most seconds for one request.
        body_limit: Largest body in bytes.
        batch_window_ms: How long a request waits for others to be predicted with; 0 for no time:
            each is predicted alone.
        batch_rows: Most rows that are predicted together.
        allowed_hosts: Patterns of Host headers, ``*`` for any part.
        cors_allowed_origins: Origins of pages that may use it; ``*`` for all.
        check_hosts_and_origins: Whether Host and Origin are checked at all.
        x_frame_options: Who may show its page in a frame.
        access_log: Whether each request is logged.
    """

    models: tuple[tuple[str, str], ...]
    host: str = "127.0.0.1"
    port: int = 5000
    workers: int = 1
    threads: int = 4
    queue: int = 256
    timeout: float = 60.0
    body_limit: int = 64 * 1024 * 1024
    batch_window_ms: float = 0.0
    batch_rows: int = 64
    allowed_hosts: tuple[str, ...] = ()
    cors_allowed_origins: tuple[str, ...] = ()
    check_hosts_and_origins: bool = True
    x_frame_options: str = "DENY"
    access_log: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            MlflowException: a setting is wrong.
        """
        names = [name for name, _ in self.models]
        for name in names:
            if not _NAME.fullmatch(name):
                raise MlflowException.invalid_parameter_value(
                    f"A model's name has letters, digits, '.', '_' and '-', at most 64: {name!r}."
                )
        if len(set(names)) != len(names) or not names:
            raise MlflowException.invalid_parameter_value(
                f"Each model needs a name of its own, and there must be one: {names}."
            )
        for field, lowest in _LOWEST.items():
            if getattr(self, field) < lowest:
                raise MlflowException.invalid_parameter_value(
                    f"{field} must be at least {lowest}, not {getattr(self, field)}."
                )


_LOWEST: Final = {
    "workers": 1,
    "threads": 1,
    "queue": 1,
    "timeout": 0,
    "body_limit": 1,
    "batch_window_ms": 0,
    "batch_rows": 1,
    "port": 0,
}
