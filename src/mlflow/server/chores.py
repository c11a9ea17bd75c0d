"""What a server does when nobody asks: long histories are made ready for charts."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from mlflow._core.clock import now_ms
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from mlflow.server.state import ServerState

# A fifth of a processor while there is something to do, then a look now and then.
_AT_ONCE_SECONDS: Final = 0.2
_PAUSE_SECONDS: Final = 0.8
_IDLE_SECONDS: Final = 10.0
# Runs end by their clients' clocks.
_MARGIN_MS: Final = 600_000


async def keep_charts_ready(state: ServerState) -> None:
    """Gather the histories of runs that are running, or have ended lately; at first, of all.

    Args:
        state: The server's; ends when it stops.
    """
    since, wait = 0, _PAUSE_SECONDS
    while True:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(state.stopping.wait(), wait)
        if state.stopping.is_set():
            return
        started, wait = now_ms(), _IDLE_SECONDS
        work = partial(state.store.gather_charts, since, seconds=_AT_ONCE_SECONDS)
        with suppress(MlflowException):  # the database is away, or the server busy: later
            if await state.read(work):  # among the threads that the database's pool is for
                since = started - _MARGIN_MS
            else:
                wait = _PAUSE_SECONDS
