"""The caller's random numbers: logging code may draw some, the caller must not notice.

The generators belong to the process. Where other threads may be drawing, putting a state back
would repeat their numbers, so it is done only while no other thread of the program's own is alive.
"""

from __future__ import annotations

import random
import sys
import threading
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_OWN: Final = "mlflow-"  # what the names of our threads begin with
State = list[tuple["Callable[[Any], Any]", Any]]


def capture() -> State:
    """Return the states of the generators of Python, numpy and torch, where they are loaded."""
    state: State = [(random.setstate, random.getstate())]
    numpy_random, torch = sys.modules.get("numpy.random"), sys.modules.get("torch")
    if numpy_random is not None:
        state.append((numpy_random.set_state, numpy_random.get_state()))
    if hasattr(torch, "set_rng_state"):
        state.append((torch.set_rng_state, torch.get_rng_state()))  # type: ignore[union-attr]  # has
        if torch.cuda.is_initialized():  # type: ignore[union-attr]  # it is loaded
            state.append((torch.cuda.set_rng_state_all, torch.cuda.get_rng_state_all()))  # type: ignore[union-attr]  # it is loaded
    return state


def restore(state: State) -> None:
    """Put states back."""
    mine = threading.current_thread()
    others = (one for one in threading.enumerate() if one is not mine and not one.daemon)
    if not all(one.name.startswith(_OWN) for one in others):
        return
    for put, value in state:
        put(value)
