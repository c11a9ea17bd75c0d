"""What autologging remembers: configurations, switches, and what each thread is doing."""

from __future__ import annotations

import threading
from typing import Any, Final


class _Switch:
    """What is so for all threads.

    Attributes:
        blocks: How many blocks that switch everything off are open.
        trainings: The threads that are inside of a patched function that manages a run.
    """

    def __init__(self) -> None:
        self.blocks = 0
        self.trainings: set[int] = set()


class _Thread(threading.local):
    """What a thread does.

    Attributes:
        logging: Whether it runs logging code rather than the caller's.
        silent: Whether that code must not print.
        training: How many patched functions that manage a run are under way.
    """

    logging = False
    silent = False
    training = 0


# Integration -> what its autolog function was called with; programs read and write it.
AUTOLOGGING_INTEGRATIONS: Final[dict[str, dict[str, Any]]] = {"mlflow": {}}
SWITCH: Final = _Switch()
THREAD: Final = _Thread()
