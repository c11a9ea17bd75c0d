"""How long a client waits before another try."""

import pytest

from mlflow._http.faults import Fault, wait_before_next


def _waits(fault: Fault, tries: int) -> list[float]:
    found = [wait_before_next(fault, one, None, is_repeatable=True) for one in range(1, tries + 1)]
    return [wait for wait in found if wait is not None]


def test_a_server_that_goes_on_refusing_is_asked_less_and_less() -> None:
    """Waits are never shorter than the server said, grow, and differ between clients."""
    fault = Fault("full", status=503, maybe_done=False, retry_after=1.0)
    waits = _waits(fault, 7)
    for tries, wait in enumerate(waits):
        assert 2**tries <= wait <= 1.5 * 2**tries
    assert len(waits) == 7
    assert sum(waits) > 120
    assert _waits(fault, 7) != waits


@pytest.mark.parametrize("seconds", [30.0, 120.0])
def test_no_wait_is_longer_than_two_minutes(seconds: float) -> None:
    """What a server asks for is not multiplied without end."""
    fault = Fault("full", status=503, maybe_done=False, retry_after=seconds)
    assert max(_waits(fault, 7)) == 120.0
