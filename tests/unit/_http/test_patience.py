"""Bounds of time belong to the thread and the block that set them."""

import threading

from mlflow._core.clock import monotonic
from mlflow._http.patience import allows, deadline, is_over, losing, within


def test_the_shorter_bound_holds_and_the_outer_one_comes_back() -> None:
    """An inner block shortens the time, never lengthens it, and ends with itself."""
    assert deadline() is None
    assert not is_over()
    with within(100):
        outer = deadline()
        assert outer is not None
        with within(1000):
            assert deadline() == outer
        with within(1):
            inner = deadline()
            assert inner is not None
            assert inner < outer
        assert deadline() == outer
        with within(0):
            assert is_over()
    assert deadline() is None


def test_a_bound_is_of_its_thread() -> None:
    """Another thread is as patient as it was."""
    found: list[float | None] = []
    with within(0.0):
        thread = threading.Thread(target=lambda: found.append(deadline()))
        thread.start()
        thread.join()
        assert deadline() is not None
        assert (deadline() or 0) <= monotonic()
    assert found == [None]


def test_what_is_lost_to_a_server_is_counted_over_requests() -> None:
    """Waits and failed tries use the time up; then nothing is waited for, until the block ends."""
    with losing(10):
        assert deadline() is None
        assert allows(3, lost=1)
        assert allows(3, lost=1)
        assert not is_over()
        with within(1000):
            assert not allows(3, lost=0)
            assert is_over()
        assert not allows(0, lost=0)
    assert deadline() is None
    assert allows(1000, lost=1000)
