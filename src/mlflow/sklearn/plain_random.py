"""numpy's random states in the skops format; their numbers are looked at before they are set."""

from __future__ import annotations

from typing import Any, Final

from mlflow.sklearn.node_checks import HostileError
from mlflow.sklearn.plain_types import NotPlainError

STATE: Final = "RandomStateNode"
GENERATOR: Final = "RandomGeneratorNode"
_WORDS: Final = 624  # of a Mersenne twister
_MOST_POOL: Final = 64


def state_of(value: Any) -> dict[str, Any]:
    """Return what a random state or generator is made from.

    Raises:
        NotPlainError: it is of another kind than numpy makes by default.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    if type(value) is np.random.RandomState:
        found: dict[str, Any] = value.get_state(legacy=False)
        return _known(found, "MT19937")
    bits = value.bit_generator
    seeds = getattr(bits.seed_seq, "state", None)
    if seeds is None:
        raise NotPlainError("a random generator without a seed")
    return {"bit_generator": _known(bits.state, "PCG64"), "seed_seq": seeds}


def _known(found: dict[str, Any], name: str) -> dict[str, Any]:
    if found["bit_generator"] != name:
        raise NotPlainError(f"random bits of {found['bit_generator']}")
    return found


def state(content: dict[str, Any]) -> Any:
    """Return a random state.

    Args:
        content: Its state.

    Raises:
        HostileError: a position out of range.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    words = _known(content, "MT19937")["state"]
    position = words["pos"]
    is_whole = type(words["key"]) is np.ndarray and words["key"].shape == (_WORDS,)
    if not is_whole or type(position) is not int or not 0 <= position <= _WORDS:
        raise HostileError("a random state that is none")
    made = np.random.RandomState()
    made.set_state(content)
    return made


def generator(content: dict[str, Any]) -> Any:
    """Return a random generator.

    Args:
        content: The states of its bits and of its seeds.

    Raises:
        HostileError: a pool of seeds that is too large.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    bits, seeds = _known(content["bit_generator"], "PCG64"), content["seed_seq"]
    size = seeds["pool_size"]
    if type(size) is not int or size > _MOST_POOL:
        raise HostileError("a random generator that is none")
    made: Any = np.random.PCG64(np.random.SeedSequence(**seeds))
    made.state = bits
    return np.random.Generator(made)
