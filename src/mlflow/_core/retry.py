"""Waiting before another try: exponential with full jitter."""

import random
from collections.abc import Iterator
from typing import Final

_random: Final = random.SystemRandom()


def backoff(*, first: float, longest: float, factor: float = 2.0) -> Iterator[float]:
    """Yield how many seconds to wait before each further try, for ever.

    Args:
        first: Upper bound of the first wait, in seconds.
        longest: Upper bound of every wait, in seconds.
        factor: How much the bound grows from one wait to the next.

    Yields:
        A random number between half the bound and the bound. Source: the "equal jitter" scheme of
        M. Brooker, "Exponential Backoff and Jitter", 2015.
    """
    bound = first
    while True:
        yield bound * (0.5 + _random.random() / 2)
        bound = min(longest, bound * factor)
