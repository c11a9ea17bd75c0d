"""Joining calls into deliveries: limits, order, and always the same for the same calls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import MlflowException
from mlflow.tracking.journal.calls import (
    Call,
    Record,
    delete_tag_call,
    iter_deliveries,
    values_call,
)
from mlflow.tracking.journal.codec import decode, encode


def _records(calls: list[Call]) -> list[Record]:
    return [Record(i, decode(encode(call)), len(encode(call))) for i, call in enumerate(calls)]


def _point(run_id: str, step: int) -> Call:
    return values_call(run_id, [Metric("m", 1.0, 0, step)], [], [])


CALLS = st.lists(
    st.one_of(
        st.builds(_point, st.sampled_from("ab"), st.integers(0, 9)),
        st.builds(
            lambda run, key, value: values_call(run, [], [Param(key, value)], [RunTag(key, "t")]),
            st.sampled_from("ab"),
            st.sampled_from("xyz"),
            st.sampled_from("12"),
        ),
        st.builds(delete_tag_call, st.sampled_from("ab"), st.sampled_from("xyz")),
    ),
    max_size=30,
)


@given(CALLS, st.sets(st.integers(0, 29)))
def test_every_call_is_delivered_once_and_in_order(calls: list[Call], cuts: set[int]) -> None:
    """Deliveries hold each record once, in order within a run, whatever the cuts; and again so."""
    records = _records(calls)
    first = [[r.number for r in one.records] for one in iter_deliveries(records, cuts)]
    again = [[r.number for r in one.records] for one in iter_deliveries(records, cuts)]
    assert first == again
    flat = [number for numbers in first for number in numbers]
    assert sorted(flat) == list(range(len(calls)))
    for run in "ab":
        of_run = [n for n in flat if calls[n][1] == run]
        assert of_run == sorted(of_run)


@given(CALLS, st.data())
def test_a_cut_moves_no_other_border(calls: list[Call], data: st.DataObject) -> None:
    """A cut divides one delivery in two and leaves the others as they were."""
    records = _records(calls)
    before = [[r.number for r in one.records] for one in iter_deliveries(records, ())]
    large = [numbers for numbers in before if len(numbers) > 1]
    if not large:
        return
    numbers = data.draw(st.sampled_from(large))
    middle = numbers[len(numbers) // 2]
    after = [[r.number for r in one.records] for one in iter_deliveries(records, {middle})]
    at = before.index(numbers)
    half = len(numbers) // 2
    assert after == [*before[:at], numbers[:half], numbers[half:], *before[at + 1 :]]


def test_deliveries_are_no_larger_than_a_request_may_be() -> None:
    """1,000 metrics, 100 params, 100 tags and 1 MB are the limits."""
    records = _records([_point("ab"[step % 2], step) for step in range(4500)])
    found = list(iter_deliveries(records, ()))
    assert [len(one.metrics) for one in found] == [1000, 1000, 250, 1000, 1000, 250]
    large = [values_call("a", [], [], [RunTag(str(i), "x" * 8000)]) for i in range(250)]
    found = list(iter_deliveries(_records(large), ()))
    assert [len(one.tags) for one in found] == [100, 100, 50]
    huge = [values_call("a", [Metric("m" * 5000, 1.0, 0, i)], [], []) for i in range(400)]
    assert max(one.size for one in iter_deliveries(_records(huge), ())) <= 1_000_000


def test_the_store_can_refuse_one_call_alone() -> None:
    """A param with another value begins a delivery; a tag's later value replaces the earlier."""
    calls = [
        values_call("a", [], [Param("p", "1")], [RunTag("t", "a")]),
        values_call("a", [], [Param("p", "1")], [RunTag("t", "b")]),
        values_call("a", [], [Param("p", "2")], []),
    ]
    found = list(iter_deliveries(_records(calls), ()))
    assert [(one.params, one.tags) for one in found] == [({"p": "1"}, {"t": "b"}), ({"p": "2"}, {})]


def test_what_cannot_be_kept_is_refused_at_once() -> None:
    """Numbers beyond 64 bits and texts that are no Unicode are errors of the call."""
    for call in (_point("a", 2**70), values_call("a", [], [], [RunTag("k", "\ud800")])):
        with pytest.raises(MlflowException, match="cannot be kept") as caught:
            encode(call)
        assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
