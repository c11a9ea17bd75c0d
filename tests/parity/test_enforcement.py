"""Two thousand random schemas and inputs: accepted, refused and converted as upstream does."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.parity.upstream import our_python, run_script, upstream_python

COUNT: Final = 2000
_EMPTY: Final = "an input without rows has the types of the schema; upstream guesses, or refuses"
_ANY: Final = "a column of the type Any stays as it is; upstream builds it anew"
_NESTED: Final = "arrays within arrays are flattened, or not, by the schema's shape"
_LIST: Final = "an empty list is no missing number"
# The cases that differ, by their number, each with the reason.
KNOWN: Final = {
    **dict.fromkeys((1, 6, 323, 437, 1038, 1158, 1366, 1528), _EMPTY),
    **dict.fromkeys((574, 1613), _ANY),
    **dict.fromkeys((427, 645, 816, 1037), _NESTED),
    **dict.fromkeys((445, 1616, 1786), _LIST),
    988: "Python objects are Python's integers, of 64 bits, whatever each one is",
    1186: "a text of numpy stays one",
    1554: "a date is a scalar like others",
}


def test_inputs_are_enforced_as_upstream_does() -> None:
    """Every case but the known ones gives the same values and types, or the same error code."""
    script = Path(__file__).with_name("enforcement_script.py").read_text("utf-8")
    theirs = run_script(upstream_python(), script, COUNT)
    ours = run_script(our_python(), script, COUNT)
    different = {
        place: (mine[0], mine[1], other[1])
        for place, (mine, other) in enumerate(zip(ours, theirs, strict=True))
        if mine[1] != other[1]
    }
    unknown = {place: found for place, found in different.items() if place not in KNOWN}
    assert unknown == {}
    assert len(different) <= len(KNOWN)
    accepted = sum(other[1][:1] != ["!"] for other in theirs if isinstance(other[1], list))
    assert accepted + sum(isinstance(other[1], dict) for other in theirs) > COUNT / 10
