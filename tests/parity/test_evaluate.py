"""Evaluations find and log what upstream finds and logs."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from tests.parity.upstream import our_python, run_script, upstream_python

_SCRIPT = (Path(__file__).parent / "evaluate_script.py").read_text("utf-8")
# COMPATIBILITY.md gives the reasons.
_DIFFERENT = {
    ("booleans", "inputs"),  # our digest sees columns of booleans
    ("unknown positive", "classes"),  # upstream makes a class of a label that no row has
    ("own metric", "metrics"),  # upstream calls a metric twice, the second time with its result
    ("own metric", "run"),
}


@pytest.fixture(scope="module")
def answers() -> tuple[dict[str, Any], dict[str, Any]]:
    """Evaluate the same in both implementations."""
    return run_script(upstream_python(), _SCRIPT, []), run_script(our_python(), _SCRIPT, [])


def test_evaluations_agree(answers: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """Metrics, artifacts, tables, inputs and errors are upstream's, but for what is listed."""
    theirs, ours = answers
    assert ours.keys() == theirs.keys()
    assert len(theirs) > 100
    different = []
    for name, their in theirs.items():
        our = ours[name]
        if isinstance(their, dict) and isinstance(our, dict):
            different += [(name, part) for part in their if not _close(their[part], our[part])]
        elif their != our:
            different.append((name, f"{their} {our}"))
    assert set(different) == _DIFFERENT


def _close(their: Any, our: Any) -> bool:
    if isinstance(their, dict) and isinstance(our, dict):
        return their.keys() == our.keys() and all(_close(their[key], our[key]) for key in their)
    if isinstance(their, list) and isinstance(our, list):
        return len(their) == len(our) and all(map(_close, their, our))
    if isinstance(their, float) and isinstance(our, float):
        return math.isclose(their, our, rel_tol=1e-9, abs_tol=1e-12)
    return bool(their == our)
