"""The pause of the garbage collector."""

import gc

import pytest

from mlflow._core.collection import paused_collection


def _fail_while_paused() -> None:
    with paused_collection():
        raise ValueError("stop")


def test_the_collector_is_off_inside_and_on_afterwards() -> None:
    """Also after an error."""
    with paused_collection():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ValueError, match="stop"):
        _fail_while_paused()
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    """A program that runs without it is left alone."""
    gc.disable()
    try:
        with paused_collection():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
