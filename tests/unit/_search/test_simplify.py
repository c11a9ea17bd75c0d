"""Simplified filters mean the same."""

import pytest

from mlflow._search.fields import RUNS
from mlflow._search.parser import parse_filter
from mlflow._search.simplify import simplify


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("params.a = '1' OR params.a = '2'", "params.a IN ('1', '2')"),
        ("params.a IN ('1', '2') OR params.a = '2'", "params.a IN ('1', '2')"),
        ("NOT (metrics.a = 1 OR metrics.a = 2)", "NOT metrics.a IN (1, 2)"),
        (
            "params.a = '1' OR params.b = '1' OR params.a = '3'",
            "params.a IN ('1', '3') OR params.b = '1'",
        ),
        (
            "(params.a = '1' OR params.a = '2') AND metrics.m > 1",
            "params.a IN ('1', '2') AND metrics.m > 1",
        ),
        ("params.a != '1' OR params.a != '2'", "params.a != '1' OR params.a != '2'"),
        ("params.a = '1' AND params.a = '2'", "params.a = '1' AND params.a = '2'"),
    ],
)
def test_equalities_of_a_field_are_merged_within_an_or(text: str, simple: str) -> None:
    """Equalities of one field under one OR become IN; nothing else changes."""
    node = parse_filter(text, RUNS)
    assert node is not None
    assert simplify(node) == parse_filter(simple, RUNS)
