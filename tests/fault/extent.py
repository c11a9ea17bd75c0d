"""How much a fault test does: a little each time, all of it when asked for."""

import os
from typing import Final

# The share of the long form that is run, up to 1; the short form when not set.
VARIABLE: Final = "HEADRACE_TEST_FAULTS"


def extent(short: int, long: int) -> int:
    """Return how many times something is done.

    Args:
        short: In every run of the tests.
        long: When all of it is asked for.
    """
    share = os.environ.get(VARIABLE)
    return max(short, round(long * float(share))) if share else short
